"""Who reads the page: the actor of the services, as Flask-Login wants to see it, loaded from the row of the sign-in."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, g
from flask_login import AnonymousUserMixin, UserMixin, current_user

from app.extensions import db, login_manager
from app.services import clock, sign_ins
from app.services.actor import Actor
from app.web import names
from app.web.language import chosen
from app.web.texts import initials


class Reader(UserMixin):
    """A signed-in person. Its Flask-Login id is the sign-in, so that a revoked one opens nothing."""

    def __init__(self, actor: Actor, sign_in: str) -> None:
        self.actor = actor
        self.id = sign_in

    @property
    def name(self) -> str:
        return self.actor.name

    @property
    def initials(self) -> str:
        return initials(self.actor.name).replace(".", "").replace(" ", "")[:2]

    def standing(self) -> str:
        """Roles and post in one line: « agent consulaire, Abidjan »."""
        roles = dict.fromkeys(names.role_name(grant.role) for grant in self.actor.grants if grant.behind is None)
        return ", ".join([*roles, names.post_name(self.actor.post)])

    @property
    def language(self) -> str:
        return self.actor.language

    @property
    def zone(self) -> str:
        return self.actor.zone

    @property
    def role_names(self) -> frozenset[str]:
        return self.actor.roles


class Nobody(AnonymousUserMixin):
    """A visitor: no role, no language of their own."""

    name = ""
    language = None
    zone = None
    role_names: frozenset[str] = frozenset()


def me() -> Actor:
    """The actor of this request, who reads the language of this page; only on routes that ask for a sign-in."""
    if "actor" not in g:
        g.actor = replace(current_user.actor, language=chosen())
    return g.actor


def _load(sign_in: str) -> Reader | None:
    actor = sign_ins.actor_of(db.session(), sign_in, clock.now())
    return Reader(actor, sign_in) if actor else None


def init_app(app: Flask) -> None:
    """Bind Flask-Login; « strong » protection stays off, it signs out whoever changes address."""
    login_manager.anonymous_user = Nobody
    login_manager.session_protection = None
    login_manager.login_view = "sign_in.show"
    login_manager.login_message = None
    login_manager.user_loader(_load)
    login_manager.init_app(app)
