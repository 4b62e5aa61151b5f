"""What `case_type.yaml`, `shared.yaml`, `settings.yaml` and `roles.yaml` may say, and the sentence when they say something else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from workflows.errors import BadDefinition

SAID: dict[str, Any] = {
    "required": "cette clé manque",
    "null": "une valeur est attendue",
    "invalid": "cette valeur n'a pas la forme attendue",
    "validator_failed": "cette valeur n'est pas permise",
    "type": "une suite de « clé: valeur » est attendue",
    "unknown": "cette clé est inconnue",
}
PLACES = ("post", "central", "station", "external")
LEVELS = ("write", "decide", "opinion", "read", "tasks", "sheet", "stat")
SIGHTS = ("posts", "all", "tasks", "sheet", "nothing")
PROMOTED = ("person", "country", "due", "amount", "post", "title", "stage", "category")


def one_of(*values: str) -> validate.OneOf:
    return validate.OneOf(values, error=f"une de ces valeurs est attendue : {', '.join(values)}")


def text(**how: Any) -> fields.String:
    return fields.String(error_messages=SAID, **how)


def mapping(values: fields.Field, **how: Any) -> fields.Dict:
    return fields.Dict(keys=text(), values=values, error_messages=SAID, load_default=dict, **how)


def nested(schema: type[Schema], **how: Any) -> fields.Nested:
    return fields.Nested(schema, error_messages=SAID, **how)


class Sheet(Schema):
    """A sheet whose unknown keys are refused."""

    error_messages = {"unknown": SAID["unknown"], "type": SAID["type"]}  # noqa: RUF012 - as marshmallow declares it

    class Meta:
        unknown = RAISE


class Text(Sheet):
    """The same in both languages."""

    fr = text(required=True, validate=validate.Length(min=1, error="le texte français est vide"))
    en = text(required=True, validate=validate.Length(min=1, error="le texte anglais est vide"))


class Who(Sheet):
    """Of a lane: a role, or « =FEEL » that gives one in the scope of the step."""

    role = text(required=True)
    at = text(load_default="central", validate=one_of(*PLACES))
    place = text(load_default=None, allow_none=True)


class Retention(Sheet):
    """How long a closed case is kept, and by which rule."""

    years = fields.Integer(required=True, strict=True, error_messages=SAID, validate=validate.Range(0, 200, error="de 0 à 200 ans"))
    basis = text(load_default="")


class Begin(Sheet):
    """Who may open a case. `by: message`: a message does whose case is not known, of one of these roles, at the post that it names or at
    `post`."""

    roles = fields.List(
        text(), required=True, error_messages=SAID, validate=validate.Length(min=1, error="au moins un rôle ouvre un dossier")
    )
    by = text(load_default=None, allow_none=True, validate=one_of("message"))
    post = text(load_default=None, allow_none=True)


class MessageSheet(Text):
    """Of a message that comes from outside: the fact by which it is matched, the form of what it brings, who may record it."""

    key = text(load_default=None, allow_none=True)
    form = text(load_default=None, allow_none=True)
    record = fields.List(text(), load_default=list, error_messages=SAID)
    opened_on = text(load_default=None, allow_none=True)


class CompanionSheet(Text):
    """Of a task that the application opens beside a procedure."""

    form = text(required=True)
    deadline = text(load_default=None, allow_none=True)


class ObligationSheet(Text):
    """Of something that members of the staff may owe. `refusal`: what is said to who names them meanwhile; « {who} » and « {since} »."""

    refusal = nested(Text, required=True)


class StageSheet(Text):
    """Of the reminder pattern: at which share of a deadline (per cent) who is told by which channels."""

    at = fields.Integer(required=True, strict=True, error_messages=SAID, validate=validate.Range(1, 1000, error="un pourcentage"))
    tell = fields.List(text(), load_default=list, error_messages=SAID)
    channels = fields.List(text(), load_default=list, error_messages=SAID)
    mark = text(load_default=None, allow_none=True)
    task = text(load_default=None, allow_none=True)
    history = text(load_default=None, allow_none=True)
    counts = text(load_default=None, allow_none=True)
    responsible = text(data_key="for", load_default=None, allow_none=True)


class DutySheet(Sheet):
    """Whom the duty officer hears about, and how."""

    priorities = fields.List(text(), load_default=list, error_messages=SAID)
    channels = fields.List(text(), load_default=list, error_messages=SAID)


class FigureSheet(Text):
    """Of a figure that an operation computes from its children: a number of them, or the sum of one of their facts. Only those in a
    stage, of a category, open or closed, where that is said. `of`: told in per cent of another figure."""

    sum = text(load_default=None, allow_none=True)
    stage = fields.List(text(), load_default=list, error_messages=SAID)
    category = fields.List(text(), load_default=list, error_messages=SAID)
    outcome = fields.List(text(), load_default=list, error_messages=SAID)
    open = fields.Boolean(load_default=None, allow_none=True, truthy={True}, falsy={False}, error_messages=SAID)
    money = fields.Boolean(load_default=False, truthy={True}, falsy={False}, error_messages=SAID)
    of = text(load_default=None, allow_none=True)


class OperationSheet(Sheet):
    """Of a case that has children: their type, the form and step by which a list of them is recorded, what they take over at birth, what
    is computed from them."""

    child = text(required=True)
    form = text(required=True)
    step = text(required=True)
    accepts = text(load_default="=true")
    recorders = fields.List(text(), load_default=list, error_messages=SAID)
    inherit = fields.List(text(), load_default=list, error_messages=SAID)
    unique = fields.List(text(), load_default=list, error_messages=SAID)
    figures = mapping(nested(FigureSheet))
    stages = mapping(nested(Text))
    categories = mapping(nested(Text))


class CaseTypeSheet(Sheet):
    """`case_type.yaml`. `child_of`: the type of the operation to whose cases these are children (set for what `child.yaml` says)."""

    code = text(required=True, validate=validate.Regexp(r"[A-Z][A-Z0-9]{1,7}\Z", error="2 à 8 lettres capitales ou chiffres"))
    process = text(required=True)
    name = nested(Text, required=True)
    description = nested(Text, required=True)
    reference = text(required=True)
    confidentiality = text(load_default="C2", validate=one_of("C1", "C2", "C3", "C4"))
    retention = nested(Retention, required=True)
    priority = text(load_default="P3", validate=one_of("P1", "P2", "P3", "P4"))
    start = nested(Begin, required=True)
    lanes = mapping(nested(Who))
    access = mapping(text(validate=one_of(*LEVELS)))
    facts = mapping(text())
    promoted = mapping(text())
    outcomes = mapping(nested(Text))
    documents = mapping(nested(Text))
    public_fields = fields.List(text(), load_default=list, error_messages=SAID)
    events = mapping(nested(MessageSheet))
    start_form = text(load_default=None, allow_none=True)
    operation = nested(OperationSheet, load_default=None, allow_none=True)
    child_of = text(load_default=None, allow_none=True)

    @validates_schema
    def only_known_columns(self, data: Mapping[str, Any], **_: Any) -> None:
        unknown = set(data.get("promoted", {})) - set(PROMOTED)
        if unknown:
            raise ValidationError(f"colonnes possibles : {', '.join(PROMOTED)}", f"promoted.{min(unknown)}")


class Letterhead(Sheet):
    """What stands at the top of every letter; `central`: in the numbers of those that leave from the capital, `city` its name."""

    state = text(load_default="")
    motto = text(load_default="")
    ministry = text(load_default="")
    service = text(load_default="")
    central = text(load_default="")
    city = text(load_default="")


class SharedSheet(Sheet):
    """`_shared/shared.yaml`. `lanes`: of all shared processes; `processes`: of one of them, where the same name means somebody else."""

    lanes = mapping(nested(Who))
    processes = mapping(mapping(nested(Who)))
    facts = mapping(text())
    header = text(load_default=None, allow_none=True)
    statuses = mapping(nested(Text))
    reminders = fields.List(nested(StageSheet), load_default=list, error_messages=SAID)
    duty_officer = nested(DutySheet, load_default=dict)
    notices = mapping(fields.List(text(), error_messages=SAID))
    companions = mapping(nested(CompanionSheet))
    obligations = mapping(nested(ObligationSheet))
    messages = mapping(nested(MessageSheet))
    priorities = mapping(nested(Text))
    confidentiality = mapping(nested(Text))
    channels = mapping(nested(Text))
    languages = mapping(nested(Text))
    contact_language = text(load_default=None, allow_none=True)
    household = text(load_default=None, allow_none=True)
    outcomes = mapping(nested(Text))
    letterhead = nested(Letterhead, load_default=dict)


class RoleSheet(Text):
    """Of a role: its name, where its work lies, what it sees."""

    at = text(required=True, validate=one_of(*PLACES))
    sees = text(required=True, validate=one_of(*SIGHTS))


class BudgetRights(Sheet):
    """Who reads the budget lines, who enters the acts that give or take credits, and who confirms these and moves credits."""

    read = fields.List(text(), load_default=list, error_messages=SAID)
    enter = fields.List(text(), load_default=list, error_messages=SAID)
    decide = fields.List(text(), load_default=list, error_messages=SAID)


class RolesSheet(Sheet):
    """`_shared/roles.yaml`."""

    roles = mapping(nested(RoleSheet))
    supervisors = mapping(text())
    incompatible = fields.List(fields.List(text(), error_messages=SAID), load_default=list, error_messages=SAID)
    budget = nested(BudgetRights, load_default=dict)
    rights = mapping(fields.List(text(), error_messages=SAID))


def load(schema: type[Schema], data: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The data with its defaults. BadDefinition names every key that is wrong."""
    try:
        return dict(schema().load(data))
    except ValidationError as error:
        found = "\n".join(f"{path} : {key} : {message}" for key, message in sorted(_flat(error.messages)))
        raise BadDefinition(found) from None


