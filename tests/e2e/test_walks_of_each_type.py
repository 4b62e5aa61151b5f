"""One path of each type of case at browsers, by several accounts of its roles, through the real server; its telling pages held by axe.

What comes before the telling part is played by the services, and so are months that pass.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.config import ROOT
from app.db.cases import Case
from app.extensions import db
from app.scenarios import conditions
from app.scenarios.player import FIRST, Played
from app.scenarios.reading import moment, read, read_all, when
from app.scenarios.scratch import code_of
from app.services import clock
from app.services.operations import importing
from app.web.texts import typeset
from benchmarks import clocked
from tests.e2e.person import Walk
from tests.e2e.serving import served
from tests.e2e.test_pages_for_everybody import obstacles
from tests.support import databases
from tests.support.applications import FILL, make_app

pytestmark = [pytest.mark.e2e, pytest.mark.long]


class Town:
    """A running ministry and a clock that its server follows."""

    def __init__(self, address: str, folder: Path, browser) -> None:
        self.address, self.folder, self.browser = address, folder, browser

    def walk(self, path: str) -> Walk:
        """A scenario about to be walked, and its lines."""
        name, _, variant = path.partition("#")
        file = ROOT / "bpmn" / name
        scenario = read_all(file)[f"{file.stem}/{variant}"] if variant else read(file)
        walk = Walk(code_of(file), scenario, self.folder / "documents")
        return walk.at_browsers(self.address, self.browser, lambda moment: clocked.set_to(self.folder / "clock", moment))


@pytest.fixture(scope="module")
def town(browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), folder / "ministry.db")
    app = make_app(f"sqlite:///{folder / 'ministry.db'}", folder)
    clocked.set_to(folder / "clock", moment(read(ROOT / "bpmn" / AVI)["given"]["at"]))
    told = {clocked.VARIABLE: str(folder / "clock"), "WEB_CONCURRENCY": "1"}
    with served(folder / "ministry.db", folder, "benchmarks.clocked:application()", **told) as address, app.app_context():
        yield Town(address, folder, browser)
        db.session.remove()
        db.engine.dispose()


AVI = "diaspora-feedback/scenarios/avi-s1-reclamation-fondee.yaml"
DET = "detainee-legal-aid/scenarios/det-s1-avocat-pris-en-charge.yaml"
SIN = "fire-victim-support/scenarios/enveloppe-insuffisante.yaml"
PRJ = "project-financing/scenarios/prj-s1-maraichage-finance.yaml"
AAP = "project-call/scenarios/appel.yaml#ex-aequo-puis-place-liberee"
RET = "distress-return/scenarios/operation-trois-voyageurs.yaml"


def play(walk: Walk, first: str, last: str, held: tuple[str, ...] = ()) -> None:
    """The whole scenario; from the step `first` to `last` at browsers. held: pages (of the case at hand) that axe looks at, by whoever did
    the last of these steps."""
    with conditions.set_up(walk.given):
        for line in walk.scenario["steps"]:
            walk.walking = walk.walking or line.get("do") == first
            walk.line(line)
            if line.get("do") == last and walk.walking:
                walk.walking = False
                hold(walk, line["by"], held)
                break


def hold(walk: Walk, code: str, pages: tuple[str, ...]) -> None:
    page = walk.by(code).page
    for part in pages:
        walk.by(code).go(f"/dossiers/{walk.reference}{part}")
        assert obstacles(page, part) == []


def test_feedback_from_the_first_word_to_the_closing(town):
    walk = town.walk(AVI)
    play(walk, "enregistrer_avis", "valider_cloture", ("",))
    case = db.session.scalars(select(Case).where(Case.id == walk.case_id)).one()
    assert (case.status, case.outcome) == ("clos", "fonde")
    assert walk.close() == []


def test_a_detainee_is_visited_and_given_a_lawyer(town):
    walk = town.walk(DET)
    play(walk, "visite_initiale", "choisir_avocat", ("", "/formulaires"))
    assert walk.open_steps() == ["preparer_demande"]
    assert walk.close() == []


def test_a_committee_scores_a_project_and_takes_it(town):
    walk = town.walk(PRJ)
    play(walk, "noter", "tenir_session", ("",))
    assert walk.fact("decision_comite") == "retenu"
    assert walk.close() == []


OF_THE_CALL = ("publier_appel", "viser_appel", "preparer_session", "publier_resultats", "promouvoir_liste_attente")


def test_a_call_is_published_ranked_decided_and_its_waiting_list_moves(town):
    """The call's own steps at browsers, each form held wide and narrow before it is sent; a member votes and the chair takes a decision."""
    walk, voted = town.walk(AAP), False
    with conditions.set_up(walk.given):
        for line in walk.scenario["steps"]:
            step = line.get("do")
            sits = step in ("voter", "tenir_session") and not voted
            walk.walking = "refused" not in line and (step in OF_THE_CALL or sits)
            if walk.walking and step in OF_THE_CALL:
                look_at(walk, line)
                line = {word: said for word, said in line.items() if word != "at"} | {"with": unless_proposed(line["with"])}
            walk.line(line)
            voted = voted or step == "tenir_session"
            if step == "promouvoir_liste_attente" and walk.walking:
                break
    walk.take_up("appel")
    assert (walk.fact("reste_examine"), walk.fact("projets_en_attente")) == (1_400_000, 0)
    assert walk.fact("dossier_promu") == walk.cases["moulin"].reference
    hold(walk, "U-34", ("", "/fiches", "/parcours"))
    assert walk.close() == []


