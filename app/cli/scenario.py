"""`flask scenario run`: plays scenario files through the real services in a scratch database."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from app.extensions import db
from app.scenarios import recording, scratch
from app.scenarios.reading import BadScenario, read_all
from app.scenarios.running import Result

group = AppGroup("scenario", help="Scenarios of case types.")
SLOWEST = 5
"""Scenarios that the summary names."""


@group.command("run")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--database-url", help="Play in this empty database instead of a temporary SQLite file.")
@click.option("--jobs", type=click.IntRange(1, 16), default=1, show_default=True, help="Processes that play side by side.")
def run(paths: tuple[Path, ...], as_json: bool, database_url: str | None, jobs: int) -> None:
    """Play scenario files (or all of a folder); exit 1 at a difference, 2 when a file is no scenario."""
    begun = time.monotonic()
    played = []
    try:
        scenarios = [(path, name, scenario) for path in _files(paths or (Path("bpmn"),)) for name, scenario in read_all(path).items()]
        with tempfile.TemporaryDirectory() as folder:
            for result, seconds in scratch.results(Path(folder), database_url, scenarios, jobs):
                played.append((result, seconds))
                said = {**asdict(result), "seconds": round(seconds, 2)}
                click.echo(json.dumps(said, ensure_ascii=False) if as_json else _line(result, len(played), len(scenarios)))
    except BadScenario as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    if not as_json:
        click.echo(_summary(played, time.monotonic() - begun))
    raise SystemExit(0 if all(result.ok for result, _ in played) else 1)


@group.command("record")
@click.argument("reference", metavar="CASE")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead of the screen.")
def record(reference: str, output: Path | None) -> None:
    """Write the scenario that plays a case again, with nothing of the persons in it; exit 2 when it cannot be played again."""
    try:
        written = recording.record(db.session(), reference)
    except BadScenario as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    if output is None:
        click.echo(written, nl=False)
    else:
        output.write_text(written, "utf-8")


def _summary(played: list[tuple[Result, float]], seconds: float) -> str:
    """How many, how fast, which were slow, which differed."""
    wrong = [result for result, _ in played if not result.ok]
    slowest = sorted(played, key=lambda one: -one[1])[:SLOWEST]
    pace = 60 * len(played) / seconds if seconds else 0
    lines = [f"{len(played)} scénarios, {len(wrong)} différents, {seconds:.1f} s ({pace:.0f} par minute)."]
    if len(played) > SLOWEST:
        lines.append("Les plus lents : " + ", ".join(f"{result.name} ({took:.1f} s)" for result, took in slowest))
    return "\n".join([*lines, *(f"ÉCART {result.name} : {result.wrong}" for result in wrong)])


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("scenarios/*.yaml")) or sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _line(result: Result, number: int, of: int) -> str:
    place = f"[{number}/{of}]"
    if result.ok:
        return f"{place} ok    {result.name} ({result.steps} étapes)"
    where = f"étape {result.line}" if result.line else "à la fin"
    return f"{place} ÉCART {result.name}, {where} : {result.wrong}"
