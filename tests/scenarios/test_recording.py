"""A case that was played becomes a scenario: it plays the same again, and nothing of the persons is in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select, update

from app.db.cases import Case
from app.db.documents import Document
from app.db.history import HistoryEntry
from app.db.operations import ChildRow
from app.db.people import Person
from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.scenarios import recording
from app.scenarios.reading import BadScenario, read
from app.scenarios.running import run
from app.services import clock, history
from tests.scenarios.files import ROOT

WORD = re.compile(r"[^\W\d_]{4,}")
TELEPHONE = re.compile(r"\+\d{8,}")


def recorded(folder: str, name: str, files: Path) -> tuple[str, Case]:
    """The scenario of a case that was just played."""
    path = ROOT / "bpmn" / folder / "scenarios" / f"{name}.yaml"
    code = yaml.safe_load((path.parent.parent / "case_type.yaml").read_text("utf-8"))["code"]
    result = run(code, name, read(path), files)
    assert result.ok, result.wrong
    case = db.session.scalars(select(Case).where(Case.case_type == code).order_by(Case.id.desc()).limit(1)).one()
    return recording.record(db.session(), case.reference), case


def texts(value: object) -> Iterator[str]:
    """Every text in a value."""
    match value:
        case str():
            yield value
        case dict():
            yield from (text for part in value.values() for text in texts(part))
        case list() | tuple():
            yield from (text for part in value for text in texts(part))


def real(case: Case) -> set[str]:
    """What people wrote in this case and its children, the persons whom they name, and what the registers know of them."""
    family = select(Case.id).where((Case.id == case.id) | (Case.parent_id == case.id))
    entries = [history.read(row) for row in db.session.scalars(select(HistoryEntry).where(HistoryEntry.case_id.in_(family)))]
    rows = list(db.session.scalars(select(ChildRow).where(ChildRow.case_id.in_(family))))
    said = set(texts([[value for entry in entries for _, value in entry.changes.values()], [[row.raw, row.person] for row in rows]]))
    people = list(db.session.scalars(select(Person).where(Person.code.in_(said))))
    assert people
    papers = {paper["numero"] for one in people for paper in one.papers}
    numbers = {number for one in people for number in (one.national_number, *one.phones) if number} | papers
    names = {word for one in people for word in WORD.findall(f"{one.name} {one.father} {one.mother} {one.birth_place}")}
    telling = {value for value in said if " " in value or TELEPHONE.fullmatch(value)}
    return {
        *db.session.scalars(select(Case.reference).where(Case.id.in_(family))),
        *db.session.scalars(select(Document.name).where(Document.case_id.in_(family))),
        *(one.code for one in people),
        *numbers,
        *names,
        *telling,
    }


CASES = {
    "fausse-alerte-sans-reaction": ("diaspora-feedback", {}),
    "cor-s1-rapatriement-part-etat": ("body-repatriation", {"granted": 2_000_000, "paid": 2_000_000, "returned": 0}),
    "enveloppe-insuffisante": ("fire-victim-support", {"granted": 1_000_000, "paid": 1_000_000}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_recorded_case_plays_the_same_again_and_names_nobody(ministry_sqlite, tmp_path, name):
    folder, money = CASES[name]
    text, case = recorded(folder, name, tmp_path)
    assert [value for value in sorted(real(case)) if value in text] == []
    scenario = yaml.safe_load(text)
    assert scenario["expect"]["path"]
    assert scenario["expect"]["facts"]
    assert scenario["expect"].get("money", {}).items() >= money.items()
    assert sum("due" in line.get("expect", {}) for line in scenario["steps"]) > len(scenario["steps"]) / 3
    again = run(case.case_type, name, scenario, tmp_path)
    assert again.ok, f"line {again.line}: {again.wrong}"


def test_an_open_case_is_recorded_to_its_last_deadline(ministry_sqlite, tmp_path):
    """Somebody took the step on behalf of another, then nobody did anything for ten days: the supervisor was told. The file says it all."""
    told = read(ROOT / "bpmn/diaspora-feedback/scenarios/felicitation.yaml")
    lent = {"delegate": {"from": "U-35", "to": "U-02", "role": "gestionnaire_dgme", "until": "2026-12-31"}}
    more = [lent, {"claim": "qualifier", "by": "U-02"}, {"wait": "10d"}]
    result = run("AVI", "ouvert", {**told, "steps": [*told["steps"][:2], *more], "expect": {}}, tmp_path)
    assert result.ok, result.wrong
    reference = db.session.scalar(select(Case.reference).where(Case.case_type == "AVI").order_by(Case.id.desc()).limit(1))
    scenario = yaml.safe_load(recording.record(db.session(), str(reference)))
    assert set(scenario["steps"][-1]) == {"at"}
    assert [line["delegate"]["to"] for line in scenario["steps"] if "delegate" in line] == ["U-02"]
    assert scenario["expect"]["open"]
    assert "traiter_retard" in scenario["expect"]["due"]
    again = run("AVI", "ouvert", scenario, tmp_path)
    assert again.ok, f"line {again.line}: {again.wrong}"


def test_a_case_is_recorded_with_those_that_it_opened_and_is_tied_to(ministry_sqlite, tmp_path):
    """Asked for the case that a call opened, the whole family is told, from the call on; a second case of one type has its own name."""
    told = read(ROOT / "bpmn/diaspora-feedback/scenarios/detresse-dossier-ouvert.yaml")
    more = [
        {"start": {"by": "U-02", "as": "voisin"}},
        {"link": {"to": "voisin", "kind": "meme_evenement"}, "by": "U-34"},
        {"note": "La famille a rappelé.", "case": "COR", "by": "U-02", "at": "+1h"},
        *({**told["steps"][number], "case": "voisin", "expect": {}} for number in (1, 3)),
        {"case": "COR", "as": "second", "at": "+1h", "expect": {"linked": {"issu_de": ["voisin"]}}},
        {"note": "Le voisin a rappelé.", "case": "second", "by": "U-02"},
    ]
    result = run("AVI", "famille", {**told, "steps": [*told["steps"][:4], *more], "expect": {}}, tmp_path)
    assert result.ok, f"line {result.line}: {result.wrong}"
    opened = db.session.scalars(select(Case.reference).where(Case.case_type == "COR").order_by(Case.id.desc()).limit(2)).all()
    text = recording.record(db.session(), opened[1])
    assert "rappelé" not in text
    scenario = yaml.safe_load(text)
    assert {line.get("case", "dossier") for line in scenario["steps"]} == {"dossier", "autre_1", "COR", "COR_2"}
    assert [line["link"]["to"] for line in scenario["steps"] if "link" in line] == ["autre_1"]
    again = run("AVI", "famille", scenario, tmp_path)
    assert again.ok, f"line {again.line}: {again.wrong}"


def test_a_user_of_the_ministry_becomes_an_invented_one_with_the_same_rights(ministry_sqlite, tmp_path):
    def call(login: str) -> None:
        transaction(lambda unit: unit.session.execute(update(User).where(User.code == "U-35").values(login=login)), clock.now)

    usual = db.session.scalars(select(User.login).where(User.code == "U-35")).one()
    db.session.rollback()
    call("somebody")
    try:
        text, _ = recorded("diaspora-feedback", "felicitation", tmp_path)
    finally:
        db.session.rollback()
        call(usual)
    assert "U-35" not in text
    invented = yaml.safe_load(text)["given"]["users"]["U-901"]
    assert invented["name"] == "Agent U-901"
    assert "gestionnaire_dgme" in [grant["role"] for grant in invented["grants"]]


def test_a_message_of_no_case_is_recorded_with_the_case_that_it_was_matched_to(ministry_sqlite, tmp_path):
    text, _ = recorded("unmatched-message", "numero-inconnu", tmp_path)
    assert [wrong for wrong in ("AVI-ABJ-2026-99999", "Toujours", "guichet était", "P-0069") if wrong in text] == []
    scenario = yaml.safe_load(text)
    assert [line["to"][3:8] for line in scenario["steps"] if "message" in line] == ["-ABJ-"]
    again = run("MSG", "numero-inconnu", scenario, tmp_path)
    assert again.ok, f"line {again.line}: {again.wrong}"


def test_a_case_that_cannot_be_played_alone_is_said(ministry_sqlite, tmp_path):
    with pytest.raises(BadScenario, match="dossier inconnu : COR-XXX"):
        recording.record(db.session(), "COR-XXX")
