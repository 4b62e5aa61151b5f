"""Small posts: where separation of duties leaves nobody, a step goes up; where somebody is left, it stays."""

from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select, update

from app.db.tasks import Task
from app.db.transaction import transaction
from app.db.users import Kinship, RoleGrant, User
from app.services import clock, eligibility
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.errors import Forbidden
from app.services.handlers import HANDLERS
from app.services.placing import Place
from tests.app.services.staging import one, rows, write


def routed(case, role: str, post: str, four_eyes: str, *named: str) -> tuple[str, str, list[str]]:
    """Where a step of this role at this post would go, and the kinds of entries that say so."""

    def work(unit):
        act = locked(unit, SYSTEM, HANDLERS, case_id=case.case_id)
        step = SimpleNamespace(extensions={"four_eyes": four_eyes, "apart": list(named)}, step="une_etape")
        place = eligibility.routed(act, step, Place(role, post), None)
        return place.role, place.post_code, [row["kind"] for row in act.recorder.rows]

    return transaction(work, clock.now)


@pytest.fixture
def case(stage_sqlite):
    return stage_sqlite("identifier_proche")


def test_the_only_officer_of_a_post_did_the_first_step(case):
    assert routed(case, "agent_consulaire", "LBV", "enregistrer_deces") == ("chef_departement", "CENTRAL", ["task.rerouted"])


def test_a_step_that_nobody_did_keeps_nobody_away(case):
    assert routed(case, "agent_consulaire", "LBV", "valider_cloture") == ("agent_consulaire", "LBV", [])


def test_somebody_else_at_the_post_may_do_it(case):
    assert routed(case, "agent_consulaire", "ABJ", "enregistrer_deces") == ("agent_consulaire", "ABJ", [])


def test_what_is_done_in_bamako_stays_there(case):
    assert routed(case, "gestionnaire_dgme", "CENTRAL", "enregistrer_deces") == ("gestionnaire_dgme", "CENTRAL", [])


def test_who_would_sign_the_own_order_leaves_it_to_the_next_above(case):
    """Nobody signs the order of a mission in which they, or a declared relative, go themselves."""
    assert routed(case, "delegue_general", "CENTRAL", "", "U-42") == ("delegue_general", "CENTRAL", [])
    signers = rows(select(User.code).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role == "delegue_general"))
    assert routed(case, "delegue_general", "CENTRAL", "", *signers)[0] == "secretaire_general"
    assert signing(case, "U-36", "U-42", "U-34") is None
    said = "Séparation des fonctions : vous, ou un proche, êtes parmi les personnes concernées ; quelqu’un d’autre doit décider."
    assert signing(case, "U-36", "U-42", "U-36") == said
    write(insert(Kinship).values(user_id=number("U-42"), relative_id=number("U-36"), tie="cousin"))
    assert signing(case, "U-36", "U-42", "U-34") == said


def signing(case, by: str, *team: str) -> str | None:
    """What the control of the signature says to somebody, under the lock of a case."""
    task = SimpleNamespace(process="sp_mis", step="signer_ordre_mission", scope="", chain=[("", "cor")], item=None)
    actor, answers = case.user(by), {"equipe": [{"agent": code} for code in team]}

    def work(unit) -> str | None:
        try:
            eligibility.apart(locked(unit, actor, HANDLERS, case_id=case.case_id), task, answers)
        except Forbidden as refused:
            return refused.sentence("fr")
        return None

    return transaction(work, clock.now)


# ------------------------------------------------------------------ whoever is kept away
def did(case, by: str, behind: str | None = None) -> None:
    """The first step was done by somebody, for themselves or for another."""
    hands = {"closed_by_id": number(by), "closed_behind_id": number(behind) if behind else None}
    write(update(Task).where(Task.case_id == case.case_id, Task.step == "enregistrer_deces").values(**hands))


def number(code: str) -> int:
    return int(one(select(User.id).where(User.code == code)))


def delegate(code: str, behind: str, role: str) -> None:
    plain = {"posts": [], "countries": [], "case_types": [], "priorities": [], "deed": "", "ceiling": None}
    write(insert(RoleGrant).values(user_id=number(code), role=role, on_behalf_of_id=number(behind), **plain))


def kin(code: str, other: str) -> None:
    write(insert(Kinship).values(user_id=number(code), relative_id=number(other), tie="cousin"))


OFFICERS_OF_DAKAR = ("U-06", "U-08")
UP = ("chef_departement", "CENTRAL", ["task.rerouted"])


def test_one_of_two_officers_may_do_what_the_other_did_not(case):
    did(case, "U-06")
    assert routed(case, "agent_consulaire", "DKR", "enregistrer_deces") == ("agent_consulaire", "DKR", [])


def test_where_both_officers_had_a_hand_in_it_a_third_is_found_in_bamako(case):
    did(case, *OFFICERS_OF_DAKAR)
    assert routed(case, "agent_consulaire", "DKR", "enregistrer_deces") == UP


def test_a_relative_of_whoever_did_it_is_nobody_else(case):
    did(case, "U-06")
    kin("U-08", "U-06")
    assert routed(case, "agent_consulaire", "DKR", "enregistrer_deces") == UP


def test_who_holds_the_role_only_for_whoever_did_it_is_nobody_else(case):
    did(case, *OFFICERS_OF_DAKAR)
    delegate("U-07", "U-06", "agent_consulaire")
    assert routed(case, "agent_consulaire", "DKR", "enregistrer_deces") == UP


def test_in_bamako_too_a_step_goes_one_level_up(case):
    did(case, "U-39")
    assert routed(case, "delegue_general", "CENTRAL", "enregistrer_deces") == ("secretaire_general", "CENTRAL", ["task.rerouted"])


def test_a_supervisor_who_is_kept_away_is_passed_over(case):
    did(case, "U-39", "U-49")
    assert routed(case, "delegue_general", "CENTRAL", "enregistrer_deces") == ("chef_cabinet", "CENTRAL", ["task.rerouted"])
