"""`flask case-type schemas`: what editors complete and verify sheets and scenarios with."""

from __future__ import annotations

from pathlib import Path

import click

from app.schemas import written
from workflows.folder import SCHEMAS


@click.command("schemas")
@click.option("--in", "root", type=click.Path(path_type=Path), default=Path("bpmn"), show_default=True, help="Where case types lie.")
def schemas_command(root: Path) -> None:
    """Write the JSON Schemas with which an editor completes and verifies sheets and scenarios, into the folder _schemas.

    Ends with 2 when they cannot be written.
    """
    try:
        (root / SCHEMAS).mkdir(exist_ok=True)
        for name, text in written().items():
            (root / SCHEMAS / name).write_text(text, "utf-8")
            click.echo(root / SCHEMAS / name)
    except OSError as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
