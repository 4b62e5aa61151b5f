"""Cases at any step for the tests of what happens at once."""

from tests.app.services.staging import stage, stage_pg, stage_sqlite

__all__ = ["stage", "stage_pg", "stage_sqlite"]
