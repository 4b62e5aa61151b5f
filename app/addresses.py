"""What may stand in an address: numbers that a database can hold, texts without the character nul. All else is nobody's address."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

LARGEST = 2**63 - 1


class Number(IntegerConverter):
    """A row's number: 64 bits."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **{"max": LARGEST} | kwargs)  # type: ignore[arg-type]

    def to_python(self, value: str) -> int:
        if len(value) > len(str(LARGEST)):
            raise ValidationError
        return super().to_python(value)


class Text(UnicodeConverter):
    """A code or reference; PostgreSQL takes no text with nul."""

    def to_python(self, value: str) -> str:
        if "\x00" in value:
            raise ValidationError
        return super().to_python(value)


def init_app(app: Flask) -> None:
    """Before any route is registered."""
    app.url_map.converters.update(int=Number, default=Text, string=Text)
