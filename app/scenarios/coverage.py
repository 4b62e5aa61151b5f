"""What the scenarios of each folder pass of its procedures: gathered while they are played, told as text and as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from app.scenarios.running import Result
from workflows.catalog import CaseType
from workflows.coverage import Counts, Drawn, Record, drawn, record
from workflows.folder import SHARED, read_folder
from workflows.outcome import Passed
from workflows.xmlfile import parse

TOLD = {
    "fr": ("Couverture", "éléments", "flèches", "jamais passés", "rien n’est passé de"),
    "en": ("Coverage", "elements", "arrows", "never passed", "nothing is passed of"),
}


@dataclass(frozen=True)
class ProcessSeen:
    """A process, and how often each of its elements was passed and each of its arrows taken."""

    drawn: Drawn
    title: str
    file: str
    bpmn: bytes
    counts: Mapping[str, int]
    scenarios: Mapping[str, int]
    """id -> how many scenarios pass it."""

    @property
    def elements(self) -> tuple[int, int]:
        """How many were passed, of how many."""
        return self._share(self.drawn.elements)

    @property
    def flows(self) -> tuple[int, int]:
        return self._share(self.drawn.flows)

    @property
    def missed(self) -> list[str]:
        return [id_ for id_ in self.drawn.ids if not self.counts.get(id_)]

    @property
    def telling(self) -> list[str]:
        """The same in short; see `Drawn.telling`."""
        return self.drawn.telling({id_ for id_, times in self.counts.items() if times})

    def _share(self, ids: Collection[str]) -> tuple[int, int]:
        return sum(bool(self.counts.get(id_)) for id_ in ids), len(ids)

    def as_json(self) -> dict[str, Any]:
        def told(ids: Iterable[str]) -> dict[str, Any]:
            return {id_: {"times": self.counts.get(id_, 0), "scenarios": self.scenarios.get(id_, 0)} for id_ in ids}

        return {
            "title": self.title,
            "file": self.file,
            "elements": told(self.drawn.elements),
            "arrows": told(self.drawn.flows),
            "missed": self.missed,
        }


@dataclass
class FolderSeen:
    """The procedures of one folder, and what its scenarios passed; those of the shared folder are passed by scenarios of all others."""

    name: str
    case_type: CaseType
    """Of the shared folder: one of those that call it."""
    played: dict[str, Counts] = field(default_factory=dict)
    """File of scenarios -> what it passed."""

    @property
    def shared(self) -> bool:
        return self.name == SHARED

    @cached_property
    def known(self) -> dict[str, Drawn]:
        """Every process that may be called, by id."""
        files = self.case_type.files
        return {id_: one for path in sorted(files) if path.endswith(".bpmn") for id_, one in drawn(parse(files[path])).items()}

    @property
    def own(self) -> list[str]:
        return [id_ for id_, process in self.case_type.processes.items() if process.shared == self.shared]

    def processes(self) -> list[ProcessSeen]:
        """Its own processes, in the order of their files."""
        counts: Counts = Counter()
        scenarios: Counts = Counter()
        for passed in self.played.values():
            counts.update(passed)
            scenarios.update(passed.keys())
        return [self._seen(process, counts, scenarios) for process in self.own]

    def _seen(self, process: str, counts: Counts, scenarios: Counts) -> ProcessSeen:
        spec, ids = self.case_type.processes[process], self.known[process].ids
        times, by = ({id_: found[Passed(process, id_)] for id_ in ids} for found in (counts, scenarios))
        return ProcessSeen(self.known[process], spec.title, spec.file, self.case_type.files[spec.file], times, by)

    def record(self, scenarios: Mapping[str, bytes]) -> Record:
        """What lies in the folder afterwards. `scenarios`: all its files."""
        return record(scenarios, self.played, self.known, self.own)


def gather(results: Iterable[tuple[Path, Result]]) -> list[FolderSeen]:
    """The folders whose scenarios were played, then the shared one. `results`: of each scenario its file and its result."""
    found: dict[Path, FolderSeen] = {}
    shared: dict[str, Counts] = defaultdict(Counter)
    for path, result in results:
        folder = path.resolve().parent.parent
        if folder not in found:
            found[folder] = FolderSeen(folder.name, CaseType.read(read_folder(folder)))
        seen = found[folder]
        seen.played.setdefault(path.name, Counter()).update(result.passed)
        shared[f"{folder.name}/{path.name}"].update(
            {one: times for one, times in result.passed.items() if seen.case_type.processes[one.process].shared}
        )
    folders = [found[folder] for folder in sorted(found)]
    return [*folders, FolderSeen(SHARED, folders[0].case_type, dict(shared))] if any(shared.values()) else folders


def total(processes: Iterable[ProcessSeen]) -> tuple[tuple[int, int], tuple[int, int]]:
    """Elements and arrows of several processes: how many were passed, of how many."""
    seen = list(processes)
    return _sum(process.elements for process in seen), _sum(process.flows for process in seen)


def _sum(shares: Iterable[tuple[int, int]]) -> tuple[int, int]:
    found = list(shares)
    return sum(passed for passed, _ in found), sum(of for _, of in found)


def percent(share: tuple[int, int]) -> int:
    """Never 100 while one is missing."""
    return 100 * share[0] // share[1] if share[1] else 100


def lines(folders: Iterable[FolderSeen], lang: str) -> Iterator[str]:
    """The summary: each folder with its share, and under it what of each process was never passed."""
    title, elements, flows, missed, all_of_it = TOLD[lang]
    yield title
    for folder in folders:
        processes = folder.processes()
        shares = total(processes)
        told = [f"{word} {share[0]}/{share[1]} ({percent(share)} %)" for word, share in zip((elements, flows), shares, strict=True)]
        yield f"  {folder.name} : {', '.join(told)}"
        untouched = [process for process in processes if not any(process.counts.values())]
        for process in processes:
            if process.missed and process not in untouched:
                yield f"    {process.drawn.process}, {missed} : {', '.join(process.telling)}"
        if untouched:
            yield f"    {all_of_it} : {', '.join(process.drawn.process for process in untouched)}"


def as_json(folders: Iterable[FolderSeen]) -> dict[str, Any]:
    """All of it, for programs."""
    found = {}
    for folder in folders:
        processes = folder.processes()
        elements, flows = total(processes)
        found[folder.name] = {
            "scenarios": sorted(folder.played),
            "elements": {"passed": elements[0], "of": elements[1]},
            "arrows": {"passed": flows[0], "of": flows[1]},
            "processes": {process.drawn.process: process.as_json() for process in processes},
        }
    return {"folders": found}
