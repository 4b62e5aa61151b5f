"""What holds for all values and all texts."""

import datetime as dt
from decimal import Decimal

from hypothesis import example, given
from hypothesis import settings as how
from hypothesis import strategies as st

from workflows.feel import FeelError, Host, Months, lift, lower, parse
from workflows.feel.check import Checker
from workflows.feel.syntax import Node
from workflows.feel.values import compare, equal, read_any, show

CHECK = how(max_examples=60, deadline=None, derandomize=True, database=None)
HOST = Host()

truths = st.sampled_from([True, False, None])
texts = st.text(max_size=30)
wholes = st.integers(-(10**20), 10**20)
amounts = st.integers(-(10**12), 10**12)
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
days = st.dates()
zones = st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=3)), dt.timezone(-dt.timedelta(hours=5, minutes=30))])
moments = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2200, 1, 1), timezones=zones)
clocks = st.times()
durations = st.timedeltas(dt.timedelta(days=-9999), dt.timedelta(days=9999))
months = st.integers(-5000, 5000).map(Months)
scalars = st.one_of(st.none(), st.booleans(), wholes, texts, days, moments, clocks, durations)
data = st.recursive(scalars, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)), max_leaves=12)
ordered = st.one_of(*(st.tuples(kind, kind, kind) for kind in (decimals.map(lift), texts, days, moments, durations, months)))


def ask(source, **facts):
    return lower(HOST.evaluate(source, facts))


# ---------------------------------------------------------------- the border
@CHECK
@given(data)
def test_plain_data_comes_out_as_it_went_in(v):
    out = lower(lift(v))
    assert out == v
    assert repr(out) == repr(v)  # a yes/no stays one, an int stays one


@CHECK
@given(data)
def test_what_came_in_is_not_changed_by_coming_in_again(v):
    assert lift(lift(v)) == lift(v)


@CHECK
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_float_enters_as_it_is_written(x):
    assert lift(x) == Decimal(repr(x))


@CHECK
@given(st.one_of(days, moments, clocks, durations, months))
def test_the_text_of_a_date_or_duration_reads_back(v):
    assert equal(read_any(show(v)), v) is True


# ---------------------------------------------------------------- equality and order
@CHECK
@given(data, data)
def test_equality_is_symmetric_and_everything_equals_itself(a, b):
    a, b = lift(a), lift(b)
    assert equal(a, a) is True
    assert equal(a, b) == equal(b, a)


@CHECK
@given(ordered)
def test_order_is_total_within_a_kind(values):
    a, b, c = sorted(values, key=lambda v: (v.utctimetuple(), v) if isinstance(v, dt.datetime) else v)
    assert compare(a, b) == -compare(b, a)
    assert compare(a, b) <= 0
    assert compare(b, c) <= 0
    assert compare(a, c) <= 0
    assert (compare(a, b) == 0) == (equal(a, b) is True)


@CHECK
@given(ordered)
def test_between_says_what_two_comparisons_say(values):
    facts = dict(zip("abc", values, strict=True))
    assert ask("b between a and c", **facts) == ask("a <= b and b <= c", **facts)


# ---------------------------------------------------------------- three-valued logic
@CHECK
@given(truths, truths)
def test_the_laws_of_de_morgan_hold_for_the_unknown_too(a, b):
    assert ask("not(a and b)", a=a, b=b) is ask("not(a) or not(b)", a=a, b=b)
    assert ask("not(a or b)", a=a, b=b) is ask("not(a) and not(b)", a=a, b=b)


@CHECK
@given(truths, truths, truths)
def test_and_and_or_take_their_parts_in_any_order(a, b, c):
    facts = {"a": a, "b": b, "c": c}
    assert ask("a and b", **facts) is ask("b and a", **facts)
    assert ask("a or b", **facts) is ask("b or a", **facts)
    assert ask("a and (b or c)", **facts) is ask("a and b or a and c", **facts)


