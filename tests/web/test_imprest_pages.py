"""The imprest of a post on its pages: vouchers with their files, the block after ten days, cash asked for, granted and received."""

import datetime as dt
import io

import pytest
from sqlalchemy import select

from app.db.administration import AdminEntry
from app.db.imprest import ImprestEntry, ImprestFund
from app.extensions import db
from app.services import clock
from tests.web.given import PDF
from tests.web.world import furnished

PLACE = "/budget/regies/LBV"


@pytest.fixture(scope="module")
def ministry(tmp_path_factory):
    """A ministry of its own: LBV took over 120 000 francs without a voucher, more than ten days ago."""
    return furnished(tmp_path_factory.mktemp("regies"))


def fund(ministry, post: str = "LBV") -> tuple[int, int]:
    with ministry.app.app_context():
        row = db.session.get(ImprestFund, post)
        found = row.balance, row.to_regularise
        db.session.rollback()
    return found


def payment(ministry) -> int:
    with ministry.app.app_context():
        found = db.session.scalar(select(ImprestEntry.id).where(ImprestEntry.post_code == "LBV", ImprestEntry.kind == "paiement"))
        db.session.rollback()
    return int(found)


def entered(client, place: str, **given):
    file = {"fichier": (io.BytesIO(PDF), "bon.pdf")} if given.pop("file", True) else {}
    return client.post(place, data={**given, **file}, content_type="multipart/form-data")


def test_an_imprest_lives_its_year(ministry):
    """One story, told in order: blocked, shown, asked for, granted by somebody else, received."""
    accountant, director = ministry.client(ministry.holder("sac", "LBV")), ministry.client(ministry.holder("directeur_dfm"))
    assert accountant.get("/budget/regies/").headers["Location"] == PLACE, "who has one only goes to it"
    assert 'href="/budget/regies/"' in accountant.get("/taches").get_data(True)
    page = plain(accountant.get(PLACE))
    assert "Réapprovisionnement bloqué : 120 000 FCFA payés attendent leurs justificatifs depuis plus de 10 jours" in page
    assert "Demander le réapprovisionnement" not in page
    refused = accountant.post(f"{PLACE}/reapprovisionnements", data={"montant": "1", "motif": "Caisse basse"})
    assert refused.status_code == 422
    assert "Réapprovisionnement bloqué" in plain(refused)

    place = f"{PLACE}/justificatifs/{payment(ministry)}"
    for typed, voucher in (("abc", "B-1"), ("120 001", "B-1"), ("5", ""), ("", "B-1")):
        given = {"montant": typed, "numero": voucher}
        wrong = entered(accountant, place, **given)
        assert wrong.status_code == 422, given
        assert f'value="{given["numero"]}"' in wrong.get_data(True), "nothing typed is lost"
    assert entered(accountant, place, montant="5", numero="B-1", file=False).status_code == 422
    assert entered(accountant, place, montant="5", numero="B-1", cle="piece-regie-0").status_code == 303
    assert entered(accountant, place, montant="5", numero="B-1", cle="piece-regie-0").status_code == 303, "sent twice, it happens once"
    assert entered(accountant, place, montant="100 000", numero="B-2", reste="19 995").status_code == 303
    assert fund(ministry) == (94_500 + 19_995, 0)
    page = accountant.get(PLACE).get_data(True)
    pieces = [part.split('"')[0] for part in page.split('href="')[1:] if "/pieces/" in part]
    assert len(pieces) == 2
    assert director.get(pieces[0]).get_data() == PDF

    ask = f"{PLACE}/reapprovisionnements"
    for given in ({"montant": "135 506", "motif": "Caisse basse"}, {"montant": "", "motif": "x"}, {"montant": "5", "motif": " "}):
        assert accountant.post(ask, data=given).status_code == 422, given
    assert accountant.post(ask, data={"montant": "135 505", "motif": "Caisse basse"}).status_code == 303
    assert accountant.post(ask, data={"montant": "1", "motif": "Encore"}).status_code == 422, "one at a time"
    assert "à décider" in director.get("/budget/?annee=2026").get_data(True)
    number = f"{ask}/1"
    assert accountant.post(number, data={"choix": "accorder", "texte": "Oui"}).status_code == 404, "who keeps the till never decides"
    assert director.post(number, data={"choix": "accorder", "texte": ""}).status_code == 422
    assert director.post(number, data={"choix": "autre"}).status_code == 422
    assert accountant.post(number, data={"choix": "recevoir", "texte": "MD-1"}).status_code == 409, "not granted yet"
    assert director.post(number, data={"choix": "accorder", "texte": "Décision 12"}).status_code == 303
    assert director.post(number, data={"choix": "accorder", "texte": "Décision 12"}).status_code == 409
    assert fund(ministry) == (114_495, 0), "granted is not yet in hand"
    assert accountant.post(number, data={"choix": "recevoir", "texte": ""}).status_code == 422
    assert accountant.post(number, data={"choix": "recevoir", "texte": "MD-2026-7"}).status_code == 303
    assert fund(ministry) == (250_000, 0)
    with ministry.app.app_context():
        acts = list(db.session.scalars(select(AdminEntry.kind).where(AdminEntry.subject == "REGIE/LBV").order_by(AdminEntry.seq)))
        db.session.rollback()
    assert acts == ["imprest.shown", "imprest.shown", "imprest.asked", "imprest.granted", "imprest.filled"]
    rows = accountant.get(f"{PLACE}/releve.csv").get_data().decode("utf-8-sig").splitlines()
    assert rows[-1].endswith("MD-2026-7;135505;;250000;0")


