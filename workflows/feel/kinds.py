"""The kinds of values of FEEL, and the border: what comes in from the application, what goes back to it.

Numbers are decimals of 34 digits. A yes/no is never a number, whatever Python thinks: every test here is on the exact type.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Any, NamedTuple

from .errors import FeelError

MATH = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999, traps=[DivisionByZero, InvalidOperation, Overflow])
MAX_LEN = 10_000
MAX_TEXT = 20_000
MAX_DATA_DEPTH = 12
MAX_WEIGHT = 50_000
MAX_DEPTH = 40
MAX_BITS = 512

Spend = Callable[[int], None]


@dataclass(frozen=True, order=True)
class Months:
    """A duration in years and months."""

    n: int

    @property
    def years(self) -> int:
        return int(self.n / 12)


class Range(NamedTuple):
    """An interval; `form` is "" for [a..b], "open" for a test such as < b, "not" for != a."""

    lo: Any
    lo_in: bool
    hi: Any
    hi_in: bool
    form: str = ""


class Function(NamedTuple):
    """A function defined in an expression: function(a, b) a + b."""

    params: tuple
    body: Any
    scope: Any


KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    dt.date: "date",
    dt.time: "time",
    dt.datetime: "date and time",
    dt.timedelta: "days and time duration",
    Months: "years and months duration",
    list: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}
ORDERED = {"number", "string", "date", "time", "date and time", "days and time duration", "years and months duration"}
FRENCH = {
    "null": "rien (null)",
    "boolean": "un oui/non",
    "number": "un nombre",
    "string": "un texte",
    "date": "une date",
    "time": "une heure",
    "date and time": "une date-heure",
    "days and time duration": "une durée en jours ou heures",
    "years and months duration": "une durée en années ou mois",
    "list": "une liste",
    "context": "un groupe de champs",
    "range": "un intervalle",
    "function": "une fonction",
    "any": "une valeur",
}
UNCHANGED = {bool, type(None), dt.date, dt.time, dt.timedelta, dt.datetime, Months, Function}


def kind(v: Any) -> str:
    """The kind of a value; what the language does not know can only be a function lent by the application."""
    return KINDS.get(type(v), "function")


def number(value: str | int | Decimal) -> Decimal:
    return MATH.create_decimal(value)


def weigh(v: Any) -> int:
    """How much there is to go through: a list may hold the same list a thousand times, so its length says nothing."""
    if type(v) is str:
        return len(v) // 64
    if type(v) is not list and type(v) is not dict:
        return 0
    total = 0
    stack: list[tuple[Any, int]] = [(v, 0)]
    while stack:
        outer, depth = stack.pop()
        total += len(outer)
        for inner in outer if type(outer) is list else outer.values():
            if type(inner) is list or type(inner) is dict:
                stack.append((inner, depth + 1))
            elif type(inner) is str:
                total += len(inner) // 64
        if total > MAX_WEIGHT or depth > MAX_DEPTH:
            raise FeelError("valeur trop grande")
    return total // 16 + 1


def spend_nothing(n: int) -> None:
    """The price of a value that no evaluation pays."""


def lift(v: Any, spend: Spend = spend_nothing, depth: int = 0) -> Any:
    """A value of the application (JSON, dates, Decimal) becomes a FEEL value; FeelError for anything else.

    `spend` is told how many elements were gone through.
    """
    t = type(v)
    if t is str:
        if len(v) > MAX_TEXT:
            raise FeelError("texte trop long")
        return v
    if t is int or t is Decimal or t is float:
        return lift_number(v)
    if t in UNCHANGED:
        return v
    if depth > MAX_DATA_DEPTH:
        raise FeelError("données trop imbriquées")
    if t is Range:
        return v._replace(lo=lift(v.lo), hi=lift(v.hi))
    if t is list or t is dict or t is tuple:
        if len(v) > MAX_LEN:
            raise FeelError("liste trop longue")
        spend(len(v))
        if t is dict:
            return {str(k): lift(x, spend, depth + 1) for k, x in v.items()}
        return [lift(x, spend, depth + 1) for x in v]
    if t in KINDS:
        return v
    raise FeelError(f"type non admis : {t.__name__}")


def lift_number(v: int | Decimal | float) -> Decimal:
    if type(v) is int and v.bit_length() > MAX_BITS:
        raise FeelError("nombre trop grand")
    try:
        out = MATH.create_decimal(repr(v) if type(v) is float else v)
    except ArithmeticError:
        raise FeelError("nombre hors limites") from None
    if not out.is_finite():
        raise FeelError("nombre hors limites")
    return out


def lower(v: Any) -> Any:
    """A FEEL value becomes one that the data of a case can keep: whole numbers as int, a duration in months as its text.

    FeelError for an interval or a function: they cannot be kept.
    """
    weigh(v)
    match v:
        case Decimal():
            return int(v) if v.adjusted() < 34 and v == v.to_integral_value() else v
        case list():
            return [lower(x) for x in v]
        case dict():
            return {k: lower(x) for k, x in v.items()}
        case Months():
            return months_text(v)
    if kind(v) in ("range", "function"):
        raise FeelError(f"un résultat qui est {FRENCH[kind(v)]} ne peut pas être conservé")
    return v


def months_text(v: Months) -> str:
    years, months = divmod(abs(v.n), 12)
    return ("-" if v.n < 0 else "") + "P" + (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
