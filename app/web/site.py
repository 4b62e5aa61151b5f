"""The pages: one blueprint per family of screens, and what they share."""

from flask import Flask

from app.web import access, errors, filters, headers, health, language, names, pages, reader, sign_in


def init_app(app: Flask) -> None:
    """Bind the pages to the application."""
    health.init_app(app)
    app.before_request(access.refuse_unmarked)
    reader.init_app(app)
    language.init_app(app)
    filters.init_app(app)
    names.init_app(app)
    errors.init_app(app)
    headers.init_app(app)
    pages.init_app(app)
    app.register_blueprint(sign_in.blueprint)
