"""The application for `flask` and for any web server: `gunicorn 'wsgi:create_app()'`."""

from app.factory import create_app

__all__ = ["create_app"]
