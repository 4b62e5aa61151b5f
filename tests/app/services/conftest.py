"""Cases at any step for the tests of the services."""

from tests.app.services.staging import stage, stage_pg, stage_sqlite

__all__ = ["stage", "stage_pg", "stage_sqlite"]
