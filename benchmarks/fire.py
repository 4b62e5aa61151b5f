"""A market fire with its households, from the report to the closing, as a program plays it over the JSON interface, one token a user."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from app.scenarios.placeholders import page
from benchmarks.measure import Times

POST = "ABJ"
BEGINS = dt.datetime(2026, 1, 12, 20, tzinfo=dt.UTC)
CHIEF, RECORDER, PAYER, ASSESSOR, PRESS, FILES, HEAD, DELEGATE = "U-01", "U-02", "U-03", "U-04", "U-54", "U-33", "U-36", "U-39"
CHIEF_OF_STAFF, CLERK, OTHER_CLERK, FINANCE = "U-50", "U-44", "U-45", "U-46"
HOLDERS = {
    **{"chef_poste": CHIEF, "gestionnaire_dgme": FILES, "chef_departement": HEAD, "delegue_general": DELEGATE},
    **{"chef_cabinet": CHIEF_OF_STAFF, "secretaire_general": "U-49", "ministre": "U-51", "directeur_dfm": FINANCE},
}
DAMAGE = ("total", "important", "partiel", "partiel", "leger")
"""Of the households in turn."""
HEADER = {
    **{"pays_evenement": "CI", "canal": "telephone", "date_fait": "2026-01-12", "langue_contact": "fr", "declarant": "P-0069"},
    **{"date_signalement": "2026-01-12T20:00:00Z", "lien_declarant": "association"},
}
HOUSEHOLD = {
    **{"sexe": "M", "ne_en": "1981", "role_sinistre": "locataire", "type_activite": "Tissus", "taille_menage": "5", "enfants": "3"},
    **{"femme_chef_menage": "non", "handicap": "non", "blesse": "non", "deces_menage": "0", "assure": "non"},
    **{"temoins_sinistre.nom": "Voisin", "temoins_sinistre.tel": "+22500009001", "mode_paiement_souhaite": "Mobile money"},
    **{"consentement_donnees": "oui"},
}


class Ministry(Protocol):
    """An installation, seen from outside."""

    def ask(self, user: str, method: str, path: str, body: Any = None, file: tuple[str, bytes] | None = None, key: str = "") -> Any:
        """The JSON that a call answers. `file`: media type and content, sent instead of a body. Raises Refused."""

    def advance(self, moment: dt.datetime) -> None:
        """Time passes; what falls due is carried out."""

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Until the installation has come so far by itself. TimeoutError."""


@dataclass(frozen=True)
class Paper:
    """A document that an answer needs."""

    name: str


