"""The files of a case type: read from its folder, named by their content, and the YAML among them understood strictly."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from workflows.errors import BadDefinition

SHARED = "_shared"
SCHEMAS = "_schemas"
SHEET, CHILD_SHEET = "case_type.yaml", "child.yaml"
KINDS = {".yaml", ".bpmn", ".dmn", ".form", ".po", ".md", ".txt", ".typ", ".j2"}
NOT_PINNED = {"scenarios", "tests"}
"""Folders that say how a procedure is tried, not what it is: a changed scenario is no new version."""
MAX_FILE, MAX_FOLDER = 1_000_000, 20_000_000
MAX_DEPTH = 50
YAML_TOLD = {
    "did not find expected ',' or ']'": "« , » ou « ] » est attendu",
    "did not find expected ',' or '}'": "« , » ou « } » est attendu",
    "did not find expected key": "une clé est attendue, vérifier le retrait",
    "did not find expected '-' indicator": "« - » est attendu, vérifier le retrait",
    "did not find expected node content": "une valeur est attendue",
    "mapping values are not allowed in this context": "le signe deux-points ne peut pas être ici, mettre le texte entre guillemets",
    "could not find expected ':'": "le signe deux-points est attendu",
    "found character that cannot start any token": "aucune valeur ne commence par ce signe, mettre le texte entre guillemets",
    "found unexpected end of stream": "un texte n'est pas fermé",
    "found a tab character that violates indentation": "une tabulation ne peut pas faire le retrait, mettre des espaces",
    "found unknown escape character": "« \\ » est mal employé, mettre le texte entre guillemets simples",
}
"""What the parser of YAML says -> the same in French."""


def read_folder(path: Path) -> dict[str, bytes]:
    """path inside the folder -> content, for a case type; the files of `_shared` beside it under `_shared/`.

    BadDefinition if a file is too large or is not UTF-8.
    """
    files = _read(path, "")
    shared = path.parent / SHARED
    if path.name != SHARED and shared.is_dir():
        files |= _read(shared, f"{SHARED}/")
    if sum(map(len, files.values())) > MAX_FOLDER:
        raise BadDefinition(f"{path.name} : plus de {MAX_FOLDER} octets en tout")
    return files


def _read(folder: Path, prefix: str) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or inside.parts[0] in NOT_PINNED or path.suffix not in KINDS or not path.is_file():
            continue
        name = prefix + inside.as_posix()
        if path.stat().st_size > MAX_FILE:
            raise BadDefinition(f"{name} : le fichier dépasse {MAX_FILE} octets")
        content = path.read_bytes()
        try:
            content.decode("utf-8")
        except UnicodeDecodeError:
            raise BadDefinition(f"{name} : le fichier n'est pas en UTF-8 ; l'enregistrer ainsi") from None
        found[name] = content
    return found


def child_files(files: Mapping[str, bytes]) -> dict[str, bytes] | None:
    """The files of the children of an operation: the same folder under another sheet, what `child.yaml` says over what
    `case_type.yaml` says. None where the folder has no children of its own."""
    if CHILD_SHEET not in files:
        return None
    whole, own = read_yaml(files, SHEET), read_yaml(files, CHILD_SHEET)
    said = {**{key: value for key, value in whole.items() if key != "operation"}, **own, "child_of": whole.get("code")}
    rest = {path: content for path, content in files.items() if path != CHILD_SHEET}
    return {**rest, SHEET: yaml.safe_dump(said, allow_unicode=True, sort_keys=False).encode()}


def version_of(files: Mapping[str, bytes]) -> str:
    """The content hash: SHA-256 over the sorted paths and contents, each with its length."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        for part in (path.encode(), content):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return digest.hexdigest()


class _Strict(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML without its traps: no key twice (silently lost), « no » and « on » are texts (Norway), « 12:30 » too."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.YAMLError(f"la clé « {key.value} » est écrite deux fois (ligne {key.start_mark.line + 1})")
            seen.add(key.value)
        return super().construct_mapping(node, deep)


_Strict.yaml_implicit_resolvers = {}
for _tag, _form, _first in (
    ("bool", r"true|false", "tf"),
    ("int", r"[-+]?(0|[1-9][0-9_]*)", "-+0123456789"),
    ("float", r"[-+]?[0-9][0-9_]*\.[0-9]+", "-+0123456789"),
    ("timestamp", r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "0123456789"),
    ("null", r"~|null|", ["~", "n", ""]),
    ("merge", r"<<", "<"),
):
    _Strict.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_form})$"), list(_first))


def parse_yaml(text: str) -> Any:
    """What a YAML text says, by the rules of `_Strict`. yaml.YAMLError for what is no YAML, has an alias (a bomb) or is too deep."""
    depth = 0
    for event in yaml.parse(text, Loader=_Strict):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("les alias (*nom) ne sont pas permis")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise yaml.YAMLError(f"plus de {MAX_DEPTH} niveaux l'un dans l'autre")
    return yaml.load(text, _Strict)


def _told(error: Exception) -> str:
    """What is wrong with a YAML text, and where."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"{yaml_problem(error)} (ligne {error.problem_mark.line + 1}, colonne {error.problem_mark.column + 1})"
    return yaml_problem(error)


def yaml_problem(error: Exception) -> str:
    """What is wrong with a YAML text, in French."""
    if isinstance(error, yaml.MarkedYAMLError):
        return YAML_TOLD.get(error.problem or "", "cela ne s'écrit pas ainsi")
    if isinstance(error, RecursionError):
        return "trop de niveaux l'un dans l'autre"
    return "un signe n'est pas permis" if isinstance(error, yaml.reader.ReaderError | UnicodeDecodeError) else str(error)


def read_yaml(files: Mapping[str, bytes], path: str) -> dict[str, Any]:
    """A YAML file as a dict; {} if there is none. BadDefinition says what is wrong with it."""
    if path not in files:
        return {}
    try:
        data = parse_yaml(files[path].decode("utf-8"))
    except (yaml.YAMLError, ValueError) as error:
        raise BadDefinition(f"{path} : ce fichier ne se lit pas ; {_told(error)}") from None
    if data is None:
        return {}
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise BadDefinition(f"{path} : une suite de « clé: valeur » est attendue")
    return data
