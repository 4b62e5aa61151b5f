"""The authors' pages in a real browser: no obstacle that axe finds, in light and dark, wide and narrow."""

from collections import Counter
from pathlib import Path

import pytest

from app.factory import create_app
from app.scenarios import coverage_pages
from app.scenarios.coverage import FolderSeen
from tests.e2e.conftest import opened, site
from tests.e2e.test_pages_for_everybody import obstacles, problems
from workflows.catalog import CaseType
from workflows.folder import read_folder
from workflows.outcome import Passed

__all__ = ["opened", "site"]

BPMN = Path(__file__).parents[2] / "bpmn"
pytestmark = pytest.mark.e2e


def test_an_expression_is_tried_and_its_mistake_marked(site, opened):
    page = opened()
    site.enter(page, site.world.holder("admin_fonctionnel"))
    assert problems(page, f"{site.address}/auteurs/essai") == []
    page.fill("#facts", "montant = 600000")
    page.fill("#expression", "=montnt > 500000")
    page.click("text=Essayer >> nth=-1")
    assert page.locator("mark").inner_text().startswith("montnt")
    assert obstacles(page, "mistake") == []
    page.fill("#expression", "=montant > 500000")
    page.click("text=Essayer >> nth=-1")
    assert page.locator("output").inner_text() == "true"
    assert page.complaints == []


def test_a_table_is_tried_over_the_facts_of_a_case(site, opened):
    page = opened()
    site.enter(page, site.world.holder("delegue_general"))
    page.goto(f"{site.address}/dossiers/{site.world.reference}/parcours")
    page.click("text=Essayer une expression ou une table")
    assert page.input_value("#case") == site.world.reference
    page.select_option("#decision", "COR/cor_financement")
    page.click(".btn-primary")
    assert page.locator("tr", has_text="retenue").count() >= 1
    assert obstacles(page, "table") == []
    assert page.complaints == []


def test_the_page_of_coverage_is_read_by_everybody(opened, tmp_path):
    case_type = CaseType.read(read_folder(BPMN / "diaspora-feedback"))
    passed = Counter(Passed(one.process, one.id) for one in case_type.elements.in_process.values() if "doublon" not in one.id)
    with create_app().app_context():
        (written,) = coverage_pages.write(tmp_path, [FolderSeen("diaspora-feedback", case_type, {"essai.yaml": passed})], "fr")
    page = opened()
    assert problems(page, written.as_uri()) == []
    page.locator("summary").first.click()
    assert page.locator("details li").first.is_visible()
    assert page.complaints == []
