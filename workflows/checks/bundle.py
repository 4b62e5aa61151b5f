"""The folder of a case type, read for the checks: whatever could be read, and what could not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ..errors import BadDefinition
from ..feel import FeelError, tables
from ..folder import read_yaml
from ..forms import FormDefinition, FormError
from ..letters import is_letter
from ..xmlfile import MAX_BYTES, Element, UnreadableXml, parse
from .document import B, Document, Process
from .english import both
from .finding import Finding, Text
from .lines import yaml_line
from .unreadable import (
    ATTRIBUTES,
    BAD_JSON,
    BAD_XML,
    BAD_YAML,
    DOCTYPE,
    ELEMENTS,
    NO_CONTENT,
    NOT_BPMN,
    TOO_VAST,
    told,
    too_large,
)

SUFFIXES = frozenset({".bpmn", ".dmn", ".form"})
MAX_SHEET, MAX_LETTER, MAX_ELEMENTS, MAX_ATTRIBUTES, HEAD = 60_000, 20_000, 4_000, 1_000, 1_000
SHARED = "_shared/"
CASE_TYPE, SHARED_FILE, SETTINGS, ROLES = "case_type.yaml", "shared.yaml", "settings.yaml", "roles.yaml"


# the shared folder stands beside every case type: each of its files is read once
@lru_cache(maxsize=1024)
def read_form(content: bytes) -> FormDefinition:
    return FormDefinition.read(content)


@lru_cache(maxsize=128)
def read_tables(content: bytes) -> dict[str, Any]:
    return tables.read(content)


@lru_cache(maxsize=128)
def read_sheet(path: str, content: bytes) -> dict[str, Any]:
    return read_yaml({path: content}, path)


def most_of(path: str) -> int:
    """How many bytes of a file are read: some kinds take longer to judge than others, and are written by hand."""
    if is_letter(path):
        return MAX_LETTER
    return MAX_SHEET if path.endswith((".yaml", ".yml")) else MAX_BYTES


def _vast(root: Element) -> tuple[int, Text] | None:
    """How many of what a BPMN file has too many of."""
    elements = sum(1 for _ in root.iter(f"{B}*"))
    if elements > MAX_ELEMENTS:
        return elements, ELEMENTS
    attributes = max(len(element.attrib) for element in root.iter("{*}*"))
    return (attributes, ATTRIBUTES) if attributes > MAX_ATTRIBUTES else None


@dataclass(frozen=True)
class Known:
    """What the application offers to processes; None: not told, and not checked."""

    handlers: frozenset[str] | None = None
    controls: frozenset[str] | None = None
    addressees: frozenset[str] = frozenset()  # words for `to` of a letter that are no role and no lane
    users: frozenset[str] | None = None  # those with whom scenarios are played, as posts, calendars and budget lines
    posts: frozenset[str] | None = None
    calendars: frozenset[str] | None = None
    budget_lines: frozenset[str] | None = None
    refusals: frozenset[str] | None = None  # codes of reasons


@dataclass
class Bundle:
    """Own files, and beside them the shared ones. In the shared folder itself there are only own files.

    `files` maps paths to bytes: own ones as they are named in the folder, shared ones under `_shared/`.
    """

    name: str
    files: Mapping[str, bytes]
    findings: list[Finding] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    names: Any = None  # of facts and their kinds: names.names_of
    place: Path = Path("bpmn")  # the folder, as the command named it
    alone: bool = False  # one file that lies in no case type: what stands beside it is not known
    asked: str | None = None  # the one file that a finding is asked about; None: all of them
    trials: Mapping[str, bytes] = field(default_factory=dict)
    """How the procedure is tried: own scenarios, the record of what they pass, what they need not pass; for the shared folder the records
    of all others, under `../<folder>/`."""

    def __post_init__(self) -> None:
        self.documents: list[Document] = []
        self.shared_documents: list[Document] = []
        self.forms: dict[str, FormDefinition] = {}
        self.form_files: dict[str, str] = {}
        self.decisions: dict[str, tuple[str, Any]] = {}
        self.yaml: dict[str, Any] = {}
        self.refused: dict[str, str] = {}  # forms and tables that cannot be read -> why, in French
        for path in sorted(self.files):
            self._read(path, self.files[path])

    # reading
    def is_shared(self, path: str) -> bool:
        return path.startswith(SHARED)

    @property
    def is_shared_folder(self) -> bool:
        return SHARED_FILE in self.files or ROLES in self.files

    def _read(self, path: str, content: bytes) -> None:
        suffix = path.rpartition(".")[2]
        if len(content) > most_of(path):
            self._say(path, too_large(path, most_of(path)))
        elif suffix in ("bpmn", "dmn", "form") and not content.strip():
            self._say(path, NO_CONTENT.at(path))
        elif suffix == "bpmn":
            self._read_bpmn(path, content)
        elif suffix == "dmn":
            self._read_dmn(path, content)
        elif suffix == "form":
            self._read_form(path, content)
        elif suffix in ("yaml", "yml"):
            self._read_yaml(path, content)

    def _read_bpmn(self, path: str, content: bytes) -> None:
        root = self._xml(path, content)
        if root is not None and root.tag != f"{B}definitions":
            self._say(path, NOT_BPMN.at(path, "", root.sourceline or 0))
        elif root is not None and (vast := _vast(root)):
            self._say(path, TOO_VAST.at(path, count=vast[0], what=vast[1]))
        elif root is not None:
            holder = self.shared_documents if self.is_shared(path) else self.documents
            holder.append(Document(path, content, root))

    def _xml(self, path: str, content: bytes):
        try:
            return parse(content)
        except UnreadableXml as error:
            rule = DOCTYPE if error.reason == "doctype" or b"<!DOCTYPE" in content[:HEAD] else BAD_XML  # the bombs are no XML to the parser
            self._say(path, rule.at(path, "", error.line or 0))
            return None

    def _read_dmn(self, path: str, content: bytes) -> None:
        if self._xml(path, content) is None:
            return
        try:
            found = read_tables(content)
        except (FeelError, AttributeError, TypeError, ValueError, RecursionError) as error:
            self.refused[path] = str(error)
            return
        for ident, decision in found.items():
            self.decisions.setdefault(ident or "", (path, decision))

    def _read_form(self, path: str, content: bytes) -> None:
        try:
            document = json.loads(content)
        except (ValueError, RecursionError) as error:
            self._say(path, BAD_JSON.at(path, "", getattr(error, "lineno", 0), detail=told(error)))
            return
        ident = document.get("id") if isinstance(document, dict) else None
        try:
            form = read_form(content)
        except (FormError, AttributeError, TypeError, ValueError, KeyError, RecursionError) as error:
            self.refused[path] = str(error)
            if isinstance(ident, str):
                self.form_files.setdefault(ident, path)  # it exists: a step that names it is not to blame
            return
        self.forms.setdefault(form.id, form)
        self.form_files.setdefault(form.id, path)

    def _read_yaml(self, path: str, content: bytes) -> None:
        try:
            self.yaml[path] = read_sheet(path, content)
        except BadDefinition as error:
            line = re.search(r"ligne (\d+)", str(error))
            detail = " ".join(str(error).removeprefix(f"{path} : ").split())
            self._say(path, BAD_YAML.at(path, "", int(line[1]) if line else 0, detail=both(detail)))

    def _say(self, path: str, finding: Finding) -> None:
        """What is wrong in a shared file is said once, when the shared folder is checked."""
        if not self.is_shared(path):
            self.findings.append(finding)

    # reading out
    def mapping(self, name: str) -> dict[str, Any]:
        """A YAML file of the folder, or of the shared one, as a mapping; empty when there is none."""
        for path in (name, SHARED + name):
            if isinstance(self.yaml.get(path), dict):
                return self.yaml[path]
        return {}

    def part(self, name: str, key: str) -> dict[str, Any]:
        """One mapping inside such a file."""
        found = self.mapping(name).get(key)
        return found if isinstance(found, dict) else {}

    def line(self, path: str, *keys: str) -> int:
        """The line of a YAML file on which the last of these keys, one inside the other, is written; 0 when it is not found."""
        return yaml_line(self.files.get(path, b""), keys)

    @property
    def case_type(self) -> dict[str, Any]:
        return self.mapping(CASE_TYPE) if CASE_TYPE in self.yaml else {}

    @cached_property
    def own_processes(self) -> list[Process]:
        return [process for document in self.documents for process in document.processes]

    @cached_property
    def processes(self) -> dict[str, Process]:
        """All processes by id, own ones first."""
        found: dict[str, Process] = {}
        for document in (*self.documents, *self.shared_documents):
            for process in document.processes:
                found.setdefault(process.id, process)
        return found
