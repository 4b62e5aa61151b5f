"""Two persons who ask for and grant each other's money too often in a month are told in the monthly statement (rule S10)."""

import datetime as dt

import pytest
from sqlalchemy import insert, update

from app.db.funding import FundingRequest
from app.extensions import db
from app.services import pairs
from app.services.months import Month
from tests.app.services.money import asked_of
from tests.app.services.staging import write

FEBRUARY = Month(2026, 2)


@pytest.fixture
def case(stage_sqlite):
    """One request was granted."""
    return stage_sqlite("engager")


def test_ten_requests_of_a_month_pass_and_the_eleventh_is_told_whoever_asked(case):
    granted = asked_of(case)
    one, other = granted.requester_id, granted.approver_id
    last, first = FEBRUARY.end - dt.timedelta(seconds=1), FEBRUARY.start
    days = (
        [(one, other, first)] * 4 + [(other, one, last)] * 5 + [(one, other, FEBRUARY.end), (one, other, first - dt.timedelta(seconds=1))]
    )
    for number, (asker, approver, at) in enumerate(days):
        copied(granted, number, requester_id=asker, approver_id=approver, decided_at=at)
    assert told(case) == [], "ten, with the one of the case"
    copied(granted, 99, requester_id=other, approver_id=one, decided_at=last)
    [pair] = told(case)
    assert {pair.first_id, pair.second_id} == {one, other}
    assert (pair.count, {pair.first_asked, pair.second_asked}, pair.granted) == (11, {5, 6}, 11 * granted.granted)
    write(update(FundingRequest).where(FundingRequest.code == "DF-C-99").values(requester_id=None))
    assert told(case) == [], "nobody asked for what was taken over"


def copied(request: FundingRequest, number: int, **other) -> None:
    plain = {column.name: getattr(request, column.name) for column in FundingRequest.__table__.columns if column.name != "id"}
    write(insert(FundingRequest).values({**plain, "code": f"DF-C-{number}", "certifier_id": None, "commitment_number": None, **other}))


def told(case) -> list[pairs.Pair]:
    with case.at(case.now):
        found = list(pairs.too_often(db.session(), FEBRUARY))
        db.session.rollback()
    return found
