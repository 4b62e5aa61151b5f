"""Facts as people write them by hand, in a file or in a box of a page, made into values of FEEL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .dates import partial_date, read_any
from .errors import FeelError
from .walk import Host

NAME = re.compile(r"[^\W\d][\w .-]*")
MAX_LINES = 200


def typed(value: Any) -> Any:
    """A value of a YAML or JSON file: « @2026-03-14 » is a date (a moment, a duration), « ~1985 » a partial date, the rest is itself.

    FeelError when what follows the sign cannot be read.
    """
    match value:
        case Mapping():
            return {str(name): typed(part) for name, part in value.items()}
        case list():
            return [typed(part) for part in value]
        case float():
            return Decimal(str(value))
        case str() if value.startswith("~"):
            return partial_date(value[1:])
        case str() if value.startswith("@"):
            read = read_any(value[1:])
            if read is None:
                raise FeelError(f"« {value} » n'est ni une date, ni une date-heure, ni une durée")
            return read
    return value


def lines(text: str, host: Host, known: Mapping[str, Any]) -> dict[str, Any]:
    """Facts written one a line, « name = expression »; an expression sees `known` and the lines above it. FeelError with the line."""
    found: dict[str, Any] = {}
    written = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(written) > MAX_LINES:
        raise FeelError(f"plus de {MAX_LINES} lignes de faits")
    for number, line in written:
        name, sign, source = (part.strip() for part in line.partition("="))
        if not sign or not NAME.fullmatch(name) or not source:
            raise FeelError(f"faits, ligne {number} : écrire « nom = valeur », par exemple « montant = 250000 »")
        try:
            found[name] = host.evaluate(source, {**known, **found})
        except FeelError as error:
            raise FeelError(f"faits, ligne {number}, « {name} » : {error}") from None
    return found
