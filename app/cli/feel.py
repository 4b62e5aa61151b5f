"""`flask feel`: the value of an expression, at once. Needs no database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from workflows import feel_calendar
from workflows.errors import BadDefinition
from workflows.feel import FeelError, Host
from workflows.feel.given import typed
from workflows.feel.values import show
from workflows.folder import read_yaml
from workflows.working_time import Calendar

OK, WRONG, FAILED = 0, 1, 2
OFFICE = ((dt.time(7, 30), dt.time(16)),)
FRIDAY = ((dt.time(7, 30), dt.time(12, 30)), (dt.time(14, 30), dt.time(17, 30)))
LARGEST = 1_000_000
FAR = 20_000
FACTS_HELP = "YAML or JSON file of names and values; « @2026-03-14 » is a date, « ~1985 » a partial date."


@click.command("feel")
@click.argument("expression")
@click.option("--facts", type=click.Path(path_type=Path), help=FACTS_HELP)
@click.option("--at", "moment", help="What now() is, e.g. 2026-03-14T09:00. By default the present.")
@click.option("--zone", default="Africa/Bamako", show_default=True, help="Zone of the place.")
def feel_command(expression: str, facts: Path | None, moment: str | None, zone: str) -> None:
    """Print the value of an EXPRESSION (« - » reads it from the standard input), with or without its « = ».

    Working days are Monday to Friday, the hours those of the central services; announced holidays are unknown here.
    Ends with 0, with 1 when the expression is wrong (where, what and the cure are said), with 2 when the facts cannot be read.
    """
    source = click.get_text_stream("stdin").read(FAR + 1) if expression == "-" else expression
    source = source.strip().removeprefix("=").strip()
    try:
        host, known = _host(moment, zone), _facts(facts)
    except ValueError as error:
        click.echo(str(error), err=True)
        raise SystemExit(FAILED) from None
    try:
        click.echo(show(host.evaluate(source, known), inside=True))
    except FeelError as error:
        click.echo(explained(error, source), err=True)
        raise SystemExit(WRONG) from None


def explained(error: FeelError, source: str) -> str:
    """The line that is wrong, a mark under the place, and the sentence."""
    if error.at is None or error.source != source:
        return str(error)
    begin = source.rfind("\n", 0, error.at) + 1
    line = source[begin:].split("\n")[0]
    return f"  {line}\n  {' ' * (error.at - begin)}^\n{error}"


def _host(moment: str | None, zone: str) -> Host:
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"fuseau inconnu : {zone} ; écrire par exemple Africa/Bamako") from None
    try:
        at = dt.datetime.fromisoformat(moment) if moment else dt.datetime.now(place)
    except ValueError:
        raise ValueError(f"moment illisible : {moment} ; écrire par exemple 2026-03-14T09:00") from None
    now = at.astimezone(place) if at.tzinfo else at.replace(tzinfo=place)
    week = {day: FRIDAY if day == 4 else OFFICE for day in range(5)}
    return Host(feel_calendar.functions(Calendar("ML", zone, frozenset({5, 6}), week)), lambda: now)


def _facts(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    try:
        content = path.read_bytes()
    except OSError:
        raise ValueError(f"{path} : ce fichier ne peut pas être lu") from None
    if len(content) > LARGEST:
        raise ValueError(f"{path} : plus d'un million d'octets")
    try:
        # JSON is YAML, and this reader knows its traps: « no » stays a text, a key written twice is refused.
        return dict(typed(read_yaml({str(path): content}, str(path))))
    except (BadDefinition, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
