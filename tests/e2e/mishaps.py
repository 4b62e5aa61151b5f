"""What goes wrong at a browser: a form sent too early, letters for an amount, a double press, the back button, a quicker colleague."""

from playwright.sync_api import expect

from tests.e2e.people import Somebody


def forget_the_date(officer: Somebody) -> None:
    """A form sent too early says what is missing, beside each question, and keeps what was written."""
    officer.fill({"lieu_deces": "Domicile, quartier Glass"})
    officer.press()
    page = officer.page
    expect(page.locator(".error-summary")).to_contain_text("Écrivez « Date du décès »")
    expect(page.locator("#f-date_deces-erreur")).to_be_visible()
    expect(page.locator("[name=lieu_deces]")).to_have_value("Domicile, quartier Glass")


def write_letters_for_an_amount(officer: Somebody, reference: str) -> None:
    officer.find(reference, "Rechercher les financeurs")
    officer.fill({"cout_total_estime": "deux millions", "charges_famille": 5})
    officer.press()
    expect(officer.page.locator("#f-cout_total_estime-erreur")).to_contain_text("en chiffres, par exemple 250 000")
    expect(officer.page.locator("[name=cout_total_estime]")).to_have_value("deux millions")
    expect(officer.page.locator("[name=charges_famille]")).to_have_value("5")


def press_twice(officer: Somebody, reference: str) -> None:
    """A button pressed twice in a hurry: the act happens once, and the page after it is the same."""
    officer.find(reference, "Examiner la recevabilité")
    officer.fill({"decision_recevabilite": "recevable"})
    officer.button().dblclick()
    expect(officer.page.locator(".alert.good").first).to_contain_text("« Examiner la recevabilité » est terminé")


def go_back(head: Somebody) -> None:
    """Back to the form that was sent: the page says that it is done, with the answers, and offers no second time."""
    head.page.go_back(wait_until="domcontentloaded")
    expect(head.page.locator("h1")).to_have_text("Transcrire sur le registre consulaire")
    expect(head.page.locator(".alert.good")).to_contain_text("Terminée par")
    expect(head.page.locator("main")).to_contain_text("FIC-C-041")
    expect(head.button()).to_have_count(0)


def come_second(late: Somebody) -> None:
    """A colleague was quicker: the page says who, keeps what was written, and lets it be kept as a note."""
    late.press()
    expect(late.page.locator("main")).to_contain_text("Nouhou Kalfa Sissouma")
    expect(late.page.locator("main")).to_contain_text("FIC-E-902")
    with late.page.expect_navigation(wait_until="domcontentloaded"):
        late.page.get_by_role("button", name="Garder ma saisie comme note").click()
    expect(late.page.locator("h1")).not_to_have_text("500")
