"""What a procedure sends: its send tasks become rows of the outbox, written from the folder's letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel.dates import format_date
from jinja2 import ChainableUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.services import policy
from app.services.act import Act
from workflows.catalog import CaseType
from workflows.outcome import Effect


def _in_words(value: Any) -> Any:
    """A day as one writes it, a moment by the clock of Bamako, a sum by thousands; everything else as it is."""
    if isinstance(value, dt.datetime):
        moment = value.astimezone(dt.UTC) if value.tzinfo else value
        return f"{format_date(moment.date(), 'd MMMM y', locale='fr')} à {moment:%H h %M} (heure de Bamako)"
    if isinstance(value, dt.date):
        return format_date(value, "d MMMM y", locale="fr")
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= GROUPED_FROM:
        return f"{value:,}".replace(",", "\u202f")
    return value


GROUPED_FROM = 10_000
"""Smaller figures are years and counts too."""
_letters = ImmutableSandboxedEnvironment(
    undefined=ChainableUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True, finalize=_in_words
)
KEPT = 512
GAP = "………"
"""Stands in a draft for what is not known yet."""
POST_ROLE = "post"


def notifications(act: Act, effect: Effect) -> list[dict[str, Any]]:
    """Rows of the outbox for one send task: one for each recipient named in its header `to` (roles, or « famille »).

    None when the procedure knows nobody to send it to: the header is an expression that has no answer.
    """
    wanted = effect.headers.get("to")
    if wanted is None:
        return []
    subject, body = write(act, str(effect.headers.get("template") or ""), effect)
    names = wanted if isinstance(wanted, list) else [name.strip() for name in str(wanted).split(",") if name.strip()]
    return [_row(act, effect, name, subject, body) for name in names or [""]]


def sender(
    case_type: CaseType, process: str, lane: str | None, doer: str | None, post: str, signatory: str | None = None
) -> dict[str, Any]:
    """The place and the role that a letter leaves from: the `signatory` that its header `from` names, else those of the lane of its step.
    In a shared process the lane only names the usual role: there it is the role in which somebody did what caused the letter (`doer`), if
    it was somebody."""
    found, drawn = case_type.lane(process, lane), case_type.processes.get(process)
    role = found.role if found is not None and found.role in case_type.roles else None
    if doer in case_type.roles and (role is None or (drawn is not None and drawn.shared)):
        role = doer
    if signatory in case_type.roles:
        role = signatory
    at_post = case_type.roles[role].at == POST_ROLE if role else found is not None and found.at == POST_ROLE
    return {"place": post if at_post else policy.CENTRAL, "role": role}


def _row(act: Act, effect: Effect, name: str, subject: str, body: str) -> dict[str, Any]:
    lane = act.case_type.lane(effect.process, name)
    role = lane.role if lane else name
    known = act.case_type.roles.get(role)
    place = None
    if known is not None:
        place = act.case.post_code if known.at == POST_ROLE else policy.CENTRAL
    return {
        "case_id": act.case.id,
        "kind": effect.headers.get("template") or effect.element,
        "channel": "inbox" if known is not None else "letter",
        "recipient_role": role if known is not None else None,
        "recipient_post": place,
        "recipient_id": None,
        "address": None if known is not None else name or None,
        "subject": subject[:300],
        "body": body,
        "data": {
            "element": effect.element,
            **sender(act.case_type, effect.process, effect.lane, act.capacity.role, act.case.post_code, effect.headers.get("from")),
        },
        "created_at": act.now,
        "attempts": 0,
    }


def write(act: Act, template: str, effect: Effect) -> tuple[str, str]:
    """Subject and body of a letter; without a template the title of the step says what happened."""
    if template not in act.case_type.letters:
        return f"{act.case.reference} : {effect.title or effect.element}", ""
    known = {**act.facts.get("", {}), **act.facts.get(effect.scope, {}), **effect.inputs, "dossier": act.case.reference}
    return fill(act.case_type.letters[template], known)


def fill(text: str, known: Mapping[str, Any], gap: str = "") -> tuple[str, str]:
    """Subject and body of a template; what is not known is empty, or the `gap` where a reader shall see that something is missing."""
    blank = Gap(gap)
    whole = _template(text, gap).render({name: blank if value is None else value for name, value in known.items()})
    first, _, rest = whole.strip().partition("\n")
    return first.removeprefix("Objet :").removeprefix("# ").strip(), rest.strip()


class Gap(str):
    """A text that is written and yet counts as nothing in a condition."""

    def __bool__(self) -> bool:
        return False


class _Unknown(ChainableUndefined):
    """A name that nothing knows, where the gap is to be seen."""

    def __str__(self) -> str:
        return GAP


_drafts = _letters.overlay(undefined=_Unknown)


@lru_cache(KEPT)
def _template(text: str, gap: str) -> Template:
    """A letter as Jinja compiles it: that costs more than all the rest of the act."""
    return (_drafts if gap else _letters).from_string(text)
