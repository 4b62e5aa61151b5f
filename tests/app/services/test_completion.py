"""Completing a task."""
from tests.app.services.staging import *

def test_one(stage_sqlite):
    case = stage_sqlite("decider_financement")
    print(case.now, case.open_steps())
    print(case.do("decider_financement", "U-39", decision_financement="accorder", montant_accorde=2_000_000))
    print(case.history())
def test_two(stage_sqlite):
    case = stage_sqlite("decider_financement")
    print(case.do("decider_financement", "U-39", decision_financement="accorder", montant_accorde=2_000_000))