class Refused(RuntimeError):
    """The installation refused a call; `body` is what it said."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.body = status, body


class Fire:
    """The play. at_once: households that are assessed, and paid, side by side.

    `phases`: what took how long, in the order of the play; `progress`: rows written, each time one looked.
    """

    def __init__(self, ministry: Ministry, households: int, at_once: int = 1) -> None:
        self.ministry, self.households, self.at_once = ministry, households, at_once
        self.reference = ""
        self.phases: dict[str, Times] = {}
        self.progress: list[int] = []

    def play(self) -> dict[str, Any]:
        """All of it; the case as it is at the end."""
        for name in ("frame", "census", "assess", "settle", "fund", "pay", "close"):
            with self._phase(name):
                getattr(self, name)()
        return self._ask(CHIEF, "GET", self._path)

    @contextlib.contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        self.times = self.phases[name] = Times()
        with self.times.whole():
            yield

    # -- the phases
    def frame(self) -> None:
        """The fire is reported, help is given, the site is seen, the census opened."""
        opened = self._ask(RECORDER, "POST", "/cases", {"type": "SIN", "post": POST, "header": HEADER}, key="incendie-du-marche")
        self.reference = opened["reference"]
        size = {"nb_maliens_estime": self.households * 5, "deces": 0, "blesses": 0, "besoins_urgents": ["argent"]}
        happened = {"type_sinistre": "incendie_marche", "date_heure_sinistre": BEGINS.isoformat(), "site": "Marché fictif, Abidjan"}
        self._do("enregistrer_sinistre", RECORDER, **happened, **size)
        if "activer_cellule" in self._open():
            members = [{"utilisateur": RECORDER, "fonction": "Poste", "tel": "+22500009001"}]
            self._do("activer_cellule", DELEGATE, membres_cellule=members, point_focal=FILES, rythme_points="j1")
        self._do("secours_immediats", CHIEF, secours=[{"personne": "P-0069", "nature": "nourriture", "montant": 20000}])
        self._do("informer_public", PRESS, texte_communique="Chiffre confirmé par le poste.", valide_par=CHIEF_OF_STAFF)
        self.ministry.advance(BEGINS + dt.timedelta(days=2))
        seen = {"date_visite_site": "2026-01-14T10:00:00Z", "etendue": "Deux allées détruites."}
        self._do("visite_site", RECORDER, photos_site=[Paper("photos")], tiers_responsable=False, acces_interdit=False, **seen)
        days = {
            "date_ouverture": "2026-01-14",
            "date_cloture": "2026-01-26",
            "lieux_recensement": [{"lieu": "Poste", "horaires": "9 h–17 h"}],
        }
        team, witnesses = [{"agent": RECORDER}, {"agent": ASSESSOR}], [{"nom": "Représentant", "organisation": "Association fictive"}]
        self._do("ouvrir_recensement", RECORDER, equipe_recensement=team, temoins_association=witnesses, **days)

    def census(self) -> None:
        """A file with three wrong rows is refused; corrected, it is looked at, confirmed and written in the background."""
        bad = self._send(wrong=3)
        assert [row["line"] for row in bad["rows"] if row["errors"]] == [2, 3, 4], bad
        try:
            self._ask(RECORDER, "POST", f"{self._path}/children/lists/{bad['list']}/confirm", {})
        except Refused as refusal:
            assert refusal.status == 422
        assert not self._children()
        good = self._send()
        assert (good["total"], good["wrong"]) == (self.households, 0), good
        shared = [row["line"] for row in good["rows"] if row["notes"]]
        assert shared == [self.households + 1], "the last household has the telephone of the first, and that is shown"
        address = f"{self._path}/children/lists/{good['list']}"
        assert self._ask(RECORDER, "POST", f"{address}/confirm", {})["state"] == "running"

        def written() -> bool:
            seen = self._ask(RECORDER, "GET", address)
            self.progress.append(seen["settled"])
            assert not [row for row in seen["rows"] if row["problem"]], seen["rows"]
            return bool(seen["state"] == "done")

        self.ministry.wait(written, "the list is written")
        assert len(self._children("a_evaluer")) == self.households

    def assess(self) -> None:
        """Another officer sees each household; where something alerts, the ministry looks again. Then the census is closed."""
        self._each(self._children("a_evaluer"), self._assess)
        for child in self._children("a_verifier"):
            self._complete(child["task"], FILES, decision_ligne="garder", motif_ligne="Deux frères, un téléphone.")
        self.ministry.advance(dt.datetime(2026, 1, 27, 9, tzinfo=dt.UTC))
        self._do("cloturer_recensement", RECORDER, resultat_cloturer_recensement="clos")

    def settle(self) -> None:
        """The list is posted, five working days pass, it is definitive."""
        self._do("afficher_liste_provisoire", CHIEF, lieux_affichage="Hall du poste")
        self.ministry.advance(dt.datetime(2026, 2, 5, 9, tzinfo=dt.UTC))
        self._do("arreter_liste_definitive", CHIEF, pv_liste=Paper("pv"))

    def fund(self) -> None:
        """One decision for all: the envelope is a little too small, the minister grants it, each household is told its share."""
        self._until("ajuster_enveloppe")
        scale = self._figures()["total_bareme"]
        self._do("ajuster_enveloppe", FILES, enveloppe=scale - scale // 10)
        total = self._facts()["total_attribue"]
        line = {"ligne": "PROT-SIN", "nature_depense": "aide_directe", "objet_depense": "Aide aux sinistrés", "montant_demande": total}
        basis = {"base_calcul": [{"libelle": "Parts", "quantite": 1, "pu": total, "total": total}], "declaration_interet": True}
        others = [{"financeur": "aucun", "statut": "non_sollicite", "montant": 0}]
        payees = {"beneficiaire_aide": "P-0069", "beneficiaire_paiement": "F-005"}
        self._do("preparer_demande", RECORDER, autres_financeurs=others, **line, **basis, **payees)
        self.ministry.advance(dt.datetime(2026, 2, 16, 9, tzinfo=dt.UTC))
        self._decide()
        committed = {"n_engagement": "FIC-E-1", "imputation": "PROT-SIN / aide", "date_engagement": "2026-02-16"}
        self._do("engager", CLERK, engagement_regularisation=False, **committed)
        self.ministry.advance(dt.datetime(2026, 2, 17, 9, tzinfo=dt.UTC))
        self._tell("MSG_ENGAGEMENT_VISE", "engagement_id", n_visa="FIC-V-1", date_visa="2026-02-17")
        self._until("liquider")

    def pay(self) -> None:
        """The credits are delegated, each household is paid its share by hand."""
        total = self._facts()["total_attribue"]
        self._do("liquider", OTHER_CLERK, montant_liquide=total, n_facture="DEL-1")
        signature = {"nom": "Bayoko", "support": "papier", "feuille": Paper("mandat")}
        self._do("ordonnancer", FINANCE, resultat_ordonnancer="signe", signature_mandat=signature)
        self.ministry.advance(dt.datetime(2026, 2, 19, 9, tzinfo=dt.UTC))
        self._tell("MSG_PAYE", "mandat_id", date_paiement="2026-02-19", ref_paiement="FIC-T-1")
        self._do("confirmer_reception", RECORDER, date_reception="2026-02-19", recu_beneficiaire=Paper("recu"))
        days, witnesses = [{"date": "2026-03-12", "lieu": "Poste"}], [{"nom": nom, "qualite": "HCME"} for nom in ("Premier", "Second")]
        self._do("planifier_distribution", CHIEF, dates_distribution=days, payeur_distribution=PAYER, temoins_distribution=witnesses)
        self.ministry.advance(dt.datetime(2026, 3, 12, 9, tzinfo=dt.UTC))
        self._do("distribuer", PAYER, emargement_distribution=Paper("emargement"))
        self.ministry.wait(lambda: not self._children("attribue") and bool(self._children("a_payer")), "all are called")
        self._each(self._children("a_payer"), self._pay)

    def close(self) -> None:
        """The accounts are rendered, three months later the market is seen again, the operation is closed."""
        self._until("rapport_distribution")
        self._do("rapport_distribution", CHIEF, rapport_signe=Paper("rapport"))
        self.ministry.advance(dt.datetime(2026, 6, 30, 9, tzinfo=dt.UTC))
        self._do("suivi_3_mois", RECORDER, reprise_activite="oui", souhait_suite="rester")
        self._until("proposer_cloture")
        self._do("proposer_cloture", RECORDER, issue="aide_versee", motif_issue="Toutes les aides sont remises.")
        self._do("valider_cloture", DELEGATE, decision_cloture="clore")

    # -- what happens to each household
    def _assess(self, child: dict[str, Any]) -> None:
        damage = DAMAGE[int(child["reference"].rpartition("-")[2]) % len(DAMAGE)]
        found = {"valeur_declaree": 400_000, "valeur_retenue": 300_000, "credibilite": 3, "nationalite_constatee": "etablie"}
        self._sent(child["task"], ASSESSOR, {"degats": damage, **found})

    def _pay(self, child: dict[str, Any]) -> None:
        signed = {"nom": "signature", "support": "tablette"}
        given = {"montant_remis": child["amount"], "mode_remise": "mobile_money", "emargement_ligne": signed}
        done = self._sent(child["task"], PAYER, {"identite_receveur": True, **given})
        assert done["closed_case"], done

    def _decide(self) -> None:
        """The opinions that the sum asks for, then the decision of whoever decides on such a sum."""
        while "decider_financement" not in (steps := self._open()):
            advice = next((task for step, task in steps.items() if step == "donner_avis"), None)
            assert advice, f"nobody decides; open: {sorted(steps)}"
            self._complete(advice["task"], HOLDERS[advice["role"]], avis="favorable", texte_avis="Les parts sont justes.")
        task = steps["decider_financement"]
        granted = {"montant_accorde": self._facts()["montant_demande"], "avance_autorisee": True}
        self._complete(task["task"], HOLDERS[task["role"]], decision_financement="accorder", **granted)

    # -- calls
    @property
    def _path(self) -> str:
        return f"/cases/{self.reference}"

    def _ask(self, user: str, method: str, path: str, body: Any = None, **more: Any) -> Any:
        with self.times.one():
            return self.ministry.ask(user, method, path, body, **more)

    def _open(self) -> dict[str, Any]:
        return {task["step"]: task for task in self._ask(CHIEF, "GET", self._path)["open"] if task["kind"] == "step"}

    def _until(self, step: str) -> None:
        self.ministry.wait(lambda: step in self._open(), f"« {step} » is open")

    def _do(self, step: str, by: str, **answers: Any) -> None:
        self._until(step)
        self._complete(self._open()[step]["task"], by, **answers)

    def _complete(self, task: int, by: str, **answers: Any) -> Any:
        """A step of the operation: what its form proposes, and these answers."""
        proposed = self._ask(by, "GET", f"/tasks/{task}")["proposed"]
        return self._sent(task, by, {**proposed, **{name: self._filed(task, by, value) for name, value in answers.items()}})

    def _sent(self, task: int, by: str, answers: dict[str, Any]) -> Any:
        return self._ask(by, "POST", f"/tasks/{task}/complete", {"answers": answers}, key=f"{self.reference}-{task}")

    def _filed(self, task: int, by: str, value: Any) -> Any:
        """The value with the code of each paper, which is sent first."""
        match value:
            case Paper():
                address = f"/tasks/{task}/documents?name={value.name}.pdf"
                return self._ask(by, "POST", address, file=("application/pdf", page(value.name).read()))["document"]
            case list():
                return [self._filed(task, by, one) for one in value]
            case dict():
                return {name: self._filed(task, by, one) for name, one in value.items()}
        return value

    def _send(self, wrong: int = 0) -> Any:
        """The list as a file: the first rows are `wrong`; the last household has the telephone of the first."""
        rows = []
        for number in range(1, self.households + 1):
            phone = 1 if number == self.households else number
            own = {"cle": str(number), "nom": f"Sinistré {_letters(number)}", "n_stand": f"B-{number}"}
            rows.append({**HOUSEHOLD, **own, "telephone_sinistre": f"+2250000{phone:04}"})
        for row in rows[:wrong]:
            row["taille_menage"] = "beaucoup"
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
        address = f"{self._path}/children/lists/file?name=recensement.csv"
        return self._ask(RECORDER, "POST", address, file=("text/csv", text.getvalue().encode()))

    def _tell(self, name: str, correlated: str, **payload: Any) -> None:
        body = {"name": name, "key": self._facts()[correlated], "payload": payload, "source_reference": f"{self.reference}-{name}"}
        assert self._ask(FILES, "POST", f"{self._path}/messages", body)["taken"], name  # who asked for money says not that it is paid

    def _facts(self) -> dict[str, Any]:
        return {name: value for scope in self._ask(RECORDER, "GET", f"{self._path}/facts").values() for name, value in scope.items()}

    def _figures(self) -> dict[str, int]:
        return dict(self._ask(CHIEF, "GET", f"{self._path}/children?limit=1")["figures"])

    def _children(self, stage: str = "") -> list[dict[str, Any]]:
        return list(self._ask(CHIEF, "GET", f"{self._path}/children?limit=500&stage={stage}")["children"])

    def _each(self, children: list[dict[str, Any]], work: Callable[[dict[str, Any]], None]) -> None:
        if self.at_once == 1:
            list(map(work, children))
            return
        with ThreadPoolExecutor(self.at_once) as pool:
            list(pool.map(work, children))


def _letters(number: int) -> str:
    """A name of its own for each number."""
    return "".join(chr(97 + int(digit)) for digit in f"{number:03}").title()
