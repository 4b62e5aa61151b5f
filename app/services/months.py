"""Months of the calendar, as statements and their addresses name them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.services.errors import NotFound


@dataclass(frozen=True)
class Month:
    """A month of the calendar of Bamako, which is UTC."""

    year: int
    number: int

    @property
    def start(self) -> dt.datetime:
        return dt.datetime(self.year, self.number, 1, tzinfo=dt.UTC)

    @property
    def end(self) -> dt.datetime:
        """The first moment after it."""
        return self.after.start

    @property
    def after(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def before(self) -> Month:
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    @property
    def code(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    def as_of(self, now: dt.datetime) -> dt.datetime:
        """Where days are counted to: its last day, or today while it lasts."""
        return min(now, self.end - dt.timedelta(seconds=1))


def month(code: str, now: dt.datetime) -> Month:
    """A month by its code, « 2026-11 ». NotFound for what is no month, or has not begun."""
    year, _, number = code.partition("-")
    if not (len(year) == 4 and len(number) == 2 and (year + number).isascii() and (year + number).isdecimal()):
        raise NotFound
    found = Month(int(year), int(number)) if 1 <= int(number) <= 12 and int(year) >= 2000 else None
    if found is None or found.start > now:
        raise NotFound
    return found
