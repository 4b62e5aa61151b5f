"""Reservations of credit that have lasted long enough; cases that wait for a line which has opened; differences
with the Treasury."""

import logging

from sqlalchemy.exc import DBAPIError

from app.db import advisory
from app.extensions import db
from app.services import clock, gap_tasks, reopened_lines
from app.services.errors import Refusal
from app.services.funding import expiry

log = logging.getLogger(__name__)


def expire_reservations() -> None:
    """Release every reservation that has ended, a transaction a case. One that fails keeps no other from its turn."""
    with advisory.only_one(db.engine, "reservations") as alone:
        if not alone:
            return
        ids = expiry.due_case_ids(db.session(), clock.now())
        db.session.rollback()
        for case_id in ids:
            try:
                expiry.expire(case_id)
            except (DBAPIError, Refusal) as error:
                db.session.rollback()
                log.warning("reservation_not_released", extra={"case": case_id, "reason": str(error)})


def restart_waiting() -> None:
    """Tell every case whose line has opened, a transaction a case. One that fails keeps no other from its turn."""
    with advisory.only_one(db.engine, "lines") as alone:
        if not alone:
            return
        found = reopened_lines.heard(db.session(), clock.now())
        db.session.rollback()
        for one in found:
            try:
                reopened_lines.tell(one)
            except (DBAPIError, Refusal) as error:
                db.session.rollback()
                log.warning("case_not_restarted", extra={"case": one.reference, "reason": str(error)})


def open_gap_tasks() -> None:
    """Every difference with the Treasury that belongs to a case is a task of it."""
    with advisory.only_one(db.engine, "gaps") as alone:
        if alone:
            gap_tasks.open_all()
