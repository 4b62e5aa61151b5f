"""Due moments that follow their facts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition, TimerEventDefinition

from workflows.engine.dialect.adapt import MOMENT
from workflows.engine.dialect.environment import moment, place

FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


class Timer(TimerEventDefinition):
    """A due moment, read anew at each act, with the clock of the moment it was set for now(). (Stock: frozen at entry, wall clock.)

    Its note in the task's internal data: `since` when it was set; `due` what was read last; `fired`; `round` how often it fired before on
    the same host; `after` the moment it fired for, so that only a later one counts again, on this host and when it is entered again.
    """

    def __init__(self, source: TimerEventDefinition, element: str, title: str | None):
        super().__init__(source.name, source.expression, description=source.description)
        self.element = element
        self.title = title or element
        self.moves = self.expression.startswith(MOMENT)
        if self.expression.startswith("R"):
            self.form = "cycle"
            rounds, self.period = self.expression.split("/")
            self.rounds = int(rounds[1:]) if rounds[1:] else None
        else:
            self.form = "date" if isinstance(source, TimeDateEventDefinition) else "duration"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timer) and other.element == self.element

    def __hash__(self) -> int:
        return hash(self.element)

    def note(self, my_task: Any) -> dict[str, Any]:
        """The note of this timer, made at the first look."""
        notes = my_task.internal_data.setdefault("timers", {})
        if self.element not in notes:
            notes[self.element] = {"since": my_task.workflow.script_engine.now.isoformat()}
            if self._reminds(my_task) and (told := self._told(my_task).get(self._key(my_task))):
                notes[self.element]["after"] = told
        return notes[self.element]

    def _reminds(self, my_task: Any) -> bool:
        """A date beside a step that goes on: it tells a moment once, however often the step is entered."""
        return self.form == "date" and self.moves and isinstance(my_task.task_spec, BoundaryEvent) and not my_task.task_spec.cancel_activity

    def _key(self, my_task: Any) -> str:
        return f"{my_task.workflow.spec.name}/{self.element}"

    def _told(self, my_task: Any) -> dict[str, str]:
        """The moments for which reminders have fired, kept with the process that holds the facts: a phase that is called again is new."""
        part = my_task.workflow
        while part.caller is not None and not getattr(part.caller.task_spec, "own_scope", False):
            part = part.caller.workflow
        kept: dict[str, Any] = part.task_tree.internal_data
        return kept.setdefault("told", {})

    def due(self, my_task: Any) -> dt.datetime | None:
        """When it fires, in UTC. None: the fact it depends on is not known yet, or names no later moment than the one it fired for."""
        engine, key = my_task.workflow.script_engine, (my_task.id, self.element)
        known = engine.due.get(key)
        if known is not None and (not self.moves or known[0] == engine.ledger.version):
            return known[1]
        note = self.note(my_task)
        if not self.moves and note.get("due"):
            due: dt.datetime | None = dt.datetime.fromisoformat(note["due"])
        else:
            with place(my_task):
                due = self._moment(my_task, note)
        if due is not None and "after" in note and due <= dt.datetime.fromisoformat(note["after"]):
            due = None
        note["due"] = due and due.isoformat()
        engine.due[key] = (engine.ledger.version, due)
        return due

    def has_fired(self, my_task: Any) -> bool:
        """Only `Act.settle` fires a timer: the earliest first."""
        return bool(self.note(my_task).get("fired"))

    def fire(self, my_task: Any) -> None:
        """It is due."""
        note = self.note(my_task)
        note["fired"] = True
        if self._reminds(my_task) and note.get("due"):
            self._told(my_task)[self._key(my_task)] = note["due"]

    def _moment(self, my_task: Any, note: dict[str, Any]) -> dt.datetime | None:
        since = dt.datetime.fromisoformat(note["since"])
        if self.form == "cycle":
            return self._later(self.period, since, note.get("round", 0) + 1)
        given: dt.datetime | str | None = self.expression
        if self.moves:
            given = moment(my_task.workflow.script_engine.evaluate(my_task, self.expression, at=since, step=watched(my_task)))
        elif self.form == "date":
            given = dt.datetime.fromisoformat(self.expression).astimezone(dt.UTC)
        return self._later(given, since) if isinstance(given, str) else given

    def _later(self, text: str, since: dt.datetime, times: int = 1) -> dt.datetime:
        try:
            return (since + times * self.get_timedelta_from_start(self.parse_iso_duration(text), since)).astimezone(dt.UTC)
        except OverflowError:
            return FAR

    def again(self, my_task: Any) -> dict | None:
        """How the same boundary waits on: a date for a later moment (the fact moved), a cycle for its next round."""
        note = self.note(my_task)
        done = note.get("round", 0) + 1
        if self.form == "date" and note.get("due"):
            return {"timers": {self.element: {"since": note["since"], "after": note["due"], "round": done}}}
        if self.form == "cycle" and (self.rounds is None or done < self.rounds):
            return {"timers": {self.element: {"since": note["since"], "round": done}}}
        return None

    def reset(self, my_task: Any) -> None:
        my_task.internal_data.pop("timers", None)


def watched(my_task: Any) -> str | None:
    """The id of the step whose time a timer counts: the one at whose border it stands."""
    beside = my_task.parent.children if isinstance(my_task.task_spec, BoundaryEvent) else []
    hosts = (child.task_spec for child in beside if not isinstance(child.task_spec, BoundaryEvent))
    return next((host.bpmn_id or host.name for host in hosts), None)  # a repeated step is known by its name alone


def timers_of(my_task: Any) -> list[Timer]:
    """The timers that a catching task waits for."""
    event = my_task.task_spec.event_definition
    return [one for one in getattr(event, "event_definitions", [event]) if isinstance(one, Timer)]
