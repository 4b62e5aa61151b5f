"""`flask api-tokens issue|revoke`: tokens of the JSON interface."""

from __future__ import annotations

import click

from app.cli.rows import RowsGroup
from app.db.transaction import transaction
from app.services import api_tokens, clock
from app.services.errors import NotFound

group = RowsGroup("api-tokens", help="Tokens of the JSON interface, one or more a user.")


@group.command("issue")
@click.argument("login")
@click.option("--label", default="", help="What it is for.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650))
def issue(login: str, label: str, days: int) -> None:
    """Print a new token of a user: it is shown only once."""
    try:
        click.echo(transaction(lambda unit: api_tokens.issue(unit, login, label, days), clock.now))
    except NotFound:
        raise click.ClickException(f"Compte inconnu ou fermé : {login}") from None


@group.command("revoke")
@click.argument("login")
def revoke(login: str) -> None:
    """End all tokens of a user."""
    click.echo(f"{transaction(lambda unit: api_tokens.revoke(unit, login), clock.now)} jetons révoqués.")