@pytest.mark.parametrize(("days", "blocked"), [(10, False), (11, True)])
def test_the_block_begins_on_the_eleventh_day(ministry, days, blocked):
    """Abidjan paid 60 000 francs that no voucher shows."""
    with ministry.app.app_context():
        oldest = db.session.scalar(select(ImprestEntry.at).where(ImprestEntry.post_code == "ABJ", ImprestEntry.kind == "paiement"))
        db.session.rollback()
    accountant = ministry.client(ministry.holder("sac", "ABJ"))
    with clock.at(oldest + dt.timedelta(days=days)):
        assert ("Réapprovisionnement bloqué : 60 000 FCFA" in plain(accountant.get("/budget/regies/ABJ"))) is blocked


def test_an_imprest_is_read_by_its_post_and_those_who_handle_money(ministry):
    for role, post in (("chef_poste", "LBV"), ("agent_finance", None), ("delegue_general", None), ("auditeur", None)):
        client = ministry.client(ministry.holder(role, post))
        page = client.get(PLACE).get_data(True)
        assert "Entrer un justificatif" not in page, role
        assert client.post(f"{PLACE}/reapprovisionnements", data={"montant": "1", "motif": "x"}).status_code == 404, role
        assert client.post(f"{PLACE}/reapprovisionnements/1", data={"choix": "refuser", "texte": "x"}).status_code == 404, role
    elsewhere = ministry.client(ministry.holder("sac", "ABJ"))
    for address in (PLACE, f"{PLACE}/releve.csv", f"{PLACE}/pieces/1"):
        assert elsewhere.get(address).status_code == 404, "of its own post only"
    assert entered(elsewhere, f"{PLACE}/justificatifs/1", montant="1", numero="B").status_code == 404
    for role in ("agent_consulaire", "admin_fonctionnel", "gestionnaire_dgme"):
        assert ministry.client(ministry.holder(role)).get("/budget/regies/").status_code == 404, role
    assert ministry.client(ministry.holder("directeur_dfm")).get("/budget/regies/NULLE").status_code == 404


def plain(answer) -> str:
    return answer.get_data(True).replace("\xa0", " ").replace("\u202f", " ")
