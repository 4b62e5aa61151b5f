"""One answer as it arrives (form data, JSON) -> its typed value. A reader returns the value or raises Refused, nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import re2

from .clean import SPACES, clean_text
from .fields import REFERENCES, Field
from .messages import Refused
from .moments import read_date, read_moment, read_partial
from .numerals import EXAMPLES, MAX_WHOLE, read_number
from .world import country_code, currencies

Resolve = Callable[[str, str], Mapping[str, Any] | None]  # (kind, code) -> the record, None when there is none
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
WORDS = {"true": True, "false": False, "oui": True, "non": False, "yes": True, "no": False, "on": True}
EURO = Decimal("655.957")  # fixed parity of the CFA franc, Council decision 98/683/EC
FIXED_RATES = {"EUR": (EURO, "rate_euro"), "XOF": (Decimal(1), "rate_franc")}
EXACT = Context(prec=80)
MAX_TEXT, MAX_LONG, MAX_LIST = 200, 5_000, 200


def nobody(kind: str, code: str) -> None:
    """No record is known."""
    return None


@dataclass(frozen=True)
class Edge:
    """What readers need besides the answer: the clock and zone of the post, the registers, and lists that depend on the case type."""

    now: dt.datetime
    zone: dt.tzinfo
    resolve: Resolve = nobody
    lists: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def text(spec: Field, value: Any, edge: Edge) -> str:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        value = str(value) if not isinstance(value, int) or value.bit_length() < 200 else "?" * 1000
    if not isinstance(value, str):
        raise Refused("shape")
    limits, lines = spec.limits, spec.kind == "longtext"
    most = limits.max_length or (MAX_LONG if lines else MAX_TEXT)
    if len(value) > 4 * most + 1000:
        raise Refused("too_long", max=most, over=len(value) - most)
    out = clean_text(value, lines)
    if len(out) > most:
        raise Refused("too_long", max=most, over=len(out) - most)
    if limits.min_length and len(out) < limits.min_length:
        raise Refused("too_short", min=limits.min_length)
    if limits.pattern and not re2.search(limits.pattern, out):
        raise Refused("pattern")
    return out


def number(spec: Field, value: Any, edge: Edge) -> int | Decimal:
    limits = spec.limits
    digits = 6 if spec.kind == "rate" else limits.digits
    out = read_number(value, spec.kind, digits)
    low = 0 if spec.kind == "money-xof" and limits.min is None else limits.min
    if low is not None and out < low:
        raise Refused("min", min=low)
    if limits.max is not None and out > limits.max:
        raise Refused("max", max=limits.max)
    if spec.kind == "rate" and out <= 0:
        raise Refused("number", example=EXAMPLES["rate"])
    return out if digits else int(out)


def date(spec: Field, value: Any, edge: Edge) -> dt.date:
    return read_date(value)


def moment(spec: Field, value: Any, edge: Edge) -> dt.datetime:
    return read_moment(value, edge.zone)


def partial(spec: Field, value: Any, edge: Edge) -> str:
    return read_partial(value, edge.zone, spec.kind == "partial-date-time")


def boolean(spec: Field, value: Any, edge: Edge) -> bool:
    if isinstance(value, bool):
        return value
    out = WORDS.get(value.strip().casefold()) if isinstance(value, str) and len(value) < 20 else None
    if out is None:
        raise Refused("boolean")
    return out


def codes_of(spec: Field, edge: Edge) -> list[str]:
    """The codes that a choice accepts."""
    if spec.option_list is None:
        return [option.value for option in spec.options]
    if spec.option_list not in edge.lists:
        raise Refused("list_missing")
    return [code for code, _ in edge.lists[spec.option_list]]


def choice(spec: Field, value: Any, edge: Edge) -> str:
    if not isinstance(value, str):
        raise Refused("choice")
    out = value.strip()
    if out not in codes_of(spec, edge):
        raise Refused("choice")
    return out


def choices(spec: Field, value: Any, edge: Edge) -> list[str]:
    """Several codes, in the order of the form, each once."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise Refused("shape_list")
    given = {choice(spec, item, edge) for item in items[: MAX_LIST + 1] if item != ""}
    if len(items) > MAX_LIST:
        raise Refused("choice")
    return [code for code in codes_of(spec, edge) if code in given]


