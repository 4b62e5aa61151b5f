"""`flask projections check|rebuild`: task and timer rows against the engine's state."""

from __future__ import annotations

import click

from app.cli.rows import RowsGroup
from app.extensions import db
from app.services import projection_check

group = RowsGroup("projections", help="Rows computed from the state of cases.")


@group.command("check")
def check() -> None:
    """Compare all open cases; exit 1 when a row differs."""
    count = 0
    for difference in projection_check.check():
        click.echo(str(difference))
        count += 1
    click.echo("Égales." if not count else f"{count} différences.")
    raise SystemExit(1 if count else 0)


@group.command("rebuild")
@click.argument("case_ids", nargs=-1, type=int)
def rebuild(case_ids: tuple[int, ...]) -> None:
    """Write the rows of open cases again (all of them, or those given by number)."""
    wanted = case_ids or tuple(projection_check.open_cases(db.session()))
    db.session.rollback()
    changed = sum(projection_check.rebuild(case_id) for case_id in wanted)
    click.echo(f"{len(wanted)} dossiers revus, {changed} lignes différentes.")
