"""How a letter writes what it is told: days, moments, sums, what stands for a code; in the language of its template."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from babel.dates import format_date
from jinja2 import ChainableUndefined, Template, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workflows.catalog import CaseType
from workflows.translations import ENGLISH, FRENCH

GAP = "………"
"""Stands in a draft for what is not known yet."""
GROUPED_FROM = 10_000
"""Smaller figures are years and counts too."""
KEPT = 512
LOCALES = {FRENCH: "fr", ENGLISH: "en_GB"}
MOMENTS = {FRENCH: "{day} à {time:%H h %M} (heure de Bamako)", ENGLISH: "{day} at {time:%H:%M} (Bamako time)"}
"""Languages in which days are written; a letter in another writes them as numbers."""
NAMES = "_names"
Names = Callable[[Any, str], str]
"""(code, fact) -> its name."""


class Gap(str):
    """A text that is written and yet counts as nothing in a condition."""

    def __bool__(self) -> bool:
        return False


class _Unknown(ChainableUndefined):
    """A name that nothing knows, where the gap is to be seen."""

    def __str__(self) -> str:
        return GAP


def day(value: dt.date, language: str) -> str:
    """A day as one writes it in a language."""
    locale = LOCALES.get(language)
    return format_date(value, "d MMMM y", locale=locale) if locale else f"{value:%d/%m/%Y}"


def names_of(case_type: CaseType, language: str) -> Names:
    """How codes are called: choices of a fact, kinds of documents; else the code itself, without its underscores."""

    def name(code: Any, fact: str = "") -> str:
        spec = case_type.kinds.get(fact)
        chosen = next((one for one in spec.options if one.value == str(code)), None) if spec else None
        if chosen is not None and spec is not None:
            return case_type.text(chosen.label, language, spec.context)
        known = case_type.documents.get(str(code), {})
        return known.get(language) or known.get(FRENCH) or str(code).replace("_", " ")

    return name


@lru_cache(KEPT)
def template(text: str, language: str, gap: bool) -> Template:
    """A letter as Jinja compiles it: that costs more than all the rest of the act."""
    return _environment(language, gap).from_string(text)


@lru_cache
def _environment(language: str, gap: bool) -> ImmutableSandboxedEnvironment:
    found = ImmutableSandboxedEnvironment(
        undefined=_Unknown if gap else ChainableUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=partial(_in_words, language=language),
    )
    found.filters["label"] = _label
    return found


@pass_context
def _label(context: Context, code: Any, fact: str = "") -> Any:
    if isinstance(code, (ChainableUndefined, Gap)) or not code:
        return code
    names: Names = context[NAMES]
    return names(code, fact)


def _in_words(value: Any, language: str) -> Any:
    """A day as one writes it, a moment by the clock of Bamako, a sum by thousands; everything else as it is."""
    if isinstance(value, dt.datetime):
        moment = value.astimezone(dt.UTC) if value.tzinfo else value
        return MOMENTS.get(language, MOMENTS[FRENCH]).format(day=day(moment.date(), language), time=moment)
    if isinstance(value, dt.date):
        return day(value, language)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= GROUPED_FROM:
        return f"{value:,}".replace(",", "\u202f")
    return value
