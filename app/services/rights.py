"""Rights that `roles.yaml` gives beside those to the cases themselves: taking lists of persons out of the application."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.services import sentences, versions
from app.services.actor import Actor
from app.services.errors import Forbidden

PRINT, EXPORT, ACROSS, TREASURY = "impression_listes", "export_listes", "recherche_historique", "rapprochement_tresor"
"""Names of the rights in `roles.yaml`."""

sentences.register(
    {
        "may_not_print": ("Votre rôle n’imprime pas de listes de personnes.", "Your role does not print lists of persons."),
        "may_not_export": ("Votre rôle n’exporte pas de listes.", "Your role does not export lists."),
    }
)


def has(session: Session, actor: Actor, right: str) -> bool:
    """Whether one of the actor's roles has the right."""
    return any(actor.roles & set(case_type.rights.get(right, ())) for case_type in versions.all_current(session).values())


def ensure(session: Session, actor: Actor, right: str) -> None:
    """Forbidden when the actor does not have the right."""
    if not has(session, actor, right):
        raise Forbidden("may_not_print" if right == PRINT else "may_not_export")
