"""Commands: one group a file."""

from flask import Flask

from app.cli import bpmn, case_type, check, demo, feel, history, projections, scenario, tokens, versions


def register(app: Flask) -> None:
    """Adds the commands to `flask`."""
    groups = (bpmn.bpmn, case_type.case_type, demo.group, history.group, projections.group, scenario.group, tokens.group, versions.group)
    for command in (check.check_command, feel.feel_command, *groups):
        app.cli.add_command(command)
