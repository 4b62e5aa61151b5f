"""One line of credit, several who want it at once: it is never over-committed, and who comes too late is told."""

import os
import time
from collections.abc import Callable
from types import SimpleNamespace

from sqlalchemy import insert, select

from app.db.funding import BudgetLine
from app.db.transaction import Unit, transaction
from app.services import clock
from app.services.errors import Conflict
from app.services.funding import credits, lines
from app.services.funding.requests import reserve
from tests.app.services.money import LINE, ensure_sound, leave, line
from tests.app.services.staging import rows, write
from tests.concurrency.racing import race

ROUNDS = 1_000 if "JATIGI_LONG" in os.environ else 60
TOO_LATE = "Crédit insuffisant : disponible 40 FCFA."


def lines_of_a_hundred() -> list[int]:
    """A line of 100 francs for each round."""
    plain = {"year": 2026, "label": "Rapatriements", "source": "etat", "funder": "", "state": "ouvert", "imputation": ""}
    plain |= dict.fromkeys(("opened", "received", "given", "frozen", "used"), 0) | {"case_types": [], "natures": []}
    plain |= {"multi_annual": False, "tracked_only": False}
    write(insert(BudgetLine).values([{**plain, "code": f"LB-{number:04}"} for number in range(ROUNDS)]))
    made = rows(select(BudgetLine.id).where(BudgetLine.code.startswith("LB-")).order_by(BudgetLine.id))
    transaction(lambda unit: [credits.enter(unit.session, line_id, 100, unit.now) for line_id in made], clock.now)
    return made


def manager(of_rounds: list[int], by_id: int) -> Callable[[], str]:
    """Wants 60 francs of the line of each round; what came of it, in the words that are read."""
    left = iter(of_rounds)

    def want() -> str:
        line_id = next(left)
        try:
            transaction(lambda unit: lines.charge(unit.session, line_id, None, "commit", 60, by_id=by_id, at=unit.now), clock.now)
        except Conflict as refused:
            return refused.sentence()
        return "engagé"

    return want


def test_of_two_managers_who_want_sixty_of_a_hundred_one_is_told_what_is_left(stage):
    """Round by round at the same moment: one gets it, the other hears that 40 are left, nothing is ever overspent."""
    case = stage("enregistrer_deces")
    of_rounds = lines_of_a_hundred()
    begun = time.perf_counter()
    told = race(case, [manager(of_rounds, case.user(code).id) for code in ("U-39", "U-49")], rounds=ROUNDS)
    print(f"{ROUNDS} rounds in {time.perf_counter() - begun:.1f} s")
    assert [sorted(answers) for answers in told] == [[TOO_LATE, "engagé"]] * ROUNDS
    assert set(rows(select(BudgetLine.used).where(BudgetLine.id.in_(of_rounds)))) == {60}
    ensure_sound()


def test_two_cases_ask_for_the_last_credit_and_one_is_told_that_there_is_none(stage):
    """Through the handler that the procedure calls, under the lock of each case."""
    case = stage("preparer_demande")
    other = second_case(case)
    leave(3_000_000)
    told = race(case, [asking(case, number) for number in (case.case_id, other)])[0]
    assert sorted(map(str, told)) == ["None", "insuffisant"]
    assert line().available == 1_000_000
    ensure_sound()


def second_case(case) -> int:
    from app.services import intake

    with case.at(case.now):
        header = {"date_signalement": case.now.isoformat(), **case.given["header"]}
        return intake.start_case(case.user("U-14"), "COR", "LBV", header).case_id


def asking(case, case_id: int):
    from app.services.act import locked
    from app.services.advance import apply
    from app.services.handlers import HANDLERS

    inputs = {"montant_demande": 2_000_000, "ligne": LINE, "nature_depense": "prestation_funeraire", "priorite": "P3"}
    job = SimpleNamespace(inputs=inputs, scope="", step="controler_disponibilite")
    actor = case.user("U-14")

    def work(unit: Unit):
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        answer = reserve(act, job)
        apply(act, "funding.tested", None)
        return answer["motif_controle"]

    return lambda: transaction(work, clock.now)
