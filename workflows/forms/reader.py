"""form-js JSON -> tree of fields. The file is written by an administrator: what is wrong in it is said with the field and the cure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import re2

from ..feel import FeelError, parse
from .fields import GROUPS, KINDS, Field, Limits, Option

MAX_COMPONENTS = 300
MAX_DEPTH = 4
DERIVED = frozenset(
    {"text", "longtext", "integer", "decimal", "rate", "currency", "date", "datetime", "choices"}
)  # said by the component alone
PART_KINDS = {("money-foreign", "taux"): "rate", ("money-foreign", "devise"): "currency", ("signature", "horodatage"): "datetime"}
NOTES = (
    "proposed_by",
    "override",
    "unique",
    "unique_with",
    "remind",
    "role",
    "signers",
    "second_agent",
    "verified_identity",
    "order",
    "allow_unknown",
    "versioned",
    "time_zone",
    "template",
    "joins",
)
COMPUTED = {"entier": "integer", "texte": "text", "dateheure": "datetime", "liste": "list"}


class FormError(ValueError):
    """A form file is refused; the French message names the field and what to change."""


def load(data: bytes) -> dict[str, Any]:
    """The JSON document of a form file."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        raise FormError("ce fichier n'est pas un formulaire form-js : JSON illisible") from None
    if not isinstance(document, dict) or not isinstance(document.get("components"), list):
        raise FormError("ce fichier n'est pas un formulaire form-js : « components » manque")
    if not isinstance(document.get("id"), str) or not document["id"]:
        raise FormError("le formulaire n'a pas d'« id »")
    return document


def read_title(document: Mapping[str, Any]) -> str:
    """The French title: the first text component, without its Markdown mark."""
    for component in document["components"]:
        if isinstance(component, dict) and component.get("type") == "text":
            return str(component.get("text", "")).lstrip("# ").strip()
    return document["id"]


