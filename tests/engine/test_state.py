"""Bytes: small, the same for the same state, safe across workers and threads."""

import datetime as dt
import sys
import threading
import zlib
from decimal import Decimal

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine import scenarios
from tests.engine.case import Case, fresh, read
from tests.engine.small import Run, flow, gateway, path, user
from tests.engine.small import read as small
from workflows.engine import pruning, runtime, state
from workflows.engine.act import Act
from workflows.facts import Change, Ledger, Scope, merge, pack, unpack


def test_the_same_state_gives_the_same_bytes_and_has_nothing_left_to_forget():
    case = Case(read())
    scenarios.opened(case)
    act = Act(case.definition, case.facts, case.now, case.state)
    assert state.dump(act.tree) == case.state
    assert pruning.prune(act.tree) == 0
    assert len(case.state) < 1000


def test_a_case_goes_on_in_another_worker():
    """After every act the definition is another reading of the same files."""
    case = Case(fresh())
    for step, answers in (("enregistrer_deces", {"procedure_judiciaire": "non"}), ("confirmer_identite", {"certitude": "certaine"})):
        case.definition = fresh()
        case.do(step, **answers)
    case.definition = fresh()
    scenarios.informed(case)
    assert "recueillir_volonte" in case.steps


def test_bytes_that_are_damaged_of_another_format_or_of_another_procedure_are_an_incident():
    run = Run(small(user("u") + path("s", "u", "e")))
    other = zlib.compress(orjson.dumps([1, []]))
    bomb = zlib.compress(b"[" * 20_000_000, 1)
    for blob, said in ((other, "format 1"), (b"", "endommagé"), (run.state[:-9], "endommagé"), (bomb, "endommagé")):
        for out in (
            runtime.look(run.definition, blob, run.facts, run.now),
            runtime.fire_due(run.definition, blob, run.facts, run.now),
            runtime.cancel(run.definition, blob, run.facts, run.now),
        ):
            assert said in out.incident.message
            assert out.state is None
    gone = small(user("other") + path("s", "other", "e"))
    assert "« u »" in runtime.fire_due(gone, run.state, run.facts, run.now).incident.message


def looping() -> str:
    return user("u") + gateway("h", default="e") + path("s", "u", "h", "e") + flow("h", "u", 'x = "again"')


def test_a_loop_of_any_length_stays_small():
    run = Run(small(looping()))
    for _ in range(450):
        run.do("u", x="again")
    assert run.out.size < 12
    assert len(run.state) < 400
    assert run.do("u", x="no").ended


def test_unpruned_it_ends_in_an_incident_not_in_a_false_end():
    """SpiffWorkflow overlooks what is deeper than a thousand: the case would be « completed » with an open step."""
    run = Run(small(looping()), prune=False)
    for _ in range(450):
        if run.do("u", x="again").incident:
            break
    assert "tours" in run.out.incident.message


def test_a_loop_that_passes_by_nobody_is_an_incident():
    body = gateway("g") + user("u") + gateway("h", default="e") + path("s", "u", "g", "h", "e") + flow("h", "g", 'x = "again"')
    run = Run(small(body))
    assert "boucle" in run.do("u", x="again").incident.message
    assert run.do("u", x="no").ended == "completed"


def test_threads_share_a_definition():
    definition, failed = read(), []

    def work():
        try:
            for _ in range(2):
                scenarios.usual.opinions(Case(definition))
                scenarios.troubled.withdrawn(Case(definition))
        except Exception as error:
            failed.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert not failed


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53), 2**53),
        st.text(max_size=20),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.datetimes(timezones=st.just(dt.UTC)),
        st.times(),
        st.integers(-(10**9), 10**9).map(lambda s: dt.timedelta(seconds=s)),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.text(max_size=5), st.just("$")), inner, max_size=4)),
    max_leaves=12,
)


@given(VALUES)
def test_facts_survive_json(value):
    again = unpack(orjson.loads(orjson.dumps(pack(value))))
    assert again == value
    assert type(again) is type(value)


def test_a_fact_of_no_kind_is_refused():
    with pytest.raises(TypeError, match="sorte"):
        pack({"x": object()})


def test_what_a_ledger_calls_a_change():
    ledger = Ledger({"": {"a": 1, "b": Decimal("2"), "c": None}})
    for name, value in {"a": 1, "b": 2, "c": None, "d": None, "e": 5}.items():
        ledger.put("", name, value)
    ledger.put("call", "a", 7)
    assert {(c.scope, c.name): c.value for c in ledger.changes} == {("", "d"): None, ("", "e"): 5, ("call", "a"): 7}
    ledger.put("", "a", True)
    assert ("", "a", True) in ledger.changes


def test_scopes_hide_outer_names_and_stand_above_the_system():
    ledger = Ledger({"": {"x": 1, "y": 2}, "call": {"z": 3}}, {"reglages": {"plafond": 5}, "y": 0})
    inner, outer = Scope("call", {"x": None, "z": None}), Scope("", {"x": None, "w": None})
    assert ledger.view([inner, outer]) == {"reglages": {"plafond": 5}, "x": None, "y": 2, "z": 3, "w": None}


def test_facts_of_calls_that_are_over_are_not_given_to_the_next_act():
    assert merge({"": {"a": 1}, "gone": {"b": 2}}, [Change("", "a", 3), Change("gone", "b", 4)], ["", "new"]) == {"": {"a": 3}, "new": {}}
