"""Notices of the system to a role or a person: rows of the outbox, in the reader's languages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert

from app.db.outbox import Notification
from app.services.act import Act
from app.services.policy import CENTRAL

NOTICES: dict[str, tuple[str, str]] = {
    "confidentiality_c4": ("{case} est devenu très restreint (C4)", "{case} has become highly restricted (C4)"),
    "case_to_open": ("{case} demande d’ouvrir un dossier {wanted}", "{case} asks for a {wanted} case to be opened"),
    "reminder_50": ("{case} : « {task} » à mi-délai", "{case}: “{task}” is half-way to its deadline"),
    "reminder_80": ("{case} : « {task} » bientôt en retard", "{case}: “{task}” will soon be late"),
    "late_100": ("{case} : « {task} » est en retard", "{case}: “{task}” is late"),
    "late_150": ("{case} : « {task} » dépasse une fois et demie son délai", "{case}: “{task}” is half a deadline late"),
    "message_kept": ("{case} a reçu un message que rien n’attend : {message}", "{case} received a message that nothing awaits: {message}"),
    "message_added": ("{case} : « {message} » est joint à « {task} »", "{case}: “{message}” has been added to “{task}”"),
    "referred": ("{case} vous est soumis après « {step} »", "{case} is referred to you after “{step}”"),
    "warned": ("{case} : à savoir après « {step} »", "{case}: to be noted after “{step}”"),
    "reservation_expired": (
        "{case} : la réservation de {amount} FCFA a pris fin, la décision devra retrouver le crédit",
        "{case}: the reservation of {amount} FCFA has ended, the decision will have to find the credit again",
    ),
    "commitment_given_up": (
        "{case} : {amount} FCFA engagés et non payés sont dégagés en fin d’exercice, à redemander s’il le faut",
        "{case}: {amount} FCFA committed and not paid are given up at the end of the year, to be asked for again if needed",
    ),
    "task_assigned": ("{case} : « {task} » vous est confiée", "{case}: “{task}” has been handed to you"),
}


def row(
    act: Act,
    kind: str,
    *,
    role: str | None = None,
    place: str | None = None,
    user_id: int | None = None,
    channel: str = "inbox",
    **params: Any,
) -> dict[str, Any]:
    """A notification row of a notice. One of `role` (at `place`) and `user_id` receives it."""
    french, english = NOTICES[kind]
    known = {"case": act.case.reference, **params}
    return {
        "case_id": act.case.id,
        "kind": kind,
        "channel": channel,
        "recipient_role": role,
        "recipient_post": place if role else None,
        "recipient_id": user_id,
        "subject": french.format(**known)[:300],
        "body": "",
        "data": {"en": english.format(**known), **{key: str(value) for key, value in params.items()}},
        "created_at": act.now,
        "attempts": 0,
    }


def tell(act: Act, kind: str, **params: Any) -> None:
    """Tells the roles that the shared folder names for this kind of notice."""
    for role in act.case_type.shared["notices"].get(kind, ()):
        raise_notice(act, role, kind, **params)


def raise_notice(act: Act, role: str, kind: str, **params: Any) -> None:
    """Tells everybody who holds a role, at the place where its work lies."""
    known = act.case_type.roles.get(role)
    place = act.case.post_code if known is not None and known.at == "post" else CENTRAL
    act.unit.session.execute(insert(Notification), [row(act, kind, role=role, place=place, **params)])
