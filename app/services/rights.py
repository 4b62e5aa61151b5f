"""Rights that `roles.yaml` gives beside those to the cases themselves: looking for persons, taking lists of them out of the application."""

from __future__ import annotations

from collections.abc import Mapping

from app.services.actor import Actor
from app.services.errors import Forbidden
from workflows.catalog import CaseType

PRINT, EXPORT, ACROSS, TREASURY = "impression_listes", "export_listes", "recherche_historique", "rapprochement_tresor"
FIND_PERSONS, RECORD_PERSONS = "recherche_personnes", "fiches_personnes"
RENEW_RESERVATIONS = "reservations_prolongation"
READ_IMPRESTS, KEEP_IMPREST, FILL_IMPRESTS = "regies_lecture", "regies_tenue", "regies_decision"
"""Names of the rights in `roles.yaml`."""


def has(actor: Actor, right: str, types: Mapping[str, CaseType]) -> bool:
    """Whether one of the actor's roles has the right. types: the current ones, whose sheets of roles say it."""
    return any(actor.roles & set(case_type.rights.get(right, ())) for case_type in types.values())


def ensure(actor: Actor, right: str, types: Mapping[str, CaseType]) -> None:
    """Forbidden when the actor does not have the right."""
    if not has(actor, right, types):
        raise Forbidden("may_not_print" if right == PRINT else "may_not_export")
