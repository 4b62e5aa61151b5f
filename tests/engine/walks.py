"""Random walks through a whole procedure, each walked twice at once: pruned after every act, and whole.

Both must look the same from outside. They compare two runs of one code: they find what pruning and loading break, not a wrong meaning.
That is for the scenarios.
"""

from __future__ import annotations

import collections
import datetime as dt
import json
import random
from typing import Any

from tests.engine.case import Case, forms
from workflows.engine import runtime
from workflows.errors import TaskNotOpen
from workflows.facts import Change, pack
from workflows.outcome import Message

STRAIGHT = {
    *("certitude", "choix_famille", "couverture", "identite_conforme", "proche_trouve", "famille_jointe", "decision_financement"),
    *("conforme", "procedure_judiciaire"),
}
"""Fields whose first choice leads on."""
ASIDE = {
    *("MSG_DEJA_INHUME", "MSG_EPIDEMIE", "MSG_PRISE_EN_CHARGE", "MSG_REFUS_FAMILLE", "MSG_FAMILLE_CHANGE_AVIS", "MSG_SECONDE_AUTOPSIE"),
    "MSG_RETRAIT",
}
"""Messages that may come at any time: who only waits for these is stuck."""
PIECES = ("acte_deces", "certificat_medical", "pouvoir_famille", "attestation_soins", "permis_transport", "mainlevee")
FORMS = forms()


class Walk:
    """Even seeds go straight on more often, so that the end of the procedure is walked as well."""

    def __init__(self, definition, seed: int, tally: collections.Counter):
        self.rng = random.Random(seed)
        self.odd = seed % 2 == 1
        self.tally = tally
        self.cut, self.whole = Case(definition, True), Case(definition, False)

    def go(self, acts: int) -> None:
        """AssertionError at the first difference, incident or dead end."""
        for number in range(acts):
            kind, what = self.choose(number)
            first, second = play(self.cut, kind, what), play(self.whole, kind, what)
            assert first == second, f"{first} / {second}"
            a, b = seen(self.cut), seen(self.whole)
            differences = "\n".join(f"{key}: {a[key]}\n   {b[key]}" for key in a if a[key] != b[key])
            assert not differences, f"act {number} {kind} {what}\n{differences}"
            self.tally["acts"] += 1
            self.tally[kind if not first else "closed by a deadline just then"] += 1
            self.invariants(first)
            if self.cut.last.ended:
                self.tally["ended"] += 1
                return

    def invariants(self, closed_meanwhile: bool) -> None:
        case, last = self.cut, self.cut.last
        overdue = [timer for timer in last.timers if timer.at and timer.at <= case.now]
        assert not overdue or closed_meanwhile, f"due and not fired: {overdue}"
        if last.ended:
            assert not last.open and not last.timers and not last.awaited
            return
        assert last.open or set(last.waiting) - ASIDE or any(timer.at for timer in last.timers), "stuck"
        assert len({(timer.id, timer.event, timer.round) for timer in last.timers}) == len(last.timers), "two timers of one name"
        assert len({(wait.id, wait.element) for wait in last.awaited}) == len(last.awaited), "two waits of one name"
        if self.rng.random() < 0.1:
            self.look_again()

    def look_again(self) -> None:
        """Looking, and an act that does nothing, change nothing."""
        case = self.cut
        again = runtime.fire_due(case.definition, case.state, case.facts, case.now)
        assert not (again.opened or again.closed or again.effects or again.changes), "looking twice changed something"
        looked = runtime.look(case.definition, case.state, case.facts, case.now)
        for name in ("open", "timers", "awaited", "scopes"):
            assert set_of(getattr(looked, name)) == set_of(getattr(again, name)), name

    # -- what happens next
    def choose(self, number: int) -> tuple[str, Any]:
        """One act as (kind, arguments that do not depend on ids)."""
        case = self.cut
        kind = self.rng.choices(("do", "say", "wait", "set"), (60, 22, 13, 5))[0]
        if kind == "do" and not case.last.open:
            kind = self.rng.choice(("say", "wait"))
        match kind:
            case "do":
                index = self.rng.randrange(len(case.last.open))
                return kind, (index, self.answers(ordered(case)[index]))
            case "say":
                return kind, self.message(number)
            case "wait":
                hours = [1, 6, 24, 48, 80, 24 * 8, 24 * 35] if self.odd else [1, 6, 12, 50]
                return kind, dt.timedelta(hours=self.rng.choice(hours))
        return kind, case.now + dt.timedelta(hours=self.rng.randint(-50, 400))

    def answers(self, task) -> dict[str, Any]:
        if task.job:
            return {"disponible": self.rng.random() < 0.8}
        return {name: self.value(name, kind) for name, kind in FORMS[task.extensions["form"]].items()}

    def value(self, name: str, kind: Any) -> Any:
        rng = self.rng
        if isinstance(kind, list):
            chosen = kind[0] if not self.odd and name in STRAIGHT and rng.random() < 0.8 else rng.choice(kind)
            return {"true": True, "false": False}.get(chosen, chosen)
        match kind:
            case "bool":
                return rng.random() < 0.5
            case "number":
                return rng.randint(0, 10) * 200
            case "score":
                return rng.randint(0, 10)
            case "amount":
                return rng.choice([0, 200_000, 600_000, 2_400_000, 9_000_000])
            case "moment":
                return self.cut.now + dt.timedelta(hours=rng.randint(1, 500))
        return rng.choice("ABC")

    def message(self, number: int) -> Message:
        """Mostly one that somebody waits for, with a value that somebody answers to; sometimes any."""
        rng, case = self.rng, self.cut
        known = sorted(case.definition.messages)
        rare = rng.random() < (0.12 if self.odd else 0.02)
        names = [name for name in case.last.waiting if rare or name not in ASIDE] or known
        name = rng.choice(known) if rng.random() < 0.2 else rng.choice(names)
        source = case.definition.messages[name].lstrip("=")
        keys = sorted({str(facts[source]) for facts in case.facts.values() if facts.get(source) is not None}) or ["COR-1"]
        payload = {
            "piece": rng.choice(PIECES),
            "lta": "123-4",
            "eta": case.now + dt.timedelta(hours=rng.randint(1, 90)),
            "le": "2026-03-01",
            "motif": "prix",
            "sens": rng.choice(["favorable", "defavorable", "partielle"]),
            "couverture": "oui",
            "montant_couvert": 1_000_000,
        }
        if rng.random() < 0.7:
            payload["date_reponse"] = case.now + dt.timedelta(days=rng.randint(1, 20))
        return Message(f"m{number}", name, payload, rng.choice(keys) if rng.random() < 0.9 else "nobody")


