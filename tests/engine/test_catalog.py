"""A case type is a folder: what is read, what names a version, and the sentence about each mistake."""

import datetime as dt
import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.case import BEGIN
from tests.engine.small import HEAD, call, message, path, process, user
from workflows.catalog import CaseType, Catalog, Lane, Role, read_folder
from workflows.engine import runtime
from workflows.errors import BadDefinition
from workflows.folder import read_yaml, version_of

SHEET = """
code: ABC
process: main
name: {fr: Essai, en: Trial}
description: {fr: Un essai., en: A trial.}
reference: ABC
retention: {years: 10, basis: règle}
start: {roles: [agent]}
lanes:
  Agent: {role: agent, at: post}
  Approbateur: {role: "=if x > 5 then \\"ministre\\" else \\"chef\\"", at: central}
access: {agent: write}
facts: {pays_interdit: boolean}
promoted: {amount: x}
outcomes: {fini: {fr: Fini, en: Done}}
events:
  ARRIVEE: {key: numero, form: ABC_A, record: [agent], fr: Arrivée, en: Arrival}
"""
SHARED = """
header: SP_ENTETE
facts: {numero: string}
lanes: {Agent: {role: agent_commun, at: central}}
processes: {sub: {Juge: {role: chef, at: central}}}
statuses: {ouvert: {fr: Ouvert, en: Open}, clos: {fr: Clos, en: Closed}}
"""
ROLES = """
roles: {agent: {fr: Agent, en: Officer, at: post, sees: posts}}
supervisors: {agent: chef}
incompatible: [[agent, chef]]
"""
PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgctxt "main.u"
msgid "Étape"
msgstr "Step"

msgctxt "ABC.A"
msgid "Formulaire"
msgstr "Form"

#, fuzzy
msgid "Douteux"
msgstr "Doubtful"
"""


def form(id_: str, *keys: str) -> str:
    components = [{"type": "number", "key": key, "label": key, "id": f"F_{key}"} for key in keys]
    return json.dumps({"id": id_, "type": "default", "schemaVersion": 17, "components": components})


def bpmn(*parts: str) -> str:
    return HEAD + "".join(parts) + "</definitions>"


LANES = '<laneSet id="l"><lane id="l1" name="Approbateur"><flowNodeRef>u</flowNodeRef></lane></laneSet>'
STEP = user("u", '<zeebe:properties><zeebe:property name="deadline" value="4 h"/></zeebe:properties>').replace(
    'id="u"', 'id="u" name="Étape"'
)
CALL = call("c", "sub")
FILES = {
    "essai/case_type.yaml": SHEET,
    "essai/process.bpmn": bpmn(
        message("ARRIVEE"), process("main", LANES + STEP.replace('"f"', '"ABC_A"') + CALL + path("s", "u", "c", "e"))
    ),
    "essai/a.form": form("ABC_A", "x"),
    "essai/letters/condoleances.md": "Objet : {{ numero }}",
    "essai/translations/en.po": PO,
    "essai/scenarios/un.yaml": "steps: []",
    "essai/notes.pdf": "not pinned",
    "_shared/shared.yaml": SHARED,
    "_shared/settings.yaml": "settings: {plafond: {value: 5, unit: FCFA, fr: Plafond, en: Limit}, taux: 0.5}",
    "_shared/roles.yaml": ROLES,
    "_shared/sub.bpmn": bpmn(process("sub", user("v") + path("is", "v", "ie"), "is", "ie")),
    "_shared/f.form": form("f", "y"),
    "_shared/entete.form": form("SP_ENTETE", "priorite_note"),
    "_shared/letters/accuse.md": "Reçu.",
}


@pytest.fixture
def folder(tmp_path: Path):
    """Writes the files of a case type, some of them changed; None leaves one out."""

    def write(**changed: str | None) -> Path:
        files = FILES | changed
        for name, text in files.items():
            target = tmp_path / name
            target.unlink(missing_ok=True)
            if text is not None:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
        return tmp_path

    return write


@dataclass
class Acting:
    """What the services' act offers to an expression."""

    facts: dict
    now: dt.datetime = BEGIN
    functions: dict = field(default_factory=dict)
    system: dict = field(default_factory=dict)


