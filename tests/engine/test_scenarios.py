"""The paths of a real procedure, fifteen processes deep, on a model of the engine's own: each pruned after every act, and whole."""

import pytest

from tests.engine import scenarios
from tests.engine.case import Case, read


@pytest.mark.parametrize("path", scenarios.ALL, ids=lambda path: path.__name__)
@pytest.mark.parametrize("prune", [True, False], ids=["pruned", "whole"])
def test_path(path, prune):
    case = Case(read(), prune)
    path(case)
    assert case.last.state
