"""« Rapatriement payé par l'État », from the report of a death to the closure, by the people whose work it is, each at their browser.

Those of Bamako have no script in their browser. Then an auditor reads the history and has it verified, and finds nothing to say.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.e2e.mishaps import come_second, forget_the_date, go_back, press_twice, write_letters_for_an_amount
from tests.e2e.people import Record, Somebody, files
from tests.e2e.serving import served
from tests.support import databases
from tests.support.applications import FILL

pytestmark = [pytest.mark.e2e, pytest.mark.long]

HERE = ZoneInfo("Africa/Libreville")
NOW = dt.datetime.now(HERE).replace(second=0, microsecond=0)
TODAY, YESTERDAY = NOW.date(), NOW.date() - dt.timedelta(days=1)
DECEASED = Record("Bengaly Mewa", "P-0013")
WIDOW = Record("Djelika Bengaly", "P-0014")
MORGUE = Record("Morgue – site fictif H", "ST-008")
UNDERTAKER = Record("Service funéraire de l'Estuaire", "F-003")
CARRIER = Record("Sahel Fret", "F-007")
OFFICER, HEAD, CASHIER = "ykodio", "zmarico", "fsountoura"
SOCIAL, DELEGATE, AIRPORT = "hkamate", "ksougoule", "nsinayoko"
COMMITTER, SETTLER, ORDERER = "nsissouma", "mdiamoutene", "tbayoko"
CONTROLLER = "dmarikosow"
KEEPER, AUDITOR = "osimpara", "mkassonke"
WITHOUT_SCRIPT = {SOCIAL, DELEGATE, COMMITTER, ORDERER, CONTROLLER, KEEPER, AUDITOR}
PLACE = {"region": "Sikasso", "cercle": "Koutiala", "commune": "M'Pessoba", "village": "M'Pessoba"}
PIECES = (
    "certificat_medical",
    "pouvoir_famille",
    "demande_pompes_funebres",
    "certificat_non_contagion",
    "attestation_soins_conservation",
)


def ago(**span: int) -> dt.datetime:
    """A moment before now, as clocks show it at the post."""
    return NOW - dt.timedelta(**span)


def ahead(**span: int) -> dt.datetime:
    """A moment to come."""
    return NOW + dt.timedelta(**span)


class Walk:
    """The ministry during the walk: who sits at which browser, and the case."""

    def __init__(self, browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.there: dict[str, Somebody] = {}
        self.reference = ""

    def by(self, login: str) -> Somebody:
        """Somebody at their browser, signed in the first time that they are needed."""
        if login not in self.there:
            self.there[login] = Somebody(self.browser, self.address, login, script=login not in WITHOUT_SCRIPT)
        return self.there[login]

    def do(self, login: str, title: str, answers: dict) -> None:
        """A task of the case, done by somebody."""
        self.by(login).do(self.reference, title, answers)


@pytest.fixture
def walk(browser, tmp_path):
    database = tmp_path / "ministry.db"
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), database)
    with served(database, tmp_path) as address:
        walk = Walk(browser, address)
        yield walk
        for somebody in walk.there.values():
            somebody.context.close()


def test_repatriation_paid_by_the_state(walk):
    report_a_death(walk)
    establish_identity_and_tell_the_family(walk)
    ask_for_money_and_get_it(walk)
    prepare_the_transfer(walk)
    bring_the_body_home(walk)
    pay_the_undertaker(walk)
    close_the_case(walk)
    audit(walk)
    assert [said for somebody in walk.there.values() for said in somebody.complaints] == []


def report_a_death(walk: Walk) -> None:
    officer = walk.by(OFFICER)
    officer.page.get_by_role("link", name="Ouvrir un dossier").click()
    officer.page.get_by_role("link", name="Décès à l").first.click()
    officer.fill({"date_fait": YESTERDAY, "canal": "telephone", "declarant": WIDOW, "lien_declarant": "conjoint", "priorite": "P3"})
    officer.fill({"confidentialite": "C3", "langue_contact": "bm"})
    officer.finish()
    walk.reference = officer.page.locator("a.ref").first.inner_text()
    assert walk.reference.startswith(f"COR-LBV-{TODAY.year}-")
    forget_the_date(officer)
    officer.fill({"personne": DECEASED, "date_deces": YESTERDAY, "lieu_deces": "Domicile", "lieu_corps": MORGUE})
    officer.fill({"limite_morgue": ahead(days=10), "cause_declaree": "maladie", "maladie_contagieuse": "non"})
    officer.fill({"procedure_judiciaire": "non", "famille_informee": "non"})
    officer.finish()


def establish_identity_and_tell_the_family(walk: Walk) -> None:
    press_twice(walk.by(OFFICER), walk.reference)
    means = ["piece_avec_photo", "reconnaissance_visuelle"]
    seen = {"moyen_identification": means, "certitude": "certaine", "constat_deces": files("constat.pdf")}
    walk.do(OFFICER, "Confirmer décès et identité", seen)
    told = {"proche_trouve": True, "proche": WIDOW, "lien_proche": "conjoint", "langue_annonce": "bm"}
    walk.do(SOCIAL, "Identifier le proche à informer", told)
    said = {"date_annonce": ago(minutes=20), "mode_annonce": "visite", "famille_jointe": True, "compris": True, "porte_parole": WIDOW}
    walk.do(SOCIAL, "Annoncer de vive voix", said)
    deed = {"resultat_obtenir_acte_deces": "obtenu", "pieces_obtenir_acte_deces": files("acte.pdf")}
    walk.do(OFFICER, "Obtenir l’acte de décès local", deed)
    entered = {"voie_etat_civil": "acte_local", "n_acte_local": "FIC-118", "n_acte_consulaire": "FIC-C-041", "filiation_verifiee": True}
    walk.do(HEAD, "Transcrire sur le registre consulaire", entered)
    go_back(walk.by(HEAD))
    kept = {
        "inventaire": [{"objet": "téléphone", "quantite": 1, "valeur": "60 000", "etat": "usagé"}],
        "especes": {"montant": 0, "devise": "XOF", "taux": 1, "date_taux": TODAY},
        "double_signature": {"nom": "Agent et témoin", "support": "papier", "feuille": files("signatures.pdf")},
        "documents_annules": True,
    }
    walk.do(OFFICER, "Inventorier les effets et papiers", kept)
    wish = {
        "decideur": WIDOW,
        "choix_famille": "rapatriement",
        "lieu_inhumation": PLACE,
        "participation_famille": 0,
        "compris_conditions": True,
    }
    walk.do(SOCIAL, "Recueillir la volonté de la famille", wish)


def ask_for_money_and_get_it(walk: Walk) -> None:
    sources = [{"financeur": "association_caisse", "demande_le": YESTERDAY, "reponse": "refus", "montant": 0}]
    means = {"cout_total_estime": "2 600 000", "revenu_famille": "40 000", "biens_famille": False, "charges_famille": 5}
    write_letters_for_an_amount(walk.by(OFFICER), walk.reference)
    walk.do(OFFICER, "Rechercher les financeurs", {"financeurs": sources, **means})
    asked = {
        "nature_depense": "prestation_funeraire",
        "objet_depense": "Prise en charge funéraire",
        "montant_demande": "2 000 000",
        "beneficiaire_aide": WIDOW,
        "beneficiaire_paiement": UNDERTAKER,
        "base_calcul": [{"libelle": "Forfait", "quantite": 1, "pu": "2 000 000", "total": "2 000 000"}],
        "devis": files("devis 1.pdf", "devis 2.pdf"),
        "justification_devis_unique": "Deux entreprises seulement sont agréées sur place.",
        "autres_financeurs": [{"financeur": "aucun", "statut": "non_sollicite", "montant": 0}],
        "declaration_interet": True,
    }
    walk.do(OFFICER, "Préparer la demande de financement", asked)
    walk.do(HEAD, "Donner un avis", {"avis": "favorable", "texte_avis": "Dossier complet, famille sans moyens."})
    delegate = walk.by(DELEGATE)
    delegate.find(walk.reference, "Décider")
    expect(delegate.page.locator("main")).to_contain_text("2 000 000")
    delegate.fill({"decision_financement": "accorder", "montant_accorde": "2 000 000"})
    delegate.finish()
    committed = {
        "n_engagement": "FIC-E-001",
        "imputation": "PROT-SOC / prestation",
        "date_engagement": TODAY,
        "engagement_regularisation": False,
    }
    late = walk.by(SETTLER)
    late.look_for(walk.reference, "Établir l’engagement")
    late.fill(committed | {"n_engagement": "FIC-E-902"})
    walk.do(COMMITTER, "Établir l’engagement", committed)
    come_second(late)
    walk.do(CONTROLLER, "Attendre le visa du contrôle financier", {"n_visa": "FIC-V-1", "date_visa": TODAY})


def prepare_the_transfer(walk: Walk) -> None:
    chosen = {
        "pompes_funebres": UNDERTAKER,
        "devis_pf": files("devis 1.pdf", "devis 2.pdf"),
        "contenu_devis": ["soins", "zinc", "fret", "formalites"],
        "montant_devis": "2 600 000",
    }
    walk.do(HEAD, "Choisir les pompes funèbres", chosen)
    for piece in PIECES:
        walk.do(KEEPER, "Attendre les pièces", {"piece": piece, "piece_recue": files(f"{piece}.pdf")})
        walk.do(OFFICER, "Vérifier la pièce", {"conforme": True})
    allowed = {
        "itineraire": "Libreville – Bamako",
        "validite_jusqu_au": TODAY + dt.timedelta(days=10),
        "droit_chancellerie": 0,
        "exonere": True,
        "motif_exoneration": "indigence",
    }
    walk.do(HEAD, "Délivrer l’autorisation de transfert", allowed)
    flight = {"n": "FIC 14", "de": "LBV", "a": "BKO", "depart": ahead(hours=20), "arrivee": ahead(hours=25), "confirme": True}
    booked = {
        "transporteur": CARRIER,
        "mode_transport": "air",
        "lta": "90012345675",
        "vols": [flight],
        "poids_kg": 145,
        "prepaye": True,
        "destinataire_corps": WIDOW,
        "antenne_arrivee": "A03",
    }
    walk.do(OFFICER, "Réserver le transport", booked)


def bring_the_body_home(walk: Walk) -> None:
    walk.do(OFFICER, "Faire accepter la garantie de paiement", {"resultat_garantir_paiement": "acceptee"})
    walk.do(AIRPORT, "Préparer l’accueil", {"corbillard": True, "formalites_sante": True})
    closed = {
        "date_mise_en_biere": ago(hours=1),
        "identite_verifiee_par": [{"nom": "Agent du poste", "qualite": "poste"}, {"nom": "Agent de police", "qualite": "police"}],
        "identite_conforme": True,
        "n_scelles": "FIC-0201/0202",
        "pv_mise_en_biere": files("pv.pdf"),
    }
    walk.do(OFFICER, "Assister à la mise en bière et sceller", closed)
    walk.do(OFFICER, "Confirmer le départ", {"depart_reel": ago(minutes=30), "scelles_intacts_depart": True})
    walk.do(AIRPORT, "Constater l’arrivée", {"arrivee_reelle": ago(minutes=5), "scelles_intacts_arrivee": True})
    walk.do(AIRPORT, "Remettre le corps à la famille", {"receveur": WIDOW, "pv_remise": files("remise.pdf"), "transport_interieur": True})
    walk.do(SOCIAL, "Confirmer l’inhumation", {"date_inhumation": TODAY, "lieu_inhumation_reel": PLACE})
    walk.do(SOCIAL, "Remettre effets et documents", {"remis_a": WIDOW, "recu_effets": files("reçu.pdf")})


def pay_the_undertaker(walk: Walk) -> None:
    invoice = {"beneficiaire_facture": UNDERTAKER, "montant_facture": "2 600 000", "facture": files("facture.pdf")}
    walk.do(OFFICER, "Contrôler la facture", invoice)
    service = {"service_conforme": True, "montant_constate": "2 000 000", "pv_ou_facture": files("facture.pdf")}
    walk.do(HEAD, "Certifier le service fait", service)
    walk.do(SETTLER, "Liquider", {"n_facture": "FIC-F-001", "montant_liquide": "2 000 000"})
    signature = {"nom": "Bayoko", "support": "papier", "feuille": files("mandat.pdf")}
    walk.do(ORDERER, "Ordonnancer", {"resultat_ordonnancer": "signe", "signature_mandat": signature})
    walk.do(CASHIER, "Payer au poste", {"mode_paiement": "virement", "emargement": files("virement.pdf")})
    received = {"date_reception": TODAY, "recu_beneficiaire": files("reçu.pdf")}
    walk.do(OFFICER, "Confirmer la réception par le bénéficiaire", received)


def close_the_case(walk: Walk) -> None:
    walk.do(OFFICER, "Proposer la clôture", {"issue": "rapatrie", "motif_issue": "Procédure menée à son terme."})
    walk.do(DELEGATE, "Valider la clôture", {"decision_cloture": "clore"})
    expect(walk.by(DELEGATE).page.locator(".alert.good")).to_contain_text(f"Le dossier {walk.reference} est clos.")


def audit(walk: Walk) -> None:
    """The auditor finds the money paid, every act with its author, and the history intact."""
    auditor = walk.by(AUDITOR)
    auditor.go(f"/dossiers/{walk.reference}")
    expect(auditor.page.locator(".facts, main").first).to_contain_text("Clos")
    expect(auditor.page.locator("main")).to_contain_text("Rapatrié")
    auditor.go(f"/dossiers/{walk.reference}/argent")
    expect(auditor.page.locator("main")).to_contain_text("2 000 000")
    auditor.go(f"/dossiers/{walk.reference}/historique")
    timeline = auditor.page.locator("main")
    expect(timeline).to_contain_text("A terminé « Valider la clôture »")
    expect(timeline).to_contain_text("Kassim Naba Sougoulé, Délégué général")
    auditor.page.get_by_role("button", name="Vérifier").click()
    verdict = auditor.page.locator(".verdict")
    expect(verdict).to_contain_text("Historique intact")
    expect(verdict).to_contain_text("se suivent sans trou ni retouche, les lectures aussi")
