"""Values to texts: what string() gives."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .kinds import kind, months_text

HOUR, MINUTE = 3600, 60


def show(v: Any, inside: bool = False) -> str:
    """The text of a value; `inside` a list or a context a text stands between quotes."""
    match kind(v):
        case "null":
            return "null"
        case "boolean":
            return "true" if v else "false"
        case "number":
            return show_number(v)
        case "string":
            return '"' + v.replace('"', '\\"') + '"' if inside else v
        case "date":
            return v.isoformat()
        case "time" | "date and time":
            return v.replace(tzinfo=None).isoformat().rstrip("0" if v.microsecond else "") + show_zone(v)
        case "years and months duration":
            return months_text(v)
        case "days and time duration":
            return show_duration(v)
        case "list":
            return "[" + ", ".join(show(x, True) for x in v) + "]"
        case "context":
            return "{" + ", ".join(f"{k}: {show(x, True)}" for k, x in v.items()) + "}"
        case "range":
            return f"{'[' if v.lo_in else '('}{show(v.lo, True)}..{show(v.hi, True)}{']' if v.hi_in else ')'}"
    return "fonction"


def show_number(v: Decimal) -> str:
    text = format(v, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_zone(v: dt.datetime | dt.time) -> str:
    if v.tzinfo is None:
        return ""
    if isinstance(v.tzinfo, ZoneInfo):
        return "@" + v.tzinfo.key
    if v.utcoffset() == dt.timedelta(0):
        return "Z"
    shift = v.strftime("%z")
    return ":".join([shift[:3], shift[3:5]] + ([shift[5:7]] if len(shift) > 5 else []))


def show_duration(v: dt.timedelta) -> str:
    total = abs(v)
    second = Decimal(total.seconds % MINUTE) + Decimal(total.microseconds) / 1_000_000
    parts = ((total.seconds // HOUR, "H"), (total.seconds // MINUTE % MINUTE, "M"), (show_number(second), "S"))
    clock = "".join(f"{n}{unit}" for n, unit in parts if n not in (0, "0"))
    days = f"{total.days}D" if total.days or not clock else ""
    return ("-" if v < dt.timedelta(0) else "") + "P" + days + ("T" + clock if clock else "")
