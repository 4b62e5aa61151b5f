"""Values as people read them in an input: what was typed stays as it was typed, what comes from the system is written the reader's way."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from workflows.forms import Field

NARROW = "\u202f"
DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}:[0-9]{2}).*)?)?)?")


def number(value: Any, lang: str) -> str:
    """An int is grouped by thousands; a text is what somebody typed, but for the decimal point of JSON."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return f"{value:,}".replace(",", NARROW if lang == "fr" else ",") if abs(value) < 10**18 else str(value)[:40]
    text = format(value, "f") if isinstance(value, Decimal) else text_of(value)
    return text.replace(".", ",") if lang == "fr" and DECIMAL.fullmatch(text) else text


def typed_number(value: Any, lang: str) -> str:
    """A number inside an input: grouped by U+202F in both languages, because a comma there means decimals to whoever reads it back."""
    return number(value, "fr") if lang == "fr" or isinstance(value, int) else number(value, lang)


def text_of(value: Any) -> str:
    """A plain answer as text; groups and lists, which no input of ours sends, are not shown."""
    if value is None or isinstance(value, (dict, list)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def date_parts(spec: Field, value: Any, zone: str) -> dict[str, str]:
    """jour, mois, annee (and heure) of an answer: parts as typed, or a date of the system taken apart."""
    if isinstance(value, Mapping):
        return {name: text_of(value.get(name)) for name in ("jour", "mois", "annee", "heure")}
    text = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else text_of(value)
    if spec.kind == "datetime" and "T" in text:
        text = local(text, zone)
    match = PARTIAL.fullmatch(text)
    if match is None:
        return {"jour": text, "mois": "", "annee": "", "heure": ""}
    year, month, day, hour = (part or "" for part in match.groups())
    return {"jour": day.lstrip("0"), "mois": month.lstrip("0"), "annee": year, "heure": hour}


def local(text: str, zone: str) -> str:
    """A moment of the system on the clock of the reader's post."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
