"""The page for those who write expressions tells the truth."""

import re
from pathlib import Path

import pytest

from workflows.feel import Host
from workflows.feel.functions import BUILTINS
from workflows.feel.values import equal
from workflows.feel_calendar import functions

from ..calendar_places import ABIDJAN
from .samples import CASE, HOST

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", PAGE, re.MULTILINE)
PLACE = functions(ABIDJAN)


def test_there_are_examples():
    assert len(EXAMPLES) > 10


@pytest.mark.parametrize(("source", "value"), EXAMPLES)
def test_an_example_gives_what_the_page_says(source, value):
    host = Host(PLACE, now=HOST.now)
    assert equal(host.evaluate(source, CASE), host.evaluate(value, {})) is True


@pytest.mark.parametrize("name", [*BUILTINS, *PLACE])
def test_every_function_is_named(name):
    assert re.search(rf"`{re.escape(name)}[`(]", PAGE)
