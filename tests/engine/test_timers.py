"""Due moments: they follow their facts, fire in their order, and say when."""

import datetime as dt

import pytest

from tests.engine.case import BEGIN
from tests.engine.small import Run, boundary, call, flow, gateway, gives, path, process, read, timer, user
from workflows.errors import BadDefinition
from workflows.feel import Signature

BOTH = pytest.mark.parametrize("prune", [True, False], ids=["pruned", "whole"])


def aside(text: str, kind: str = "timeDate", interrupting: bool = False) -> str:
    """A step « a », then « u » with a timer at its border that opens « w »."""
    body = user("a") + user("u") + boundary("b", "u", timer(kind, text), interrupting) + user("w")
    return body + path("s", "a", "u", "e") + path("b", "w", "e")


def catching(text: str, kind: str) -> str:
    return (
        f'<intermediateCatchEvent id="t" name="Attendre">{timer(kind, text)}</intermediateCatchEvent>'
        + user("v")
        + path("s", "t", "v", "e")
    )


@pytest.mark.parametrize(
    ("kind", "text", "days"),
    [
        ("timeDuration", "P5D", 5),
        ("timeDuration", "P1W", 7),
        ("timeDuration", '=duration("P1D") * n', 2),
        ("timeDate", '=limite - @"P1D"', 9),
        ("timeDate", "2026-02-11T08:00:00+01:00", 2),
        ("timeDate", '=now() + duration("P3D")', 3),
        ("timeDuration", "=limite - now()", 10),
    ],
)
def test_forms_of_a_due_moment(kind, text, days):
    facts = {"n": 2, "limite": BEGIN + dt.timedelta(days=10)}
    run = Run(read(catching(text, kind)), facts=facts)
    assert [(due.event, due.title, due.at) for due in run.out.timers] == [("t", "Attendre", BEGIN + dt.timedelta(days=days))]
    assert not run.wait(days=days, seconds=-1).opened
    assert run.wait(seconds=1).opened[0].step == "v"


def test_a_duration_that_has_passed_fires_at_once():
    run = Run(read(catching("=limite - now()", "timeDuration")), facts={"limite": BEGIN - dt.timedelta(days=1)})
    assert run.steps == ["v"]


@pytest.mark.parametrize("value", [dt.date(2027, 1, 1), dt.datetime(2027, 1, 1), "bientôt", True])
def test_a_due_moment_without_a_zone_is_an_incident_with_its_place(value):
    run = Run(read(aside("=le")))
    incident = run.do("a", le=value).incident
    assert incident.step == "b"
    assert "fuseau" in incident.message


@BOTH
def test_a_date_that_is_not_known_yet_sleeps_and_follows_its_fact(prune):
    run = Run(read(aside("=le")), prune)
    run.do("a")
    assert run.out.timers[0].at is None
    assert run.wait(days=40).timers[0].at is None
    later = run.now + dt.timedelta(days=1)
    assert run.set(le=later).timers[0].at == later
    assert not run.wait(hours=23).opened
    assert run.wait(hours=1).opened


@BOTH
def test_it_reminds_again_for_a_later_moment_not_for_an_earlier_one(prune):
    run = Run(read(aside("=le")), prune)
    first = BEGIN + dt.timedelta(days=2)
    run.do("a", le=first)
    assert run.wait(days=2).opened[0].step == "w"
    assert [(due.at, due.round) for due in run.out.timers] == [(None, 1)]
    assert run.set(le=first - dt.timedelta(hours=1)).timers[0].at is None
    assert run.set(le=first + dt.timedelta(days=3)).timers[0].at == first + dt.timedelta(days=3)
    assert run.wait(days=3).opened
    assert run.steps == ["u", "w", "w"]


HOSTS = {"phase": call("u", "side", shared=True), "call": call("u", "side", mapping=gives("x", "=x")), "step": user("u")}


