"""Texts, and regular expressions in linear time: no pattern can hang the system."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2

from ..errors import Refused
from ..kinds import MAX_TEXT
from .registry import define, whole

MAX_PATTERN = 500
MAX_REPLACED = 400_000
MEMORY = 1 << 20
FLAGS = "smix"
BLOCK = re.compile(r"\\p\{Is([\w-]+)\}", re.ASCII)
PIECE = re.compile(BLOCK.pattern + r"|\\.|\[(?:\\.|[^\]\\])*\]|\.", re.DOTALL)
BLOCKS = {  # XPath's names of Unicode blocks that matter to names of persons and places in Mali
    "BasicLatin": r"\x{0000}-\x{007F}",
    "Latin-1Supplement": r"\x{0080}-\x{00FF}",
    "LatinExtended-A": r"\x{0100}-\x{017F}",
    "LatinExtended-B": r"\x{0180}-\x{024F}",
    "IPAExtensions": r"\x{0250}-\x{02AF}",
    "Arabic": r"\x{0600}-\x{06FF}",
    "NKo": r"\x{07C0}-\x{07FF}",
}
NO_PATTERN = "expression régulière refusée (ni renvoi \\1 ni condition (?=…))"


def substring(text: str, start: Decimal, length: Decimal | None = None) -> str:
    i = whole(start)
    n = None if length is None else whole(length)
    if i == 0 or abs(i) > len(text) or (n is not None and n < 1):
        raise Refused("position hors du texte (la première lettre est 1)")
    i = i - 1 if i > 0 else len(text) + i
    return text[i:] if n is None else text[i : i + n]


def before(text: str, part: str) -> str:
    return text.partition(part)[0] if part and part in text else ""


def after(text: str, part: str) -> str:
    return text.partition(part)[2] if part else text


@lru_cache(maxsize=64)
def pattern(text: str, flags: str | None = None) -> Any:
    """A compiled regular expression of XPath, as far as linear time allows. Refused otherwise."""
    flags = flags or ""
    if set(flags) - set(FLAGS):
        raise Refused("options d'expression régulière : s, m, i, x")
    if len(text) > MAX_PATTERN:
        raise Refused("expression régulière trop longue")
    if "x" in flags:
        text = re.sub(r"\s+(?![^\[]*\])", "", text)
    text = PIECE.sub(lambda found: piece(found[0], "s" in flags), text)
    inline = "".join(flag for flag in flags if flag in "smi")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    options.dot_nl = False
    options.never_nl = False
    try:
        return re2.compile(f"(?{inline}:{text})" if inline else text, options)
    except re2.error:
        raise Refused(NO_PATTERN) from None


def piece(written: str, dot_takes_lines: bool) -> str:
    """XPath's dot takes neither end of line, and it names blocks of characters; a digit after « \\ » would be a back reference."""
    if written == ".":
        return "." if dot_takes_lines else r"[^\n\r]"
    if written[0] == "[":
        written = BLOCK.sub(lambda found: block(found[1]), written)
    elif BLOCK.fullmatch(written):
        return f"[{block(written[5:-1])}]"
    if re.search(r"\\\d", written.replace("\\\\", "")):
        raise Refused(NO_PATTERN)
    return written


def block(name: str) -> str:
    if name not in BLOCKS:
        raise Refused(f"bloc de caractères inconnu : {name}. Connus : {', '.join(BLOCKS)}")
    return BLOCKS[name]


def matches(text: str, wanted: str, flags: str | None = None) -> bool:
    return pattern(wanted, flags).search(text) is not None


def replace(text: str, wanted: str, by: str, flags: str | None = None) -> str:
    if len(text) * (len(by) + 1) > MAX_REPLACED:
        raise Refused("texte trop long")
    compiled = pattern(wanted, flags)
    if not wanted.startswith(("^", ".")) and compiled.search("") is not None:
        raise Refused("le motif ne doit pas accepter le texte vide")
    out, last = [], 0
    for found in compiled.finditer(text):
        out += [text[last : found.start()], fill(by, found, compiled.groups)]
        last = found.end()
    return "".join(out) + text[last:]


def fill(by: str, found: Any, groups: int) -> str:
    return re.sub(r"\$(\d)", lambda ref: (found.group(int(ref[1])) or "") if int(ref[1]) <= groups else "", by)


def split(text: str, delimiter: str) -> list[str]:
    if not delimiter:
        return list(text)
    return [part or "" for part in pattern(delimiter).split(text)]


def join(items: list[Any], delimiter: str | None = None) -> str:
    parts = [x for x in items if x is not None]
    if any(type(x) is not str for x in parts):
        raise Refused("la liste doit contenir seulement des textes")
    glue = delimiter or ""
    if sum(map(len, parts)) + len(glue) * len(parts) > MAX_TEXT:
        raise Refused("texte trop long")
    return glue.join(parts)


define("substring(string: string, start position: number, length: number?) -> string", substring)
define("string length(string: string) -> number", len)
define("upper case(string: string) -> string", str.upper)
define("lower case(string: string) -> string", str.lower)
define("substring before(string: string, match: string) -> string", before)
define("substring after(string: string, match: string) -> string", after)
define("contains(string: string, match: string) -> boolean", lambda text, part: part in text)
define("starts with(string: string, match: string) -> boolean", str.startswith)
define("ends with(string: string, match: string) -> boolean", str.endswith)
define("matches(input: string, pattern: string, flags: string?) -> boolean", matches)
define("replace(input: string, pattern: string, replacement: string, flags: string?) -> string", replace)
define("split(string: string, delimiter: string) -> list", split)
define("string join(list: list, delimiter: string?) -> string", join)
define("trim(string: string) -> string", str.strip)
