"""Does pruning change what a process does? Random block-structured processes run twice with the same random answers: one instance whole,
one pruned after every act, each through bytes. Open steps, timers and facts must agree.

A parallel join that a loop on the same level repeats is left out: SpiffWorkflow lets it fire on the first token from the second round on,
so there is nothing right to compare with (the checks refuse it).
"""

from __future__ import annotations

import random

from tests.engine import small
from tests.engine.small import FIELDS, Run, boundary, box, flow, gateway, gives, path, process, takes, timer, user, xml
from workflows.engine.dialect import Definition

CONDITION = "x != null and modulo(x, {}) = {}"


class Model:
    """Draws a process."""

    def __init__(self, rng: random.Random):
        self.rng = rng
        self.count = 0
        self.called: list[str] = []
        self.in_loop = False

    def xml(self) -> bytes:
        inside, first, last = self.seq(4)
        return xml(process("main", inside + path("s", first) + path(last, "e")), *self.called)

    def name(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def inside(self, depth: int, loop: bool):
        """A block whose level is, or is not, repeated by an exclusive gateway."""
        before, self.in_loop = self.in_loop, loop
        block = self.block(depth)
        self.in_loop = before
        return block

    def block(self, depth: int) -> tuple[str, str, str]:
        """(XML, first node, last node)"""
        kinds = [self.user, self.user, self.timed, self.reminder, self.cycle]
        if depth:
            kinds += [self.seq, self.xor, self.loop, self.sub, self.call, self.multi, self.inclusive]
            if not self.in_loop:
                kinds.append(self.fork)
        return self.rng.choice(kinds)(depth - 1)

    def user(self, _: int):
        step = self.name("u")
        return user(step), step, step

    def multi(self, _: int):
        step = self.name("m")
        loop = '<zeebe:loopCharacteristics inputCollection="=[1, 2]" inputElement="i" outputCollection="out" outputElement="=x"/>'
        how = self.rng.choice(["true", "false"])
        several = f'<multiInstanceLoopCharacteristics isSequential="{how}">{box(loop)}</multiInstanceLoopCharacteristics>'
        return user(step, inside=several), step, step

    def timed(self, _: int):
        step, event, late, join = (self.name(prefix) for prefix in "ubug")
        drawn = user(step) + boundary(event, step, timer("timeDuration", "P2D")) + user(late) + gateway(join)
        return drawn + path(event, late, join) + path(step, join), step, join

    def reminder(self, _: int, kind: str = "timeDuration", text: str = "P2D"):
        step, event, late, end = (self.name(prefix) for prefix in "ubue")
        drawn = user(step) + boundary(event, step, timer(kind, text), False) + user(late) + f'<endEvent id="{end}"/>'
        return drawn + path(event, late, end), step, step

    def cycle(self, depth: int):
        return self.reminder(depth, "timeCycle", self.rng.choice(["R2/P1D", "R3/P3D"]))

    def seq(self, depth: int):
        a, first, middle = self.block(depth)
        b, then, last = self.block(depth)
        return a + b + path(middle, then), first, last

    def branches(self, depth: int, kind: str, conditions: bool):
        split, join = self.name("o"), self.name("c")
        a, first_a, last_a = self.block(depth)
        b, first_b, last_b = self.block(depth)
        drawn = gateway(split, kind, first_b if conditions else None) + gateway(join, kind) + a + b
        condition = CONDITION.format(self.rng.randint(2, 3), 0) if conditions else None
        return drawn + flow(split, first_a, condition) + flow(split, first_b) + path(last_a, join) + path(last_b, join), split, join

    def xor(self, depth: int):
        return self.branches(depth, "exclusive", True)

    def inclusive(self, depth: int):
        return self.xor(depth) if self.in_loop else self.branches(depth, "inclusive", True)

    def fork(self, depth: int):
        return self.branches(depth, "parallel", False)

    def loop(self, depth: int):
        again, back, out = self.name("c"), self.name("o"), self.name("n")
        a, first, last = self.inside(depth, True)
        drawn = gateway(again) + gateway(back, default=out) + f'<task id="{out}"/>' + a
        return drawn + path(again, first) + path(last, back) + flow(back, again, CONDITION.format(3, 1)) + flow(back, out), again, out

    def sub(self, depth: int):
        sub, start, end = (self.name(prefix) for prefix in ("sub", "s", "e"))
        a, first, last = self.inside(depth, False)
        inner = f'<startEvent id="{start}"/>{a}<endEvent id="{end}"/>' + path(start, first) + path(last, end)
        return f'<subProcess id="{sub}">{inner}</subProcess>', sub, sub

    def call(self, depth: int):
        name, called, start, end = (self.name(prefix) for prefix in ("call", "p", "s", "e"))
        a, first, last = self.inside(depth, False)
        self.called.append(process(called, a + path(start, first) + path(last, end), start, end))
        shared = self.rng.choice([True, False])
        return small.call(name, called, shared, takes("given", "=x") + gives("back", "=x")), name, name


def view(run: Run):
    """The case from outside, without ids."""
    scopes = {scope: sorted(map(str, facts.items())) for scope, facts in run.facts.items()}
    steps = sorted((task.step, str(task.item), str(scopes.get(task.scope))) for task in run.out.open)
    timers = sorted((due.event, str(due.at), due.round) for due in run.out.timers)
    return steps, timers, sorted(map(str, scopes.values())), run.out.ended


def step_of(run: Run, index: int):
    scopes = {scope: sorted(map(str, facts.items())) for scope, facts in run.facts.items()}
    return sorted(run.out.open, key=lambda task: (task.step, str(task.item), str(scopes.get(task.scope))))[index]


def compare(seed: int, acts: int = 60) -> int:
    """Runs one random process; how many acts it took. AssertionError at the first difference."""
    from workflows.engine import runtime

    rng = random.Random(seed)
    definition = Definition.read("main", [Model(rng).xml()], [], FIELDS, facts=["x"])
    whole, cut = Run(definition, False), Run(definition, True)
    for act in range(acts):
        first, second = view(whole), view(cut)
        assert first == second, f"act {act}\n{first}\n{second}"
        assert not cut.out.incident and not whole.out.incident, f"act {act}: {cut.out.incident} / {whole.out.incident}"
        if cut.out.ended:
            return act
        if (rng.random() < 0.25 and cut.out.timers) or not cut.out.open:
            hours = rng.choice([20, 30, 50])
            whole.wait(hours=hours)
            cut.wait(hours=hours)
            continue
        index, x = rng.randrange(len(cut.out.open)), rng.randint(0, 9)
        for run in (whole, cut):
            run.act(runtime.complete, step_of(run, index).id, {"x": x})
    return acts
