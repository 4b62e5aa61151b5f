"""Amounts as people type them."""

from __future__ import annotations


def typed_amount(typed: str) -> int | None:
    """Whole francs from « 1 250 000 »; None for what is no amount."""
    digits = "".join(letter for letter in typed if not letter.isspace())
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None
