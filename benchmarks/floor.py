"""The floor: the rows that the five-step workload leaves behind, written with Core statements and nothing else.

No engine, no rule, no check, and no read but the two under the lock; the same tables and indexes, in the same transactions
(`begin_write`) on the same database.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import os
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, delete, insert, select, update

from app.db.cases import Case
from app.db.connections import begin_write
from app.db.facts import Fact
from app.db.history import HistoryEntry
from app.db.outbox import RequestKey
from app.db.tasks import Task
from app.db.timers import Timer
from app.extensions import db
from benchmarks import workload

STATE = os.urandom(700)
"""As long as a compressed state of the workload."""
CASE, TASK, FACT, TIMER = Case.__table__, Task.__table__, Fact.__table__, Timer.__table__
HISTORY, KEY = HistoryEntry.__table__, RequestKey.__table__
LOCK = select(CASE.c.id, CASE.c.lock_version, CASE.c.state).where(CASE.c.id == bindparam("i")).with_for_update(key_share=True)
READ = select(*TASK.c).where(TASK.c.id == bindparam("i"))
MOVE = (
    update(CASE)
    .where(CASE.c.id == bindparam("i"), CASE.c.lock_version == bindparam("v"))
    .values(state=bindparam("s"), history_seq=bindparam("n"), history_head=bindparam("h"), lock_version=CASE.c.lock_version + 1)
)
CLOSE = update(TASK).where(TASK.c.id == bindparam("i")).values(closed_at=bindparam("c"), closed_by_id=bindparam("u"), closed_how="done")
STOP = delete(TIMER).where(TIMER.c.case_id == bindparam("i"))


@dataclass
class Rows:
    """What the floor remembers of a case between two acts."""

    case_id: int
    task_id: int
    number: int
    version: int = 1


class Floor:
    """Starts and completes without any software around the rows. `reads`: with the two reads under the lock."""

    def __init__(self, version: str, user_id: int, reads: bool = False) -> None:
        self._version, self._user, self._reads = version, user_id, reads
        self._numbers = itertools.count(1)

    def start(self) -> Rows:
        """A case with its first task."""
        number = next(self._numbers)
        session, now = db.session(), dt.datetime.now(dt.UTC)
        begin_write(session)
        case_id = session.execute(insert(CASE).values(self._case(number, now))).inserted_primary_key[0]
        session.execute(insert(KEY), self._key(f"floor-{self._reads}-{number}", now))
        session.execute(insert(FACT), [self._fact(case_id, f"fait_{n}", n) for n in range(12)])
        task_id = session.execute(insert(TASK).values(self._task(case_id, 0, now))).inserted_primary_key[0]
        session.execute(insert(HISTORY), self._entry(case_id, 1, {}, now))
        session.commit()
        return Rows(case_id, task_id, number)

    def complete(self, rows: Rows, step: int) -> None:
        """One act: the case moves on by one step."""
        answers = workload.answers(workload.STEPS[step], rows.number)
        session, now = db.session(), dt.datetime.now(dt.UTC)
        begin_write(session)
        if self._reads:
            session.execute(LOCK, {"i": rows.case_id}).one()
            session.execute(READ, {"i": rows.task_id}).one()
        session.execute(insert(KEY), self._key(f"floor-{self._reads}-{rows.number}-{step}", now))
        session.execute(insert(FACT), [self._fact(rows.case_id, name, value) for name, value in answers.items()])
        session.execute(CLOSE, {"i": rows.task_id, "c": now, "u": self._user})
        session.execute(insert(HISTORY), self._entry(rows.case_id, step + 2, answers, now))
        session.execute(MOVE, {"i": rows.case_id, "v": rows.version, "s": STATE, "n": step + 2, "h": "0" * 64})
        if step + 1 < len(workload.STEPS):
            rows.task_id = session.execute(insert(TASK).values(self._task(rows.case_id, step + 1, now))).inserted_primary_key[0]
        if step == 0:
            timer = {"case_id": rows.case_id, "key": f"t{rows.number}", "element": "trente_jours", "title": "30 jours"}
            session.execute(insert(TIMER), {**timer, "due_at": now + dt.timedelta(days=30)})
        if step == 1:
            session.execute(STOP, {"i": rows.case_id})
        session.commit()
        rows.version += 1

    def _case(self, number: int, now: dt.datetime) -> dict[str, Any]:
        return {
            **{"reference": f"FLOOR-{self._reads}-{number}", "case_type": workload.CODE, "version_hash": self._version, "state": STATE},
            **{"status": "soumis", "post_code": "ABJ", "country": "CI", "opened_at": now, "opened_by_id": self._user},
        }

    def _task(self, case_id: int, step: int, now: dt.datetime) -> dict[str, Any]:
        name = workload.STEPS[step]
        return {
            **{"case_id": case_id, "engine_id": f"{case_id}-{step}", "kind": "step", "step": name, "title": name, "process": "five"},
            **{"scope": "", "chain": [["", "five"]], "lane": workload.LANE, "role": workload.ROLE, "post_code": "ABJ", "item": {}},
            **{"case_type": workload.CODE, "country": "CI", "priority": "P3", "sent_by_id": self._user, "assignee_id": self._user},
            **{"opened_at": now, "claimed_at": now, "due_at": now + dt.timedelta(days=2), "due_rule": workload.DEADLINE},
            **{"calendar_code": "ABJ", "stage": 0, "stage_at": now + dt.timedelta(days=1)},
        }

    def _fact(self, case_id: int, name: str, value: Any) -> dict[str, Any]:
        return {"case_id": case_id, "scope": "", "name": name, "value": orjson.dumps(value).decode(), "entry_seq": 1}

    def _key(self, key: str, now: dt.datetime) -> dict[str, Any]:
        answer = {"case_id": 1, "reference": "FLOOR", "task_id": 1, "step": "x", "next_task_id": 2, "closed_case": False}
        return {"actor": "floor", "key": key, "body_hash": "0" * 64, "answer": answer, "made_at": now}

    def _entry(self, case_id: int, seq: int, values: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
        digests = {name: hashlib.sha256(repr(value).encode()).hexdigest() for name, value in values.items()}
        entry = orjson.dumps({"seq": seq, "kind": "task.completed", "sealed": digests, "at": now.isoformat()}).decode()
        personal = {name: ["0" * 32, [None, value]] for name, value in values.items()}
        return {
            **{"case_id": case_id, "seq": seq, "at": now, "kind": "task.completed", "element": "x", "actor_id": self._user},
            **{"entry": entry, "personal": personal},
        }