def test_a_folder_is_read(folder):
    case_type = Catalog(folder()).types["ABC"]
    assert (case_type.code, case_type.process, case_type.name["en"], case_type.start_roles) == ("ABC", "main", "Trial", ("agent",))
    assert (case_type.confidentiality, case_type.priority, case_type.retention["years"]) == ("C2", "P3", 10)
    assert list(case_type.forms) == ["ABC_A", "SP_ENTETE", "f"]
    assert case_type.settings == {"plafond": 5, "taux": Decimal("0.5")}
    assert case_type.setting_notes["plafond"]["unit"] == "FCFA"
    assert case_type.roles == {"agent": Role("agent", {"fr": "Agent", "en": "Officer"}, "post", "posts")}
    assert (case_type.supervisors, case_type.incompatible) == ({"agent": "chef"}, (("agent", "chef"),))
    assert case_type.letters == {"accuse": {"fr": "Reçu."}, "condoleances": {"fr": "Objet : {{ numero }}"}}
    assert list(case_type.statuses) == ["ouvert", "clos"]
    assert case_type.facts == {"numero": "string", "pays_interdit": "boolean"}
    assert case_type.messages["ARRIVEE"].record == ("agent",)
    assert set(case_type.kinds) == {"x", "y", "priorite_note"}


def test_its_procedure_runs(folder):
    case_type = Catalog(folder()).types["ABC"]
    out = runtime.start(case_type.definition, {"": {"numero": "ABC-1"}}, BEGIN)
    assert [(task.step, task.lane) for task in out.open] == [("u", "Approbateur")]
    seen = case_type.definition.view({"": {"numero": "ABC-1"}}, out.open[0].chain)
    assert seen == {"x": None, "numero": "ABC-1", "pays_interdit": None, "priorite_note": None}


def test_who_does_the_steps_of_a_lane(folder):
    """A shared process has its own lanes before those of the type; the type's own processes the other way round."""
    case_type = Catalog(folder()).types["ABC"]
    assert case_type.lane("main", "Agent") == Lane("agent", "post")
    assert case_type.lane("sub", "Agent") == Lane("agent_commun", "central")
    assert case_type.lane("sub", "Juge") == Lane("chef", "central")
    assert case_type.lane("sub", "Approbateur").role.startswith("=")
    assert case_type.lane("main", "Juge") is None
    assert case_type.lane("main", None) is None


def test_a_role_may_depend_on_the_case(folder):
    case_type = Catalog(folder()).types["ABC"]
    (step,) = runtime.start(case_type.definition, {"": {}}, BEGIN).open
    lane = case_type.lane("main", step.lane)
    assert case_type.evaluate(step, lane.role, Acting({"": {"x": 9}})) == "ministre"
    assert case_type.evaluate(step, lane.role, Acting({"": {"x": 1}})) == "chef"
    assert case_type.evaluate(step, "chef", Acting({"": {}})) == "chef"


def test_steps_and_their_titles_in_both_languages(folder):
    case_type = Catalog(folder()).types["ABC"]
    step = case_type.steps["u"]
    assert (step.title, step.process, step.lane, step.kind, step.form) == ("Étape", "main", "Approbateur", "userTask", "ABC_A")
    assert dict(step.properties) == {"deadline": "4 h"}
    assert case_type.steps["c"].called == "sub"
    assert (case_type.step_title("u"), case_type.step_title("u", "en"), case_type.step_title("v", "en")) == ("Étape", "Step", "v")
    assert case_type.step_title("gone") == "gone"
    assert case_type.text("Formulaire", "en", "ABC.A") == "Form"
    assert case_type.text("Formulaire", "en", "elsewhere") == "Form"
    assert case_type.text("Douteux", "en") == "Douteux"
    assert case_type.processes["sub"].shared
    assert case_type.diagram("main") == FILES["essai/process.bpmn"].encode()
    assert case_type.elements.flows["main", "s_u"].target == "u"


def test_a_version_is_read_back_from_its_files(folder):
    root = folder()
    files = read_folder(root / "essai")
    assert "scenarios/un.yaml" not in files
    assert "notes.pdf" not in files
    assert "_shared/sub.bpmn" in files
    first = Catalog(root).types["ABC"]
    assert first.version == version_of(files)
    assert CaseType.read(dict(reversed(files.items()))) is first
    folder(**{"essai/scenarios/un.yaml": "steps: [other]"})
    assert Catalog(root).types["ABC"] is first
    folder(**{"_shared/settings.yaml": "settings: {plafond: 6}"})
    assert Catalog(root).types["ABC"].version != first.version


