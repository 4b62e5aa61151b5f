"""Pictures of the main screens for the reader: `python -m tests.e2e.screenshots` writes docs/screenshots/*.png.

The demonstration is loaded into a database of its own and served as it would be; each picture is a page as somebody sees it.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import select

from app.config import Config
from app.db.cases import Case
from app.db.tasks import Task
from app.demo import loading
from app.extensions import db
from app.factory import create_app
from tests.e2e.people import Somebody
from tests.e2e.serving import served
from tests.support import run, store
from tests.support.applications import fill_empty
from tests.support.browser import CURE, browser_program
from tests.support.source import ROOT

TARGET = ROOT / "docs" / "screenshots"
DESK, TELEPHONE = 1280, 360
DEATH = "COR"
HEAVIEST = 200_000
"""Bytes of a picture: they are part of the repository."""


@dataclass(frozen=True)
class Shot:
    """A picture: whose, of which page, how wide, dark or light, what is written and pressed first, how much of the page one sees."""

    name: str
    login: str
    path: str
    width: int = DESK
    dark: bool = False
    press: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    height: int = 900


class Places:
    """Addresses of pages, found in the demonstration."""

    def task(self, step: str, post: str) -> str:
        """The page of the open task of a step in a case of a post; empty when there is none."""
        query = select(Task.id).join(Case, Case.id == Task.case_id).where(Task.step == step, Task.closed_at.is_(None))
        query = query.where(Case.post_code == post)
        found = db.session.scalar(query.order_by(Task.id))
        return f"/taches/{found}" if found else ""

    def case(self, post: str) -> str:
        """The first death of a post: one of those that the data describe."""
        query = select(Case.reference).where(Case.post_code == post, Case.case_type == DEATH)
        return f"/dossiers/{db.session.scalar(query.order_by(Case.id))}"

    def of(self, kind: str, stage: str = "") -> str:
        """The last case of a type, or that with a child at a stage."""
        query = select(Case.reference).where(Case.case_type == kind)
        if stage:
            query = query.where(Case.id.in_(select(Case.parent_id).where(Case.stage == stage)))
        return f"/dossiers/{db.session.scalar(query.order_by(Case.id.desc()))}"

    def closed(self) -> str:
        """The death whose case was closed last."""
        query = select(Case.reference).where(Case.closed_at.is_not(None), Case.case_type == DEATH).order_by(Case.closed_at.desc())
        return f"/dossiers/{db.session.scalar(query)}"


def shots(places: Places) -> list[Shot]:
    """All pictures, given where the demonstration's cases lie."""
    return [
        Shot("inbox", "hkamate", "/taches?tab=team"),
        Shot("task", "tniangadou", places.task("delivrer_autorisation", "ABJ")),
        Shot("form", "sdagnoko", places.task("enregistrer_deces", "ABJ"), height=1200),
        Shot("approval", "ksougoule", places.task("decider_financement", "LBV"), height=1000),
        Shot("decisions", "ksougoule", "/taches/decisions?par=by_amount"),
        Shot("case", "osimpara", places.case("CGP")),
        Shot("money", "osimpara", places.closed() + "/argent"),
        Shot("path", "osimpara", places.case("CGP") + "/parcours", height=1200),
        Shot("history", "mkassonke", places.closed() + "/historique", press="Vérifier"),
        Shot("open", "nbouare", "/dossiers/nouveau/COR"),
        Shot("calendar", "atamboura", "/administration/calendriers/ABJ"),
        Shot(
            "try-expression",
            "osimpara",
            places.case("LBV").replace("/dossiers/", "/auteurs/essai?dossier="),
            press="Essayer",
            fill=(("#expression", 'if part_etat > 1000000 then "chef de cabinet" else "chef de département"'),),
        ),
        Shot(
            "try-table",
            "osimpara",
            places.case("LBV").replace("/dossiers/", "/auteurs/essai?dossier="),
            press="Essayer",
            fill=(("#decision", "COR/cor_mode"), ("#facts", 'maladie_contagieuse = "oui"')),
            height=1100,
        ),
        Shot("inbox-dark", "bnientao", "/taches?tab=to_take", dark=True),
        Shot("case-dark", "osimpara", places.case("LBV"), dark=True),
        Shot("approval-dark", "ksougoule", places.task("decider_financement", "LBV"), dark=True),
        Shot("operation", "zfane", places.of("SIN", "a_payer") + "/fiches"),
        Shot("session", "mthiero", places.task("tenir_session", "DAIO"), height=1200),
        Shot("visit", "ktoungara", places.task("visite_suivi", "JED"), height=1100),
        Shot("travellers", "iagalmoustapha", places.of("RET", "pret") + "/fiches"),
        Shot("inbox-360", "hkamate", "/taches?tab=team", width=TELEPHONE),
        Shot("task-360", "sdagnoko", places.task("enregistrer_deces", "ABJ"), width=TELEPHONE),
        Shot("case-360", "osimpara", places.case("CGP"), width=TELEPHONE),
        Shot("approval-360", "ksougoule", places.task("decider_financement", "LBV"), width=TELEPHONE),
        Shot("history-360", "mkassonke", places.closed() + "/historique", width=TELEPHONE, dark=True),
    ]


def main(wanted: list[str]) -> int:
    """Writes the pictures (those named, else all); 1 when there is no browser."""
    program = browser_program()
    if program is None:
        print(CURE, file=sys.stderr)
        return 1
    run.open_run()
    try:
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), program, wanted)
    finally:
        run.close_run()
    return 0


def _config(folder: Path, database: Path) -> Config:
    where = {"DATABASE_URL": f"sqlite:///{database}", "JATIGI_DATA": str(folder)}
    environment = {**where, "SECRET_KEY": "s" * 40, "REDIS_URL": store.store_url()}
    return dataclasses.replace(Config.from_environment(environment), testing=True)


def _take(browser: Browser, address: str, shot: Shot) -> str:
    """One picture; says its weight."""
    somebody = Somebody(browser, address, shot.login, shot.width, shot.dark, shot.height)
    somebody.go(shot.path)
    for place, text in shot.fill:
        spot = somebody.page.locator(place)
        spot.select_option(text) if spot.evaluate("one => one.tagName") == "SELECT" else spot.fill(text)
    if shot.press:
        somebody.page.get_by_role("button", name=shot.press).click()
        somebody.page.wait_for_load_state("domcontentloaded")
    path = TARGET / f"{shot.name}.png"
    somebody.page.screenshot(path=path, animations="disabled")
    somebody.context.close()
    weight = path.stat().st_size
    return f"{path.name:20} {weight / 1000:6.0f} kB{' TOO HEAVY' if weight > HEAVIEST else ''}"


def _write(folder: Path, program: str, wanted: list[str]) -> None:
    database = folder / "demonstration.db"
    fill_empty(f"sqlite:///{database}")
    app = create_app(_config(folder, database))
    with app.app_context():
        for line in loading.load(app.config["JATIGI"].bpmn, folder / "documents"):
            print(line)
        chosen = [shot for shot in shots(Places()) if not wanted or shot.name in wanted]
        db.session.remove()
        db.engine.dispose()
    TARGET.mkdir(exist_ok=True)
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with served(database, folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for shot in chosen:
            print(_take(browser, address, shot))
        browser.close()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
