"""`flask bpmn`: what process authors need beside the Modeler. Needs no database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from workflows.layout import LayoutError, is_sealed, layout
from workflows.xmlfile import UnreadableXml

OK, STALE, FAILED = 0, 1, 2


@click.group()
def bpmn() -> None:
    """Diagrams of the procedures."""


@bpmn.command("layout")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Change nothing; end with 1 when a diagram is not up to date.")
@click.option("--again", is_flag=True, help="Draw also the files that are up to date.")
def layout_command(paths: Sequence[Path], only_check: bool, again: bool) -> None:
    """Draw the diagrams of BPMN files: PATH is a file or a folder (bpmn/ by default).

    Ends with 0, with 1 when --check found a diagram out of date, with 2 when a file could not be read or drawn.
    """
    result = OK
    for path in files(paths or (Path("bpmn"),)):
        try:
            result = max(result, one(path, only_check, again))
        except (OSError, UnreadableXml, LayoutError) as error:
            click.echo(f"{path} : ce fichier ne peut pas être dessiné ({error}).", err=True)
            result = FAILED
    raise SystemExit(result)


def files(paths: Sequence[Path]) -> Iterator[Path]:
    """The BPMN files under the paths, each once."""
    seen = set()
    for path in paths:
        for file in sorted(path.rglob("*.bpmn")) if path.is_dir() else [path]:
            if file not in seen:
                seen.add(file)
                yield file


def one(path: Path, only_check: bool, again: bool) -> int:
    before = path.read_bytes()
    if is_sealed(before) and not again:
        return OK
    if only_check:
        click.echo(f"{path} : le diagramme n'est pas à jour ; lancer « flask bpmn layout {path} ».")
        return STALE
    drawn = layout(before)
    if drawn != before:
        path.write_bytes(drawn)
        click.echo(f"{path} : dessiné.")
    return OK
