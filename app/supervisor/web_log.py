"""The web server's own log goes where ours goes, below a warning nowhere: every request writes its own line."""

import logging

from gunicorn.glogging import Logger


class QuietLogger(Logger):
    """gunicorn's logger without handlers of its own."""

    def setup(self, cfg) -> None:
        """Hand lines on to the root logger."""
        super().setup(cfg)
        for own in (self.error_log, self.access_log):
            own.handlers.clear()
            own.propagate = True
            own.setLevel(logging.WARNING)

    def access(self, resp, req, environ, request_time) -> None:
        """Nothing: the application logs its requests."""
