"""Groups of commands that are imported when they are called: each costs what it needs, and the web server none of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from werkzeug.utils import import_string


class LazyGroup(click.Group):
    """`places`: name of a command -> its module and object ("app.cli.check:check_command"), beside the commands that are added to it."""

    def __init__(self, *args: Any, places: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self.places})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = self.places.get(cmd_name)
        return import_string(place) if place else super().get_command(ctx, cmd_name)
