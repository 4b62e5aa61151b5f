"""Text -> tokens. Characters that do not show are refused: what an author reads is what is evaluated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from .errors import FeelError

MAX_SOURCE = 4_000
MAX_TOKENS = 1_800
LONG = "en faire une table de décision"
KEYWORDS = {
    "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between", "instance", "function",
    "null", "true", "false",
}  # fmt: skip
TOKEN = re.compile(
    r"""
  (?P<space>\s+ | //[^\n]* | /\*.*?\*/)
| (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)? | \.\d+(?:[eE][+-]?\d+)?)
| (?P<at>@"(?:[^"\\\n]|\\.)*")
| (?P<string>"(?:[^"\\]|\\.)*")
| (?P<phrase>date\s+and\s+time(?=\s*\() | years\s+and\s+months\s+duration(?=\s*\())
| (?P<name>(?:[^\W\d]|[\U0001F000-\U0001FAFF])(?:\w|['’]|[\U0001F000-\U0001FAFF])*)
| (?P<op>\*\* | \.\. | -> | <= | >= | != | [-+*/=<>()\[\]{},.:?])
""",
    re.VERBOSE | re.DOTALL,
)
PLAIN_NAME = re.compile(r"[^\W\d][\w'’ ]*")
ESCAPE = re.compile(r"\\(?:([^uU])|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6}))", re.DOTALL)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'", "/": "/"}
SHOWN = "\r\n\t\u00a0\u202f"
QUOTES = 'les textes s\'écrivent entre guillemets droits " "'
HINTS = {
    "==": "écrire « = » pour comparer",
    "&&": "écrire « and »",
    "||": "écrire « or »",
    "'": QUOTES,
    "“": QUOTES,
    "«": QUOTES,
    "!": "écrire not(...) ou « != »",
    "%": "écrire modulo(a, b)",
    "≤": "écrire « <= »",
    "≥": "écrire « >= »",
    "≠": "écrire « != »",
    ";": "une seule expression, sans « ; »",
}
STRAY = 'le retirer ou le mettre dans un texte entre " "'


class Token(NamedTuple):
    kind: str  # number, at, string, name, key, op, end
    text: str
    at: int


def tokens(source: str, names: Iterable[str] = ()) -> list[Token]:
    """The tokens, closed by one of kind « end ». `names`: those that hold signs or keywords and so must be announced."""
    readable(source)
    out: list[Token] = []
    announced = special(names)
    i = 0
    while i < len(source):
        known = next((name for name in announced if source.startswith(name, i)), None)
        if known:
            out.append(Token("name", known, i))
            i += len(known)
            continue
        found = TOKEN.match(source, i)
        if not found:
            raise unexpected(source, i)
        token = read_token(source, found)
        if token is not None:
            out.append(token)
        i = found.end()
    if len(out) > MAX_TOKENS:
        raise FeelError(f"expression trop longue : {LONG}")
    out.append(Token("end", "", len(source)))
    return out


def readable(source: str) -> None:
    if not isinstance(source, str) or not source.strip():
        raise FeelError("expression absente")
    if len(source) > MAX_SOURCE:
        raise FeelError(f"expression trop longue (plus de {MAX_SOURCE} caractères) : {LONG}")
    if source.isprintable():
        return
    for n, c in enumerate(source):
        if not (c.isprintable() or c in SHOWN):
            raise FeelError("caractère invisible : le retirer", n, source)


def special(names: Iterable[str]) -> list[str]:
    """The names that words side by side would not make, longest first."""
    return sorted((name for name in names if not PLAIN_NAME.fullmatch(name) or KEYWORDS & set(name.split())), key=len, reverse=True)


def read_token(source: str, found: re.Match[str]) -> Token | None:
    what, text, at = found.lastgroup or "", found[0], found.start()
    if what == "space":
        return None
    if what == "op" and source[at : at + 2] in HINTS:
        raise FeelError(HINTS[source[at : at + 2]], at, source)
    if what == "phrase":
        return Token("name", " ".join(text.split()), at)
    if what == "name":
        return Token("key", text, at) if text in KEYWORDS else Token("name", unicodedata.normalize("NFC", text), at)
    return Token(what, text, at)


def unexpected(source: str, at: int) -> FeelError:
    if source[at] == '"':
        return FeelError('texte jamais refermé : ajouter « " »', at, source)
    double = HINTS.get(source[at : at + 2])
    if double:
        return FeelError(double, at, source)
    return FeelError(f"caractère inattendu : {HINTS.get(source[at], STRAY)}", at, source)


def unescape(raw: str, at: int, source: str) -> str:
    """The text between the quotes; an unknown escape stays as written, regular expressions use them."""

    def one(found: re.Match[str]) -> str:
        if found[1]:
            return ESCAPES.get(found[1], found[0])
        code = int(found[2] or found[3], 16)
        return chr(code) if code < 0x110000 else "\ufffd"

    text = ESCAPE.sub(one, raw) if "\\" in raw else raw
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeError:
        raise FeelError("caractère impossible dans un texte", at, source) from None
