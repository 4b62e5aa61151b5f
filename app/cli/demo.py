"""`flask demo load`: the demonstration data, once."""

from __future__ import annotations

import click
from flask import current_app

from app.cli.rows import RowsGroup
from app.demo import loading

group = RowsGroup("demo", help="Demonstration data.")


@group.command("load")
def load() -> None:
    """Load posts, users, registers, budget and cases into an empty database; nothing when there are users."""
    config = current_app.config["JATIGI"]
    for line in loading.load(config.bpmn, config.documents):
        click.echo(line)


@group.command("accounts")
def accounts() -> None:
    """One account a role, and the password they share."""
    for line in loading.accounts():
        click.echo(line)
