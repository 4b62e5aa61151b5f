"""What leaves the house: the outbox, message by message."""

from flask import current_app

from app.db import advisory
from app.extensions import db
from app.services import delivery, senders


def sweep() -> None:
    """Send what waits in the outbox. Called twice, one of the two does it."""
    config = current_app.config["JATIGI"]
    with advisory.only_one(db.engine, "outbox") as alone:
        ways = senders.Ways(config)
        while alone and delivery.send_waiting(ways, config):
            pass
