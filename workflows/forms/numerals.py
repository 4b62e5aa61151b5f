"""Numbers as people write them in French: « 250 000 », « 1,5 », « 250 000 FCFA »."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from .clean import compact
from .messages import Refused

MAX_WHOLE = 2**53  # beyond, a program in between (a browser, a spreadsheet) changes the number without saying so
WRITTEN = re.compile(r"([-−+]?)([0-9]{1,20})(?:[.,]([0-9]{1,20}))?")
UNIT = re.compile(r"(F\.?CFA|XOF|F)$", re.I)
EXAMPLES = {"money-xof": "250 000", "integer": "12", "decimal": "12,50", "rate": "655,957"}


def read_number(value: Any, kind: str, digits: int) -> Decimal:
    """A number with at most `digits` decimals. Refused: number, whole, digits.

    « 250,000 » and « 250.000 » in a whole number are refused: one reader means 250, another 250 thousand.
    """
    example = EXAMPLES.get(kind, "12")
    number, decimals = split(value, kind, example)
    if abs(number) > MAX_WHOLE:
        raise Refused("number", example=example)
    if len(decimals.rstrip("0")) > digits or (not digits and len(decimals) > 2):
        raise Refused("digits" if digits else "whole", digits=digits, example=example)
    return number


def split(value: Any, kind: str, example: str) -> tuple[Decimal, str]:
    """The number and its decimals as they were written."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise Refused("number" if not isinstance(value, (dict, list)) else "shape", example=example)
    if isinstance(value, int):
        if value.bit_length() > 64:
            raise Refused("number", example=example)
        return Decimal(value), ""
    text = value[:60] if isinstance(value, str) else plain(value, example)
    text = compact(text)
    if kind in ("money-xof", "integer", "decimal"):
        text = UNIT.sub("", text)
    match = WRITTEN.fullmatch(text)
    if match is None or (isinstance(value, str) and len(value) > 60):
        raise Refused("number", example=example)
    sign, units, decimals = match.groups()
    number = Decimal(f"{units}.{decimals or '0'}" if decimals else units)
    return (-number if sign in ("-", "−") else number), decimals or ""


def plain(value: float | Decimal, example: str) -> str:
    """A number of a program, written out without exponent."""
    number = Decimal(repr(value)) if isinstance(value, float) else value
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise Refused("number", example=example)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
