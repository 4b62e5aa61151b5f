"""Coverage: what no scenario passes, as it was seen when they were played last. To play them takes minutes, so nothing is played here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..coverage import EXCUSED, RECORD, Drawn, Record, digest, drawn, read_record
from ..errors import BadDefinition
from .bundle import SHARED_FILE, Bundle, read_sheet
from .document import Process
from .english import both
from .finding import ADVICE, Finding, Rule, Text
from .lines import yaml_line

MISSING = Rule(
    "coverage-missing",
    Text("Personne n'a noté ce que les scénarios passent.", "Nobody wrote down what the scenarios pass."),
    Text("Lancer : flask scenario coverage {folder}", "Run: flask scenario coverage {folder}"),
)
UNREADABLE = Rule(
    "coverage-unreadable",
    Text("Ce relevé ne se lit pas.", "This record cannot be read."),
    Text("Lancer : flask scenario coverage {folder}", "Run: flask scenario coverage {folder}"),
)
STALE = Rule(
    "coverage-stale",
    Text("{element} {change} depuis que les scénarios ont été joués.", "{element} {change} since the scenarios were played."),
    Text("Lancer : flask scenario coverage {folder}", "Run: flask scenario coverage {folder}"),
    ADVICE,
)
UNREACHED = Rule(
    "coverage-unreached",
    Text(
        "Éléments et flèches qu'aucun scénario ne passe : {count} ({processes}).",
        "Elements and arrows that no scenario passes: {count} ({processes}).",
    ),
    Text(
        "Écrire des scénarios qui y passent ; pour voir où : flask scenario run {folder} --coverage SORTIE",
        "Write scenarios that go there; to see where: flask scenario run {folder} --coverage OUTPUT",
    ),
    ADVICE,
)
INCOMPLETE = Rule(
    "coverage-incomplete",
    Text("Aucun scénario ne passe {element}, et rien ne l'excuse.", "No scenario passes {element}, and nothing excuses it."),
    Text(
        "Écrire un scénario qui y passe, ou dire dans tests/uncovered.yaml pourquoi aucun n'y passe.",
        "Write a scenario that goes there, or say in tests/uncovered.yaml why none does.",
    ),
)
EXCUSE = Rule(
    "coverage-excuse",
    Text("« {element} » : {detail}.", "“{element}”: {detail}."),
    Text("Corriger ou enlever cette ligne.", "Correct or remove this line."),
)
CHANGED = Text("a changé", "changed")
ADDED = Text("s'est ajouté", "was added")
GONE = Text("a disparu", "disappeared")
UNKNOWN_PROCESS = Text("ce processus n'existe pas", "there is no such process")
UNKNOWN_ID = Text("ce processus ne dessine pas cet identifiant", "the process draws no such id")
NO_REASON = Text("une raison est attendue", "a reason is expected")
IS_PASSED = Text("un scénario y passe", "a scenario passes it")


@dataclass
class _Seen:
    """What was passed of a process, and whether it is still the process that was played."""

    process: Process
    drawn: Drawn
    passed: set[str] = field(default_factory=set)
    stale: bool = False


def check(bundle: Bundle) -> Iterator[Finding]:
    scenarios = {name: content for name, content in bundle.trials.items() if name.endswith(".yaml") and name.startswith("scenarios/")}
    records: dict[str, Record] = {}
    for name, content in bundle.trials.items():
        if name.endswith(RECORD):
            try:
                records[name] = read_record(content)
            except ValueError:
                if name == RECORD:
                    yield UNREADABLE.at(RECORD, folder=_place(bundle))
                    return
    if EXCUSED in bundle.trials and not records:
        yield MISSING.at(RECORD, folder=_place(bundle))
    if RECORD in records:
        yield from _scenarios(bundle, records[RECORD], scenarios)
    if records or EXCUSED in bundle.trials:
        seen = _seen(bundle, records)
        yield from _stale(bundle, seen)
        yield from _reached(bundle, seen)


def _scenarios(bundle: Bundle, record: Record, scenarios: Mapping[str, bytes]) -> Iterator[Finding]:
    """Those that changed since the record was written: the first of them is said."""
    now = {name.removeprefix("scenarios/"): digest(content) for name, content in scenarios.items()}
    for name in sorted(now.keys() | record.scenarios.keys()):
        if now.get(name) != record.scenarios.get(name):
            change = GONE if name not in now else ADDED if name not in record.scenarios else CHANGED
            yield STALE.at(RECORD, f"« {name} »", change=change, folder=_place(bundle))
            return


def _seen(bundle: Bundle, records: Mapping[str, Record]) -> dict[str, _Seen]:
    found = {}
    for document in bundle.documents:
        known = drawn(document.root)
        for process in document.processes:
            found[process.id] = _Seen(process, known[process.id])
    for record in records.values():
        for process_id, seen in found.items():
            if process_id in record.digests:
                seen.passed |= record.passed(process_id)
                seen.stale |= record.digests[process_id] != seen.drawn.digest
    if RECORD in records:
        for process_id, seen in found.items():
            seen.stale |= process_id not in records[RECORD].digests
    return found


def _stale(bundle: Bundle, seen: Mapping[str, _Seen]) -> Iterator[Finding]:
    for one in seen.values():
        if one.stale:
            yield STALE.at(one.process.file, one.process.element, change=CHANGED, folder=_place(bundle))


def _reached(bundle: Bundle, seen: Mapping[str, _Seen]) -> Iterator[Finding]:
    excused, wrong = _excused(bundle, seen)
    yield from wrong
    missed = {id_: one.drawn.telling(one.passed, excused.get(id_, ())) for id_, one in seen.items() if not one.stale}
    if EXCUSED in bundle.trials:
        for process_id, ids in missed.items():
            elements = {element.get("id"): element for element in seen[process_id].process.element.iter() if isinstance(element.tag, str)}
            for id_ in ids:
                yield INCOMPLETE.at(seen[process_id].process.file, elements[id_])
    elif count := sum(map(len, missed.values())):
        told = ", ".join(f"{process_id} {len(ids)}" for process_id, ids in missed.items() if ids)
        place = SHARED_FILE if bundle.is_shared_folder else RECORD
        yield UNREACHED.at(place, bundle.name, count=count, processes=told, folder=_place(bundle))


def _place(bundle: Bundle) -> str:
    """What to play: the shared folder is passed by the scenarios of all others."""
    return str(bundle.place.parent if bundle.is_shared_folder else bundle.place)


def _excused(bundle: Bundle, seen: Mapping[str, _Seen]) -> tuple[dict[str, set[str]], list[Finding]]:
    """process -> what need not be passed; and what is wrong with the excuses."""
    content = bundle.trials.get(EXCUSED, b"")
    try:
        said = read_sheet(EXCUSED, content)
    except BadDefinition as error:
        return {}, [EXCUSE.at(EXCUSED, EXCUSED, detail=both(str(error).removeprefix(f"{EXCUSED} : ")))]
    excused: dict[str, set[str]] = {}
    wrong: list[Finding] = []
    for process_id, reasons in said.items():
        one = seen.get(process_id)
        if one is None or not isinstance(reasons, dict):
            wrong.append(EXCUSE.at(EXCUSED, process_id, yaml_line(content, (process_id,)), detail=UNKNOWN_PROCESS))
            continue
        for id_, reason in reasons.items():
            detail = _refused(one, str(id_), reason)
            if detail is not None:
                wrong.append(EXCUSE.at(EXCUSED, f"{process_id}.{id_}", yaml_line(content, (process_id, str(id_))), detail=detail))
            excused.setdefault(process_id, set()).add(str(id_))
    return excused, wrong


def _refused(one: _Seen, id_: str, reason: object) -> Text | None:
    """Why an excuse is none."""
    if id_ not in one.drawn.ids:
        return UNKNOWN_ID
    if not isinstance(reason, str) or not reason.strip():
        return NO_REASON
    return IS_PASSED if id_ in one.passed and not one.stale else None
