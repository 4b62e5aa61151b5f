"""Rows of an act on credits: from a file of lines, or typed beside the lines that are known (domain: funding §2, the attributes of a line).

A line that exists in the year, or existed in the year before, needs its code and the amount; of any other the file says all the rest.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from app.db.funding import BudgetLine
from app.services import sentences
from app.services.errors import Invalid
from app.services.operations import tables

CODE, ITEM = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}"), re.compile(r"[A-Za-z0-9_-]{2,40}")
CURRENCY = re.compile(r"[A-Za-z]{3}")
MOST_ERRORS, LARGEST = 50, 10**15
LAST_COMMITMENT, LAST_PAYMENT = (11, 30), (1, 31)
"""Last days of a line of whom nothing else is said: 30 November, and 31 January of the year after."""


@dataclass(frozen=True)
class Row:
    """A line in an act: its amount, and what the file says of the line beside it (by the name of the attribute)."""

    code: str
    amount: int
    said: Mapping[str, Any] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As the act keeps it: days as ISO texts."""
        said = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in self.said.items()}
        return {**asdict(self), "said": said}


def kept(entry: Mapping[str, Any]) -> Row:
    """A row as an act keeps it."""
    said = {name: dt.date.fromisoformat(value) if name in DAYS and value else value for name, value in entry["said"].items()}
    return Row(entry["code"], int(entry["amount"]), said)


def of_file(content: bytes, year: int, known: Mapping[str, BudgetLine], language: str) -> list[Row]:
    """The rows of a file (CSV or XLSX) that have an amount. known: lines of the year or of the year before, by code.

    Invalid with an error for each row.
    """
    found = tables.read(content)
    missing = [name for name in ("code", "credits") if name not in found[0][1]]
    if missing:
        raise Invalid({"fichier": sentences.say("credits_columns", language, names=", ".join(missing))})
    rows: list[Row] = []
    errors: list[str] = []
    for line, cells in found:
        if not cells["credits"]:
            continue
        row, wrong = _row(cells, year, known, language)
        if row.code in {one.code for one in rows}:
            wrong = [*wrong, sentences.say("credits_twice", language, text=row.code)]
        rows.append(row)
        errors += [str(sentences.say("credits_row", language, line=line, text=text)) for text in map(str, wrong)]
    if errors:
        raise Invalid({"lignes": errors[:MOST_ERRORS]})
    return rows


def _row(cells: Mapping[str, str], year: int, known: Mapping[str, BudgetLine], language: str) -> tuple[Row, list[Any]]:
    code, amount = cells["code"].strip().upper(), _amount(cells["credits"])
    wrong = []
    if not CODE.fullmatch(code):
        wrong.append(sentences.say("credits_code", language, text=cells["code"]))
    if not amount:
        wrong.append(sentences.say("credits_amount", language, text=cells["credits"]))
    said: dict[str, Any] = {}
    for column, (name, reads, told) in COLUMNS.items():
        text = cells.get(column, "")
        value = reads(text) if text else None
        if text and value is None:
            wrong.append(sentences.say(told, language, text=text))
        elif text:
            said[name] = value
    before = known.get(code)
    absent = [column for column in NEEDED if before is None and not cells.get(column)]
    if absent:
        wrong.append(sentences.say("credits_missing", language, name=code, text=", ".join(absent)))
    if not _days_fit(said, before, year):
        wrong.append(sentences.say("credits_days", language, text=code))
    return Row(code, amount or 0, said), wrong


def _days_fit(said: Mapping[str, Any], before: BudgetLine | None, year: int) -> bool:
    committed, paid = said.get("last_commitment_on"), said.get("last_payment_on")
    if committed is not None and committed.year != year:
        return False
    committed = committed or (before.last_commitment_on if before is not None and before.year == year else None)
    return paid is None or paid >= (committed or dt.date(year, 1, 1))


def _amount(text: str) -> int | None:
    digits = "".join(letter for letter in text if not letter.isspace())
    return int(digits) if digits.isascii() and digits.isdecimal() and 0 < int(digits) < LARGEST else None


def _text(most: int) -> Callable[[str], str]:
    return lambda text: text.replace("\x00", "").strip()[:most]


def _day(text: str) -> dt.date | None:
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text.strip()[:10], shape).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def _items(text: str) -> list[str] | None:
    found = [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]
    return found if found and all(ITEM.fullmatch(one) for one in found) else None


def _source(text: str) -> str | None:
    return text.strip().lower() if ITEM.fullmatch(text.strip()) else None


def _currency(text: str) -> str | None:
    return text.strip().upper() if CURRENCY.fullmatch(text.strip()) else None


def _flag(text: str) -> bool | None:
    said = text.strip().lower()
    return True if said in tables.YES else False if said in tables.NO else None


COLUMNS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    # column: (attribute of the line, how it is read, what is said of what is no such value)
    "libelle": ("label", _text(200), ""),
    "libelle_en": ("label_en", _text(200), ""),
    "source": ("source", _source, "credits_source"),
    "bailleur": ("funder", _text(100), ""),
    "devise_origine": ("currency", _currency, "credits_currency"),
    "date_fin_engagement": ("last_commitment_on", _day, "credits_day"),
    "date_fin_paiement": ("last_payment_on", _day, "credits_day"),
    "types_eligibles": ("case_types", _items, "credits_items"),
    "natures_eligibles": ("natures", _items, "credits_items"),
    "multi_annuel": ("multi_annual", _flag, "credits_flag"),
    "suivi_seul": ("tracked_only", _flag, "credits_flag"),
    "imputation": ("imputation", _text(120), ""),
}
NEEDED = ("libelle", "libelle_en", "source", "types_eligibles", "natures_eligibles")
DAYS = ("last_commitment_on", "last_payment_on")
LASTING = ("multi_annual", "tracked_only")
"""What a line keeps from the moment it is made."""


def heads() -> list[str]:
    """The columns of a file."""
    return ["code", "credits", *COLUMNS]


def cells(line: BudgetLine, year: int) -> list[Any]:
    """A line as a row of a file to be filled in for a year: without credits, its last days in that year."""
    days = {name: last and last.replace(year=last.year + year - line.year) for name, last in days_of(line).items()}
    return [line.code, "", *(_cell(days.get(name, getattr(line, name))) for name, _, _ in COLUMNS.values())]


def days_of(line: BudgetLine) -> dict[str, dt.date | None]:
    """The last days of a line; of 29 February the day before, which every year has."""
    found = {name: getattr(line, name) for name in DAYS}
    return {name: day.replace(day=28) if day and (day.month, day.day) == (2, 29) else day for name, day in found.items()}


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.date):
        return value.isoformat()
    return ",".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value if value is not None else ""
