"""French typography and the notation of figures, applied once, where text leaves for the page.

Sources write ordinary spaces and straight apostrophes; readers get U+202F inside numbers, before ; ! ? and
inside guillemets, U+00A0 before a colon and between a number and its unit, and the curved apostrophe.
"""

import re
from functools import lru_cache

NARROW = "\u202f"
NO_BREAK = "\u00a0"

_UNITS = r"FCFA|XOF|h|j|jo|min|%|ko|Mo|Go|km|kg|ans|an|mois|€"
_RULES = (
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"«[ \u00a0]?(?=\S)"), "«" + NARROW),
    (re.compile(r"(?<=\S)[ \u00a0]?»"), NARROW + "»"),
    (re.compile(r"(?<=\S) (?=[;!?])"), NARROW),
    (re.compile(r"(?<=\S) (?=:(?:\s|$))"), NO_BREAK),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NARROW),
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))"), NO_BREAK),
    (re.compile(r"(?<=\d\u00a0h) (?=\d\d(?!\d))"), NO_BREAK),
)


@lru_cache(maxsize=8192)
def typeset(text: str) -> str:
    """The French text with its spaces and apostrophes as a printer sets them; done twice, it stays the same."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def grouped(number: int | float | None, language: str = "fr") -> str:
    """A whole number by thousands: U+202F and a true minus sign in French, commas in English; a dash for None."""
    if number is None:
        return "–"
    text = f"{abs(int(number)):,}"
    if language == "fr":
        text = text.replace(",", NARROW)
    return ("−" if number < 0 else "") + text


def pc(number: float) -> str:
    """A percentage for a drawing: at most three decimals, none that are zero, a decimal point."""
    return f"{number:.3f}".rstrip("0").rstrip(".") or "0"


def decimal(number: float, digits: int = 1, language: str = "fr") -> str:
    """A figure with `digits` decimals at most, in the notation of the language."""
    text = f"{number:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{number:.0f}"
    return text.replace(".", ",") if language == "fr" else text


def size_words(octets: int, language: str = "fr") -> str:
    """The size of a file in words: « 412 ko », « 1,8 Mo »."""
    units = ("o", "ko", "Mo") if language == "fr" else ("B", "kB", "MB")
    if octets < 1000:
        return f"{octets}{NO_BREAK}{units[0]}"
    if octets < 1_000_000:
        return f"{decimal(octets / 1000, 0, language)}{NO_BREAK}{units[1]}"
    return f"{decimal(octets / 1_000_000, 1, language)}{NO_BREAK}{units[2]}"


def initials(name: str | None) -> str:
    """How a confidential person stands in a list: « B. T. »; empty for an empty name."""
    return " ".join(f"{word[0].upper()}." for word in (name or "").split() if word)