def _flat(messages: Any, key: str = "") -> list[tuple[str, str]]:
    if isinstance(messages, Mapping):
        inner = ((".".join(filter(None, (key, str(k) if k != "value" else ""))), m) for k, m in messages.items())
        return [pair for k, m in inner for pair in _flat(m, k)]
    if isinstance(messages, list):
        return [pair for message in messages for pair in _flat(message, key)]
    return [(key, str(messages))]


def settings_of(data: Mapping[str, Any], path: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """(name -> value, name -> what is said about it) of `settings.yaml`: a value alone, or {value, unit, fr, en, source}."""
    values: dict[str, Any] = {}
    notes: dict[str, dict[str, Any]] = {}
    for name, entry in data.get("settings", data).items():
        if isinstance(entry, Mapping) and "value" not in entry and "valeur" not in entry:
            raise BadDefinition(f"{path} : {name} : la clé « value » manque")
        about = dict(entry) if isinstance(entry, Mapping) else {"value": entry}
        value = about.pop("value") if "value" in about else about.pop("valeur")
        values[name] = _number(value)
        notes[name] = about
    return values, notes


def _number(value: Any) -> Any:
    """FEEL counts in decimals."""
    match value:
        case float():
            return Decimal(str(value))
        case list():
            return [_number(one) for one in value]
        case dict():
            return {name: _number(one) for name, one in value.items()}
    return value
