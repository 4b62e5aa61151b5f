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

from app.scenarios import scratch
from app.scenarios.reading import BadScenario, read
from app.scenarios.running import Result

group = AppGroup("scenario", help="Scenarios of case types.")


@group.command("run")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.option("--database-url", help="Play in this empty database instead of a temporary SQLite file.")
def run(paths: tuple[Path, ...], as_json: bool, database_url: str | None) -> None:
    """Play scenario files (or all of a folder); exit 1 at a difference, 2 when a file is no scenario."""
    files = list(_files(paths or (Path("bpmn"),)))
    begun = time.monotonic()
    wrong = 0
    try:
        scenarios = [(path, read(path)) for path in files]
        with tempfile.TemporaryDirectory() as folder, scratch.ministry(Path(folder), database_url) as play:
            for path, scenario in scenarios:
                result = play(path, scenario)
                wrong += not result.ok
                click.echo(json.dumps(asdict(result), ensure_ascii=False) if as_json else _line(result))
    except BadScenario as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    if not as_json:
        click.echo(f"{len(files)} scénarios, {wrong} différents, {time.monotonic() - begun:.1f} s.")
    raise SystemExit(1 if wrong else 0)


def _files(paths: tuple[Path, ...]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.rglob("scenarios/*.yaml")) or sorted(path.glob("*.yaml")) if path.is_dir() else [path]


def _line(result: Result) -> str:
    if result.ok:
        return f"ok    {result.name} ({result.steps} étapes)"
    where = f"étape {result.line}" if result.line else "à la fin"
    return f"ÉCART {result.name}, {where} : {result.wrong}"
