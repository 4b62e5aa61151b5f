"""Letters and histories on paper: accessible PDF (PDF/UA), in a font that has ɛ, ɔ, ŋ and ɲ."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import orjson
import typst

from app.config import ROOT
from app.services import letter_words
from workflows.translations import FRENCH

LAYOUTS = ROOT / "templates" / "letters"
WRAPPED = 100
"""A longer line that another one follows was only wrapped in its file; the break after a shorter one is meant."""


@dataclass(frozen=True)
class Letter:
    """What stands on a letter. `number` None: it has not left, and says so."""

    subject: str
    body: str
    addressee: Sequence[str]
    number: str | None
    place: str
    day: dt.date
    reference: str
    signatory: str
    office: str = ""
    letterhead: Mapping[str, str] = field(default_factory=dict)
    language: str = FRENCH


def pdf(letter: Letter) -> bytes:
    """The letter as a PDF with its letterhead. ValueError when it cannot be set."""
    head = letter.letterhead
    data = {
        **{name: head.get(name, "") for name in ("state", "motto", "ministry", "service")},
        "office": letter.office,
        "language": letter.language,
        "subject": _curved(letter.subject or letter.reference or "Lettre"),
        "blocks": blocks(_curved(letter.body)),
        "addressee": [line for line in letter.addressee if line],
        "number": letter.number,
        "place": letter.place,
        "date": _day(letter.day, letter.language),
        "reference": letter.reference,
        "signatory": letter.signatory,
    }
    return set_pdf("letter", data)


def set_pdf(layout: str, data: Mapping[str, Any]) -> bytes:
    """A PDF of a layout of ours, with what it is given as `data`. ValueError when it cannot be set."""
    given = {"data": orjson.dumps(data).decode()}
    try:
        try:
            made = typst.compile(_layout(layout), sys_inputs=given, ignore_system_fonts=True, pdf_standards=["ua-1"])
        except RuntimeError:
            # PDF/UA refuses a sign that its font does not have: then the fonts of the machine, and a document that leaves all the same.
            made = typst.compile(_layout(layout), sys_inputs=given)
    except RuntimeError as error:
        raise ValueError(f"« {layout} » cannot be set: {error}") from None
    assert isinstance(made, bytes)
    return made


def _day(day: dt.date, language: str) -> str:
    written = letter_words.day(day, language)
    return f"1er{written[1:]}" if language == FRENCH and day.day == 1 else written


def _curved(text: str) -> str:
    return re.sub(r"(?<=\w)'(?=\w)", "’", text)


@lru_cache
def _layout(name: str) -> bytes:
    return (LAYOUTS / f"{name}.typ").read_bytes()


def blocks(body: str) -> list[dict[str, Any]]:
    """Paragraphs, lists (« - ») and headings (« # ») of a letter as its template writes them."""
    found: list[dict[str, Any]] = []
    for part in re.split(r"\n\s*\n", body.strip()):
        kind, wrapped = "", False
        for line in (one.strip() for one in part.splitlines() if one.strip()):
            last, kind = kind, _kind(line)
            text = re.sub(r"^(-|#+)\s+", "", line)
            if last == "" or (kind != last and not (wrapped and kind == "text")):
                found.append({"kind": kind, "lines": [text]})
            elif kind == "text" and wrapped:
                kind = last
                found[-1]["lines"][-1] += f" {text}"
            else:
                found[-1]["lines"].append(text)
            wrapped = len(line) > WRAPPED
    return _joined(found)


def _kind(line: str) -> str:
    return "list" if line.startswith("- ") else "heading" if re.match(r"#+\s", line) else "text"


def _joined(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A list whose items a template parts by blank lines is one list."""
    joined: list[dict[str, Any]] = []
    for block in found:
        if joined and block["kind"] == joined[-1]["kind"] == "list":
            joined[-1]["lines"] += block["lines"]
        else:
            joined.append(block)
    return joined
