"""Reads the procedures in use before anybody waits for them: a fork has them then, and so has the first page."""

import gc
import logging

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.services import versions

MOST = 40
"""Versions read beforehand at the most, those of new cases first."""
log = logging.getLogger(__name__)


def warm(app: Flask) -> None:
    """Into the memory of this process. A database that does not answer is logged; they are then read when they are needed."""
    with app.app_context():
        try:
            versions.all_in_use(db.session(), MOST)
            _set_aside()
        except SQLAlchemyError as error:
            log.warning("procedures_not_read", extra={"reason": str(error)})


def _set_aside() -> None:
    """What was read lives as long as the process: the collector no longer goes through it (100 ms for ten procedures, in some act)."""
    if not gc.get_freeze_count():
        gc.collect()
        gc.freeze()
