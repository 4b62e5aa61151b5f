"""What the database refuses by itself, whoever writes and by whatever program."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from app.db.credits import CreditEntry
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment, PaymentEntry
from app.db.imprest import ImprestEntry, ImprestFund
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
    (BudgetLine, {"opened": BudgetLine.opened + 1}),
    (CreditEntry, {"amount": CreditEntry.amount + 1}),
    (Payment, {"paid": 2_000_001}),
    (Payment, {"accountant_id": Payment.orderer_id}),
    (ImprestFund, {"balance": -1}),
    (ImprestFund, {"balance": ImprestFund.balance + 1}),
    (ImprestFund, {"to_regularise": 0}),
    (ImprestEntry, {"cash": ImprestEntry.cash + 1}),
    (ImprestEntry, {"digest": "autre"}),
    (PaymentEntry, {"amount": PaymentEntry.amount + 1}),
    (BudgetLine, {"used": BudgetLine.used + 1}),
    (LedgerEntry, {"amount": LedgerEntry.amount - 1}),
    (LedgerEntry, {"reason": "autre motif"}),
    (Payment, {"liquidated": 2_000_001}),
    (Payment, {"certifier_id": Payment.orderer_id}),
    (Payment, {"orderer_id": select(FundingRequest.approver_id).where(FundingRequest.id == Payment.request_id).scalar_subquery()}),
    (Payment, {"accountant_id": select(FundingRequest.requester_id).where(FundingRequest.id == Payment.request_id).scalar_subquery()}),
    (FundingRequest, {"approver_id": select(Payment.orderer_id).where(Payment.request_id == FundingRequest.id).scalar_subquery()}),
]
ENTRY = (
    "INSERT INTO ledger_entry (line_id, kind, amount, balance, at, reason) SELECT id, 'reserve', {}, {}, '2026-03-01', '' FROM budget_line"
)
CREDIT = "INSERT INTO credit_entry (line_id, act_id, amount, balance, at) SELECT id, {}, 1, {}, '2026-03-01' FROM budget_line"
CREDIT_ACT = (
    "INSERT INTO credit_act (year, kind, reference, rows, state, proposed_at, decision, proposed_by_id, decided_by_id)"
    " VALUES (2026, 'supplement', 'Loi', '[]', '{}', '2026-03-01', '', {}, {})"
)
SHARE = "INSERT INTO funding_share (request_id, case_id, amount, paid) SELECT id, case_id, granted + 1, 0 FROM funding_request"
INSTALMENT = (
    "INSERT INTO payment (code, request_id, instalment, certified, liquidated, withheld, paid, returned, state, certifier_id)"
    " SELECT 'PM-' || id, id, 2, 1, {}, 0, 0, 0, 'liquide', {} FROM funding_request"
)
ELSEWHERE = "SELECT min(id) FROM imprest_entry WHERE kind = 'paiement' AND post_code = 'TIP'"
TILL = (
    "INSERT INTO imprest_entry (post_code, kind, payment_id, cash, owed, balance, awaited, at, number, reason, file_name, media_type,"
    " digest)"
    " SELECT f.post_code, '{}', {}, {cash}, {owed}, f.balance + {cash}, f.to_regularise + {owed}, '2026-03-01', '', '', '', '', ''"
    " FROM imprest_fund f JOIN imprest_entry p ON p.post_code = f.post_code AND p.kind = 'paiement' WHERE f.post_code = '{post}'"
)
STATEMENTS = [
    "DELETE FROM ledger_entry",
    "DELETE FROM imprest_entry",
    "DELETE FROM credit_entry",
    CREDIT.format("NULL", "opened + 2"),
    CREDIT.format("99", "opened + 1"),
    CREDIT_ACT.format("confirme", 1, 1),
    CREDIT_ACT.format("confirme", 1, "NULL"),
    "DELETE FROM payment_entry",
    TILL.format("paiement", "NULL", cash="-(f.balance + 1)", owed="f.balance + 1", post="LBV"),  # more than the till holds
    TILL.format("paiement", "NULL", cash=-5, owed=4, post="LBV"),
    TILL.format("justificatif", "NULL", cash=0, owed=-1, post="LBV"),
    TILL.format("justificatif", "p.id", cash=0, owed="-(p.owed + 1)", post="LBV"),
    TILL.format("justificatif", f"({ELSEWHERE})", cash=0, owed=-1, post="LBV"),
    TILL.format("reste", "p.id", cash=2, owed=-1, post="LBV"),
    TILL.format("approvisionnement", "NULL", cash="f.cash_ceiling - f.balance - f.to_regularise + 1", owed=0, post="LBV"),
    TILL.format("approvisionnement", "NULL", cash=1, owed=0, post="LBV").replace("f.balance + 1", "f.balance + 2"),
    "INSERT INTO imprest_fund (post_code, cash_ceiling, monthly_ceiling, balance, to_regularise, natures)"
    " VALUES ('OUA', 250000, 1000000, 1, 0, '[]')",
    ENTRY.format(1, "used"),
    ENTRY.format("opened + 1", "used + opened + 1") + " WHERE NOT tracked_only",
    "INSERT INTO budget_line (code, year, label, source, funder, opened, received, given, frozen, used, state, case_types, natures,"
    " multi_annual, tracked_only, imputation) SELECT code, 2099, label, source, funder, 9, 0, 0, 0, 1, state, case_types, natures,"
    " multi_annual, tracked_only, imputation FROM budget_line WHERE code = 'PROT-SOC' AND year = 2026",
    SHARE,
    INSTALMENT.format(1, "NULL"),
    INSTALMENT.format(0, "requester_id"),
    INSTALMENT.format(0, "approver_id"),
]


def test_the_database_refuses_by_itself(stage):
    """Whoever writes, by whatever program: an amount that grows along the chain, one person on two sides, a line below zero or above its
    ceiling, a ledger that is changed, cut or not followed, instalments or shares above their request."""
    case = stage("confirmer_reception")
    where = {
        FundingRequest: FundingRequest.case_id == case.case_id,
        BudgetLine: BudgetLine.id == asked_of(case).line_id,
        Payment: Payment.request_id == asked_of(case).id,
        ImprestFund: ImprestFund.post_code == "LBV",
        LedgerEntry: LedgerEntry.request_id == asked_of(case).id,
        ImprestEntry: ImprestEntry.post_code == "LBV",
        PaymentEntry: PaymentEntry.stage == "paye",
        CreditEntry: CreditEntry.line_id == asked_of(case).line_id,
    }
    for table, values in REFUSED:
        with pytest.raises(IntegrityError):
            write(update(table).where(where[table]).values(values))
            pytest.fail(f"{table.__tablename__}: {values}")
    for statement in STATEMENTS:
        with pytest.raises(IntegrityError):
            write(text(statement))
            pytest.fail(statement)
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
        update(BudgetLine).where(BudgetLine.id == held.id).values(frozen=BudgetLine.frozen + held.available),
    )
    with pytest.raises(Conflict, match="Crédit insuffisant"):
        case.do("engager", "U-44", **case.answers("engager"))
    assert asked_of(case).committed == 0
