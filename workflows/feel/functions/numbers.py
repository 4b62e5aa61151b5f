"""Numbers: rounding and the rest."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal

from ..errors import Refused
from ..kinds import MATH, Months
from .registry import define

DIGITS = 33  # after the first: beyond, rounding changes nothing
SCALES = (-6111, 6176)
TO_WHOLE = {"floor": ROUND_FLOOR, "ceiling": ROUND_CEILING}
TO_SCALE = {
    "decimal": ROUND_HALF_EVEN,
    "round up": ROUND_UP,
    "round down": ROUND_DOWN,
    "round half up": ROUND_HALF_UP,
    "round half down": ROUND_HALF_DOWN,
}


def rounded(mode: str) -> Callable[..., Decimal]:
    def go(n: Decimal, scale: Decimal = Decimal(0)) -> Decimal:
        if not SCALES[0] <= scale <= SCALES[1]:
            raise Refused("nombre de décimales impossible")
        if n.adjusted() + int(scale) > DIGITS:
            return n
        return MATH.plus(n.quantize(Decimal(1).scaleb(-int(scale)), mode, MATH))

    return go


def logarithm(n: Decimal) -> Decimal:
    if n <= 0:
        raise Refused("un nombre positif est attendu")
    return MATH.ln(n)


def odd(n: Decimal) -> bool | None:
    return n % 2 in (1, -1) if n == int(n) else None


def even(n: Decimal) -> bool | None:
    return n % 2 == 0 if n == int(n) else None


def modulo(a: Decimal, b: Decimal) -> Decimal:
    return MATH.subtract(a, MATH.multiply(b, MATH.divide(a, b).to_integral_value(ROUND_FLOOR)))


for _name, _mode in TO_WHOLE.items():
    define(f"{_name}(n: number, scale: number?) -> number", rounded(_mode))
for _name, _mode in TO_SCALE.items():
    define(f"{_name}(n: number, scale: number) -> number", rounded(_mode))
define("abs(n: number | days and time duration) -> any", abs)
define("abs(n: years and months duration) -> any", lambda m: Months(abs(m.n)))
define("sqrt(number: number) -> number", MATH.sqrt)
define("exp(number: number) -> number", MATH.exp)
define("log(number: number) -> number", logarithm)
define("odd(number: number) -> boolean", odd)
define("even(number: number) -> boolean", even)
define("modulo(dividend: number, divisor: number) -> number", modulo)
