"""`flask check`: what would go wrong in the procedures, said before any case runs. Needs no database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from errno import EACCES, EINVAL, ELOOP, ENOENT
from pathlib import Path
from typing import Any

import click

from app.demo.reading import read
from app.services.offered import CONTROLS, HANDLERS
from app.services.sentences import SENTENCES
from workflows.checks import ERROR, Finding, Known, check_paths

ADDRESSEES = frozenset({"declarant", "famille"})  # who is no role: the letter is printed or sent outside
OK, FOUND, FAILED = 0, 1, 2
WHY = {
    ENOENT: ("rien ne porte ce nom ; vérifier le chemin.", "nothing has this name; check the path."),
    ELOOP: ("le lien ne mène à aucun fichier ; donner le fichier lui-même.", "the link leads to no file; give the file itself."),
    EACCES: ("vous n'avez pas le droit de le lire ; le demander à qui le garde.", "you may not read it; ask whoever keeps it."),
    EINVAL: ("ce n'est ni un fichier ni un dossier.", "this is neither a file nor a folder."),
}


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of the sentences.")
@click.option("--advice/--no-advice", default=True, show_default=True, help="Say also what is only an advice.")
def check_command(paths: Sequence[Path], as_json: bool, lang: str, advice: bool) -> None:
    """Check case types: PATH is the folder of all of them (bpmn/ by default), one of them, or a file in one.

    Ends with 0 when there is nothing to cure, 1 when there is, 2 when the check could not run.
    """
    known = offered()
    try:
        found = check_paths(paths or (Path("bpmn"),), known)
    except OSError as error:
        click.echo(sentence(error, lang), err=True)
        raise SystemExit(FAILED) from None
    shown = [finding for finding in found if advice or finding.level == ERROR]
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in shown], ensure_ascii=False, indent=1))
    else:
        for finding in shown:
            click.echo(line(finding, lang))
        click.echo(summary(shown, lang), err=True)
    raise SystemExit(FOUND if any(finding.level == ERROR for finding in found) else OK)


def offered() -> Known:
    """What the application offers to processes, and whom scenarios are played with."""
    return Known(
        HANDLERS,
        CONTROLS,
        ADDRESSEES,
        users=frozenset(user["id"] for user in read("users")["utilisateurs"]),
        posts=frozenset(post["code"] for post in read("posts")["postes"]),
        calendars=frozenset(calendar["code"] for calendar in read("holidays")["calendriers"]),
        budget_lines=frozenset(name for line in read("budget_lines")["lignes"] for name in _line_names(line)),
        refusals=frozenset(SENTENCES),
    )


def _line_names(line: Mapping[str, Any]) -> tuple[str, str]:
    """A budget line by its code, and by its code in one year."""
    return line["code"], f"{line['code']}/{line['exercice']}"


def line(finding: Finding, lang: str) -> str:
    """file:line: rule: what is wrong, and under it the cure."""
    message, cure = (finding.message.en, finding.cure.en) if lang == "en" else (finding.message.fr, finding.cure.fr)
    place = f"{finding.file}:{finding.line}" if finding.line else finding.file
    return f"{place}: {finding.rule}: {message}\n    → {cure}"


def summary(found: Sequence[Finding], lang: str) -> str:
    errors = sum(finding.level == ERROR for finding in found)
    advice = len(found) - errors
    if lang == "en":
        return f"{errors} to cure, {advice} advice" if found else "Nothing to cure."
    return f"{errors} à corriger, {advice} conseil(s)" if found else "Rien à corriger."


def sentence(error: OSError, lang: str) -> str:
    """That a path cannot be read, and why."""
    french, english = WHY.get(error.errno or 0, ("le système le refuse.", "the system refuses it."))
    return f"Cannot read {error.filename}: {english}" if lang == "en" else f"Impossible de lire {error.filename} : {french}"
