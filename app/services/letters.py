"""What a procedure sends: its send tasks become rows of the outbox, written from the folder's letters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services import letter_words, policy
from app.services.act import Act
from app.services.letter_words import GAP, NAMES, Gap, Names
from workflows.catalog import CaseType
from workflows.outcome import Effect
from workflows.translations import FRENCH

MARKS = ("Objet :", "Subject:", "# ")
"""What may stand before the subject, in the first line of a template."""
POST_ROLE = "post"


def notifications(act: Act, effect: Effect) -> list[dict[str, Any]]:
    """Rows of the outbox for one send task: one for each recipient named in its header `to` (roles, or « famille »).

    None when the procedure knows nobody to send it to: the header is an expression that has no answer.
    """
    wanted = effect.headers.get("to")
    if wanted is None:
        return []
    names = wanted if isinstance(wanted, list) else [name.strip() for name in str(wanted).split(",") if name.strip()]
    return [_row(act, effect, name) for name in names or [""]]


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


def _row(act: Act, effect: Effect, name: str) -> dict[str, Any]:
    lane = act.case_type.lane(effect.process, name)
    role = lane.role if lane else name
    known = act.case_type.roles.get(role)
    place = None
    if known is not None:
        place = act.case.post_code if known.at == POST_ROLE else policy.CENTRAL
    subject, body, language = write(act, effect, FRENCH if known is not None else spoken(act.case_type, act.facts.get("", {})))
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
            **({"language": language} if language != FRENCH else {}),
        },
        "created_at": act.now,
        "attempts": 0,
    }


def spoken(case_type: CaseType, facts: Mapping[str, Any]) -> str:
    """The language in which people outside the house are written to: the one they chose."""
    return str(facts.get(case_type.shared["contact_language"] or "") or FRENCH)


def write(act: Act, effect: Effect, wanted: str) -> tuple[str, str, str]:
    """Subject and body of a letter, and the language it is in: French where the procedure has none in the one that is wanted. Without a
    template the title of the step says what happened."""
    found = act.case_type.letter(str(effect.headers.get("template") or ""), wanted)
    if found is None:
        return f"{act.case.reference} : {effect.title or effect.element}", "", FRENCH
    known = {**act.facts.get("", {}), **act.facts.get(effect.scope, {}), **effect.inputs, "dossier": act.case.reference}
    text, language = found
    return *fill(text, known, language=language, names=letter_words.names_of(act.case_type, language)), language


def fill(text: str, known: Mapping[str, Any], *, language: str = FRENCH, names: Names | None = None, gap: str = "") -> tuple[str, str]:
    """Subject and body of a template; what is not known is empty, or the `gap` where a reader shall see that something is missing.
    names: how codes are called."""
    blank = Gap(gap)
    given = {name: blank if value is None else value for name, value in known.items()}
    whole = letter_words.template(text, language, bool(gap)).render(given | {NAMES: names or _as_written})
    first, _, rest = whole.strip().partition("\n")
    for mark in MARKS:
        first = first.removeprefix(mark)
    return first.strip(), rest.strip()


def _as_written(code: Any, _fact: str) -> str:
    return str(code).replace("_", " ")


__all__ = ["GAP", "fill", "notifications", "sender", "spoken", "write"]
