"""A random history of money: whoever is at hand does whatever is open, with amounts that fit and amounts that do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import select

from app.db.imprest import ImprestEntry, ImprestReplenishment
from app.db.imprest_rules import PAYMENT
from app.db.tasks import WAIT
from app.jobs.funding import expire_reservations
from app.scenarios.placeholders import page
from app.scenarios.reading import BadScenario
from app.scenarios.stage import Unexpected
from app.services import credit_moves, imprest_moves, tasks
from app.services.errors import Refusal
from tests.app.services import money
from tests.app.services.staging import StagedCase, rows

AMOUNTS = st.sampled_from((1, 3, 249_999, 250_000, 500_000, 999_999, 1_500_000, 2_000_000, 2_000_001, 5_000_001, 25_000_001, 80_000_000))
PEOPLE = ("U-13", "U-14", "U-15", "U-32", "U-36", "U-39", "U-40", "U-44", "U-45", "U-46", "U-47", "U-48", "U-49", "U-50", "U-51")
POST, ACCOUNTANT = "LBV", "U-15"
PARTS = st.sampled_from((0.0, 0.4, 0.99, 1.0, 1.01))
Answer = Callable[["Walk"], dict[str, Any]]


class Walk:
    """One history of one case. `told` is what was done, for whoever reads a failure."""

    def __init__(self, case: StagedCase, draw: Callable[[Any], Any]) -> None:
        self.case, self.draw = case, draw
        self.told: list[str] = []

    def go(self, acts: int) -> None:
        """So many acts; what holds at all times is looked at after each."""
        for _ in range(acts):
            act = self.draw(st.sampled_from((self.work, self.work, self.work, self.work, self.work, self.hear, self.hear, *self.around)))
            try:
                self.told.append(str(act()))
            except Refusal as refused:
                self.told.append(f"refused: {refused.sentence() or refused.code}")
            money.ensure_sound()

    @property
    def around(self) -> tuple[Callable[[], str], ...]:
        return (self.wait, self.shrink, self.transfer, self.keep_till, self.fill_till)

    # -- what may happen
    def work(self) -> str:
        """Somebody does an open step, the right person or another."""
        known = [task for task in self.case.task_rows() if task.closed_at is None and task.kind != WAIT and task.step in ANSWERS]
        if not known:
            return self.go_on()
        task = self.draw(st.sampled_from(known))
        actor = self.case.user(self.draw(st.sampled_from(PEOPLE))) if self.draw(st.integers(0, 3)) == 0 else None
        try:
            actor = actor or self.case.somebody(task.role, task)
        except BadScenario:
            return f"nobody does {task.step}"
        with self.case.at(self.case.now):
            answers = {**self.case.proposed(actor, task), **ANSWERS[task.step](self)}
            tasks.complete_task(actor, task.id, answers)
        self.case.now += dt.timedelta(minutes=5)
        return f"{task.step} by {actor.code}: {answers}"

    def go_on(self) -> str:
        """No money is at stake: the case goes its usual way until some is."""
        for number, line in enumerate(self.case.rest):
            if line.get("do") in {task.step for task in self.case.task_rows() if task.closed_at is None} or "message" in line:
                del self.case.rest[: number + 1]
                try:
                    self.case.line(line)
                except (Unexpected, BadScenario):
                    return f"{line} does not fit here"
                return f"usual: {line.get('do') or line.get('message')}"
        return "at rest"

    def hear(self) -> str:
        """The controller, the Treasury or the family answers."""
        waiting = set(self.case.awaited())
        said = [(name, key, values) for step, name, key, values in MESSAGES if step in waiting]
        if not said:
            return "nobody is awaited"
        name, key, values = self.draw(st.sampled_from(said))
        try:
            self.case.line({"message": name, "key_fact": key, "with": values | DATED.get(name, lambda day: {})(self.today)})
        except Unexpected as refused:
            return f"{name}: {refused}"
        return name

    def wait(self) -> str:
        """Time goes by, and reservations end."""
        self.case.now += dt.timedelta(days=self.draw(st.sampled_from((1, 16, 46))))
        with self.case.at(self.case.now):
            expire_reservations()
        return f"it is {self.case.now}"

    def shrink(self) -> str:
        """So much is left on the line, and no more."""
        left = self.draw(AMOUNTS)
        money.leave(left)
        return f"{left} left"

    def transfer(self) -> str:
        """Credit goes to another line."""
        with self.case.at(self.case.now):
            credit_moves.transfer(self.case.user("U-46"), self.case.now.year, money.LINE, "PROT-RAP", self.draw(AMOUNTS), "Décision.")
        return "transfer"

    def keep_till(self) -> str:
        """Somebody enters a voucher, or a rest, against something that the imprest paid."""
        paid = self.draw(st.sampled_from(rows(select(ImprestEntry).where(ImprestEntry.kind == PAYMENT).order_by(ImprestEntry.id))))
        amount, rest = self.part(paid.owed), self.draw(st.sampled_from((None, 1, paid.owed)))
        actor = self.case.user(self.draw(st.sampled_from((ACCOUNTANT, ACCOUNTANT, "U-46"))))
        said = {"amount": amount, "rest": rest, "number": "B-1", "file": (page("bon"), "bon.pdf")}
        with self.case.at(self.case.now):
            imprest_moves.enter(actor, self.case.store, paid.post_code, paid.id, **said)
        return f"voucher of {amount} and {rest} by {actor.code}"

    def fill_till(self) -> str:
        """Cash is asked for, granted, refused or received, by whoever it is."""
        actor = self.case.user(self.draw(st.sampled_from((ACCOUNTANT, ACCOUNTANT, "U-46"))))
        known = rows(select(ImprestReplenishment.id).order_by(ImprestReplenishment.id.desc()).limit(1))
        act = self.draw(st.sampled_from(("ask", "grant", "refuse", "receive") if known else ("ask",)))
        with self.case.at(self.case.now):
            if act == "ask":
                imprest_moves.ask(actor, POST, self.draw(st.sampled_from((1, 35_500, 35_501, 250_000))), "Caisse basse")
            elif act == "receive":
                imprest_moves.receive(actor, POST, known[0], "V-1")
            else:
                imprest_moves.decide(actor, POST, known[0], grant=act == "grant", decision="Décision")
        return f"till: {act} by {actor.code}"

    # -- what is answered
    @property
    def today(self) -> str:
        return self.case.now.date().isoformat()

    def part(self, of: int) -> int:
        """A part of an amount, all of it, or a little more."""
        return round(of * self.draw(PARTS))

    def page(self, name: str) -> str:
        """The code of a new document of the case."""
        return money.document(self.case, name)

    def asked(self) -> int:
        return max((request.asked for request in money.requests_of(self.case)), default=1)

    def committed(self) -> int:
        return max((request.committed for request in money.requests_of(self.case)), default=1)


def _ask(walk: Walk) -> dict[str, Any]:
    amount = walk.draw(AMOUNTS)
    money.allow(walk.case, amount)
    answers = money.request(walk.case, amount, urgence_motif="Limite de la morgue.", accord_oral=False)
    if amount <= walk.draw(st.sampled_from((0, 250_000))):
        money.set_fact(walk.case, "priorite", '"P2"')
        answers["nature_depense"] = "transport"
    plan = walk.draw(st.sampled_from((None, (30, 40, 30), (50, 50), (33, 33, 34), (60, 60))))
    if plan:
        answers["tranches"] = [{"n": number, "pourcentage": share} for number, share in enumerate(plan, 1)]
    return answers


def _decide(walk: Walk) -> dict[str, Any]:
    choice = walk.draw(st.sampled_from(("accorder", "accorder", "accorder", "accorder_partiel", "renvoyer", "refuser", "differer")))
    answers = {"decision_financement": choice, "montant_accorde": walk.part(walk.asked()), "motif_decision": "Selon le barème."}
    return answers | {"date_reexamen": walk.today, "reponse_fractionnement": "Deux achats.", "avance_autorisee": walk.draw(st.booleans())}


ANSWERS: dict[str, Answer] = {
    "preparer_demande": _ask,
    "traiter_insuffisance": lambda walk: {
        "resultat_controle": "insuffisant",
        "solution_insuffisance": walk.draw(st.sampled_from(("reduire", "virement", "differer"))),
    },
    "demander_virement": lambda walk: {"resultat_virement": "refuse", "ligne_origine": "PROT-RAP", "montant_virement": 1},
    "donner_avis": lambda walk: {"avis": "favorable", "texte_avis": "Famille sans moyens."},
    "decider_financement": _decide,
    "accepter_partiel": lambda walk: {"accepte": walk.draw(st.booleans()), "motif_refus_partiel": "Trop peu."},
    "notifier_refus": lambda walk: {"motif_refus": "Autre financeur.", "alternatives_offertes": "Collecte."},
    "engager": lambda walk: {
        "n_engagement": f"E-{len(walk.told)}",
        "imputation": "PROT-SOC",
        "date_engagement": walk.today,
        "engagement_regularisation": False,
    },
    "corriger_engagement": lambda walk: {"motif_rejet_engagement": "calcul", "correction_engagement": "Refait."},
    "relancer_visa": lambda walk: {},
    "verifier_condition_tranche": lambda walk: {
        "condition_remplie": walk.draw(st.booleans()),
        "preuve_condition": walk.page("preuve.pdf"),
        "montant_justifie": walk.part(walk.committed()),
    },
    "suspendre_tranche": lambda walk: {"resultat_suspendre_tranche": "annuler"},
    "traiter_contestation": lambda walk: {"resultat_traiter_contestation": walk.draw(st.sampled_from(("corrige", "annule")))},
    "certifier_service_fait": lambda walk: {
        "service_conforme": walk.draw(st.sampled_from((True, True, True, False))),
        "montant_constate": walk.part(walk.committed()),
        "pv_ou_facture": walk.page("pv.pdf"),
        "motif_contestation": "Incomplet.",
    },
    "liquider": lambda walk: {"n_facture": f"F-{len(walk.told)}", "montant_liquide": walk.part(walk.committed())},
    "ordonnancer": lambda walk: {
        "resultat_ordonnancer": walk.draw(st.sampled_from(("signe", "signe", "renvoye"))),
        "signature_mandat": {"nom": "Bayoko", "support": "papier", "feuille": walk.page("mandat.pdf")},
    },
    "corriger_mandat": lambda walk: {
        "resultat_corriger_mandat": walk.draw(st.sampled_from(("corrige", "abandonne"))),
        "motif_rejet_mandat": "rib",
        "correction_mandat": "Nouveau relevé.",
    },
    "payer_localement": lambda walk: {
        "mode_paiement": "virement",
        "emargement": walk.page("liste.pdf"),
        "montant_non_percu": walk.part(walk.committed() // 2),
    },
    "payer_sur_regie": lambda walk: {
        "montant_paye_regie": walk.part(walk.asked()),
        "mode_paiement": "virement",
        "recu_regie": walk.page("recu.pdf"),
    },
    "regulariser_depense": lambda walk: {"montant_regularise": walk.part(walk.committed()), "justificatif_regie": walk.page("bon.pdf")},
    "retourner_non_percu": lambda walk: {
        "montant_reverse": walk.part(walk.committed() // 2),
        "quittance_tresor": walk.page("quittance.pdf"),
    },
    "confirmer_reception": lambda walk: {"date_reception": walk.today, "recu_beneficiaire": walk.page("recu.pdf")},
}
MESSAGES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("attendre_visa", "MSG_ENGAGEMENT_VISE", "engagement_id", {"n_visa": "V-1"}),
    ("attendre_visa", "MSG_ENGAGEMENT_REJETE", "engagement_id", {"motif_rejet": "calcul"}),
    ("attendre_paiement", "MSG_PAYE", "mandat_id", {"ref_paiement": "T-1"}),
    ("attendre_paiement", "MSG_PAIEMENT_REJETE", "mandat_id", {"motif_rejet": "rib"}),
    ("fu_retrait_recu", "MSG_RETRAIT", "numero", {"motif_retrait": "renonciation"}),
]
DATED: dict[str, Callable[[str], dict[str, str]]] = {
    "MSG_ENGAGEMENT_VISE": lambda day: {"date_visa": day},
    "MSG_PAYE": lambda day: {"date_paiement": day},
}
