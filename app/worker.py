"""What runs beside the web server: `python -m app.worker worker` takes jobs, `python -m app.worker scheduler` sweeps.

The worker forks for each job, so that a crash dies alone; the application is imported and ready before. The scheduler wakes every half
minute and has looked after whatever is due, with or without a queue: that is the guarantee, the queue makes it prompt.
"""

import logging
import signal
import sys
import threading
import time
from collections.abc import Callable

from flask import Flask
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

from app import logs, queue
from app.backstage import services
from app.config import Config
from app.jobs import announcing, deadlines, funding, maintenance, notifications, operations
from app.warming import warm

log = logging.getLogger(__name__)

NIGHTLY_HOUR = 2  # UTC, which is Bamako's time


class JobWorker(Worker):
    """RQ's forking worker; each job runs inside an application context, under the request id of whoever asked for it."""

    app: Flask

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        warm(self.app)  # a child that reads them itself takes longer for that than for fifty cases
        super().fork_work_horse(job, queue)

    def perform_job(self, job: Job, queue: Queue) -> bool:
        with self.app.app_context(), logs.belonging_to(job.meta.get("request_id") or logs.new_id(), job=job.func_name):
            return super().perform_job(job, queue)


def work(app: Flask, config: Config) -> None:
    """Take jobs until SIGTERM; the job that runs is finished."""
    connection = queue.patient_connection(config.redis_url)
    queues = [Queue(name, connection=connection, serializer=JSONSerializer) for name in queue.NAMES]
    # A killed worker's job is given to another after `worker_ttl` and a round of maintenance; the default is half an hour.
    worker = JobWorker(
        queues,
        connection=connection,
        serializer=JSONSerializer,
        maintenance_interval=15,
        worker_ttl=30,
        job_monitoring_interval=5,
        default_result_ttl=0,
        log_job_description=False,
    )
    worker.app = app
    warm(app)
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    worker.work(with_scheduler=True, logging_level="WARNING")


def schedule(app: Flask, config: Config) -> None:
    """Sweep every half minute (`config.sweep_seconds`) until SIGTERM."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    warm(app)  # read inside the first sweep's transaction, they would keep every writer waiting
    announcer, night = announcing.Announcer(), ""
    while not stop.is_set():
        began = time.monotonic()
        attempt(app, deadlines.sweep)
        attempt(app, deadlines.recount)
        attempt(app, announcer.announce)
        attempt(app, notifications.sweep)
        attempt(app, operations.sweep)
        attempt(app, funding.expire_reservations)
        attempt(app, funding.restart_waiting)
        attempt(app, funding.open_gap_tasks)
        moment = time.gmtime()
        if moment.tm_hour == NIGHTLY_HOUR and night != (night := time.strftime("%F", moment)):
            attempt(app, maintenance.nightly)
        stop.wait(max(0.0, config.sweep_seconds - (time.monotonic() - began)))


def attempt(app: Flask, task: Callable[[], None]) -> None:
    """Run one task of a tick; whatever happens to it, the next one runs."""
    with app.app_context(), logs.belonging_to(logs.new_id(), tick=task.__module__):
        try:
            task()
        except Exception:
            log.exception("tick_failed")


def main(arguments: list[str]) -> None:
    """Entry of both."""
    if arguments not in (["worker"], ["scheduler"]):
        sys.exit("usage: python -m app.worker worker|scheduler")
    config = Config.from_environment()
    logs.configure(config.log_level, process=arguments[0])
    app = services(config)
    if arguments == ["worker"]:
        work(app, config)
    else:
        schedule(app, config)


if __name__ == "__main__":
    main(sys.argv[1:])
