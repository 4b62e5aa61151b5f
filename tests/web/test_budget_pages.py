"""Budget lines on their pages: read by those who handle money, moved by one role, a statement that no spreadsheet runs."""

import io

import pytest

YEAR = 2026


@pytest.fixture
def director(world):
    return world.client(world.holder("directeur_dfm"))


def test_the_lines_of_a_year_and_one_of_them(world, director):
    page = director.get(f"/budget/?annee={YEAR}").get_data(True)
    assert f'href="/budget/{YEAR}/PROT-SOC"' in page
    line = director.get(f"/budget/{YEAR}/PROT-SOC").get_data(True)
    assert "Mouvements de crédits" in line
    assert world.reference in line
    for who in ("agent_finance", "delegue_general"):
        assert "Mouvements de crédits" not in world.client(world.holder(who)).get(f"/budget/{YEAR}/PROT-SOC").get_data(True)
    assert 'href="/budget/"' in director.get("/taches").get_data(True)


def test_for_others_there_is_no_budget(world, director):
    for who in ("agent_consulaire", "admin_fonctionnel", "charge_statistiques"):
        client = world.client(world.holder(who))
        assert client.get("/budget/").status_code == 404
        assert client.get(f"/budget/{YEAR}/PROT-SOC").status_code == 404
        assert client.get(f"/budget/{YEAR}/releve.csv").status_code == 404
        assert client.post(f"/budget/{YEAR}/PROT-SOC/gel", data={"amount": "1", "reason": "x"}).status_code == 404
    assert director.get(f"/budget/{YEAR}/NULLE-PART").status_code == 404
    assert director.post(f"/budget/{YEAR}/PROT-SOC/autre", data={"amount": "1"}).status_code == 404


def test_a_move_that_cannot_be_keeps_what_was_typed(director):
    answer = director.post(
        f"/budget/{YEAR}/SENSIB/virement", data={"target": "RENCONTRES", "amount": "999 999 999 999", "reason": "Décision 7"}
    )
    page = answer.get_data(True)
    assert answer.status_code == 422
    assert "disponibles sur cette ligne" in page
    assert 'value="999 999 999 999"' in page
    assert 'value="Décision 7"' in page
    for typed in ("", "-5", "abc", "1e9", "٣", "9" * 40):
        assert director.post(f"/budget/{YEAR}/SENSIB/gel", data={"amount": typed, "reason": "x"}).status_code == 422


def test_a_transfer_stands_on_both_lines(director):
    given = {"target": "RENCONTRES", "amount": "1 000 000", "reason": "Décision 8", "cle": "virement-page"}
    assert director.post(f"/budget/{YEAR}/SENSIB/virement", data=given).status_code == 303
    for code in ("SENSIB", "RENCONTRES"):
        assert "Décision 8" in director.get(f"/budget/{YEAR}/{code}").get_data(True)


def test_the_statement_is_a_table_for_a_spreadsheet(director):
    answer = director.get(f"/budget/{YEAR}/releve.csv")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Code;Ligne;Ouvert")
    assert any(line.startswith("PROT-SOC;") for line in lines)
    assert all(line.count(";") == lines[0].count(";") for line in lines)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_end_of_a_year_is_read_by_the_money_and_decided_by_one_role(world, director):
    place = f"/budget/fin-exercice/{YEAR}/"
    page = director.get(place).get_data(True)
    assert "Ce qui est engagé et non payé." in page
    assert f'href="{place}"' in director.get(f"/budget/?annee={YEAR}").get_data(True)
    assert world.client(world.holder("agent_finance")).get(place).status_code == 200
    assert world.client(world.holder("agent_consulaire")).get(place).status_code == 404
    assert director.get(f"{place}DF-0").status_code == 404
    assert director.post(f"{place}DF-0", data={"choix": "payer", "motif": "x"}).status_code == 404


def test_what_a_partner_says_stands_beside_what_is_kept(world, director):
    place = f"/budget/partenaires/{YEAR}/OFII-REINS"
    assert director.get(f"/budget/partenaires/{YEAR}/PROT-SOC").status_code == 404, "the State pays it"
    assert f'href="{place}"' in director.get(f"/budget/{YEAR}/OFII-REINS").get_data(True)
    given = {"mois": f"{YEAR}-02", "engage": "2 000 000", "paye": "2 000 001", "reference": "Relevé OFII 2"}
    wrong = director.post(place, data=given)
    assert wrong.status_code == 422
    assert 'value="2 000 001"' in wrong.get_data(True)
    for name, typed in (("mois", f"{YEAR + 1}-01"), ("mois", "x"), ("engage", "-1"), ("paye", ""), ("reference", " ")):
        assert director.post(place, data={**given, "paye": "1 500 000", name: typed}).status_code == 422, (name, typed)
    given |= {"paye": "1 500 000", "cle": "releve-partenaire"}
    assert [director.post(place, data=given).status_code for _ in range(2)] == [303, 303]
    page = director.get(place).get_data(True).replace("\u202f", " ").replace("\xa0", " ")
    assert page.count("Relevé OFII 2") == 1
    assert "écart : " in page
    assert "1 500 000" in director.get(f"/budget/etats/{YEAR}-02").get_data(True).replace("\u202f", " ")
    reader = world.client(world.holder("delegue_general"))
    assert "Nouveau relevé" not in reader.get(place).get_data(True)
    assert reader.post(place, data=given).status_code == 404


def test_credits_are_entered_by_one_and_confirmed_by_another(world, director):
    finance, place = world.client(world.holder("agent_finance")), "/budget/credits/"
    new = f"{place}nouveau"
    assert director.get(new).status_code == 404 and world.client(world.holder("agent_consulaire")).get(place).status_code == 404
    given = {"annee": YEAR, "nature": "supplement", "reference": "Décret 44", "credits.SENSIB": "abc", "credits.PROT-JUR": "12"}
    refused = finance.post(new, data=given)
    page = refused.get_data(True)
    assert refused.status_code == 422
    assert "plus grand que zéro" in page and 'value="abc"' in page and 'value="Décret 44"' in page
    template = finance.get(f"{place}lignes-{YEAR}.csv").get_data()
    assert template.decode("utf-8-sig").startswith("code;credits;libelle;libelle_en;")
    sent = finance.post(new, data=given | {"fichier": (io.BytesIO(template), "lignes.csv")}, content_type="multipart/form-data")
    assert sent.status_code == 422 and "un montant pour une ligne au moins" in sent.get_data(True)
    answer = finance.post(new, data=given | {"credits.SENSIB": "1 000 000", "cle": "credits-page"})
    assert answer.status_code == 303
    act = answer.headers["Location"]
    assert "acte de crédits à confirmer" in director.get("/taches").get_data(True)
    assert "Confirmer les crédits" not in finance.get(act).get_data(True)
    assert director.post(act, data={"choix": "confirmer", "decision": ""}).status_code == 422
    assert director.post(act, data={"choix": "confirmer", "decision": "Conforme."}).status_code == 303
    line = director.get(f"/budget/{YEAR}/SENSIB").get_data(True)
    assert "Crédits supplémentaires" in line and f'href="{act}"' in line


def test_a_line_has_a_name_in_each_language(director):
    director.set_cookie("langue", "en")
    for page in (f"/budget/?annee={YEAR}", f"/budget/{YEAR}/PROT-JUR", f"/budget/{YEAR}/releve.csv"):
        told = director.get(page).get_data(True)
        assert "Legal assistance" in told and "Assistance juridique" not in told
    director.delete_cookie("langue")
