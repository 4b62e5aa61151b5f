"""One line of credit, several who want it at once: it is never over-committed, and who comes too late is told."""

from types import SimpleNamespace

import pytest

from app.db.transaction import Unit, transaction
from app.services import clock
from app.services.funding import lines
from app.services.funding.requests import reserve
from tests.app.services.money import LINE, ensure_sound, leave, line
from tests.concurrency.racing import race

ROUNDS = 200


def hold_sixty(line_id: int, limit: int):
    """Wants 60 of a line on which 100 are left; gives them back before the next round, so that each begins anew."""

    def work(unit: Unit) -> str:
        return "held" if lines.move(unit.session, line_id, None, "reserve", 60, by_id=None, at=unit.now) else "insuffisant"

    return lambda: transaction(work, clock.now)


def test_two_want_sixty_of_a_hundred(stage):
    """200 rounds, two processes: each round one of them gets it, and the line holds what its ledger says."""
    case = stage("enregistrer_deces")
    leave(60 * ROUNDS + 40)
    now = line()
    told = race(case, [hold_sixty(now.id, now.ceiling)] * 2, rounds=ROUNDS)
    held = sum(answer == "held" for answers in told for answer in answers)
    assert held == ROUNDS, "twice as many wanted it as there was credit for"
    assert line().used == now.used + 60 * ROUNDS
    assert {answer for answers in told for answer in answers} == {"held", "insuffisant"}
    ensure_sound()


@pytest.mark.parametrize("left", [100, 119])
def test_each_round_of_two_one_gets_it(stage_pg, left):
    case = stage_pg("enregistrer_deces")
    for _ in range(10):
        leave(left)
        now = line()
        told = race(case, [hold_sixty(now.id, now.ceiling)] * 2)[0]
        assert sorted(told) == ["held", "insuffisant"]
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
