"""Text at the edge: what no database, no page and no export can carry is taken out before anything else reads it."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)  # controls but tab and newline, lone surrogates, non-characters
LINES = re.compile("\r\n?|\u2028|\u2029")
BLANKS = re.compile("[\t\n ]+")
SPACES = re.compile("[\\s\u00a0\u202f\u2007\u2009]+")


def clean_text(text: str, lines: bool = False) -> str:
    """NFC, without control characters and lone surrogates, without blanks at the ends; one line unless `lines`."""
    text = UNWANTED.sub("", LINES.sub("\n", text))
    text = unicodedata.normalize("NFC", text)
    if not lines:
        text = BLANKS.sub(" ", text)
    return text.strip()


def blank(value: Any) -> bool:
    """No answer: nothing, blank text, an empty list, a group whose every part is blank."""
    if value is None:
        return True
    if isinstance(value, str):
        return not UNWANTED.sub("", value).strip()
    if isinstance(value, dict):
        return all(blank(part) for part in value.values()) if len(value) <= 100 and not nested(value) else False
    return isinstance(value, (list, tuple)) and not value


def nested(value: dict) -> bool:
    """Does a group hold a group of groups? Then it is never blank: no form of ours is that deep, hostile data may be without end."""
    return any(isinstance(part, dict) and any(isinstance(x, (dict, list)) and x for x in part.values()) for part in value.values())


def compact(text: str) -> str:
    """Without any kind of space."""
    return SPACES.sub("", text)
