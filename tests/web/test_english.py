"""The pages are complete in English."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.config import ROOT
from app.web import language

KEYWORDS = {"_": None, "say": None, "mark": None, "n_": (1, 2), "say_many": (1, 2)}
PLACES = {ROOT / "app" / "web": [("**.py", "python")], ROOT / "templates": [("**.html", "jinja2")]}
NAMES = re.compile(r"%\((\w+)\)")


def messages() -> set:
    """Every message of the sources."""
    found = set()
    for folder, methods in PLACES.items():
        for _file, _line, message, _comments, _context in extract_from_dir(str(folder), methods, keywords=KEYWORDS):
            found.add(message)
    return found


@pytest.fixture(scope="module")
def catalogue() -> dict:
    path = Path(language.__file__).parent.parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as source:
        return {message.id: message for message in read_po(source, locale="en") if message.id}


def test_every_message_has_its_english(catalogue):
    missing = sorted(str(one) for one in messages() if one not in catalogue or not all(_texts(catalogue[one].string)))
    assert missing == []


def test_the_catalogue_holds_nothing_that_no_page_says(catalogue):
    assert sorted(str(one) for one in catalogue.keys() - messages()) == []


def test_translations_name_the_same_values(catalogue):
    wrong = []
    for key, message in catalogue.items():
        wanted = set(NAMES.findall(_texts(key)[-1]))
        if any(set(NAMES.findall(text)) - wanted for text in _texts(message.string)):
            wrong.append(key)
    assert wrong == []


def _texts(value) -> tuple:
    return (value,) if isinstance(value, str) else tuple(value)
