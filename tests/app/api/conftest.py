"""A case and programs that call about it."""

import pytest

from tests.app.api.calls import Caller
from tests.app.services.staging import StagedCase, stage, stage_pg, stage_sqlite

__all__ = ["stage", "stage_pg", "stage_sqlite"]


@pytest.fixture
def case(stage_sqlite) -> StagedCase:
    """A death in Libreville; the State's money is about to be decided upon."""
    return stage_sqlite("decider_financement")


@pytest.fixture
def officer(case: StagedCase) -> Caller:
    """The consular officer of the post, who opened the case."""
    return Caller(case, "U-14")


@pytest.fixture
def approver(case: StagedCase) -> Caller:
    """The delegate general, whose decision is awaited."""
    return Caller(case, "U-39")
