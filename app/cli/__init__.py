"""Commands: one group a file."""

from flask import Flask

from app.cli import bpmn, check, demo, history, projections, tokens, versions


def register(app: Flask) -> None:
    """Adds the commands to `flask`."""
    for command in (bpmn.bpmn, check.check_command, demo.group, history.group, projections.group, tokens.group, versions.group):
        app.cli.add_command(command)
