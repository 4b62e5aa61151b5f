"""The ministry of the tests of pages, for the pages of authors too."""

from tests.web.conftest import world

__all__ = ["world"]
