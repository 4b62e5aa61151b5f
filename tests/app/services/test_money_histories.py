"""Whatever happens to money, in whatever order and by whomever: what the ministry's rules hold at all times holds after each act.

A few histories in every run; many more, and longer, in the long run (JATIGI_LONG, `make fuzz`).
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.app.services.money_walk import Walk

LONG = "JATIGI_LONG" in os.environ
HISTORIES, ACTS = (int(os.environ.get("JATIGI_LONG") or 300), 40) if LONG else (6, 12)
FREE = settings(
    max_examples=HISTORIES,
    derandomize=not LONG,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a history is told whole; making it shorter would take longer than reading it
    suppress_health_check=list(HealthCheck),
)
DETAINEE = "detainee-legal-aid/det-s1-avocat-pris-en-charge"
"""The lawyer is paid in three instalments."""


BEGINNINGS = [("preparer_demande",), ("certifier_service_fait",), *([("certifier_service_fait", DETAINEE)] if LONG else [])]


@pytest.mark.parametrize("beginning", BEGINNINGS, ids="-".join)
@FREE
@given(data=st.data())
def test_whatever_happens_to_money(stage_sqlite, beginning, data):
    walk = Walk(stage_sqlite(*beginning), data.draw)
    try:
        walk.go(ACTS)
    finally:
        note("\n".join(walk.told))
        stage_sqlite.close()
