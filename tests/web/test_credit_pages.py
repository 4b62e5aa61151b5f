"""An act on credits is entered from a file; what is wrong beside the file loses nothing of it."""

import io
import re

HEAD = "code;credits;libelle;libelle_en;source;types_eligibles;natures_eligibles\r\n"
FILE = (HEAD + "AIDE-ESSAI;7 000 000;Aide d'essai;Trial aid;etat;RET;transport\r\n").encode()
KEPT = re.compile(r'name="lu" value="([^"]+)"')


def send(client, **given):
    return client.post("/budget/credits/nouveau", data={"nature": "ouverture", **given}, content_type="multipart/form-data")


def test_a_file_that_was_read_is_kept_while_something_beside_it_is_wrong(world):
    finance = world.client(world.holder("agent_finance"))
    page = finance.get("/budget/credits/nouveau?annee=2027").get_data(True)
    year = re.search(r'name="annee" value="(\d+)"', page)[1]
    refused = send(finance, annee=year, reference="", fichier=(io.BytesIO(FILE), "lignes.csv"))
    assert refused.status_code == 422
    page = refused.get_data(True)
    kept = KEPT.search(page)[1]
    assert "1 ligne lue dans le fichier est gardée" in page
    assert send(finance, annee=year, reference="Loi 1", lu=kept[:-3] + "xyz").status_code == 422, "changed, it is nothing"
    other = world.client(world.holder("directeur_dfm"))
    assert send(other, annee=year, reference="Loi 1", lu=kept).status_code in (404, 422), "nor is it anybody else's"
    done = finance.post(
        "/budget/credits/nouveau", data={"annee": year, "nature": "ouverture", "reference": "Loi 1", "lu": kept}, follow_redirects=True
    )
    assert done.status_code == 200 and "AIDE-ESSAI" in done.get_data(True)
    assert other.post(done.request.path, data={"choix": "refuser", "decision": "Essai."}).status_code == 303, "nothing waits for others"