def set_of(values) -> set[str]:
    return {repr(value) for value in values}


def told(case: Case) -> dict[str, str]:
    """scope -> its facts as text: scopes are compared by what they know, not by their ids."""
    return {scope: json.dumps(pack(facts), sort_keys=True) for scope, facts in case.facts.items()}


def ordered(case: Case) -> list:
    scopes = told(case)
    return sorted(case.last.open, key=lambda task: (task.step, json.dumps(pack(task.item)), scopes.get(task.scope, "")))


def seen(case: Case) -> dict[str, Any]:
    """The case from outside, without ids."""
    out, scopes = case.last, told(case)
    return {
        "open": sorted(
            (task.step, task.lane or "", json.dumps(pack(task.item)), repr(task.extensions), scopes.get(task.scope, ""))
            for task in out.open
        ),
        "timers": sorted((timer.event, str(timer.at), timer.round, scopes.get(timer.scope, "")) for timer in out.timers),
        "awaited": sorted((wait.element, wait.kind, scopes.get(wait.scope, "")) for wait in out.awaited),
        "facts": sorted(scopes.values()),
        "ended": out.ended,
        "kept": [message.id for message in case.kept],
        "effects": sorted(effect.element for effect in out.effects),
        "trace": sorted(repr(line) for line in out.trace),
    }


def play(case: Case, kind: str, what: Any) -> bool:
    """Carries the act out; True if the step was closed by a deadline just then. AssertionError on an incident."""
    try:
        if kind == "do":
            index, answers = what
            case.apply(runtime.complete, ordered(case)[index].id, answers)
        elif kind == "say":
            case.apply(runtime.deliver, what)
            if what.id not in case.last.taken:
                case.kept.append(what)
        elif kind == "wait":
            case.now += what
            case.apply(runtime.fire_due)
        else:
            case.apply(runtime.change, [Change("", "limite_morgue", what)])
    except TaskNotOpen:
        return True
    return False