def unless_proposed(answers):
    """What is typed into a form that proposes the first of the waiting list by itself."""
    return {name: value for name, value in answers.items() if name != "dossier_promu"}


def look_at(walk: Walk, line) -> None:
    """The form of a step as its doer sees it, in both widths and colours."""
    walk.advance(when(dict(line), walk.now - walk.shift) + walk.shift)
    walk.take_up(line["case"])
    task = walk.task(line["do"], line["by"])
    somebody = walk.by(line["by"])
    somebody.find(walk.reference, typeset(task.title))
    assert obstacles(somebody.page, line["do"]) == []
    somebody.page.set_viewport_size({"width": 1280, "height": 900})


def test_travellers_are_listed_heard_and_counted(town):
    walk = town.walk(RET)
    play(walk, "profiler", "avis_medical")
    walk.take_up(FIRST)
    hold(walk, "U-17", ("/fiches",))
    assert walk.close() == []


def test_a_list_of_households_is_sent_in_and_one_is_paid(town):
    walk = town.walk(SIN)
    with conditions.set_up(walk.given):
        for line in walk.scenario["steps"]:
            if "list" in line:
                send_list(walk, line)
                continue
            walk.walking = line.get("do") in ("remettre_aide", "arreter_liste_definitive")
            walk.line(line)
            if line.get("do") == "remettre_aide":
                break
    case = db.session.scalars(select(Case).where(Case.id == walk.case_id)).one()
    assert (case.status, case.outcome, case.amount) == ("clos", "paye", 281_000)
    walk.take_up("feu")
    hold(walk, "U-01", ("/fiches",))
    assert walk.close() == []


def send_list(walk: Walk, line) -> None:
    """The census goes in as a file: an error is shown beside its row, the corrected file is looked at, confirmed and written."""
    walk.line({"at": line["at"], "case": line["case"]})
    officer = walk.by(line["by"])
    officer.go(f"/dossiers/{walk.reference}/fiches/liste")
    wrong = [dict(line["list"][0], taille_menage="zéro"), *line["list"][1:]]
    choose(officer, wrong)
    expect(officer.page.locator("main")).to_contain_text("à corriger")
    assert obstacles(officer.page, "a list with an error") == []
    officer.go(f"/dossiers/{walk.reference}/fiches/liste")
    choose(officer, line["list"])
    with officer.page.expect_navigation():
        officer.page.locator("button[value=confirmer]").click()
    number = int(officer.page.url.rpartition("/")[2])
    with clock.at(walk.now):
        importing.write(number)
    officer.go(f"/dossiers/{walk.reference}/fiches")
    expect(officer.page.locator("main")).to_contain_text(f"{walk.reference}-004")
    made = db.session.scalars(select(Case).where(Case.parent_id == walk.case_id).order_by(Case.id))
    walk.cases |= {name: Played(case.id, case.reference, case.case_type) for name, case in zip(line["as"], made, strict=True)}
    db.session.rollback()


def choose(officer, rows) -> None:
    """A file is chosen and sent."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    officer.page.set_input_files("input[name=fichier]", [{"name": "liste.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}])
    with officer.page.expect_navigation():
        officer.button().click()
