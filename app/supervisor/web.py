"""Settings of the web server (gunicorn reads the names below), and the application that it serves.

A process a core and four threads each: measured the fastest on two cores. The application is read once and shared by fork.
"""

import os
import threading

from flask import Flask

from app import logs
from app.config import Config
from app.factory import create_app
from app.warming import warm

workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
worker_class = "gthread"
reuse_port = True
preload_app = True
timeout = 30
graceful_timeout = 8
keepalive = 5
limit_request_line = 8190
forwarded_allow_ips = "*" if os.environ.get("JATIGI_PROXIES") else "127.0.0.1"
logger_class = "app.supervisor.web_log.QuietLogger"


def application() -> Flask:
    """The application of this process."""
    config = Config.from_environment()
    logs.configure(config.log_level, process="web")
    return create_app(config)


def post_worker_init(worker) -> None:
    """Called by gunicorn in each of its processes: the procedures are read beside the first pages, and nobody waits for them."""
    threading.Thread(target=warm, args=(worker.wsgi,), daemon=True).start()


def child_exit(_server, worker) -> None:
    """Called by gunicorn when one of its processes has ended."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)
