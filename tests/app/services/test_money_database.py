"""What the database refuses by itself, whoever writes and by whatever program."""


import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.db.funding import BudgetLine, FundingRequest, ImprestFund, Payment
from app.services.errors import Conflict, Invalid
from tests.app.services.money import (
    asked_of,
    ensure_sound,
    had,
    line,
    sentence,
)
from tests.app.services.staging import write

REFUSED = [
    (FundingRequest, {"granted": 2_000_001}),
    (FundingRequest, {"committed": 2_000_001}),
    (FundingRequest, {"liquidated": 2_000_001}),
    (FundingRequest, {"decommitted": 1}),
    (FundingRequest, {"ordered": 2_000_001}),
    (FundingRequest, {"paid": 2_000_001}),
    (FundingRequest, {"returned": 2_000_001}),
    (FundingRequest, {"reserved": -1}),
    (FundingRequest, {"asked": 0}),
    (FundingRequest, {"approver_id": FundingRequest.requester_id}),
    (FundingRequest, {"certifier_id": FundingRequest.requester_id}),
    (FundingRequest, {"certifier_id": FundingRequest.approver_id}),
    (BudgetLine, {"used": BudgetLine.opened + 1}),
    (BudgetLine, {"used": -1}),
    (Payment, {"paid": 2_000_001}),
    (Payment, {"accountant_id": Payment.orderer_id}),
    (ImprestFund, {"balance": -1}),
]


def test_the_database_refuses_by_itself(stage):
    """Whoever writes, by whatever program: an amount that grows along the chain, one person on two sides, a line below zero."""
    case = stage("confirmer_reception")
    where = {
        FundingRequest: FundingRequest.case_id == case.case_id,
        BudgetLine: BudgetLine.id == asked_of(case).line_id,
        Payment: Payment.request_id == asked_of(case).id,
        ImprestFund: ImprestFund.post_code == "LBV",
    }
    for table, values in REFUSED:
        with pytest.raises(IntegrityError):
            write(update(table).where(where[table]).values(values))
            pytest.fail(f"{table.__tablename__}: {values}")
    ensure_sound()


def test_a_number_of_a_commitment_is_used_once(stage_sqlite):
    case = stage_sqlite("engager")
    had(case, 1)
    write(update(FundingRequest).where(FundingRequest.code == "DF-1").values(commitment_number="FIC-E-2026-001"))
    with pytest.raises(Invalid, match="1 point") as refused:
        case.do("engager", "U-44", **case.answers("engager"))
    assert sentence(refused) == "Ce numéro d’engagement existe déjà."


def test_a_commitment_that_no_longer_fits_is_refused_whole(stage_sqlite):
    """The reservation was taken back behind the back of the case."""
    case = stage_sqlite("engager")
    held = line()
    write(
        update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(reserved=0),
        update(BudgetLine).where(BudgetLine.id == held.id).values(opened=held.used),
    )
    with pytest.raises(Conflict, match="Crédit insuffisant"):
        case.do("engager", "U-44", **case.answers("engager"))
    assert asked_of(case).committed == 0
