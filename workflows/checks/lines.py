"""Where in a form something is declared. Each file is gone through once, for all checks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

DECLARED = re.compile(rb'"(key|path|id|type)"\s*:\s*("(?:[^"\\]|\\.)*")')


def line_of(content: bytes, key: str) -> int:
    """The line of a form file that declares a field or a group; 0 when it is not found."""
    return min(filter(None, (_declared(content, name, key) for name in ("key", "path"))), default=0)


def line_of_component(content: bytes, component: Mapping[str, object]) -> int:
    """The line of a component, by the first of its names that is written in the file; 0 when none is."""
    named = ((name, component.get(name)) for name in ("key", "path", "id", "type"))
    return next((line for name, value in named if isinstance(value, str) and (line := _declared(content, name, value))), 0)


def _declared(content: bytes, name: str, value: str) -> int:
    return _lines(content).get((name.encode(), json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")), 0)


@lru_cache(maxsize=256)
def _lines(content: bytes) -> dict[tuple[bytes, bytes], int]:
    """(attribute, value as it is written) -> its first line."""
    found: dict[tuple[bytes, bytes], int] = {}
    line, before = 1, 0
    for one in DECLARED.finditer(content):
        line += content.count(b"\n", before, one.start())
        before = one.start()
        found.setdefault((one[1], one[2]), line)
    return found
