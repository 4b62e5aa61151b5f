"""`flask case-type`: a new case type to begin from, which already checks, is drawn and runs. Needs no database."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

import click

from app.cli.lazy import LazyGroup
from app.config import ROOT
from workflows.folder import SCHEMAS, SHARED, read_yaml
from workflows.layout import layout

STARTER = Path(__file__).parent / "starter"
CODE = re.compile(r"[A-Z][A-Z0-9]{1,7}")
UPPER, LOWER, FRENCH, ENGLISH = "XYZ", "xyz", "@nom@", "@name@"


@click.group("case-type", cls=LazyGroup, places={"schemas": "app.cli.schemas:schemas_command"})
def case_type() -> None:
    """Case types."""


@case_type.command("new")
@click.argument("code")
@click.option("--fr", "french", help="Its name in French; the code without it.")
@click.option("--en", "english", help="Its name in English; the French one without it.")
@click.option("--folder", help="Its folder; the code in small letters without it.")
@click.option("--in", "root", type=click.Path(path_type=Path), default=Path("bpmn"), show_default=True, help="Where case types lie.")
def new_command(code: str, french: str | None, english: str | None, folder: str | None, root: Path) -> None:
    """Make a folder for a new case type: two lanes, a decision table, a deadline, money, a letter, its English and two scenarios.

    --in: a folder to try in is made when there is none, and gets a link to the shared folder.

    CODE: 2 to 8 capital letters or digits, as in case references. Ends with 2 when the folder cannot be made.
    """
    try:
        ready(root)
        target = make(code, french or code, english or french or code, root / (folder or code.lower()))
    except (OSError, ValueError) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from None
    for path in sorted(path for path in target.rglob("*") if path.is_file()):
        click.echo(path)
    click.echo(f"\nEnsuite : flask check {target} ; flask scenario run {target}")


def ready(root: Path) -> None:
    """Where case types lie: with the shared folder and the schemas beside them."""
    root.mkdir(parents=True, exist_ok=True)
    for beside in (SHARED, SCHEMAS):
        if not (root / beside).exists():
            (root / beside).symlink_to(ROOT / "bpmn" / beside, target_is_directory=True)


def make(code: str, french: str, english: str, target: Path) -> Path:
    """Writes the folder, drawn. ValueError (a French sentence) for a code or a folder that is taken or cannot be, OSError of the disk."""
    if not CODE.fullmatch(code):
        raise ValueError(f"« {code} » n'est pas un code : 2 à 8 lettres capitales ou chiffres, une lettre d'abord.")
    if not target.parent.is_dir():
        raise ValueError(f"Le dossier {target.parent} n'existe pas.")
    if target.exists():
        raise ValueError(f"{target} existe déjà : choisir un autre nom avec --folder.")
    owner = owner_of(code, target.parent)
    if owner:
        raise ValueError(f"Le code {code} est déjà celui de {owner}.")
    for source in sorted(STARTER.rglob("*")):
        if source.is_file():
            path = target / str(source.relative_to(STARTER)).replace(LOWER, code.lower())
            text = filled(source.read_text("utf-8"), source.suffix, code, french, english)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(layout(text.encode()) if source.suffix == ".bpmn" else text.encode())
    return target


def owner_of(code: str, root: Path) -> Path | None:
    """The folder that has this code already."""
    for sheet in root.glob("*/case_type.yaml"):
        if read_yaml({sheet.name: sheet.read_bytes()}, sheet.name).get("code") == code:
            return sheet.parent
    return None


def filled(text: str, suffix: str, code: str, french: str, english: str) -> str:
    """A file of the starter with code and names in it; a name is written as the kind of file asks."""
    text = text.replace(UPPER, code).replace(LOWER, code.lower())
    for mark, name in ((FRENCH, french), (ENGLISH, english)):
        flat = " ".join(name.split())
        quoted = quoteattr(flat, {'"': "&quot;"}) if suffix in (".bpmn", ".dmn") else json.dumps(flat, ensure_ascii=False)
        text = text.replace(f'"{mark}"', quoted)
    return text
