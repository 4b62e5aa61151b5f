"""What a procedure sends: its send tasks become rows of the outbox, written from the folder's letters."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jinja2 import ChainableUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.services import policy
from app.services.act import Act
from workflows.outcome import Effect

_letters = ImmutableSandboxedEnvironment(undefined=ChainableUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True)
KEPT = 512
POST_ROLE, CENTRAL_ROLE = "post", "central"


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
        "data": {"element": effect.element},
        "created_at": act.now,
        "attempts": 0,
    }


@lru_cache(KEPT)
def _template(text: str) -> Template:
    """A letter as Jinja compiles it: that costs more than all the rest of the act."""
    return _letters.from_string(text)


def write(act: Act, template: str, effect: Effect) -> tuple[str, str]:
    """Subject and body of a letter; without a template the title of the step says what happened."""
    text = act.case_type.letters.get(template)
    if text is None:
        return f"{act.case.reference} : {effect.title or effect.element}", ""
    known = {**act.facts.get("", {}), **act.facts.get(effect.scope, {}), **effect.inputs, "dossier": act.case.reference}
    whole = _template(text).render({name: "" if value is None else value for name, value in known.items()})
    first, _, rest = whole.strip().partition("\n")
    subject = first.removeprefix("Objet :").removeprefix("# ").strip()
    return subject, rest.strip()
