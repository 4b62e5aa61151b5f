"""Handlers of the money's service tasks, by task type."""

from app.services.act import Handler
from app.services.funding import ahead, earlier, payments, requests

HANDLERS: dict[str, Handler] = {**ahead.HANDLERS, **earlier.HANDLERS, **requests.HANDLERS, **payments.HANDLERS}
