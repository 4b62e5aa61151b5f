"""A BPMN file as the engine reads it: once, for all case types that share it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.mixins import SubWorkflowTaskMixin
from SpiffWorkflow.exceptions import WorkflowException

from workflows.engine.dialect.adapt import adapt
from workflows.engine.dialect.calls import Start
from workflows.engine.dialect.parser import Parser
from workflows.engine.dialect.reading import B, parse
from workflows.engine.dialect.ways import mark
from workflows.engine.tree import EndJoin
from workflows.errors import BadDefinition

KEPT = 256
"""Files that are kept read."""


class File:
    """Its processes, each read when it is first asked for. What comes back is shared and never changed."""

    def __init__(self, text: bytes, name: str) -> None:
        """BadDefinition if the engine does not carry out what the file holds."""
        self.root = adapt(parse(text, name))
        self._parser = Parser()
        self._specs: dict[str, Any] = {}
        try:
            self._parser.add_bpmn_xml(self.root)
        except (ValidationException, WorkflowException) as error:
            raise BadDefinition(f"{name} : {error}" if name else str(error)) from error

    @property
    def levels(self) -> Iterator[str]:
        """Ids of its processes and of the subprocesses drawn inside them: each has a specification of its own."""
        return (level.get("id") for level in self.root.iter(B + "process", B + "subProcess"))

    def spec(self, level: str) -> Any:
        """The specification of a process, or of a subprocess of one that was read. BadDefinition."""
        if level not in self._specs:
            try:
                spec = self._parser.get_spec(level)
            except (ValidationException, WorkflowException) as error:
                raise BadDefinition(f"la procédure « {level} » ne se lit pas : {error}") from error
            _prepare(spec)
            mark(self.root, {level: spec})
            self._specs[level] = spec
        return self._specs[level]


read_file = lru_cache(KEPT)(File)


def entered(spec: Any) -> Iterator[str]:
    """Ids of the processes and subprocesses that a specification goes into."""
    return (task.spec for task in spec.task_specs.values() if isinstance(task, SubWorkflowTaskMixin))


def _prepare(spec: Any) -> None:
    """Our start and end in place of SpiffWorkflow's; event subprocesses are connected once for all."""
    spec.start.__class__ = Start
    spec.end.__class__ = EndJoin
    for name in spec.start.trigger_specs:
        spec.task_specs[name]._connect_notify(spec.start)
        spec.task_specs[name].connect(spec.end)
