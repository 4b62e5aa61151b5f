"""Commands: one group a file. Those that only read files start without the application around them."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click
from flask import Flask
from flask.cli import AppGroup

from app.cli.lazy import LazyGroup

ALONE = {
    "bpmn": "app.cli.bpmn:bpmn",
    "case-type": "app.cli.case_type:case_type",
    "check": "app.cli.check:check_command",
    "feel": "app.cli.feel:feel_command",
}
"""Commands that need neither pages nor database."""
WITHIN = {
    "api-tokens": "app.cli.tokens:group",
    "case-types": "app.cli.versions:group",
    "demo": "app.cli.demo:group",
    "history": "app.cli.history:group",
    "ministry": "app.cli.ministry:group",
    "projections": "app.cli.projections:group",
    "scenario": "app.cli.scenario:group",
}
"""Commands of an application that is ready."""


class Commands(LazyGroup, AppGroup):
    """The commands of the application: ours, and those that its extensions add."""

    def __init__(self) -> None:
        super().__init__("app", places={**ALONE, **WITHIN})


class Outside(LazyGroup, AppGroup):
    """The same commands before there is an application: `build` builds it for those that need it."""

    def __init__(self, build: Callable[[], Flask]) -> None:
        super().__init__("app", places=ALONE)
        self.build = build
        self.built: Flask | None = None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._application(ctx).cli.list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return super().get_command(ctx, cmd_name) or self._application(ctx).cli.get_command(ctx, cmd_name)

    def _application(self, ctx: click.Context) -> Flask:
        """The application, in whose context the command runs."""
        if self.built is None:
            self.built = self.build()
            ctx.with_resource(self.built.app_context())
        return self.built


def outside(build: Callable[[], Flask]) -> Flask:
    """What `flask` takes commands from: an application without pages, that builds the whole one when a command needs it."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # what a terminal cannot show, half a letter in a file above all, ends no command
    app = Flask("app", static_folder=None)
    app.cli = Outside(build)
    return app
