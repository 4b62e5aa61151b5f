"""Where the families put their functions."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..errors import Refused
from .signature import Signature

BUILTINS: dict[str, Signature] = {}


def define(text: str, fn: Callable[..., Any], walk: bool = False) -> None:
    """A function, or one more form of a function of the same name. `walk`: it is given the running evaluation too."""
    name = text.split("(")[0]
    if name in BUILTINS:
        BUILTINS[name].add(text, fn)
    else:
        BUILTINS[name] = Signature(text, fn, walk)


def need(v: Any, why: str = "valeur impossible") -> Any:
    if v is None:
        raise Refused(why)
    return v


def whole(n: Decimal) -> int:
    if n != n.to_integral_value():
        raise Refused("un nombre entier est attendu")
    return int(n)


def numbers_only(items: list[Any]) -> list[Decimal]:
    if any(type(x) is not Decimal for x in items):
        raise Refused("la liste doit contenir seulement des nombres")
    return items
