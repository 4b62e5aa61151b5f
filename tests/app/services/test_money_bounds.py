"""The last franc that passes and the first that does not, for every limit that the ministry's rules work out; and what was granted before.

(Which level decides is worked out in bpmn/_shared/tests/fund_niveau.json; here stands what a level may not exceed, whatever came to it.)
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.facts import Fact
from app.db.funding import FundingRequest
from app.db.operations import FundingShare
from app.db.people import Person
from app.db.tasks import Task
from app.db.transaction import transaction
from app.services import clock, tasks
from app.services.act import locked
from app.services.errors import Forbidden, Invalid
from app.services.funding import binding, credits, earlier, requests
from app.services.handlers import HANDLERS
from tests.app.services.money import ask, asked_of, document, had, requests_of, set_fact
from tests.app.services.staging import one, write

HEAD, DELEGATE, SECRETARY, MINISTER = "chef_departement", "delegue_general", "secretaire_general", "ministre"
WHO = {"chef_poste": "U-13", HEAD: "U-36", DELEGATE: "U-39", SECRETARY: "U-49", MINISTER: "U-51"}
ALONE, OPERATION, PROJECT = "alone", "operation", "project"
LIMITS = [
    (HEAD, ALONE, 500_000),
    (DELEGATE, ALONE, 5_000_000),
    (SECRETARY, ALONE, 25_000_000),
    (HEAD, OPERATION, 2_000_000),
    (DELEGATE, OPERATION, 20_000_000),
    (SECRETARY, OPERATION, 75_000_000),
    (DELEGATE, PROJECT, 5_000_000),
    (SECRETARY, PROJECT, 30_000_000),
]


class Undone(Exception):
    """What was tried is taken back."""


@pytest.fixture
def case(stage_sqlite):
    """Two millions are asked for, and the decision is awaited."""
    return stage_sqlite("decider_financement")


@pytest.mark.parametrize(("role", "kind", "limit"), LIMITS)
def test_h3_a_level_grants_up_to_its_limit(case, role, kind, limit):
    assert granted(case, role, kind, limit)
    assert not granted(case, role, kind, limit + 1)
    assert not granted(case, role, kind, limit, before=1), "the limit is that of the cumul"


@pytest.mark.parametrize("kind", [ALONE, OPERATION, PROJECT])
def test_h3_the_minister_has_no_limit(case, kind):
    assert granted(case, MINISTER, kind, 75_000_001)


def granted(case, role: str, kind: str, amount: int, before: int = 0) -> bool:
    """Whether somebody of a role grants an amount, tried and taken back."""
    task, actor, request = case.task("decider_financement"), case.user(WHO[role]), requests_of(case)[0]

    def work(unit) -> None:
        session = unit.session
        credits.enter(session, request.line_id, 10**10, unit.now)
        place = {"post_code": "LBV"} if role == "chef_poste" else {}
        session.execute(update(Task).where(Task.id == task.id).values(role=role, **place))
        asked = {"asked": amount, "reserved": amount, "collective": kind == OPERATION}
        session.execute(update(FundingRequest).where(FundingRequest.id == request.id).values(asked))
        session.execute(delete(Fact).where(Fact.case_id == case.case_id, Fact.name == binding.SEAL))
        known = {"montant_demande": str(amount), "disponible": "10000000000"}
        for name, value in known.items():
            session.execute(update(Fact).where(Fact.case_id == case.case_id, Fact.name == name).values(value=value))
        if kind == PROJECT:
            session.execute(insert(Fact).values(case_id=case.case_id, scope="", name="apres_comite", value="true", entry_seq=1))
        if before:
            values = {"code": "DF-B", "case_id": case.case_id, "line_id": request.line_id, "nature": "transport", "state": "solde"}
            values |= {"asked": before, "granted": before, "beneficiary_code": request.beneficiary_code, "requested_at": case.now}
            session.execute(insert(FundingRequest).values(values))
        try:
            tasks.complete_within(unit, actor, task.id, {"decision_financement": "accorder", "montant_accorde": amount})
        except Forbidden as refused:
            assert refused.sentence().startswith("Décision de niveau supérieur requise"), refused.sentence()
            raise Undone from None
        raise Done

    with case.at(case.now):
        try:
            transaction(work, clock.now)
        except Done:
            return True
        except Undone:
            return False
    raise AssertionError


class Done(Exception):
    """It was granted, and is taken back."""


# ------------------------------------------------------------------ forms
@pytest.mark.parametrize(("amount", "refused"), [(999_999, False), (1_000_000, True)])
def test_h5_three_quotes_are_asked_for_from_a_million_on(stage_sqlite, amount, refused):
    case = stage_sqlite("preparer_demande")
    one_quote = {"devis": [document(case, "devis.pdf")]}
    if refused:
        with pytest.raises(Invalid) as wrong:
            ask(case, amount, **one_quote)
        assert {"devis", "justification_devis_unique"} & set(wrong.value.errors)
    else:
        ask(case, amount, **one_quote)


@pytest.mark.parametrize(("amount", "refused"), [(1_000_000, False), (1_000_001, True)])
def test_an_oral_agreement_reaches_to_a_million(stage_sqlite, amount, refused):
    case = stage_sqlite("preparer_demande")
    set_fact(case, "priorite", '"P2"')
    said = {"urgence_motif": "Limite de la morgue.", "accord_oral": True}
    if refused:
        with pytest.raises(Invalid) as wrong:
            ask(case, amount, **said)
        assert "accord_oral" in wrong.value.errors
    else:
        ask(case, amount, **said)
        assert case.open_steps().count("accord_telephonique") == 1


@pytest.mark.parametrize(("shares", "refused"), [((30, 40, 30), False), ((30, 40, 31), True), ((30, 40, 29), True)])
def test_instalments_are_the_whole_sum(stage_sqlite, shares, refused):
    case = stage_sqlite("preparer_demande")
    plan = [{"n": number, "pourcentage": share} for number, share in enumerate(shares, 1)]
    if refused:
        with pytest.raises(Invalid) as wrong:
            ask(case, 2_000_000, tranches=plan)
        assert "tranches" in wrong.value.errors
    else:
        ask(case, 2_000_000, tranches=plan)


@pytest.mark.parametrize(("amount", "refused"), [(100_000, False), (100_001, True)])
def test_cash_is_paid_up_to_a_hundred_thousand(stage_sqlite, amount, refused):
    case = stage_sqlite("payer_localement")
    set_fact(case, "montant", str(amount), case.scope_of("payer_localement"))
    answers = {"mode_paiement": "especes", "emargement": document(case, "liste.pdf", "U-15", "payer_localement")}
    if refused:
        with pytest.raises(Invalid) as wrong:
            case.do("payer_localement", "U-15", **answers)
        assert set(wrong.value.errors) == {"mode_paiement"}
    else:
        case.do("payer_localement", "U-15", **answers)


# ------------------------------------------------------------------ what was granted before (H12 asks it, whichever window paid)
def test_what_somebody_was_granted_before_is_added_up(case):
    request, person = asked_of(case), "P-0232"
    assert before_of(case, person) == 0
    had(case, 300_000, person)
    had(case, 200_000, person)
    assert before_of(case, person) == 500_000
    write(update(FundingRequest).where(FundingRequest.code == "DF-200000").values(state="refuse"))
    assert before_of(case, person) == 300_000, "what was refused is not counted"
    write(update(FundingRequest).where(FundingRequest.code == "DF-300000").values(committed=300_000, decommitted=100_000))
    assert before_of(case, person) == 200_000, "nor what went back to the line"
    assert before_of(case, person, "PROT-RAP") == 0, "of another line"
    assert before_of(case, None) == 0
    kept = one(select(Person.id).where(Person.code == person))
    write(update(Person).where(Person.code == "P-0233").values(merged_into_id=kept))
    assert before_of(case, "P-0233") == 200_000, "under another code of the same person"
    write(update(FundingRequest).where(FundingRequest.id == request.id).values(granted=50_000))
    share = {"request_id": request.id, "case_id": case.case_id, "beneficiary_code": person, "amount": 50_000, "paid": 0}
    write(insert(FundingShare).values(share))
    assert before_of(case, person) == 250_000, "and the share of an operation"


def before_of(case, person: str | None, line: str = "PROT-SOC") -> int:
    job = SimpleNamespace(inputs={"beneficiaire": person, "ligne": line}, scope="", step="consulter")

    actor = case.user("U-14")

    def work(unit):
        return earlier.granted(locked(unit, actor, HANDLERS, case_id=case.case_id), job)["cumul"]

    with case.at(case.now):
        return transaction(work, clock.now)


@pytest.mark.parametrize(("spent_before", "passes"), [(600_000, True), (600_001, False)])
def test_h3_the_head_of_a_post_grants_a_million_a_month_for_operations(case, spent_before, passes):
    had(case, spent_before, "P-0232")
    write(update(FundingRequest).where(FundingRequest.code == f"DF-{spent_before}").values(collective=True))
    assert granted(case, "chef_poste", OPERATION, 400_000) is passes


def test_the_operations_of_a_month_are_those_of_the_post(case):
    """What other posts spend does not take the imprest away from this one."""
    had(case, 400_000)
    write(update(FundingRequest).where(FundingRequest.code == "DF-400000").values(collective=True))
    assert (spent(case, "LBV"), spent(case, "ABJ")) == (500_000, 100_000)


def spent(case, post: str) -> int:
    place = SimpleNamespace(post_code=post)

    def work(unit) -> int:
        return requests.operations(SimpleNamespace(now=unit.now, unit=unit, case=place), 100_000)

    with case.at(case.now):
        return transaction(work, clock.now)


def test_a_foreign_amount_has_a_margin_of_three_per_cent_and_the_euro_has_none(stage_sqlite):
    """Two millions are asked for, at the rate of the day (funding §3)."""
    case = stage_sqlite("preparer_demande")

    def worth(amount: str, currency: str, rate: str) -> dict[str, str]:
        return {"montant": amount, "devise": currency, "taux": rate, "date_taux": f"{case.now:%Y-%m-%d}"}

    for short in (worth("1941746", "USD", "1"), worth("3048.97", "EUR", "655.957")):
        with pytest.raises(Invalid) as refused:
            ask(case, 2_000_000, devise_origine=short)
        assert list(refused.value.errors) == ["devise_origine"], refused.value.errors
    ask(case, 2_000_000, devise_origine=worth("1941748", "USD", "1"))
    assert asked_of(case).state == "reserve"
