"""What a process gives back, and what its ends do: nothing but end it."""

from __future__ import annotations

from collections.abc import Iterator

from ..feel import FeelError
from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import Level, Process, called, event_of, extension, mappings, multi_instance
from .finding import ADVICE, Finding, Rule, Text
from .inputs import free_names
from .loops import RESTS
from .names import Names, form_of, loop_of, names_of

UNSET = Rule(
    "result-unset",
    Text(
        "« {process} » peut finir par {element} sans que rien n'ait donné « {name} », que {caller} attend de lui.",
        "“{process}” may end at {element} though nothing has given “{name}”, which {caller} expects of it.",
    ),
    Text(
        "Mettre avant cette fin une tâche de calcul qui donne « {name} » (null, s'il n'y a rien à dire).",
        "Put a script task before this end that gives “{name}” (null when there is nothing to say).",
    ),
)
END_DOES = Rule(
    "end-does-nothing",
    Text("La fin {element} porte « {what} » : une fin n'exécute rien.", "The end {element} carries “{what}”: an end carries nothing out."),
    Text(
        "Mettre avant elle une tâche de calcul, de service ou d'envoi.",
        "Put a script, service or send task before it.",
    ),
)
HELD_OPEN = Rule(
    "frame-held-open",
    Text(
        "Ce qui s'ouvre à côté ({element}) tient le dossier ouvert : la fin {end} ne le ferme pas.",
        "What opens beside ({element}) holds the case open: the end {end} does not close it.",
    ),
    Text(
        "Faire de la dernière fin du cadre une fin immédiate (terminate), si le dossier doit finir alors.",
        "Make the frame's last end a terminate end, if the case shall end then.",
    ),
    ADVICE,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    wanted = _wanted(bundle)
    for process in bundle.own_processes:
        for node in process.of_kind("endEvent"):
            yield from _end(process, node)
        if process.id in wanted:
            yield from _unset(names, process, wanted[process.id])
        if process.id == bundle.case_type.get("process"):
            yield from _beside(process)


def _end(process: Process, node: Element) -> Iterator[Finding]:
    for name in ("ioMapping", "taskDefinition", "calledDecision", "script", "formDefinition"):
        if extension(node, name) is not None:
            yield END_DOES.at(process.file, node, what=f"zeebe:{name}")


def _wanted(bundle: Bundle) -> dict[str, dict[str, str]]:
    """Process with facts of its own -> names that its callers read when it has ended, each with one of those callers."""
    found: dict[str, dict[str, str]] = {}
    for process in bundle.processes.values():
        for call in process.of_kind("callActivity"):
            target, phase = called(call)
            sources = [source for _, source, _ in mappings(call, "output")] if not phase else []
            if multi_instance(call) is not None and not phase:
                sources.append(loop_of(call).get("outputElement", ""))
            for source in sources:
                try:
                    read = free_names(source.removeprefix("="))
                except FeelError:
                    continue  # said by the checks of expressions
                for name in read:
                    found.setdefault(target, {}).setdefault(name, f"« {call.get('name') or call.get('id')} »")
    return found


def _unset(names: Names, process: Process, wanted: dict[str, str]) -> Iterator[Finding]:
    """Ends that no way reaches on which anything may have given the result."""
    given = {name for start in process.top.starts for name, _, _ in mappings(process.top.nodes[start], "output")}
    reached = _may_have_set(names, process.top, given)
    for ident, node in process.top.nodes.items():
        if local_name(node) == "endEvent" and ident in reached:
            for name in sorted(wanted.keys() - reached[ident] - set(names.everywhere)):
                yield UNSET.at(process.file, node, process=process.id, name=name, caller=wanted[name])


def _may_have_set(names: Names, level: Level, given: set[str]) -> dict[str, set[str]]:
    """Node -> facts that something may have set when the process comes to it; a join brings what any branch has set."""
    before: dict[str, set[str]] = {start: set(given) for start in level.starts}
    todo = list(level.starts)
    inputs = set(given)
    while todo:
        ident = todo.pop()
        after = before[ident] | _sets(names, level.nodes[ident])
        for following in level.next(ident):
            if following not in before or not after <= before[following]:
                before[following] = before.get(following, set()) | after | inputs
                todo.append(following)
    beside = [node for node in level.nodes.values() if node.get("triggeredByEvent") == "true"]
    aside = {name for node in beside for name in _sets(names, node)}
    return {ident: known | aside for ident, known in before.items()}


def _sets(names: Names, node: Element) -> set[str]:
    """Facts that one node may set, with all that lies in it."""
    if local_name(node) == "subProcess":
        return {name for inner in Level(node).nodes.values() for name in _sets(names, inner)}
    if local_name(node) == "callActivity" and called(node)[1]:
        return names.written(called(node)[0])
    found = {name for name, _, _ in mappings(node, "output")}
    for said in (extension(node, "script"), extension(node, "calledDecision")):
        if said is not None and said.get("resultVariable"):
            found.add(said.get("resultVariable") or "")
    form = names.bundle.forms.get(form_of(node) or "")
    found |= {field.key for field in form.fields} if form else set()
    collects = loop_of(node).get("outputCollection")
    return found | ({collects} if collects else set())


def _beside(process: Process) -> Iterator[Finding]:
    """In the frame: branches beside the work that wait for somebody, where no end is a terminate end."""
    level = process.top
    ends = [node for node in level.nodes.values() if local_name(node) == "endEvent"]
    if not ends or any(event_of(end) == "terminate" for end in ends):
        return
    for ident, node in level.nodes.items():
        if local_name(node) == "boundaryEvent" and node.get("cancelActivity") == "false" and _waits(level, ident):
            yield HELD_OPEN.at(process.file, node, end=f"« {ends[-1].get('name') or ends[-1].get('id')} »")


def _waits(level: Level, start: str) -> bool:
    todo, seen = level.after(start), set()
    while todo:
        ident = todo.pop()
        if ident in seen:
            continue
        seen.add(ident)
        if level.kind(ident) in RESTS | {"callActivity", "subProcess"}:
            return True
        todo += level.after(ident)
    return False
