"""Handlers of the money's service tasks, by task type."""

from app.services.act import Handler
from app.services.funding import payments, requests

HANDLERS: dict[str, Handler] = {**requests.HANDLERS, **payments.HANDLERS}
