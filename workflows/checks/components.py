"""What form-js accepts in a form and we do not read: named as such, with the nearest thing that we do."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from .bundle import Bundle
from .english import both
from .finding import Finding, Rule, Text
from .lines import line_of, line_of_component
from .unreadable import BAD_FORM

COMPONENT = Rule(
    "form-component-unsupported",
    Text(
        "form-js accepte le composant « {kind} » ({element}), que nous ne lisons pas.",
        "form-js accepts the component “{kind}” ({element}), which we do not read.",
    ),
    Text("{cure}", "{cure}"),
)
ATTRIBUTE = Rule(
    "form-attribute-unsupported",
    Text("form-js accepte « {name} » ({element}), que nous ne lisons pas.", "form-js accepts “{name}” ({element}), which we do not read."),
    Text("{cure}", "{cure}"),
)
NO_PATH = Rule(
    "form-group-path",
    Text(
        "Le groupe « {element} » n'a pas de « path » : ses champs seraient perdus.",
        "The group “{element}” has no “path”: its fields would be lost.",
    ),
    Text("Lui donner un « path », ou sortir ses champs du groupe.", "Give it a “path”, or take its fields out of the group."),
)
LOST = Rule(
    "form-field-without-key",
    Text(
        "Le champ « {element} » n'a pas de clé : sa réponse serait perdue.", "The field “{element}” has no key: its answer would be lost."
    ),
    Text("Lui donner une clé (« key »).", "Give it a key (“key”)."),
)
TEXTS = {"text", "separator", "spacer", "image"}  # read by people only
ASKED = {"textfield", "textarea", "number", "datetime", "radio", "select", "checklist", "checkbox", "filepicker"}
COMPONENTS = {
    "taglist": Text("Employer « checklist » : plusieurs choix.", "Use “checklist”: several choices."),
    "button": Text("L'enlever : la page a ses propres boutons.", "Delete it: the page has buttons of its own."),
    "iframe": Text("L'enlever ; donner le document par « filepicker ».", "Delete it; give the document by “filepicker”."),
    "html": Text("Employer « text ».", "Use “text”."),
    "table": Text("Employer « dynamiclist » (kind « table »).", "Use “dynamiclist” (kind “table”)."),
    "expression": Text(
        "Employer un champ « readonly », kind « computed », avec « formula ».",
        "Use a “readonly” field, kind “computed”, with “formula”.",
    ),
    "script": Text(
        "Employer un champ « readonly », kind « computed », avec « formula ».", "Use a “readonly” field, kind “computed”, with “formula”."
    ),
    **dict.fromkeys(
        ("subform", "multipage", "page", "fieldset"),
        Text("Employer un groupe (« group ») ; une étape par page.", "Use a group (“group”); one step for each page."),
    ),
    "documentPreview": Text(
        "Employer « filepicker » : le document s'ouvre dans la page.", "Use “filepicker”: the document opens in the page."
    ),
}
DEFAULT = Text("Employer la propriété « default » (=FEEL).", "Use the property “default” (=FEEL).")
RULE = Text("Employer la propriété « rule » (=FEEL), avec « rule_message ».", "Use the property “rule” (=FEEL), with “rule_message”.")
PLAIN = Text("Écrire un texte : les traductions le suivent.", "Write a text: translations follow it.")
ATTRIBUTES = {
    "defaultValue": DEFAULT,
    "disallowPassedDates": RULE,
    "increment": RULE,
    "serializeToString": Text("L'enlever : un nombre reste un nombre.", "Delete it: a number stays a number."),
    "disabled": Text("Employer « readonly », ou « conditional.hide ».", "Use “readonly”, or “conditional.hide”."),
}
TWICE = Rule(
    "form-word-twice",
    Text(
        "« {name} » est écrit deux fois (« {element} ») : seul le dernier compterait.",
        "“{name}” is written twice (“{element}”): only the last would count.",
    ),
    Text("N'en garder qu'un.", "Keep one of them."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for path, content in sorted(bundle.files.items()):
        if not path.endswith(".form") or bundle.is_shared(path):
            continue
        try:
            document, twice = _document(content)
        except (ValueError, RecursionError):
            continue  # said already
        for holder, name in twice:
            yield TWICE.at(path, holder, line_of(content, holder), name=name)
        unsupported = list(found(path, content, document))
        yield from unsupported
        if path in bundle.refused and not unsupported:
            why = bundle.refused[path]
            key = re.match(r"[\w.]+\.(\w+) : ", why)
            ident = key[1] if key else str(document.get("id") or "") if isinstance(document, dict) else ""
            yield BAD_FORM.at(path, ident, line_of(content, ident) if key else 0, detail=both(why))


def _document(content: bytes) -> tuple[Any, list[tuple[str, str]]]:
    """The JSON of a form, and what is written twice in one object of it: (what the object is called, the word)."""
    twice: list[tuple[str, str]] = []

    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        known = dict(pairs)
        if len(known) < len(pairs):
            holder = str(known.get("key") or known.get("path") or known.get("id") or "")
            twice.extend((holder, name) for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return known

    return json.loads(content, object_pairs_hook=read), twice


def found(path: str, content: bytes, document: Any) -> Iterator[Finding]:
    """What this form holds that we do not read."""
    if not isinstance(document, dict):
        return
    for component in _all(document.get("components"), 0):
        kind = str(component.get("type") or "")
        name = str(component.get("key") or component.get("path") or component.get("id") or kind)
        line = line_of_component(content, component)
        if kind in COMPONENTS:
            yield COMPONENT.at(path, name, line, kind=kind, cure=COMPONENTS[kind])
        elif kind == "group" and not component.get("path") and not component.get("key"):
            yield NO_PATH.at(path, name, line)
        elif kind in ASKED and not component.get("key"):
            yield LOST.at(path, name, line)
        yield from _attributes(path, name, line, component)


def _attributes(path: str, name: str, line: int, component: dict) -> Iterator[Finding]:
    for attribute, cure in ATTRIBUTES.items():
        if component.get(attribute) not in (None, False, ""):
            yield ATTRIBUTE.at(path, name, line, name=attribute, cure=cure)
    for attribute in ("label", "description", "dateLabel", "text"):
        value = component.get(attribute)
        if isinstance(value, str) and (value.startswith("=") or "{{" in value):
            yield ATTRIBUTE.at(path, name, line, name=f"{attribute} = FEEL", cure=PLAIN)
    if isinstance(component.get("readonly"), str):
        yield ATTRIBUTE.at(path, name, line, name="readonly = FEEL", cure=Text("Employer « conditional.hide ».", "Use “conditional.hide”."))
    validate = component.get("validate")
    for attribute, value in validate.items() if isinstance(validate, dict) else ():
        if isinstance(value, str) and value.startswith("="):
            cure = Text("Employer « required_when ».", "Use “required_when”.") if attribute == "required" else RULE
            yield ATTRIBUTE.at(path, name, line, name=f"validate.{attribute} = FEEL", cure=cure)
    properties = component.get("properties")
    listed = isinstance(properties, dict) and "list" in properties
    if component.get("valuesKey") and not listed:
        cure = Text("Écrire les choix (« values »), ou la propriété « list ».", "Write the choices (“values”), or the property “list”.")
        yield ATTRIBUTE.at(path, name, line, name="valuesKey", cure=cure)
    boolean = isinstance(properties, dict) and properties.get("kind") == "boolean"
    if component.get("valuesExpression") and not boolean and not listed:
        yield ATTRIBUTE.at(
            path, name, line, name="valuesExpression", cure=Text("Écrire les choix (« values »).", "Write the choices (“values”).")
        )


def _all(components: Any, depth: int) -> Iterator[dict]:
    for component in components if isinstance(components, list) and depth < 6 else ():
        if isinstance(component, dict):
            yield component
            yield from _all(component.get("components"), depth + 1)
