"""`flask history verify`: proof that no history was altered."""

from __future__ import annotations

import json

import click

from app.cli.rows import RowsGroup
from app.db.cases import Case
from app.extensions import db
from app.services import proof

group = RowsGroup("history", help="Histories of cases.")


@group.command("verify")
@click.option("--case", "reference", help="Only the case with this number.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def verify(reference: str | None, as_json: bool) -> None:
    """Go along every chain; exit 1 and name the entry where one breaks."""
    session = db.session()
    if reference:
        case_id = session.scalar(db.select(Case.id).where(Case.reference == reference))
        if case_id is None:
            raise click.ClickException(f"Dossier inconnu : {reference}")
        verdicts = iter([proof.verify_case(session, case_id)])
    else:
        verdicts = proof.verify_all(session)
    total = broken = 0
    for verdict in verdicts:
        total += 1
        broken += verdict.flaw is not None
        if as_json:
            flaw = verdict.flaw and {"seq": verdict.flaw.seq, "reason": verdict.flaw.reason}
            click.echo(json.dumps({"case": verdict.reference, "chain": verdict.chain_name, "entries": verdict.entries, "flaw": flaw}))
        elif verdict.flaw is not None or reference:
            click.echo(f"{verdict.sentence()} ({verdict.chain_name})")
    if not as_json:
        click.echo(f"{total} chaînes : {total - broken} intactes, {broken} rompues.")
    raise SystemExit(1 if broken else 0)
