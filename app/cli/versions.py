"""`flask case-types deploy`: makes the folders of the installation the versions by which new cases are opened."""

from __future__ import annotations

import click
from flask import current_app

from app.cli.rows import RowsGroup
from app.db.transaction import transaction
from app.services import clock, versions

group = RowsGroup("case-types", help="Types of cases and their versions.")


@group.command("deploy")
def deploy() -> None:
    """Store and publish every folder whose content changed. Cases that run keep the version they are pinned to."""
    root = current_app.config["JATIGI"].bpmn
    changed = transaction(lambda unit: versions.deploy_folder(unit.session, root, unit.now), clock.now)
    click.echo(f"Publiés : {', '.join(changed)}." if changed else "Rien à publier.")
