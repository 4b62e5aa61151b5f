"""Runs the core cases of the DMN technology compatibility kit: `python -m tests.conformance.dmn_tck [FOLDER]`.

Core: the models that hold only literal expressions and decision tables, which is all that the files of this project hold. Status 0:
the measure is kept; 1: below it, or a case fails that is not in accepted.txt; 2: no kit. docs/conformance.md says what is measured.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from workflows.feel.tables import Table

from .kit import Question, folders, is_core, model_file, questions, same
from .model import Model

KIT = Path(__file__).parents[3] / "shared" / "conformance" / "dmn-tck"
ACCEPTED = Path(__file__).with_name("accepted.txt")
LEAST = 0.97  # share of all expressions; tables must all pass
NOT_ACCEPTED = "NOT ACCEPTED: correct the evaluator, or say why in tests/conformance/accepted.txt"


@dataclass
class Count:
    passed: int = 0
    total: int = 0
    passed_values: int = 0
    values: int = 0

    def add(self, question: Question, good: bool) -> None:
        self.total += 1
        self.passed += good
        if question.expected is not None:
            self.values += 1
            self.passed_values += good

    @property
    def share(self) -> float:
        return self.passed / self.total if self.total else 1.0


@dataclass
class Report:
    expressions: Count = field(default_factory=Count)
    tables: Count = field(default_factory=Count)
    missed: list[str] = field(default_factory=list)
    cases: int = 0
    other: int = 0

    def good(self, accepted: dict[str, str]) -> bool:
        return self.expressions.share >= LEAST and self.tables.share == 1 and set(self.missed) <= set(accepted)


def ask(model: Model, question: Question, report: Report) -> None:
    logic = next((d.logic for d in model.decisions.values() if d.name == question.decision), None)
    got = model.result(question.decision, question.inputs)
    good = got is None if question.expected is None else same(got, question.expected)
    (report.tables if isinstance(logic, Table) else report.expressions).add(question, good)
    if not good:
        report.missed.append(f"{question.folder} {question.decision}")


def run(kit: Path) -> Report:
    report = Report()
    every = folders(kit)
    for n, folder in enumerate(every, 1):
        progress(f"{n}/{len(every)} {folder.name}")
        if not is_core(folder):
            report.other += 1
            continue
        report.cases += 1
        model = Model.read(model_file(folder))
        for question in questions(folder):
            ask(model, question, report)
    progress("")
    return report


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:<60}", end="" if text else "\r", file=sys.stderr, flush=True)


def read_accepted(path: Path = ACCEPTED) -> dict[str, str]:
    """What does not pass and why: lines « folder name » under a « # reason »."""
    out, reason = {}, ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason = line[1:].strip()
        elif line.strip():
            out[line.strip()] = reason
    return out


def show(report: Report, accepted: dict[str, str], seconds: float) -> None:
    print(f"{report.cases} cases of the core profile, {report.other} others not run (boxed forms, services, imports), {seconds:.1f} s\n")
    print(f"{'':<14}{'all':>20}{'where a value is expected':>30}")
    both = Count()
    for count in (report.expressions, report.tables):
        both.passed, both.total = both.passed + count.passed, both.total + count.total
        both.passed_values, both.values = both.passed_values + count.passed_values, both.values + count.values
    for name, count in (("expressions", report.expressions), ("tables", report.tables), ("together", both)):
        print(f"{name:<14}{share(count.passed, count.total):>20}{share(count.passed_values, count.values):>30}")
    print(f"\n{len(report.missed)} results are not those of the kit" + (":" if report.missed else "."))
    reasons: dict[str, list[str]] = {}
    for name in report.missed:
        reasons.setdefault(accepted.get(name, NOT_ACCEPTED), []).append(name)
    for reason, names in reasons.items():
        print(f"\n{len(names)}: {reason}")
        print("\n".join(f"  {name}" for name in names))
    for name in sorted(set(accepted) - set(report.missed)):
        print(f"  {name}: passes now; take it out of accepted.txt")


def share(passed: int, total: int) -> str:
    return f"{passed}/{total} = {100 * passed / total:.1f} %" if total else "-"


def main(argv: list[str]) -> int:
    kit = Path(argv[0]) if argv else KIT
    if not folders(kit):
        print(f"The kit is not at {kit}: give the folder that holds its compliance-level-2 and compliance-level-3.", file=sys.stderr)
        return 2
    start = time.perf_counter()
    report, accepted = run(kit), read_accepted()
    show(report, accepted, time.perf_counter() - start)
    return 0 if report.good(accepted) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
