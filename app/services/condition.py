"""How the installation is doing, in numbers."""

from collections.abc import Callable

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from app.db.cases import Incident
from app.db.outbox import Notification
from app.db.tasks import Task
from app.db.timers import Timer
from app.services import clock


def ping(session: Session) -> None:
    """Raises SQLAlchemyError when the database does not answer."""
    session.execute(text("SELECT 1"))


def figures(session: Session) -> dict[str, tuple[str, float]]:
    """Name -> (what it is, value), read now, in one statement."""
    now = clock.now()
    open_tasks = select(func.count()).select_from(Task).where(Task.closed_at.is_(None)).scalar_subquery()
    overdue = select(func.count()).select_from(Timer).where(Timer.due_at <= now).scalar_subquery()
    oldest = select(func.min(Timer.due_at)).where(Timer.due_at <= now).scalar_subquery()
    unsent = select(func.count()).select_from(Notification).where(Notification.sent_at.is_(None)).scalar_subquery()
    incidents = select(func.count()).select_from(Incident).where(Incident.resolved_at.is_(None)).scalar_subquery()
    row = session.execute(select(open_tasks, overdue, oldest, unsent, incidents)).one()
    late = (now - row[2]).total_seconds() if row[2] else 0.0
    return {
        "jatigi_open_tasks": ("Tasks that wait for somebody", row[0]),
        "jatigi_timers_overdue": ("Timers that should have fired", row[1]),
        "jatigi_timers_late_seconds": ("How late the oldest of them is", late),
        "jatigi_messages_unsent": ("Messages of the outbox that have not left", row[3]),
        "jatigi_incidents_open": ("Acts that failed and wait for repair", row[4]),
    }


def metrics(session: Session, waiting: Callable[[], int | None]) -> str:
    """The same in the format of Prometheus, with the number of jobs that `waiting` tells (-1: the store does not answer)."""
    known = figures(session)
    jobs = waiting()
    known["jatigi_jobs_waiting"] = ("Jobs about deadlines that wait; -1: the store does not answer", -1 if jobs is None else jobs)
    return "".join(f"# HELP {name} {what}\n# TYPE {name} gauge\n{name} {value}\n" for name, (what, value) in known.items())
