"""Handlers about who may know of a case: it is closed to its post, or to persons it is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app.db.tasks import Task
from app.db.users import User
from app.services import barring
from app.services.act import Act, Handler
from app.services.handlers.cases import confidentiality
from workflows.outcome import Open


def restrict(act: Act, job: Open) -> Mapping[str, Any]:
    """Closes a case to those whom it is about (domain: roles and rights §6, « exclure_poste »).

    Inputs: `niveau` (confidentiality that it gets at least), `exclure_poste` (true: staff and roles of posts see nothing of it any
    more, the steps that were theirs are Bamako's), `personnes` (a user code or several: they see nothing of it and do none of its
    tasks).
    """
    if job.inputs.get("niveau"):
        confidentiality(act, job)
    wanted = job.inputs.get("personnes")
    codes = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted]) if one]
    barred = act.columns.get("barred", act.case.barred)
    if job.inputs.get("exclure_poste") is True:
        barred = barring.close_to_post(barred, act.case.post_code)
        act.set("au_poste", False)
    for user_id in act.unit.session.scalars(select(User.id).where(User.code.in_(codes)).order_by(User.id)):
        barred = barring.close_to(barred, user_id)
    if barred == act.columns.get("barred", act.case.barred):
        return {}
    act.columns["barred"] = barred
    act.unit.session.execute(update(Task).where(Task.case_id == act.case.id, Task.closed_at.is_(None)).values(barred=barred))
    act.recorder.add("case.restricted", job.step, data={"post": barring.post_of(barred), "persons": codes})
    return {}


HANDLERS: dict[str, Handler] = {"case.restrict": restrict}
