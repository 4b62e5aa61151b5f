"""What holds for every calendar, start, deadline and pause."""

import datetime as dt

from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from workflows.calendar import Calendar, Pause, add_working_days, due, remaining, thresholds, working_days_between, working_time
from workflows.working_time import working_shares

CHECK = how(max_examples=60, deadline=None, derandomize=True, database=None)
ZONES = ["Africa/Bamako", "Europe/Paris", "America/New_York", "Asia/Tokyo", "Africa/Cairo", "Asia/Kathmandu", "Pacific/Kiritimati"]

days = st.dates(dt.date(2025, 12, 1), dt.date(2027, 2, 1))
moments = st.integers(0, 365 * 24 * 60).map(lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes))
counts = st.integers(1, 30)


def clock(quarter):
    return dt.time(quarter // 4, quarter % 4 * 15)


spans = st.lists(st.integers(0, 95), min_size=2, max_size=4, unique=True).map(
    lambda edges: tuple((clock(a), clock(b)) for a, b in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False))
)
calendars = st.builds(
    Calendar,
    st.just("X"),
    st.sampled_from(ZONES),
    st.frozensets(st.integers(0, 6), max_size=3),
    st.dictionaries(st.integers(0, 6), spans, min_size=1),
    st.dictionaries(days, st.sampled_from(["whole", "morning", "afternoon"]), max_size=30),
    st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=12),
)
pauses = st.lists(st.tuples(moments, st.integers(0, 40)).map(lambda p: Pause(p[0], p[0] + dt.timedelta(days=p[1]))), max_size=3)


@CHECK
@given(calendars, moments, counts, pauses)
def test_a_deadline_in_working_days_counts_that_many_days_that_do_not_stand_still(calendar, start, n, stops):
    at = due(calendar, start, f"{n} jo", stops)
    first, last = calendar.local_day(start), calendar.local_day(at)
    between = [first + dt.timedelta(days=i) for i in range(1, (last - first).days + 1)]
    still = [(calendar.local_day(p.start), calendar.local_day(p.end)) for p in stops]
    counted = [day for day in between if calendar.works(day) and not any(a < day < b for a, b in still)]
    assert len(counted) == n
    assert counted[-1] == last
    assert at == calendar.closing(last)


@CHECK
@given(calendars, moments, counts, pauses, pauses)
def test_more_pauses_and_longer_deadlines_are_never_due_sooner(calendar, start, n, some, more):
    assert due(calendar, start, f"{n} jo", some) <= due(calendar, start, f"{n} jo", some + more)
    assert due(calendar, start, f"{n} jo", some) < due(calendar, start, f"{n + 1} jo", some)


@CHECK
@given(calendars, moments, moments, counts)
def test_a_step_opened_later_is_never_due_sooner(calendar, a, b, n):
    first, second = sorted((a, b))
    for unit in ("h", "j", "jo"):
        assert due(calendar, first, f"{n} {unit}") <= due(calendar, second, f"{n} {unit}")


@CHECK
@given(calendars, days, st.integers(-40, 40))
def test_adding_and_counting_agree(calendar, day, n):
    there = add_working_days(calendar, day, n)
    assert working_days_between(calendar, day, there) == n
    assert n == 0 or calendar.works(there)


@CHECK
@given(calendars, moments, counts)
def test_adding_to_a_moment_is_the_deadline(calendar, start, n):
    assert add_working_days(calendar, start, n) == due(calendar, start, f"{n} jo")


@CHECK
@given(calendars, days, days, days)
def test_counts_add_up(calendar, a, b, c):
    a, b, c = sorted((a, b, c))
    between = working_days_between
    assert between(calendar, a, c) == between(calendar, a, b) + between(calendar, b, c)


@CHECK
@given(calendars, moments, counts)
def test_shares_of_working_time_are_that_much_working_time(calendar, start, days):
    end = add_working_days(calendar, start, days)
    whole = working_time(calendar, start, end)
    for percent, moment in working_shares(calendar, start, end, (20, 50, 100, 150)).items():
        assert working_time(calendar, start, moment) == whole * percent / 100


@CHECK
@given(calendars, moments, counts, st.sampled_from(["h", "j", "jo"]), pauses)
def test_thresholds_come_in_order_around_the_due_moment(calendar, start, n, unit, stops):
    text = f"{n} {unit}"
    moments_ = thresholds(calendar, start, text, stops)
    ordered = [moments_[percent] for percent in (50, 80, 100, 150)]
    assert ordered == sorted(ordered)
    assert start <= ordered[0]
    assert moments_[100] == due(calendar, start, text, stops)


@CHECK
@given(calendars, moments, counts)
def test_thresholds_of_working_days_come_while_the_place_is_open(calendar, start, n):
    for moment in thresholds(calendar, start, f"{n} jo").values():
        local = moment.astimezone(calendar.tz)
        assert any(opens <= local.time() <= closes for opens, closes in calendar.spans(local.date()))


@CHECK
@given(calendars, moments, moments, counts, st.sampled_from(["h", "j", "jo"]))
def test_what_is_left_is_late_only_after_the_due_moment(calendar, start, now, n, unit):
    at = due(calendar, start, f"{n} {unit}")
    left = remaining(calendar, now, at, unit)
    assert left.late == (now > at)
    assert left.text()
    assert left.text("en")
