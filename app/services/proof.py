"""Proof that nobody altered a history: every chain gone along, and the first entry named at which one breaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.history import HistoryEntry
from app.services import chain, readings

REASONS = {
    "altered": ("l’entrée a été modifiée", "the entry was altered"),
    "missing": ("une entrée manque ou n’est pas à sa place", "an entry is missing or out of place"),
    "value_altered": ("une valeur à côté de l’entrée a été modifiée", "a value beside the entry was altered"),
}


@dataclass(frozen=True)
class Verdict:
    """Of one case. `chain_name` is "history" or "access"; `flaw` is None when it is intact."""

    case_id: int
    reference: str
    chain_name: str
    entries: int
    flaw: chain.Flaw | None

    def sentence(self, language: str = "fr") -> str:
        """One line that says it."""
        if self.flaw is None:
            if language == "en":
                return f"{self.reference}: intact, {self.entries} entries"
            return f"{self.reference} : intact, {self.entries} entrées"
        french, english = REASONS[self.flaw.reason]
        if language == "en":
            return f"{self.reference}: broken at entry {self.flaw.seq}: {english}"
        return f"{self.reference} : rompu à l’entrée {self.flaw.seq} : {french}"


def verify_case(session: Session, case_id: int) -> Verdict:
    """The history of one case, from its first entry to the head that the case row holds."""
    case = session.execute(select(Case.reference, Case.history_seq, Case.history_head).where(Case.id == case_id)).one()
    query = select(HistoryEntry.seq, HistoryEntry.entry, HistoryEntry.personal).where(HistoryEntry.case_id == case_id)
    rows = session.execute(query.order_by(HistoryEntry.seq).execution_options(yield_per=500))
    flaw = chain.verify(((row.seq, row.entry, row.personal) for row in rows), case.history_head, case.history_seq)
    return Verdict(case_id, case.reference, "history", case.history_seq, flaw)


def verify_all(session: Session) -> Iterator[Verdict]:
    """Histories and readings of every case."""
    for case_id, reference in session.execute(select(Case.id, Case.reference).order_by(Case.id)).all():
        yield verify_case(session, case_id)
        count = readings.count(session, case_id)
        yield Verdict(case_id, reference, "access", count, readings.verify(session, case_id))