def country(spec: Field, value: Any, edge: Edge) -> str:
    out = country_code(clean_text(value)) if isinstance(value, str) and len(value) <= 100 else None
    if out is None:
        raise Refused("country")
    return out


def currency(spec: Field, value: Any, edge: Edge) -> str:
    out = value.strip().upper() if isinstance(value, str) and len(value) <= 20 else ""
    out = "XOF" if out in ("FCFA", "F CFA") else out
    if out not in currencies():
        raise Refused("currency")
    return out


def phone(spec: Field, value: Any, edge: Edge) -> str:
    """E.164; « 00 223 ... » and spaces, dots and hyphens between figures are taken as people write them."""
    if not isinstance(value, str) or len(value) > 60:
        raise Refused("phone")
    out = re.sub(r"[.()\-/]", "", SPACES.sub("", clean_text(value)))
    out = "+" + out[2:] if out.startswith("00") else out
    if not PHONE.fullmatch(out):
        raise Refused("phone")
    return out


def reference(spec: Field, value: Any, edge: Edge) -> str:
    """The code of a record that exists. A place or country accepts the name of a country too."""
    if not isinstance(value, str) or len(value) > 200:
        raise Refused("shape" if isinstance(value, (dict, list)) else "reference")
    out = clean_text(value)
    if spec.kind == "place-ml-or-country" and (found := country_code(out)):
        return found
    if not CODE.fullmatch(out) or edge.resolve(spec.kind, out) is None:
        raise Refused("reference")
    return out


def document(spec: Field, value: Any, edge: Edge) -> str:
    """The code of a file that was received."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str) or not CODE.fullmatch(value) or edge.resolve("document", value) is None:
        raise Refused("reference_document")
    return value


def documents(spec: Field, value: Any, edge: Edge) -> list[str]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise Refused("shape_list")
    if len(items) > MAX_LIST:
        raise Refused("max_items", max=MAX_LIST)
    return list(dict.fromkeys(document(spec, item, edge) for item in items if item != ""))


READERS: dict[str, Callable[[Field, Any, Edge], Any]] = {
    "text": text,
    "longtext": text,
    "integer": number,
    "decimal": number,
    "money-xof": number,
    "rate": number,
    "currency": currency,
    "date": date,
    "datetime": moment,
    "partial-date": partial,
    "partial-date-time": partial,
    "boolean": boolean,
    "choice": choice,
    "choices": choices,
    "country": country,
    "phone": phone,
    "document": document,
    "documents": documents,
    **dict.fromkeys(REFERENCES, reference),
}


def finish_money(spec: Field, group: dict[str, Any], edge: Edge) -> dict[str, Any]:
    """An amount in a foreign currency with its value in francs: amount times rate, half up. The euro and the franc have a fixed rate."""
    amount, code, rate = group.get("montant"), group.get("devise"), group.get("taux")
    if code in FIXED_RATES:
        fixed, refusal = FIXED_RATES[code]
        if rate is not None and rate != fixed:
            raise Refused(refusal, at="taux")
        rate = fixed
    xof = None if amount is None or rate is None else int(EXACT.multiply(amount, rate).to_integral_value(ROUND_HALF_UP))
    if xof is not None and xof > MAX_WHOLE:
        raise Refused("max", at="montant", max=MAX_WHOLE)
    day = group.get("date_taux") or (edge.now.astimezone(edge.zone).date() if code in FIXED_RATES else None)
    return {**group, "taux": rate, "date_taux": day, "xof": xof}


def finish_signature(spec: Field, group: dict[str, Any], edge: Edge) -> dict[str, Any]:
    """The moment of a signature is when it reaches us; nobody types it."""
    return {**group, "horodatage": edge.now}


# Parts that an answer needs once one of them is given, as in the form of a required one.
NEEDED = {
    "money-foreign": frozenset({"montant", "devise", "taux", "date_taux"}),
    "place-ml": frozenset({"region", "cercle"}),
    "signature": frozenset({"nom", "support"}),
}
FINISH = {"money-foreign": finish_money, "signature": finish_signature}
