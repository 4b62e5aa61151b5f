"""What falls due in the next minutes is told to the queue, so that it wakes a worker in time."""

import datetime as dt
import itertools
from collections.abc import Iterator

from app import queue
from app.extensions import db
from app.jobs.deadlines import CASES_A_JOB, CASES_A_SWEEP, FIRE
from app.services import clock, deadlines

SECOND = dt.timedelta(seconds=1)


class Announcer:
    """Remembers up to when the queue was told. An act that makes something fall due before that tells the queue itself; what the queue
    loses meanwhile is found by the sweep."""

    def __init__(self) -> None:
        self._told_until: dt.datetime | None = None

    def announce(self) -> None:
        """Tell the queue what falls due up to its horizon, once. A queue that does not answer is told again the next time."""
        now = clock.now()
        begin, end = max(now, self._told_until or now), now + queue.HORIZON
        coming = deadlines.coming(db.session(), begin, end, CASES_A_SWEEP)
        db.session.rollback()
        if len(coming) == CASES_A_SWEEP:
            end = max(begin, coming[-1][0] - SECOND)
        if all(queue.enqueue_at(moment, FIRE, ids, queue=queue.DEADLINES) for moment, ids in _jobs(coming)):
            self._told_until = end


def _jobs(coming: list[tuple[dt.datetime, int]]) -> Iterator[tuple[dt.datetime, list[int]]]:
    """Handfuls of cases in which something falls due within the same second, and the last of these moments."""
    for _, same_second in itertools.groupby(coming, key=lambda one: one[0].replace(microsecond=0)):
        together = list(same_second)
        for start in range(0, len(together), CASES_A_JOB):
            handful = together[start : start + CASES_A_JOB]
            yield handful[-1][0], [case_id for _, case_id in handful]