def test_moving_bytes_between_files_is_another_version():
    assert version_of({"a": b"bc", "d": b""}) != version_of({"a": b"b", "d": b"c"}) != version_of({"ab": b"c", "d": b""})


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (SHEET.replace("code: ABC", "code: abc"), "code : 2 à 8 lettres capitales"),
        (SHEET.replace("process: main\n", ""), "process : cette clé manque"),
        (SHEET.replace("reference:", "referense:"), "referense : cette clé est inconnue"),
        (SHEET.replace("name: {fr: Essai, en: Trial}", "name: {fr: Essai}"), "name.en : cette clé manque"),
        (SHEET.replace("at: post", "at: poste"), "lanes.Agent.at : une de ces valeurs est attendue"),
        (SHEET.replace("years: 10", "years: dix"), "retention.years : cette valeur n'a pas la forme"),
        (SHEET.replace("amount: x", "montant: x"), "promoted.montant : colonnes possibles"),
        (SHEET.replace("[agent]}", "[]}", 1), "start.roles : au moins un rôle"),
        (SHEET.replace("agent: write", "agent: ecrire"), "access.agent : une de ces valeurs"),
        (SHEET + "code: DEF\n", "« code » est écrite deux fois"),
        ("a: &a [1]\nb: *a\n", "alias"),
        ("- 1\n", "clé: valeur"),
        ("a: [", "ne se lit pas"),
        ("a: \t", "cette clé manque|ne se lit pas"),
        (SHEET.replace("process: main", "process: autre"), "aucun fichier ne contient le processus « autre »"),
    ],
)
def test_a_wrong_sheet_says_where_and_what(folder, sheet, said):
    with pytest.raises(BadDefinition, match=said):
        Catalog(folder(**{"essai/case_type.yaml": sheet}))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("_shared/settings.yaml", "settings: {plafond: {unit: FCFA}}", "plafond : la clé « value » manque"),
        ("_shared/roles.yaml", "roles: {agent: {fr: Agent, en: Officer, at: post, sees: tout}}", "roles.agent.sees"),
        ("_shared/shared.yaml", "remainders: []", "remainders : cette clé est inconnue"),
        ("essai/a.form", "{", r"a\.form : "),
        ("essai/b.form", form("ABC_A", "z"), "« ABC_A » existe déjà"),
        ("essai/translations/en.po", "msgid", "traductions"),
        ("essai/process.bpmn", "<html/>", r"process\.bpmn : ce n'est pas un fichier BPMN"),
        ("essai/more.bpmn", bpmn(process("sub", user("v") + path("is", "v", "ie"), "is", "ie")), "existe dans deux fichiers"),
    ],
)
def test_any_wrong_file_is_named(folder, name, text, said):
    with pytest.raises(BadDefinition, match=said):
        Catalog(folder(**{name: text}))


def test_a_file_that_is_not_utf_8_or_too_large(folder):
    root = folder()
    (root / "essai" / "letters" / "latin.md").write_bytes("été".encode("latin-1"))
    with pytest.raises(BadDefinition, match=r"latin\.md : le fichier n'est pas en UTF-8"):
        Catalog(root)
    (root / "essai" / "letters" / "latin.md").write_bytes(b"x" * 1_000_001)
    with pytest.raises(BadDefinition, match="dépasse"):
        Catalog(root)


def test_two_types_of_one_code(folder):
    root = folder(**{f"double/{name.partition('/')[2]}": text for name, text in FILES.items() if name.startswith("essai/")})
    with pytest.raises(BadDefinition, match="« ABC » est déjà"):
        Catalog(root)


def test_countries_and_hours_are_texts_in_yaml():
    """Not « false » and 750 minutes, as YAML 1.1 has it."""
    given = read_yaml({"x": b"pays: [NO, ON, FR]\nheure: 12:30\noui: yes\nvrai: true\nn: 010\nd: 2026-03-01\nvide:\n"}, "x")
    assert given == {
        "pays": ["NO", "ON", "FR"],
        "heure": "12:30",
        "oui": "yes",
        "vrai": True,
        "n": "010",
        "d": dt.date(2026, 3, 1),
        "vide": None,
    }
