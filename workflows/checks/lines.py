"""Where in a form or a sheet something is declared. Each file is gone through once, for all checks."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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


def yaml_line(content: bytes, keys: tuple[str, ...]) -> int:
    """The line of a key of a sheet below others; of the last one that exists, the first line when none does."""
    known = _keys(content)
    return next((known[keys[:count]] for count in range(len(keys), 0, -1) if keys[:count] in known), 1 if keys else 0)


@lru_cache(maxsize=256)
def _keys(content: bytes) -> dict[tuple[str, ...], int]:
    """Keys of mappings in mappings -> the line."""
    try:
        root = yaml.compose(content.decode("utf-8"), LOADER)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return {}
    found: dict[tuple[str, ...], int] = {}
    todo: list[tuple[tuple[str, ...], yaml.Node | None]] = [((), root)]
    seen: set[int] = set()  # an alias may stand for a thousand others
    while todo:
        above, node = todo.pop()
        if not isinstance(node, yaml.MappingNode) or id(node) in seen:
            continue
        seen.add(id(node))
        for key, value in node.value:
            keys = (*above, str(key.value))
            found.setdefault(keys, key.start_mark.line + 1)
            todo.append((keys, value))
    return found
