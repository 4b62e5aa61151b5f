"""Operations and their children: what was told is carried on, what was gathered is looked at, lists are written."""

import logging

from app import queue
from app.db import advisory
from app.extensions import db
from app.services import versions
from app.services.operations import importing, looking, spreading, waiting

log = logging.getLogger(__name__)


def look(case_id: int) -> None:
    """Whether what an operation waits for has come true."""
    looking.look(case_id)


def spread(case_id: int) -> None:
    """What an operation says reaches its children."""
    spreading.spread(case_id)


def write_list(list_id: int) -> None:
    """Rows of a list become children, until it is done or the job's time is over; then another job goes on."""
    if not importing.write(list_id):
        queue.enqueue(importing.WRITE, list_id)


def sweep() -> None:
    """Everything that no job brought: with or without a queue, it happens within a round."""
    with advisory.only_one(db.engine, "operations") as alone:
        if not alone:
            return
        for list_id in importing.running(db.session()):
            db.session.rollback()
            importing.write(list_id)
        for parent_id in spreading.waiting(db.session()):
            db.session.rollback()
            spreading.spread(parent_id)
        kinds = [code for code, one in versions.all_current(db.session()).items() if one.operation is not None]
        for case_id in waiting.gathering(db.session(), kinds):
            db.session.rollback()
            looking.look(case_id)
        db.session.rollback()
