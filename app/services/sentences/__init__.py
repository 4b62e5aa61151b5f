"""The sentences of refusals and of the system's own acts, French and English, by code: a module a theme, texts and nothing else."""

from __future__ import annotations

from typing import Any

from app.services.sentences import acts, administration, cases, money, operations, people

SENTENCES: dict[str, tuple[str, str]] = {
    **acts.SENTENCES,
    **administration.SENTENCES,
    **cases.SENTENCES,
    **money.SENTENCES,
    **operations.SENTENCES,
    **people.SENTENCES,
}


def say(code: str, language: str = "fr", **params: Any) -> str:
    """The sentence of a code. A code without a sentence is a mistake: KeyError."""
    french, english = SENTENCES[code]
    return (english if language == "en" else french).format(**params)


def grouped(amount: int) -> str:
    """An amount with its thousands apart, for a sentence."""
    return f"{amount:,}".replace(",", "\u202f")
