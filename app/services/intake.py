"""Opening a case at the counter, on the telephone, from the portal: what was typed into the header is checked first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any

from app.db.posts import Post
from app.db.transaction import Unit, transaction
from app.services import answers, birth, clock, keys, starting, versions
from app.services.act import Act
from app.services.actor import Actor
from app.services.errors import Invalid
from app.services.handlers import HANDLERS


@dataclass(frozen=True)
class Started:
    """A case that was opened, and the first task of whoever opened it."""

    case_id: int
    reference: str
    task_id: int | None


def start_case(actor: Actor, code: str, post_code: str, header: Mapping[str, Any], key: str | None = None) -> Started:
    """Opens a case of a type at a post.

    header: what was typed into the common header form. Raises NotFound (type), Forbidden (role), Invalid (fields), Broken.
    """
    return transaction(lambda unit: _start(unit, actor, code, post_code, header, key), clock.now)


def _start(unit: Unit, actor: Actor, code: str, post_code: str, header: Mapping[str, Any], key: str | None) -> Started:
    replay = keys.claim(unit, actor.code, key, keys.body_hash("start", code, post_code, header))
    if replay is not None:
        return Started(**replay)
    case_type = versions.current(unit.session, code)
    post = unit.session.get(Post, post_code)
    if post is None:
        raise Invalid({"poste_id": "Choisissez le poste dans la liste."}, header)
    capacity = starting.ensure_may_start(actor, case_type, post_code)
    act = birth.begin(unit, actor, capacity, case_type, post, HANDLERS)
    birth.complete(act, _header(act, header), post, {}, {})
    started = Started(act.case.id, act.case.reference, birth.first_task(act))
    keys.answer(unit, actor.code, key, asdict(started))
    return started


def _header(act: Act, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Typed header. What the type already says (priority, confidentiality) and the post need not be typed."""
    form = act.case_type.header_form
    known = {"poste_id": act.case.post_code, "priorite": act.case.priority, "confidentialite": act.case.confidentiality}
    proposed = {name: value for name, value in known.items() if form is not None and name in form.names}
    task = SimpleNamespace(chain=[["", act.case_type.process]], item=None)
    return answers.validate(act, task, form, {**proposed, **raw})
