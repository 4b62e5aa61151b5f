"""A message whose case is not known opens a case of its own, and a person says where it belongs (domain: message catalogue, rules).

What kind of case that is, and whose messages it takes, is said by the folder whose `case_type.yaml` says `start: {by: message}`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case, CaseLink, KeptMessage
from app.db.posts import Post
from app.db.tasks import Note
from app.db.transaction import Unit
from app.services import advance, birth, handing_on, keys, policy, receiving, sentences, starting, versions
from app.services.act import Act, Handler, locked
from app.services.actor import Actor
from app.services.errors import Forbidden, Invalid, NotFound
from app.services.receiving import Delivery, Incoming
from workflows.catalog import CaseType
from workflows.facts import pack, unpack
from workflows.outcome import Open

FIELD = "dossier_rattache"
LINK = "meme_evenement"
ONCE = "MESSAGES"
"""In whose name a message claims its number at the sender's."""


def keep_apart(unit: Unit, actor: Actor, reference: str, incoming: Incoming, handlers: Mapping[str, Handler]) -> Delivery:
    """Opens a case for a message whose case does not exist, or not for whoever sends it.

    reference: the number that the message gives. NotFound where no procedure takes such messages, or not theirs.
    """
    types = versions.all_current(unit.session)
    case_type = next((one for one in types.values() if one.start_by == "message"), None)
    if case_type is None:
        raise NotFound
    capacity = starting.ensure_may_send(actor, case_type)
    number = hashlib.sha256(f"{incoming.source}\0{incoming.reference}".encode()).hexdigest() if incoming.reference else None
    replay = keys.claim(unit, ONCE, number, "")
    if replay is not None or receiving.came_before(unit, incoming):
        return Delivery(0, reference, False, duplicate=True)
    post = _post(unit, actor, case_type, reference)
    act = birth.begin(unit, actor, capacity, case_type, post, handlers)
    row = receiving.keep(act, incoming)
    birth.complete(act, {}, post, _told(types, reference, incoming), {"message": incoming.name, "to": reference[:40]})
    row.case_id, row.filed_at = act.case.id, act.now
    keys.answer(unit, ONCE, number, {})
    return Delivery(act.case.id, act.case.reference, False)


def _post(unit: Unit, actor: Actor, case_type: CaseType, reference: str) -> Post:
    """Where somebody looks at it: the post that the number names, else that of the sender, else the one that the folder names."""
    named = [part for part in re.split(r"[^A-Z0-9]+", reference.upper()) if part]
    for code in (*named[:8], actor.post, case_type.start_post):
        post = unit.session.get(Post, code) if code else None
        if post is not None:
            return post
    raise NotFound


def _told(types: Mapping[str, CaseType], reference: str, incoming: Incoming) -> dict[str, Any]:
    """What the message says, for reading."""
    knowing = next((one for one in types.values() if incoming.name in one.messages), None)
    title, lines = handing_on.in_words(knowing, incoming.name, incoming.payload)
    return {
        "message_objet": title,
        "message_dossier": reference[:80],
        "message_emetteur": incoming.source[:80],
        "message_contenu": " ; ".join(lines)[: Note.LONGEST],
    }


def attach(act: Act, job: Open) -> Mapping[str, Any]:
    """Hands the message of the case to the case `dossier`, in the same transaction: taken there when it is awaited, else kept there with
    somebody who examines it; what its procedure cannot read becomes a note. Answers `message_pris`.

    Invalid when there is no such case, or none that the actor works on.
    """
    row = act.unit.session.scalars(select(KeptMessage).where(KeptMessage.case_id == act.case.id)).one()
    target = _target(act, str(job.inputs.get("dossier")))
    row.case_id, row.filed_at = target.case.id, None
    row.key = pack(_corrected(unpack(row.key), act.fact("message_dossier"), target.case.reference))
    try:
        values, wanted = receiving.typed(target, row.name, unpack(row.payload))
    except Invalid:
        row.filed_at = act.now
        handing_on.hand_on(target, row)
    else:
        row.payload = pack(values)
        receiving.offer(target, row, wanted)
    taken = row.taken_at is not None
    act.unit.session.add(CaseLink(case_id=act.case.id, other_id=target.case.id, kind=LINK, made_at=act.now, made_by_id=act.actor.id))
    advance.apply(target, "message.taken" if taken else "message.kept", None, data={"message": row.name, "from": act.case.reference})
    return {"message_pris": taken}


def _corrected(key: Any, wrong: Any, right: str) -> Any:
    """What the message is matched by, with the number of the case in the place of the one that it gave."""
    return right + key.removeprefix(wrong) if isinstance(key, str) and wrong and key.startswith(wrong) else key


def _target(act: Act, reference: str) -> Act:
    """The case that the message belongs to, locked. It never locks the case of a message: no circle of waiting."""
    unit = act.unit
    try:
        target = locked(unit, act.actor, act.handlers, case_id=select(Case.id).where(Case.reference == reference).scalar_subquery())
        target.capacity = policy.ensure_may_work(unit.session, act.actor, target.case, target.case_type)
    except (NotFound, Forbidden):
        raise Invalid({FIELD: sentences.say("match_unknown", act.actor.language)}) from None
    if target.case_type.start_by is not None:
        raise Invalid({FIELD: sentences.say("match_unknown", act.actor.language)})
    target.recorder.capacity = target.capacity
    return target


HANDLERS: dict[str, Handler] = {"message.attach": attach}
