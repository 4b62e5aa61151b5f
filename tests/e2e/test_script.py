"""What the little script makes quicker: drafts, files, keys, the focus on what is wrong."""

import re

import pytest

from app.scenarios.placeholders import page as pdf

pytestmark = pytest.mark.e2e
OFFICER = ("agent_consulaire", "LBV")
SAVED = re.compile("^Enregistré à")


@pytest.fixture
def task(site, opened):
    """The page of the first task of a new case."""
    page = opened()
    site.enter(page, site.world.holder(*OFFICER))
    page.goto(f"{site.address}/dossiers/nouveau/COR?poste=LBV")
    for name, value in (("date_fait.annee", "2026"), ("date_signalement.annee", "2026")):
        page.fill(f'[name="{name}"]', value)
    page.select_option('[name="canal"]', "presse")
    page.check('[name="priorite"][value="P3"]')
    page.check('[name="confidentialite"][value="C3"]')
    page.select_option('[name="langue_contact"]', "fr")
    page.locator("button[name=terminer]").last.click()
    page.wait_for_url(re.compile(r"/taches/\d+$"))
    return page


def test_what_is_typed_is_saved_by_itself_and_survives_the_page(task):
    task.fill('[name="lieu_deces"]', "Hôpital de Lambaréné")
    line = task.locator("[data-draft-line]")
    task.locator("[data-draft-line]", has_text=SAVED).wait_for()
    assert "failed" not in (line.get_attribute("class") or "")
    task.reload()
    assert task.input_value('[name="lieu_deces"]') == "Hôpital de Lambaréné"
    assert task.complaints == []


def test_a_dead_line_is_said_and_tried_again(task):
    task.context.set_offline(True)
    task.fill('[name="lieu_deces"]', "Oyem")
    again = task.locator("[data-draft-line] button")
    again.wait_for()
    assert "Non enregistré" in task.locator("[data-draft-line]").inner_text()
    task.context.set_offline(False)
    again.click()
    task.locator("[data-draft-line]", has_text=SAVED).wait_for()


def test_what_is_wrong_takes_the_focus(task):
    task.locator("button[name=terminer]").last.click()
    summary = task.locator(".error-summary")
    summary.wait_for()
    assert summary.evaluate("one => one === document.activeElement")
    summary.locator("a").first.click()
    assert task.evaluate("document.activeElement.matches('input, select, textarea, p')")


def test_a_file_goes_up_as_it_is_chosen(site, opened):
    page = opened()
    site.enter(page, "U-40")
    page.goto(f"{site.address}/taches/{site.world.open_task('remettre_effets')}")
    field = page.locator("input[type=file]").first
    name = field.get_attribute("name").removesuffix(".fichier")
    field.set_input_files([{"name": "recu.pdf", "mimeType": "application/pdf", "buffer": pdf("recu").read()}])
    kept = page.locator(f'input[type=hidden][name="{name}"]')
    kept.wait_for(state="attached")
    assert kept.input_value().startswith("D-")
    field.set_input_files([{"name": "x.exe", "mimeType": "application/pdf", "buffer": b"MZ"}])
    page.locator("text=ni PDF, ni JPEG, ni PNG").wait_for()
    assert page.complaints == []


@pytest.fixture
def sending(site, opened):
    """A form that is sent while its file is still going up, and that file's request, held."""
    page, held = opened(), []
    site.enter(page, "U-40")
    page.goto(f"{site.address}/taches/{site.world.open_task('remettre_effets')}")
    page.route("**/fichier", lambda route: held.append(route))
    file = {"name": "recu.pdf", "mimeType": "application/pdf", "buffer": pdf("recu").read()}
    page.locator("input[type=file]").first.set_input_files([file])
    page.locator("button[name=terminer]").last.click()
    page.locator("button[name=terminer]", has_text="Envoi en cours…").wait_for()
    assert page.locator(".error-summary").count() == 0, "nothing left yet"
    return page, held[0]


def test_a_form_that_is_sent_waits_for_the_files_that_are_going_up(sending):
    page, file = sending
    with page.expect_request(lambda one: one.method == "POST" and re.search(r"/taches/\d+$", one.url) is not None) as sent:
        file.continue_()
    assert re.search(rb'name="[^"]+"\s+D-', sent.value.post_data_buffer), "the form goes with the file's code"
    page.locator(".error-summary").wait_for()


def test_a_file_that_fails_keeps_the_form_that_was_sent(sending):
    page, file = sending
    file.abort()
    page.locator(".row-of button", has_text="Réessayer").first.wait_for()
    assert page.locator("button[name=terminer]").last.inner_text() == "Terminer la tâche"
    assert page.locator(".error-summary").count() == 0


def test_keys_walk_the_list_and_keep_quiet_while_one_types(site, opened):
    page = opened()
    site.enter(page, site.world.holder(*OFFICER))
    page.goto(f"{site.address}/taches?tab=mine")
    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.className")
    assert "task-title" in first
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("jk?")
    assert page.input_value("#q") == "jk?"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.wait_for_url("**/raccourcis")
