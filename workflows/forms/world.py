"""Countries and currencies by their ISO codes, from the CLDR tables of Babel."""

from __future__ import annotations

import functools
import unicodedata

from babel import Locale

NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "QO", "ZZ"})


@functools.cache
def countries(lang: str) -> dict[str, str]:
    """{ISO code: name} in the reader's language, by name."""
    names = Locale.parse(lang).territories
    known = {code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in NOT_COUNTRIES}
    return dict(sorted(known.items(), key=lambda item: fold(item[1])))


@functools.cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes."""
    return frozenset(Locale.parse("en").currencies)


def fold(text: str) -> str:
    """Text for sorting and forgiving comparison: without case and accents."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in plain if not unicodedata.combining(ch)).casefold().replace("’", "'").strip()


@functools.cache
def country_names() -> dict[str, str]:
    """{folded French or English name: code}."""
    return {fold(name): code for lang in ("en", "fr") for code, name in countries(lang).items()}


def country_code(text: str) -> str | None:
    """The code of a country written as its code or its name; None when there is none."""
    code = text.upper()
    return code if code in countries("fr") else country_names().get(fold(text))
