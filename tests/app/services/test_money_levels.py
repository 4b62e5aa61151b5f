"""Who decides how much: the amount, what the beneficiary had before, the cash of the post."""


import pytest

from app.extensions import db
from app.services import approval_view, step_view
from tests.app.services.money import ask, had, set_fact, till


@pytest.fixture
def case(stage_sqlite):
    """The State's share is about to be asked for."""
    return stage_sqlite("preparer_demande")


LEVELS = [
    (250_001, "chef_departement"),
    (500_000, "chef_departement"),
    (500_001, "delegue_general"),
    (5_000_000, "delegue_general"),
    (5_000_001, "secretaire_general"),
    (25_000_000, "secretaire_general"),
    (25_000_001, "ministre"),
]


@pytest.mark.parametrize(("amount", "role"), LEVELS)
def test_the_amount_decides_who_decides(case, amount, role):
    """Worked boundary values of the ministry (funding §4)."""
    ask(case, amount)
    assert case.fact("niveau")["niveau"] == role
    while "decider_financement" not in case.open_steps():
        case.do("donner_avis", case.user(adviser(case)), avis="favorable", texte_avis="Famille sans moyens.")
    assert case.task("decider_financement").role == role


def adviser(case) -> str:
    return {"chef_poste": "U-13", "secretaire_general": "U-49", "delegue_general": "U-39"}[case.task("donner_avis").role]


@pytest.mark.parametrize(("amount", "role"), [(250_000, "chef_poste"), (250_001, "chef_departement")])
def test_a_small_urgent_aid_is_paid_from_the_imprest_of_the_post(case, amount, role):
    till("LBV", 300_000)
    set_fact(case, "priorite", '"P2"')
    more = {"nature_depense": "transport", "urgence_motif": "Limite de la morgue.", "accord_oral": False}
    ask(case, amount, **more)
    assert case.fact("niveau")["niveau"] == role


def test_without_cash_in_hand_the_imprest_does_not_apply(case):
    till("LBV", 249_999)
    set_fact(case, "priorite", '"P2"')
    ask(case, 250_000, nature_depense="transport", urgence_motif="Limite de la morgue.", accord_oral=False)
    assert case.fact("niveau")["niveau"] == "chef_departement"


@pytest.mark.parametrize(("earlier", "role"), [(400_000, "chef_departement"), (400_001, "delegue_general")])
def test_what_the_beneficiary_had_before_counts(case, earlier, role):
    """The limit is tested on the cumul, to stop splitting."""
    had(case, earlier)
    ask(case, 100_000)
    assert case.fact("deja_accorde_cumul") == earlier
    assert case.fact("niveau")["niveau"] == role


@pytest.mark.parametrize(("tie", "role"), [("conjoint", "delegue_general"), ("ami", "chef_departement")])
def test_what_their_household_had_before_counts_and_a_friend_is_none_of_it(case, tie, role):
    """The person of the case was helped on this line; whoever is helped now reported the case, as a relative or not."""
    set_fact(case, "lien_declarant", f'"{tie}"')
    had(case, 400_001, case.fact("personne"))
    ask(case, 100_000)
    assert case.fact("niveau")["niveau"] == role


def test_who_decides_sees_what_their_household_had(case):
    set_fact(case, "lien_declarant", '"conjoint"')
    had(case, 300_000, case.fact("personne"))
    ask(case, 100_000)
    case.until("decider_financement")
    decider = case.somebody(case.task("decider_financement").role, case.task("decider_financement"))
    session = db.session()
    view = step_view.open_step(session, decider, case.task("decider_financement").id, case.now)
    found = approval_view.load(session, decider, view, case.now)
    session.rollback()
    assert found.helped == []
    assert [(request.granted, reference) for request, reference in found.household] == [(300_000, case.reference)]