@BOTH
@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_a_moment_is_told_once_however_often_its_host_is_entered(prune, host):
    """From « w » of the called process back to the host: the same date beside it does not remind again, a later one does."""
    inner = process("side", user("i") + path("s", "i", "e")) if host.startswith("<callActivity") else ""
    body = user("a") + gateway("m") + host + boundary("b", "u", timer("timeDate", "=le"), False) + user("w") + gateway("g", default="e")
    flows = path("s", "a", "m", "u", "g", "e") + flow("g", "m", "x = 1") + path("b", "w", "e")
    run = Run(read(body + flows, after=inner), prune)
    first, step = BEGIN + dt.timedelta(days=2), "i" if inner else "u"
    run.do("a", le=first)
    assert run.wait(days=2).opened[0].step == "w"
    run.do("w")
    run.do(step, x=1)
    assert (run.steps, [due.at for due in run.out.timers]) == ([step], [None])
    run.do(step, x=1)
    assert run.set(le=first + dt.timedelta(days=1)).timers[0].at == first + dt.timedelta(days=1)
    assert run.wait(days=1).opened[0].step == "w"


def test_an_interrupting_date_counts_each_time_its_host_is_entered():
    body = user("a") + gateway("m") + user("u") + boundary("b", "u", timer("timeDate", "=le")) + user("w")
    run = Run(read(body + path("s", "a", "m", "u", "e") + path("b", "w", "m")))
    run.do("a", le=BEGIN + dt.timedelta(days=2))
    assert run.wait(days=2).opened[0].step == "w"
    assert run.do("w").opened[0].step == "w"


def test_the_clock_in_a_moment_is_that_of_its_start():
    run = Run(read(aside('=now() + duration("P3D")')))
    run.wait(days=5)
    run.do("a")
    assert run.out.timers[0].at == BEGIN + dt.timedelta(days=8)
    assert run.wait(days=1).timers[0].at == BEGIN + dt.timedelta(days=8)


@BOTH
def test_a_cycle_fires_each_round_missed_ones_too_and_ends(prune):
    run = Run(read(aside("R3/P5D", "timeCycle")), prune)
    run.do("a")
    assert run.wait(days=5).timers[0].round == 1
    assert len(run.wait(days=10).opened) == 2
    assert not run.out.timers
    assert not run.wait(days=50).opened
    run = Run(read(aside("R/P7D", "timeCycle")), prune)
    run.do("a")
    assert len(run.wait(days=70).opened) == 10
    run.do("u")
    assert run.steps == ["w"] * 10
    assert not run.out.timers


def test_a_cycle_that_nobody_looked_at_for_a_month_catches_up():
    run = Run(read(hourly()))
    run.do("a")
    assert not run.wait(days=30).incident
    assert run.out.timers[0].round == 720
    assert run.out.size < 30


def hourly() -> str:
    body = user("a") + user("u") + boundary("b", "u", timer("timeCycle", "R/PT1H"), False) + '<task id="w"/>'
    return body + path("s", "a", "u", "e") + path("b", "w", "e")


@BOTH
def test_what_was_missed_fires_in_the_order_of_the_moments(prune):
    """The interruption came first: the reminder behind it, due later, is not sent although both are overdue."""
    late = boundary("late", "u", timer("timeDuration", "P3D"), False) + user("reminded")
    cut = boundary("cut", "u", timer("timeDuration", "P2D")) + user("taken_over")
    run = Run(read(user("u") + late + cut + path("s", "u", "e") + path("late", "reminded", "e") + path("cut", "taken_over", "e")), prune)
    run.wait(days=9)
    assert run.steps == ["taken_over"]
    early = late.replace("P3D", "P1D")
    run = Run(read(user("u") + early + cut + path("s", "u", "e") + path("late", "reminded", "e") + path("cut", "taken_over", "e")), prune)
    run.wait(days=9)
    assert run.steps == ["reminded", "taken_over"]
    assert [line.element for line in run.out.trace] == ["late", "cut"]


def test_what_is_due_fires_before_an_answer_is_taken():
    from workflows.errors import TaskNotOpen

    run = Run(read(aside("P2D", "timeDuration", True)))
    run.do("a")
    run.now += dt.timedelta(days=2)
    with pytest.raises(TaskNotOpen):
        run.do("u")


