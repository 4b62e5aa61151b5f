"""Documents that a scenario describes in place become files of one page, added to the case like any other."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from typing import Any

PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n"
    b"0000000053 00000 n \n0000000102 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n163\n%%EOF\n% "
)


def page(name: str) -> io.BytesIO:
    """A small PDF, different for each name."""
    return io.BytesIO(PAGE + name.encode() + b"\n")


def plain(value: Any, add: Callable[[str, str], str], cases: Mapping[str, str] | None = None) -> Any:
    """Answers as a browser sends them: moments as ISO texts, a document described in place as the code that `add` gives, another case
    of the scenario (`cases`: its name -> its number) as its number."""
    match value:
        case dt.datetime() | dt.date():
            return value.isoformat()
        case {"fichier": name}:
            return add(str(name), str(value.get("type_piece", "")))
        case {"numero_de": name}:
            return (cases or {})[str(name)]
        case dict():
            return {key: plain(part, add, cases) for key, part in value.items()}
        case list():
            return [plain(part, add, cases) for part in value]
    return value
