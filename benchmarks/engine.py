"""The engine alone: python benchmarks/engine.py [folder of a case type]

Milliseconds an act, its loading and dumping apart, and bytes of the state: on the five-step process and on the procedure of the engine's
tests, with its tokens four calls deep. Facts are given; no database.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.engine import scenarios
from tests.engine.case import Case, fresh, read
from tests.engine.small import Run, boundary, flow, gateway, path, timer, user
from tests.engine.small import read as small
from workflows.engine import pruning, runtime, state
from workflows.engine.act import Act

ROUNDS = 200


def median(work, rounds: int = ROUNDS) -> float:
    """Milliseconds of one call."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def measure(name: str, case, task_id: str, answers: dict) -> None:
    """One completion from a state: as a whole, and its parts."""
    definition, blob, facts, now = case.definition, case.state, case.facts, case.now

    def act():
        out = runtime.complete(definition, blob, facts, now, task_id, answers)
        assert not out.incident, out.incident
        return out

    def load():
        return state.load(blob, definition.spec, dict(definition.subprocesses), None)

    loaded = Act(definition, facts, now, blob)
    print(
        f"{name}: act {median(act):.2f} ms, load {median(load):.2f}, dump {median(lambda: state.dump(loaded.tree)):.2f}, "
        f"prune {median(lambda: pruning.prune(loaded.tree)):.2f}, look {median(lambda: runtime.look(definition, blob, facts, now)):.2f}; "
        f"{len(blob)} bytes, {loaded.size} tasks"
    )


def five_steps() -> Run:
    """Five steps, a gateway, a timer."""
    body = "".join(map(user, "abcde")) + gateway("g", default="d") + boundary("late", "c", timer("timeDuration", "P3D"), False) + user("w")
    return Run(
        small(
            body.replace('id="e"', 'id="f"')
            + path("s", "a", "b", "c", "g", "d", "f", "e")
            + flow("g", "f", "x = 2")
            + path("late", "w", "e")
        )
    )


def deep() -> Case:
    """The real procedure, in the decision on its funding: four calls deep."""
    case = Case(read())
    scenarios.opened(case)
    scenarios.informed(case)
    scenarios.will(case)
    scenarios.seek(case)
    case.do("preparer_demande")
    case.do("controler_disponibilite", disponible=True)
    return case


def main() -> None:
    begin = time.perf_counter()
    fresh()
    print(f"reading the definition: {(time.perf_counter() - begin) * 1000:.0f} ms, once a version and worker")
    run = five_steps()
    print(f"five steps: start {median(lambda: runtime.start(run.definition, {'': {}}, run.now)):.2f} ms")
    for _ in range(2):
        measure(f"five steps, at « {run.steps[0]} »", run, run.open[0].id, {"x": 1})
        run.do(run.steps[0], x=1)
    case = deep()
    task = next(task for task in case.last.open if task.step == "donner_avis")
    measure("four calls deep", case, task.id, {"avis": "favorable"})
    whole = Case(read())
    scenarios.usual.paid_by_the_state(whole)
    print(f"the whole procedure: {len(whole.ms)} acts, mean {statistics.mean(whole.ms):.2f} ms, longest {max(whole.ms):.2f} ms")


if __name__ == "__main__":
    main()
