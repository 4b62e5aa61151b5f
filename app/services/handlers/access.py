"""Handlers about who may know of a case: it is closed to its post, or to persons it is about; it goes to another post."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, update

from app.db.posts import Post
from app.db.tasks import Task
from app.db.users import User
from app.services import barring, calendars, placing
from app.services.act import Act, Handler
from app.services.errors import Broken
from app.services.handlers.cases import confidentiality
from app.services.policy import CENTRAL
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
    if barring.keeps_posts_out(barred):
        _hand_over(act, act.case.post_code, CENTRAL, role=placing.responsible_role(act.case_type))
    act.recorder.add("case.restricted", job.step, data={"post": barring.post_of(barred), "persons": codes})
    return {}


def move(act: Act, job: Open) -> Mapping[str, Any]:
    """The case goes to another post, for instance because the person was taken to its district; Bamako stays responsible for it.

    Inputs: `poste` (code of the competent post). Its reference stays, the open steps of the old post become the new one's, to be taken
    by anybody there, and what is counted in working days is counted by its calendar (domain: conventions §3).
    Answers `poste`, the post that has the case now. Broken for a post that does not exist.
    """
    old, new = act.case.post_code, str(job.inputs.get("poste") or act.case.post_code)
    if act.unit.session.get(Post, new) is None:
        raise Broken(f"poste inconnu : « {new} »", element=job.step)
    if new == old:
        return {"poste": old}
    _hand_over(act, old, new)
    act.columns["post_code"] = new
    act.case = SimpleNamespace(**{**act.case._mapping, "post_code": new})  # what opens from here on lies there
    act.set("poste_id", new)
    act.recorder.add("case.moved", job.step, data={"from": old, "to": new})
    return {"poste": new}


def _hand_over(act: Act, old: str, new: str, **values: Any) -> None:
    """The open steps of one place become another's, to be taken by anybody there, and are counted by its calendar."""
    open_there = (Task.case_id == act.case.id, Task.closed_at.is_(None), Task.post_code == old)
    calendar = calendars.code_of(act.unit.session, new)
    act.unit.session.execute(update(Task).where(*open_there).values(post_code=new, assignee_id=None, calendar_code=calendar, **values))
    act.recounting = "moved"


HANDLERS: dict[str, Handler] = {"case.restrict": restrict, "case.move": move}
