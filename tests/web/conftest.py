"""One ministry for all tests of the pages in a process: they read it, or change what no other test looks at."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from app.extensions import limiter
from tests.web.given import HEADER
from tests.web.world import World, begun

BEFORE_DECISION = "donner_avis"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The ministry, with one case whose funding waits for an opinion."""
    ministry = begun(tmp_path_factory.mktemp("ministry"), BEFORE_DECISION)
    limiter.enabled = False
    yield ministry
    limiter.enabled = True


_numbers = itertools.count(1)


@pytest.fixture
def officer(world):
    return world.client(world.holder("agent_consulaire", "LBV"))


@pytest.fixture
def task(world, officer):
    """The first task of a case that the officer has just opened."""
    answer = officer.post("/dossiers/nouveau/COR", data=HEADER | {"cle": f"ouverture-{next(_numbers):08}"})
    assert answer.status_code == 303, re.findall(r'class="error[^>]*>.*?</p>', answer.get_data(True))
    return int(answer.headers["Location"].rsplit("/", 1)[1])
