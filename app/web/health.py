"""What machines ask: does it live, can it work, how is it doing; and one line of log and one measure for every request."""

import logging
import os
import secrets
import time

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client import REGISTRY as OWN_REGISTRY
from sqlalchemy.exc import SQLAlchemyError

from app import logs, queue
from app.extensions import db, limiter
from app.services import condition
from app.web import access

log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)

UNLOGGED = {"health.alive", "health.ready", "health.metrics", "static"}
LOOPBACK = {"127.0.0.1", "::1"}
SECONDS = Histogram(
    "jatigi_request_seconds",
    "Time to answer a request",
    ("endpoint", "method"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ANSWERS = Counter("jatigi_answers", "Answers by endpoint and status", ("endpoint", "method", "status"))


@blueprint.get("/healthz")
@access.public
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@access.public
def ready() -> tuple[Response, int]:
    """The database answers (else 503). A silent store is told but does no harm: deadlines are then swept, not woken."""
    parts = {"database": "ok", "store": "ok" if queue.waiting() is not None else "unreachable"}
    try:
        condition.ping(db.session())
    except SQLAlchemyError:
        db.session.rollback()
        parts["database"] = "unreachable"
    good = parts["database"] == "ok"
    return jsonify(status="ok" if good else "unavailable", **parts), 200 if good else 503


@blueprint.get("/metrics")
@access.public
def metrics() -> Response:
    """Measures in the format of Prometheus, for this machine or for the bearer of METRICS_TOKEN; for others there is no such page."""
    if not _may_read_metrics():
        abort(404)
    text = generate_latest(_registry()).decode() + condition.metrics(db.session(), queue.waiting)
    return Response(text, content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics() -> bool:
    token = current_app.config["JATIGI"].metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token:
        return secrets.compare_digest(given.encode(), token.encode())
    # Behind a proxy that is not declared, everybody seems to come from this machine.
    return request.remote_addr in LOOPBACK and "X-Forwarded-For" not in request.headers


def _registry() -> CollectorRegistry:
    """The measures of all web processes together, where they share a folder for them."""
    if not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        return OWN_REGISTRY
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return registry


def _begin() -> None:
    g.began = time.perf_counter()
    g.request_id = logs.begin_request(request.headers.get("X-Request-Id"))


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    endpoint = request.endpoint or "none"
    took = time.perf_counter() - g.get("began", time.perf_counter())
    SECONDS.labels(endpoint, request.method).observe(took)
    ANSWERS.labels(endpoint, request.method, response.status_code).inc()
    if endpoint not in UNLOGGED:
        # The path of a case is no secret; what was typed into a search is.
        facts = {"method": request.method, "path": request.path, "status": response.status_code, "ms": round(took * 1000, 1)}
        log.info("request", extra=facts)
    return response


def init_app(app: Flask) -> None:
    """Bind the three addresses, and the line and measure of each request. First of all: what comes before is not measured."""
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.after_request(_end)
    app.register_blueprint(blueprint)
    limiter.exempt(blueprint)