@BOTH
def test_two_timers_at_one_gateway(prune):
    """Even if they bear the same name."""
    events = "".join(
        f'<intermediateCatchEvent id="{t}" name="x">{timer("timeDuration", d)}</intermediateCatchEvent>'
        for t, d in (("t1", "P9D"), ("t2", "P2D"))
    )
    body = gateway("g", "eventBased") + events + user("u") + user("w") + path("s", "g", "t1", "u", "e") + path("g", "t2", "w", "e")
    run = Run(read(body), prune)
    assert [(due.event, due.at - BEGIN) for due in run.out.timers] == [("t1", dt.timedelta(days=9)), ("t2", dt.timedelta(days=2))]
    run.wait(days=2)
    assert run.steps == ["w"]


def test_a_host_function_moves_open_deadlines_when_its_answer_changes():
    """A holiday was added: the next act, whatever it is, reads the moment anew; looking does too, without firing."""

    def working(days: int) -> dict:
        return {"échéance": Signature("échéance(depuis: date and time) -> date and time", lambda since: since + dt.timedelta(days=days))}

    run = Run(read(aside("=échéance(now())")), functions=working(3))
    run.do("a")
    assert run.out.timers[0].at == BEGIN + dt.timedelta(days=3)
    run.how["functions"] = working(4)
    assert run.look().timers[0].at == BEGIN + dt.timedelta(days=4)
    run.now += dt.timedelta(days=3)
    assert not run.act(_fire).opened
    run.how["functions"] = working(2)
    looked = run.look()
    assert looked.timers[0].at == BEGIN + dt.timedelta(days=2)
    assert not looked.opened
    assert run.act(_fire).opened


def _fire(*given, **how):
    from workflows.engine import runtime

    return runtime.fire_due(*given, **how)


def test_a_timer_keeps_its_identity_from_act_to_act():
    run = Run(read(aside("R/P7D", "timeCycle")))
    run.do("a")
    first = run.out.timers[0]
    assert (first.host, first.process, first.scope) == (run.open[0].id, "main", "")
    for _ in range(3):
        assert run.wait(days=1).timers[0] == first
    again = run.wait(days=7).timers[0]
    assert (again.id, again.event, again.round) != (first.id, first.event, first.round)


def test_a_far_away_moment_is_only_far_away():
    run = Run(read(catching("P999Y", "timeDuration")))
    assert run.out.timers[0].at > BEGIN + dt.timedelta(days=300_000)
    run = Run(read(catching('=duration("P9999Y")', "timeDuration")))
    assert run.out.timers[0].at or run.out.incident


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timeDuration", "bientôt"),
        ("timeDuration", "P99999999999M"),
        ("timeDuration", "-P1D"),
        ("timeDate", "2026-02-11"),
        ("timeDate", "2026-02-11T08:00:00"),
        ("timeCycle", "R/2026-01-01T00:00:00Z/P1D"),
        ("timeCycle", "P5D"),
        ("timeCycle", "R3/PT"),
    ],
)
def test_a_text_that_is_no_moment_is_refused_when_the_file_is_read(kind, text):
    with pytest.raises(BadDefinition, match="minuterie de « b »"):
        read(aside(text, kind))


def test_a_cycle_elsewhere_than_at_a_border_is_refused():
    with pytest.raises(BadDefinition, match="au bord"):
        read(catching("R3/P5D", "timeCycle"))


def test_timers_that_never_rest_are_an_incident():
    loop = (
        gateway("m")
        + f'<intermediateCatchEvent id="t">{timer("timeDate", "=le")}</intermediateCatchEvent>'
        + user("a")
        + gateway("g", default="m")
    )
    run = Run(read(user("z") + loop + path("s", "z", "m", "t", "g", "m") + flow("g", "a", "x = 1") + path("a", "e")))
    assert "cycles" in run.do("z", le=BEGIN).incident.message