@CHECK
@given(st.lists(truths, max_size=6))
def test_some_and_every_are_or_and_and(values):
    facts = {"values": values}
    assert ask("some v in values satisfies v", **facts) is ask("not(every v in values satisfies not(v))", **facts)
    assert ask("every v in values satisfies v", **facts) is ask("all(values)", **facts)


@CHECK
@given(truths, truths)
def test_knowing_more_never_contradicts_what_was_known(a, b):
    known = ask("a and b", a=a, b=None)
    assert known is None or known is ask("a and b", a=a, b=b)


# ---------------------------------------------------------------- arithmetic
@CHECK
@given(decimals, decimals, decimals)
def test_sums_of_money_are_exact(a, b, c):
    facts = {"a": a, "b": b, "c": c}
    assert ask("(a + b) + c = a + (b + c)", **facts)
    assert ask("a + b = b + a and a + b - b = a", **facts)
    assert ask("c * (a + b) = c * a + c * b", **facts)


@CHECK
@given(amounts, st.integers(1, 10**9))
def test_modulo_and_division_agree(a, b):
    assert ask("modulo(a, b) >= 0 and modulo(a, b) < b", a=a, b=b)
    assert ask("floor(a / b) * b + modulo(a, b)", a=a, b=b) == a


@CHECK
@given(moments, durations)
def test_time_that_is_added_can_be_taken_away(moment, length):
    assert ask("m + d - d = m", m=moment, d=length)
    assert ask("m + d - m = d", m=moment, d=length)


@CHECK
@given(st.lists(amounts, max_size=8), st.lists(amounts, max_size=8))
def test_lists_add_up(a, b):
    facts = {"a": a, "b": b}
    assert ask("count(concatenate(a, b)) = count(a) + count(b)", **facts)
    assert ask("sum(append(concatenate(a, b), 0)) = sum(append(a, 0)) + sum(append(b, 0))", **facts)
    assert ask("sort(a)", **facts) == sorted(a)
    assert ask("reverse(reverse(a)) = a", **facts)
    assert ask("distinct values(a)", **facts) == list(dict.fromkeys(a))


# ---------------------------------------------------------------- any text at all
WORDS = [
    *("a", "montant", "date", "if", "then", "else", "for", "in", "return", "some", "satisfies", "and", "or", "not", "between"),
    *("instance", "of", "function", "null", "true", "1", "2.5", "1e9", '"x"', '@"2026-01-01"', "list<number>", "é", "'", "«"),
    *("(", ")", "[", "]", "{", "}", "<", "<=", ">", "=", "!=", "..", ".", ",", ":", "?", "+", "-", "*", "/", "**", "->"),
    *("//", "/*", "*/", "\n"),
]
sentences = st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)
anything = st.one_of(sentences, st.text(max_size=60), st.text("()[]{}-+*/.,:?<>=\"'@a1 ", max_size=60))


@how(max_examples=300, deadline=None, derandomize=True, database=None)
@given(anything, st.sampled_from(["expression", "cell"]))
@example("(" * 50, "expression")
@example("\ud800", "expression")
def test_any_text_is_a_tree_or_a_french_refusal(text, mode):
    try:
        tree = parse(text, mode)
    except FeelError as refusal:
        assert refusal.message
        assert refusal.at is None or 0 <= refusal.at <= len(text)
    else:
        assert isinstance(tree, Node)


@how(max_examples=200, deadline=None, derandomize=True, database=None)
@given(anything, data)
def test_any_text_is_evaluated_to_a_plain_value_or_a_refusal(text, v):
    for strict in (True, False):
        try:
            lower(HOST.evaluate(text, {"a": v, "montant": 3}, strict=strict))
        except FeelError as refusal:
            assert str(refusal)


@CHECK
@given(anything)
def test_any_text_can_be_checked(text):
    for finding in Checker({}).expression(text, "boolean", never_null=True):
        assert finding.level in ("error", "warning")
