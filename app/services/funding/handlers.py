"""Handlers of the money's service tasks, by task type."""

from app.services.act import Handler
from app.services.funding import earlier, payments, requests

HANDLERS: dict[str, Handler] = {**earlier.HANDLERS, **requests.HANDLERS, **payments.HANDLERS}
