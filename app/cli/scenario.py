"""`flask scenario run|coverage|record`: plays scenario files through the real services in a scratch database."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click
from flask import current_app

from app.cli.rows import RowsGroup
from app.config import Config
from app.extensions import db
from app.scenarios import coverage, coverage_pages, recording, scratch
from app.scenarios.reading import BadScenario, read_all
from app.scenarios.running import Result
from app.scenarios.scratch import Told
from workflows.checks.folders import folders
from workflows.coverage import RECORD
from workflows.errors import BadDefinition
from workflows.folder import SHARED

group = RowsGroup("scenario", help="Scenarios of case types.")
SLOWEST = 5
"""Scenarios that the summary names."""
WRONG, FAILED = 1, 2
JOBS = click.option("--jobs", type=click.IntRange(1, 16), default=1, show_default=True, help="Processes that play side by side.")
COVERAGE_HELP = (
    "Say also which elements of the procedures were passed and which arrows taken, and write all of it to this path: one file when its "
    "name ends in .json, else a folder with coverage.json, an HTML page for each case type and an SVG drawing for each process."
)


@group.command("run")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--database-url", help="Play in this empty database instead of a temporary SQLite file.")
@JOBS
@click.option("--coverage", "target", type=click.Path(path_type=Path), metavar="FILE.json|DIR", help=COVERAGE_HELP)
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of what --coverage writes.")
def run(paths: tuple[Path, ...], as_json: bool, database_url: str | None, jobs: int, target: Path | None, lang: str) -> None:
    """Play scenario files (or all of a folder); exit 1 at a difference, 2 when a file is no scenario.

    Coverage counts what came to pass in these scenarios: a step that was opened but never done, or an act that was refused, is not
    covered. The processes that all case types share are summed up over everything that is played.
    """
    begun = time.monotonic()
    played: list[Told] = []
    try:
        for told, of in _played(_files(paths or (Path("bpmn"),)), database_url, jobs):
            played.append(told)
            _, result, seconds = told
            said = {**asdict(result), "seconds": round(seconds, 2)}
            said.pop("passed")
            click.echo(json.dumps(said, ensure_ascii=False) if as_json else _line(result, len(played), of))
    except BadScenario as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    if not as_json:
        click.echo(_summary(played, time.monotonic() - begun))
    if target is not None and played:
        _cover(target, played, lang, quiet=as_json)
    raise SystemExit(0 if all(result.ok for _, result, _ in played) else WRONG)


@group.command("record")
@click.argument("reference", metavar="CASE")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the screen.")
def record(reference: str, output: Path | None) -> None:
    """Write the scenario that plays a case again, with nothing of the persons in it; exit 2 when it cannot be played again."""
    try:
        written = recording.record(db.session(), reference)
    except BadScenario as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    if output is None:
        click.echo(written, nl=False)
    else:
        output.write_text(written, "utf-8")


@group.command("coverage")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@JOBS
def coverage_command(paths: tuple[Path, ...], jobs: int) -> None:
    """Play all scenarios of a case type and write down what they pass, in its scenarios/coverage.json, for `flask check` to compare.

    PATH is the folder of a case type, or of all of them (bpmn/ by default). A folder with a scenario that differs keeps what it had.
    Exit 1 at a difference, 2 when a file is no scenario.
    """
    types = [folder for path in paths or (Path("bpmn"),) for folder in folders(path)]
    played: list[Told] = []
    try:
        for told, of in _played([file for folder in types for file in _own(folder)], None, jobs):
            played.append(told)
            click.echo(_line(told[1], len(played), of))
    except BadScenario as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    wrong = {path.resolve().parent.parent for path, result, _ in played if not result.ok}
    seen = {folder.name: folder for folder in coverage.gather((path, result) for path, result, _ in played)} if played else {}
    for folder in types:
        if folder.name in seen and not seen[folder.name].shared and folder.resolve() not in wrong:
            found = seen[folder.name].record({file.name: file.read_bytes() for file in _own(folder)})
            (folder / RECORD).write_text(found.write(), "utf-8")
            click.echo(f"{folder / RECORD} : écrit.")
    raise SystemExit(WRONG if wrong else 0)


def _played(files: Sequence[Path], database_url: str | None, jobs: int) -> Iterator[tuple[Told, int]]:
    """What came of each scenario, and how many there are. BadScenario.

    The procedures are those of the folder in which the scenarios lie, when that is one of its own with the shared folder in it.
    """
    roots = {path.resolve().parent.parent.parent for path in files}
    known: Config = current_app.config["JATIGI"]
    if len(roots) == 1 and (root := roots.pop()) != known.bpmn and (root / SHARED).is_dir():
        current_app.config["JATIGI"] = replace(known, bpmn=root)
    scenarios = [(path, name, scenario) for path in files for name, scenario in read_all(path).items()]
    with tempfile.TemporaryDirectory() as folder:
        for told in scratch.results(Path(folder), database_url, scenarios, jobs):
            yield told, len(scenarios)


def _cover(target: Path, played: Sequence[Told], lang: str, quiet: bool) -> None:
    try:
        seen = coverage.gather((path, result) for path, result, _ in played)
        pages = coverage_pages.write(target, seen, lang)
    except (OSError, BadDefinition) as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    if not quiet:
        click.echo("\n".join([*coverage.lines(seen, lang), *(f"→ {page}" for page in pages)]))


def _summary(played: Sequence[Told], seconds: float) -> str:
    """How many, how fast, which were slow, which differed."""
    wrong = [result for _, result, _ in played if not result.ok]
    slowest = sorted(played, key=lambda told: -told[2])[:SLOWEST]
    pace = 60 * len(played) / seconds if seconds else 0
    lines = [f"{len(played)} scénarios, {len(wrong)} différents, {seconds:.1f} s ({pace:.0f} par minute)."]
    if len(played) > SLOWEST:
        lines.append("Les plus lents : " + ", ".join(f"{result.name} ({took:.1f} s)" for _, result, took in slowest))
    return "\n".join([*lines, *(f"ÉCART {result.name} : {result.wrong}" for result in wrong)])


def _own(folder: Path) -> list[Path]:
    """The scenarios of a case type; the shared folder has none."""
    return sorted(folder.glob("scenarios/*.yaml"))


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("scenarios/*.yaml")) or sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return found


def _line(result: Result, number: int, of: int) -> str:
    place = f"[{number}/{of}]"
    if result.ok:
        return f"{place} ok    {result.name} ({result.steps} étapes)"
    where = f"étape {result.line}" if result.line else "à la fin"
    return f"{place} ÉCART {result.name}, {where} : {result.wrong}"
