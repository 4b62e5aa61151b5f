"""The Treasury's export in a browser: refused rows, the preview, a difference that somebody explains."""

import os

import pytest

from tests.e2e.test_pages_for_everybody import obstacles

pytestmark = pytest.mark.e2e
HEAD = "mandat;montant;date;statut\n"
PICTURES = os.environ.get("JATIGI_PICTURES")


def test_an_export_is_compared_and_its_difference_explained(site, opened):
    page = opened()
    site.enter(page, site.world.holder("agent_finance"))
    found = []

    def look(name: str) -> None:
        found.extend(obstacles(page, name))
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    def send(rows: str) -> None:
        page.goto(f"{site.address}/budget/tresor/")
        page.set_input_files("#fichier", {"name": "tresor.csv", "mimeType": "text/csv", "buffer": (HEAD + rows).encode()})
        page.click("text=Lire le fichier")

    send("MD-1;12x;2026-02-30;annulé\n")
    assert "n’est pas un montant" in page.inner_text("main").replace("\u202f", " ").replace("\xa0", " ")
    look("refused")
    send("MD-2026-00007;2000000;2026-02-27;paye\nMD-2026-00008;450000;27/02/2026;rejete\n")
    look("preview")
    page.click("text=Confirmer le rapprochement")
    look("open")
    page.click("text=MD-2026-00007")
    look("difference")
    page.check("text=Écart expliqué")
    page.fill("#observations", "Mandat d’un autre service.")
    page.click("text=Enregistrer")
    assert page.locator("a", has_text="MD-2026-00007").count() == 0
    assert page.locator("a", has_text="MD-2026-00008").count() == 1
    page.click("text=tresor.csv")
    look("taken")
    assert found == []
    assert page.complaints == []