def read_fields(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """Every question of a form in its order; texts and separators are left out. FormError when a component is not understood."""
    context = document["id"].replace("_", ".", 1)
    return read_components(document["components"], context, 0)


def read_components(components: Any, context: str, depth: int, parent: str = "") -> tuple[Field, ...]:
    """The fields among `components`; `parent` is the kind of the group or table that holds them."""
    if depth > MAX_DEPTH:
        raise FormError(f"{context} : trop de groupes l'un dans l'autre ({MAX_DEPTH} au plus)")
    if not isinstance(components, list) or len(components) > MAX_COMPONENTS:
        raise FormError(f"{context} : une liste de {MAX_COMPONENTS} composants au plus est attendue")
    out: dict[str, Field] = {}
    for component in components:
        if not isinstance(component, dict):
            raise FormError(f"{context} : un composant n'est pas un objet")
        key = component.get("key") or component.get("path")
        if not key:
            continue
        if not isinstance(key, str) or not key.isidentifier():
            raise FormError(f"{context} : clé « {key} » : lettres, chiffres et « _ » seulement")
        if key in out:
            raise FormError(f"{context} : deux champs ont la clé « {key} »")
        where = f"kind.{parent}.{key}" if parent in GROUPS - {"grid"} else f"{context}.{key}"
        out[key] = read_field(component, key, where, depth, parent)
    return tuple(out.values())


def read_field(component: Mapping[str, Any], key: str, context: str, depth: int, parent: str) -> Field:
    """One component -> one field."""
    props, check, conditional = (component.get(name) or {} for name in ("properties", "validate", "conditional"))
    if not all(isinstance(group, dict) for group in (props, check, conditional)):
        raise FormError(f"{context} : « properties », « validate » et « conditional » sont des groupes")
    hide = conditional.get("hide")
    if not all(isinstance(value, str) for value in props.values()):
        raise FormError(f"{context} : les « properties » sont des textes")
    if depth and (hide or "rule" in props or "required_when" in props):
        raise FormError(f"{context} : une condition ou une règle se met sur le tableau ou le groupe, pas sur sa colonne")
    kind = kind_of(component, props, key, context, parent)
    return Field(
        key=key,
        kind=kind,
        label=str(component.get("label") or component.get("dateLabel") or key),
        context=context,
        hint=str(component.get("description") or props.get("hint") or ""),
        widget=component["type"],
        required=check.get("required") is True or props.get("required") == "true",
        required_when=feel(props.get("required_when"), "required_when", context),
        hide=feel(hide, "conditional.hide", context),
        rule=feel(props.get("rule"), "rule", context),
        rule_message=props.get("rule_message", ""),
        limits=read_limits(component, check, props, context),
        options=read_options(component, context),
        option_list=props.get("list"),
        parts=read_parts(component, kind, context, depth),
        none_allowed=props.get("none_allowed") == "true",
        default=feel(props.get("default"), "default", context),
        effect=props.get("effect"),
        effect_when=feel(props.get("effect_when"), "effect_when", context),
        readonly=component.get("readonly") is True,
        formula=feel(props.get("formula"), "formula", context) if kind == "computed" else None,
        decision=props.get("decision"),
        system=props.get("system"),
        value=COMPUTED.get(props.get("value", ""), props.get("value")),
        notes=MappingProxyType({name: props[name] for name in NOTES if name in props}),
    )


def kind_of(component: Mapping[str, Any], props: Mapping[str, str], key: str, context: str, parent: str) -> str:
    """The declared kind, else what the component is."""
    declared, type_ = props.get("kind"), component.get("type")
    if declared == "choice" and type_ == "checklist":
        return "choices"
    if declared is not None:
        if declared not in KINDS or declared in DERIVED:
            raise FormError(f"{context} : « kind » inconnu : « {declared} »")
        return declared
    match type_:
        case "textfield":
            return PART_KINDS.get((parent, key), "text")
        case "textarea":
            return "longtext"
        case "number":
            return "decimal" if component.get("decimalDigits") else "integer"
        case "datetime":
            return "date" if component.get("subtype") == "date" else "datetime"
        case "radio" | "select":
            return "choice"
        case "checklist":
            return "choices"
        case "checkbox":
            return "boolean"
    raise FormError(f"{context} : composant « {type_} » sans « kind » connu")


def feel(text: Any, name: str, context: str) -> str | None:
    """The FEEL of a property, without its « = »."""
    if text is None or text == "":
        return None
    if not isinstance(text, str) or not text.startswith("="):
        raise FormError(f"{context} : « {name} » est une expression FEEL et commence par « = »")
    source = text[1:].strip()
    try:
        parse(source)
    except FeelError as error:
        raise FormError(f"{context} : « {name} » : {error}") from None
    return source


def read_limits(component: Mapping[str, Any], check: Mapping[str, Any], props: Mapping[str, str], context: str) -> Limits:
    """Bounds said by `validate` and by `properties`."""
    pattern = check.get("pattern")
    if pattern is not None:
        try:
            re2.compile(pattern)
        except (re2.error, TypeError):
            raise FormError(f"{context} : « pattern » n'est pas une expression régulière simple (RE2)") from None
    return Limits(
        min=whole(check.get("min"), "min", context),
        max=whole(check.get("max"), "max", context),
        digits=decimals(component, context),
        min_length=whole(check.get("minLength"), "minLength", context),
        max_length=whole(check.get("maxLength"), "maxLength", context),
        pattern=pattern,
        pattern_message=str(check.get("patternErrorMessage") or ""),
        min_items=whole(props.get("min_items"), "min_items", context),
        max_items=whole(props.get("max_items"), "max_items", context),
        items_message=props.get("items_message", ""),
    )


def decimals(component: Mapping[str, Any], context: str) -> int:
    """Number of decimals of a number, 0 to 6."""
    digits = whole(component.get("decimalDigits"), "decimalDigits", context) or 0
    if not 0 <= digits <= 6:
        raise FormError(f"{context} : « decimalDigits » va de 0 à 6")
    return digits


def whole(value: Any, name: str, context: str) -> int | None:
    """A bound, written as a number or as a text of digits."""
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError, OverflowError):
        raise FormError(f"{context} : « {name} » est un nombre entier") from None
    if isinstance(value, bool) or number != float(value):
        raise FormError(f"{context} : « {name} » est un nombre entier")
    return number


def read_options(component: Mapping[str, Any], context: str) -> tuple[Option, ...]:
    """The choices; a code may appear once."""
    values = component.get("values") or ()
    try:
        options = tuple(Option(str(item["value"]), str(item["label"])) for item in values)
    except (TypeError, KeyError):
        raise FormError(f"{context} : « values » est une liste de {{label, value}}") from None
    if len({option.value for option in options}) != len(options):
        raise FormError(f"{context} : un choix est écrit deux fois")
    choice = component.get("type") in ("radio", "select", "checklist")
    if choice and not options and "valuesKey" not in component and "valuesExpression" not in component:
        raise FormError(f"{context} : aucun choix")
    return options


def read_parts(component: Mapping[str, Any], kind: str, context: str, depth: int) -> tuple[Field, ...]:
    """The columns of a table, the parts of a group."""
    if kind not in GROUPS and kind != "table":
        return ()
    parts = read_components(component.get("components"), context, depth + 1, kind)
    if not parts:
        raise FormError(f"{context} : un tableau ou un groupe a au moins un champ")
    return parts
