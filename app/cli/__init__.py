"""Commands: one group a file."""

from flask import Flask

from app.cli import bpmn, case_type, check, demo, feel, history, ministry, projections, scenario, tokens, versions


def register(app: Flask) -> None:
    """Adds the commands to `flask`."""
    groups = (bpmn.bpmn, case_type.case_type, demo.group, history.group, ministry.group, projections.group, scenario.group)
    for command in (check.check_command, feel.feel_command, *groups, tokens.group, versions.group):
        app.cli.add_command(command)
