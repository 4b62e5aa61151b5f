"""The pages: one blueprint per family of screens, and what they share."""

from flask import Flask

from app.web import (
    access,
    audit,
    authors,
    budget,
    bulk,
    cases,
    credits,
    decisions,
    documents,
    errors,
    events,
    exports,
    filters,
    headers,
    health,
    history,
    history_document,
    imprests,
    inbox,
    inbox_filters,
    intake,
    language,
    names,
    operations,
    pages,
    partners,
    people,
    reader,
    refusals,
    reservations,
    search,
    sign_in,
    statements,
    tasks,
    treasury,
    undo,
    year_end,
)
from app.web.admin import blueprint as admin
from app.web.admin import calendars, overview, state, users

FAMILIES = (
    sign_in.blueprint,
    inbox.blueprint,
    inbox_filters.blueprint,
    decisions.blueprint,
    bulk.blueprint,
    undo.blueprint,
    exports.blueprint,
    tasks.blueprint,
    intake.blueprint,
    events.blueprint,
    history.blueprint,
    history_document.blueprint,
    audit.blueprint,
    documents.blueprint,
    cases.blueprint,
    operations.blueprint,
    reservations.blueprint,
    people.blueprint,
    budget.blueprint,
    credits.blueprint,
    treasury.blueprint,
    imprests.blueprint,
    statements.blueprint,
    year_end.blueprint,
    partners.blueprint,
    search.blueprint,
    authors.blueprint,
    admin,
)
ADMIN_ROUTES = (overview, users, calendars, state)
"""Imported so that their routes are on the blueprint of the administration."""


def init_app(app: Flask) -> None:
    """Bind the pages to the application."""
    health.init_app(app)
    app.before_request(access.refuse_unmarked)
    reader.init_app(app)
    language.init_app(app)
    filters.init_app(app)
    names.init_app(app)
    errors.init_app(app)
    refusals.init_app(app)
    headers.init_app(app)
    pages.init_app(app)
    undo.init_app(app)
    for blueprint in FAMILIES:
        app.register_blueprint(blueprint)
