"""Timers: each can be told before any case runs, ends in a life-time, and turns no faster than once an hour."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from ..feel import FeelError, Host
from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import B, Process
from .expressions import Site, judge, place
from .finding import Finding, Rule, Text
from .names import Names, names_of

DURATION = re.compile(
    r"P(?=.)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?"
)
LONGEST, SHORTEST_CYCLE, UNBOUNDED_CYCLE = dt.timedelta(days=3660), dt.timedelta(hours=1), dt.timedelta(days=1)
FORMS = ("timeDate", "timeDuration", "timeCycle")
WANTS = {"timeDate": "date and time", "timeDuration": "days and time duration", "timeCycle": None}

FORM = Rule(
    "timer-form",
    Text(
        "{element} : un délai est une date, une durée ou un cycle, et un seul des trois.",
        "{element}: a timer is a date, a duration or a cycle, and only one of them.",
    ),
    Text("Choisir une forme et écrire sa valeur.", "Choose one form and write its value."),
)
UNREADABLE = Rule(
    "timer-unreadable",
    Text("{element} : « {value} » n'est pas un délai lisible.", "{element}: “{value}” is not a readable timer."),
    Text(
        "Écrire P3D, PT4H, R3/P5D, une date-heure avec son fuseau, ou une expression « =… ».",
        "Write P3D, PT4H, R3/P5D, a date and time with its zone, or an expression “=…”.",
    ),
)
TOO_LONG = Rule(
    "timer-too-long",
    Text("{element} : « {value} » dure plus de dix ans.", "{element}: “{value}” lasts more than ten years."),
    Text("Donner une durée positive, de dix ans au plus.", "Give a positive duration of ten years at most."),
)
CYCLE_FAST = Rule(
    "timer-cycle-fast",
    Text(
        "{element} : le cycle « {value} » revient plus d'une fois par heure.",
        "{element}: the cycle “{value}” comes back more than once an hour.",
    ),
    Text("Une heure au moins entre deux tours.", "At least one hour between two rounds."),
)
CYCLE_ENDLESS = Rule(
    "timer-cycle-endless",
    Text(
        "{element} : le cycle « {value} » n'a pas de fin et revient plus d'une fois par jour.",
        "{element}: the cycle “{value}” has no end and comes back more than once a day.",
    ),
    Text("Borner le nombre de tours, par exemple R10/PT4H.", "Bound the number of rounds, for example R10/PT4H."),
)
CYCLE_PLACE = Rule(
    "timer-cycle-place",
    Text(
        "{element} : un cycle ne se met que sur le bord d'une étape, sans l'interrompre.",
        "{element}: a cycle only goes on the border of a step, without interrupting it.",
    ),
    Text(
        "Le poser comme événement de bord non interruptif, ou employer une durée.",
        "Make it a non-interrupting boundary event, or use a duration.",
    ),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    for process in bundle.own_processes:
        for node in process.nodes():
            for definition in node.findall(f"{B}timerEventDefinition"):
                yield from _timer(names, process, node, definition)


def _timer(names: Names, process: Process, node: Element, definition: Element) -> Iterator[Finding]:
    given = [child for child in definition if local_name(child) in FORMS]
    text = (given[0].text or "").strip() if given else ""
    if len(given) != 1 or not text:
        yield FORM.at(process.file, node)
        return
    form = local_name(given[0])
    if form == "timeCycle" and not (local_name(node) == "boundaryEvent" and node.get("cancelActivity") == "false"):
        yield CYCLE_PLACE.at(process.file, node)
    if text.startswith("=") and form != "timeCycle":
        yield from judge(Site(process.file, node, place("timer"), text, names.at(process, node), WANTS[form]), names.bundle.alone)
        rule = _constant(text.removeprefix("="))
    else:
        rule = {"timeDate": _date, "timeDuration": _duration, "timeCycle": _cycle}[form](text)
    if rule is not None:
        yield rule.at(process.file, node, value=text)


def _constant(expression: str) -> Rule | None:
    """What is wrong with an expression that reads no fact."""
    try:
        value = Host().evaluate(expression, {})
    except FeelError:
        return None  # said by the checks of expressions, or it reads facts
    if isinstance(value, dt.datetime):
        return None if value.tzinfo else UNREADABLE
    return TOO_LONG if isinstance(value, dt.timedelta) and not dt.timedelta(0) < value <= LONGEST else None


def span(text: str) -> dt.timedelta | None:
    """About how long an ISO duration lasts; None when it is none."""
    found = DURATION.fullmatch(text)
    if not found:
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return dt.timedelta(days=365 * years + 30 * months + 7 * weeks + days, hours=hours, minutes=minutes, seconds=seconds)


def _date(text: str) -> Rule | None:
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return UNREADABLE
    return None if moment.tzinfo and "T" in text else UNREADABLE


def _duration(text: str) -> Rule | None:
    length = span(text)
    if length is None:
        return UNREADABLE
    return None if dt.timedelta(0) < length <= LONGEST else TOO_LONG


def _cycle(text: str) -> Rule | None:
    found = re.fullmatch(r"R(\d{0,3})/(.+)", text)
    length = span(found[2]) if found else None
    if found is None or length is None or found[1] == "0":
        return UNREADABLE
    if length > LONGEST:
        return TOO_LONG
    if length < SHORTEST_CYCLE:
        return CYCLE_FAST
    return CYCLE_ENDLESS if not found[1] and length < UNBOUNDED_CYCLE else None
