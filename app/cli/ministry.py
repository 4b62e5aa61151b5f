"""`flask ministry begin`: what a real installation begins with, once."""

from __future__ import annotations

from dataclasses import replace

import click
from sqlalchemy import select

from app.cli.rows import RowsGroup
from app.db.posts import Post
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.demo import places
from app.extensions import db
from app.services import admin_users, clock, sentences, versions
from app.services.actor import SYSTEM, Grant
from app.services.errors import Invalid

ROLE = "admin_fonctionnel"
INSTALLER = replace(SYSTEM, grants=(Grant(ROLE),))

group = RowsGroup("ministry", help="A ministry without demonstration data.")


@group.command("begin")
@click.argument("login")
@click.argument("family_name")
@click.argument("given_names", default="")
@click.option("--post", "post", default="DGME", show_default=True, help="Where the administrator works: the code of a post.")
def begin(login: str, family_name: str, given_names: str, post: str) -> None:
    """Load posts, calendars and sheets of countries, and open the account of the first functional administrator.

    The password is shown once. Nothing happens where there is an account already.
    """
    known = db.session.scalar(select(User.id).limit(1)) is not None
    published = bool(versions.all_current(db.session()))
    db.session.rollback()
    if known:
        raise click.ClickException("Il y a déjà des comptes : un administrateur ouvre les suivants (Administration, Utilisateurs).")
    if not published:
        raise click.ClickException("Aucune procédure n’est publiée : démarrez d’abord une fois avec JATIGI_DEMO=0.")
    transaction(_places, clock.now)
    try:
        identity = {"login": login, "family_name": family_name, "given_names": given_names, "post_code": post}
        user = admin_users.create(INSTALLER, identity)
    except Invalid as refusal:
        said = "; ".join(f"{name} : {sentences.say(code)}" for name, code in refusal.errors.items())
        raise click.ClickException(said) from None
    admin_users.grant(INSTALLER, user, {"role": ROLE, "deed": "Installation"})
    click.echo(f"Compte {login}, mot de passe (montré une seule fois) : {admin_users.new_password(INSTALLER, user)}")


def _places(unit: Unit) -> None:
    if unit.session.scalar(select(Post.code).limit(1)) is None:
        places.load(unit.session, unit.now)
