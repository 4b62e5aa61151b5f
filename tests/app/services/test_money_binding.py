"""Opinions and approval hold for the amount, the payee and the documents they were given for, and for nothing else."""

import pytest
from sqlalchemy import select, update

from app.db.documents import Document
from app.extensions import db
from app.services import approval_view, clock, documents, step_view
from app.services.errors import Forbidden
from tests.app.services.money import ask, asked_of, set_fact, signed
from tests.app.services.staging import one, rows, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}
VOID = "Avis et accord sans effet : le montant, le bénéficiaire ou une pièce de la demande"


@pytest.fixture
def asked(stage_sqlite):
    """Two millions are asked for on three quotes, and the decision is awaited."""
    case = stage_sqlite("preparer_demande")
    ask(case, 2_000_000)
    case.rest = [line for line in case.rest if line.get("do") != "preparer_demande"]
    return case.until("decider_financement")


def quote(case) -> Document:
    return rows(select(Document).where(Document.case_id == case.case_id, Document.name == "devis_0.pdf"))[0]


def rewrite(case, digest: str) -> None:
    """Another content behind the same quote."""
    write(update(Document).where(Document.id == quote(case).id).values(digest=digest))


def voided(case) -> list[bool]:
    """Of each opinion on the approver's screen, whether it says « Sans effet »."""
    with case.at(case.now):
        actor = case.user("U-39")
        view = step_view.open_step(db.session(), actor, case.task("decider_financement").id, clock.now())
        found = approval_view.load(db.session(), actor, view, clock.now())
    db.session.rollback()
    return [opinion.void for opinion in found.opinions]


def test_another_content_of_a_quote_voids_the_opinions_and_nothing_is_granted(asked):
    before = quote(asked).digest
    assert voided(asked) == [False]
    rewrite(asked, "0" * 64)
    assert voided(asked) == [True]
    with pytest.raises(Forbidden, match=VOID):
        asked.do("decider_financement", "U-39", **GRANT)
    rewrite(asked, before)
    assert voided(asked) == [False]
    asked.do("decider_financement", "U-39", **GRANT)


def test_a_changed_request_may_still_be_sent_back(asked):
    rewrite(asked, "0" * 64)
    asked.do("decider_financement", "U-39", decision_financement="renvoyer", motif_decision="Le devis a changé.")
    assert asked_of(asked).state == "renvoye"


@pytest.mark.parametrize(("name", "value"), [("montant_demande", "2500000"), ("beneficiaire_paiement", '"F-005"')])
def test_another_amount_or_payee_voids_the_opinions(asked, name, value):
    set_fact(asked, name, value, asked.scope_of("decider_financement"))
    assert voided(asked) == [True]
    with pytest.raises(Forbidden, match=VOID):
        asked.do("decider_financement", "U-39", **GRANT)


def test_a_quote_doubted_after_the_decision_is_not_committed_on_until_it_is_verified(asked):
    asked.until("engager")
    with asked.at(asked.now):
        documents.verify(asked.user("U-14"), quote(asked).code, False, "Cachet illisible.")
    with pytest.raises(Forbidden) as refused:
        asked.do("engager", "U-44", **asked.answers("engager"))
    assert refused.value.sentence("en").startswith("Opinions and approval have no effect")
    with asked.at(asked.now):
        documents.verify(asked.user("U-14"), quote(asked).code, True)
    asked.do("engager", "U-44", **asked.answers("engager"))


def test_more_than_was_granted_is_not_committed(asked):
    asked.until("engager")
    set_fact(asked, "montant_accorde", "2000001", asked.scope_of("engager"))
    with pytest.raises(Forbidden, match=VOID):
        asked.do("engager", "U-44", **asked.answers("engager"))


def test_a_quote_that_changes_after_the_commitment_stops_the_payment_order(asked):
    asked.until("ordonnancer")
    answers = signed(asked)
    before = quote(asked).digest
    rewrite(asked, "0" * 64)
    with pytest.raises(Forbidden, match=VOID):
        asked.do("ordonnancer", "U-46", **answers)
    rewrite(asked, before)
    asked.do("ordonnancer", "U-46", **answers)
    assert one(select(Document.digest).where(Document.id == quote(asked).id)) == before
