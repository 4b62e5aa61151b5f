"""Entries of a history as sentences: a verb in the past, what it was about, who, in which role, for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.services.history import Entry, decision_titles
from app.web import filters, names, tasks_words
from app.web.filters import grouped, typo
from app.web.form_answers import plain, shown
from app.web.form_model import FormContext
from app.web.language import chosen, mark, say, say_many
from workflows.catalog import CaseType

VERBS: dict[str, tuple[str, str, str]] = {
    "case.started": ("decision", "folder", mark("A ouvert le dossier")),
    "case.completed": ("decision", "check", mark("Dossier clos")),
    "case.cancelled": ("alarm", "late", mark("Dossier annulé")),
    "case.suspended": ("alarm", "pause", mark("A suspendu le dossier")),
    "case.resumed": ("decision", "play", mark("A repris le dossier")),
    "facts.corrected": ("change", "pen", mark("A corrigé des données du dossier")),
    "task.paused": ("system", "pause", mark("Délai arrêté : « %(step)s »")),
    "task.resumed": ("system", "play", mark("Délai repris : « %(step)s »")),
    "case.linked": ("change", "folder", mark("A lié le dossier à %(to)s")),
    "operation.left": ("change", "folder", mark("A détaché la fiche de l'opération %(operation)s")),
    "case.labelled": ("change", "flag", mark("A étiqueté le dossier")),
    "case.unlabelled": ("change", "flag", mark("A ôté une étiquette du dossier")),
    "case.asked": ("system", "folder", mark("Demande d'ouvrir un dossier %(type)s")),
    "task.completed": ("decision", "check", mark("A terminé « %(step)s »")),
    "task.claimed": ("change", "person", mark("A pris la tâche « %(step)s »")),
    "task.released": ("change", "person", mark("A rendu la tâche « %(step)s » à l'équipe")),
    "task.handed_over": ("change", "person", mark("A confié la tâche « %(step)s »")),
    "task.late": ("alarm", "clock", mark("En retard : « %(step)s »")),
    "task.overdue": ("alarm", "clock", mark("Une fois et demie le délai : « %(step)s »")),
    "companion.completed": ("decision", "check", mark("A traité « %(step)s »")),
    "deadline.fired": ("system", "clock", mark("Échéance : « %(step)s »")),
    "deadline.moved": ("system", "clock", mark("Échéance déplacée : « %(step)s »")),
    "deadlines.recomputed": ("system", "gear", mark("Échéances recalculées")),
    "message.taken": ("change", "mail", mark("Message reçu : %(message)s")),
    "message.kept": ("change", "mail", mark("Message gardé, rien ne l'attend : %(message)s")),
    "message.recorded": ("change", "mail", mark("A enregistré la réponse « %(step)s »")),
    "note.written": ("change", "pen", mark("A écrit une note")),
    "document.added": ("change", "file", mark("A ajouté une pièce")),
    "document.verified": ("decision", "stamp", mark("A vérifié une pièce")),
    "document.doubted": ("alarm", "late", mark("A mis une pièce en doute")),
    "letter.left": ("decision", "mail", mark("Lettre nº %(number)s partie")),
    "data.disclosed": ("alarm", "eye", mark("Données communiquées à l'extérieur")),
    "person.merged": ("change", "person", mark("Deux fiches d'une même personne réunies : %(kept)s et %(other)s")),
    "person.unmerged": ("change", "person", mark("Deux fiches réunies par erreur, séparées : %(kept)s et %(other)s")),
    "person.nationality": ("change", "person", mark("Statut de nationalité : %(from)s, puis %(to)s")),
    "confidentiality.raised": ("system", "lock", mark("Confidentialité relevée de %(from)s à %(to)s")),
    "priority.raised": ("system", "flag", mark("Priorité changée de %(from)s à %(to)s")),
    "projections.rebuilt": ("system", "gear", mark("Listes reconstruites par l'administrateur")),
    "number.drawn": ("system", "stamp", mark("Numéro attribué : %(number)s")),
    "funding.reserved": ("sum", "coin", mark("Réservé %(amount)s sur %(line)s")),
    "funding.released": ("sum", "coin", mark("Réservation de %(amount)s libérée")),
    "funding.committed": ("sum", "coin", mark("Engagé %(amount)s, nº %(number)s")),
    "funding.decommitted": ("sum", "coin", mark("Dégagé %(amount)s")),
    "funding.visa": ("decision", "stamp", mark("Visa du contrôle financier : %(number)s")),
    "payment.advanced": ("sum", "coin", mark("Payé par la régie : %(amount)s")),
    "payment.certified": ("decision", "stamp", mark("Service fait certifié : %(amount)s")),
    "payment.liquidated": ("sum", "coin", mark("Liquidé %(amount)s")),
    "payment.ordered": ("sum", "coin", mark("Ordonnancé %(amount)s")),
    "payment.paid": ("sum", "coin", mark("Payé %(amount)s")),
    "payment.returned": ("sum", "coin", mark("Reversé %(amount)s")),
    "payment.rejected": ("alarm", "late", mark("Paiement rejeté")),
    "payments.frozen": ("alarm", "lock", mark("Paiements gelés")),
    "payments.unfrozen": ("sum", "coin", mark("Paiements de nouveau permis")),
}
"""kind -> (stamp, sign, sentence). A kind that is not here is shown by its name."""


@dataclass(frozen=True)
class Line:
    """An entry as the template draws it."""

    at: datetime
    seq: int
    stamp: str
    icon: str
    sentence: str
    who: str
    changes: list[tuple[str, str, str]]
    folded: str
    notes: list[str]


class Teller:
    """Tells the entries of one case in the reader's language, with the labels of the version that each was made under."""

    def __init__(self, versions: dict[str, CaseType], current: CaseType, context: FormContext) -> None:
        self._versions, self._current, self._context = versions, current, context

    def line(self, entry: Entry) -> Line:
        """One entry."""
        case_type = self._versions.get(entry.version, self._current)
        stamp, sign, pattern = VERBS.get(entry.kind, ("system", "gear", entry.kind))
        if entry.kind == "deadline.fired" and entry.element is None:
            pattern = mark("Rappels envoyés")
        changes = [self._change(case_type, name, pair) for name, pair in entry.changes.items()]
        return Line(
            at=entry.at,
            seq=entry.seq,
            stamp=stamp,
            icon=sign,
            sentence=say(pattern, **self._values(entry, case_type)) if entry.kind in VERBS else pattern,
            who=self._who(entry),
            changes=changes,
            folded=say_many("%(num)s champ", "%(num)s champs", len(changes)),
            notes=self._notes(entry, case_type),
        )

    def _values(self, entry: Entry, case_type: CaseType) -> dict[str, Any]:
        values: dict[str, Any] = dict.fromkeys(("to", "from", "type", "message", "number", "line", "amount"), "–")
        values.update({name: value for name, value in entry.data.items() if isinstance(value, (str, int))})
        if isinstance(entry.data.get("amount"), int):
            values["amount"] = f"{grouped(entry.data['amount'])} FCFA"
        if isinstance(entry.data.get("message"), str):
            values["message"] = tasks_words.message_title(entry.data["message"], case_type)
        values["step"] = typo(case_type.step_title(entry.element, chosen())) if entry.element else "–"
        return values

    def _who(self, entry: Entry) -> str:
        if entry.actor_id is None:
            return say("Jatigi, procédure")
        parts = [names.user_name(entry.actor_id)]
        if entry.role:
            parts.append(names.role_name(entry.role))
        if entry.post:
            parts.append(names.post_name(entry.post))
        text = ", ".join(parts)
        return f"{text}, {say('pour le compte de %(who)s', who=names.user_name(entry.behind))}" if entry.behind else text

    def _change(self, case_type: CaseType, name: str, pair: tuple[Any, Any]) -> tuple[str, str, str]:
        fact = name.split("@", 1)[0]
        before, after = (self._value(case_type, case_type.kinds.get(fact), value) for value in pair)
        return self._label(case_type, fact), before, after

    def _label(self, case_type: CaseType, fact: str) -> str:
        """The question that a fact answers; its name in words when it answers none."""
        spec = case_type.kinds.get(fact)
        return typo(case_type.text(spec.label, chosen(), spec.context)) if spec and spec.label else fact.replace("_", " ")

    def _value(self, case_type: CaseType, spec: Any, value: Any) -> str:
        """A value as its field shows it; one that the procedure made up, by the fields of its parts."""
        if value in (None, "", [], {}):
            return "–"
        if spec is not None:
            return typo(shown(spec, value, self._context)) or "–"
        if isinstance(value, Mapping):
            parts = {self._label(case_type, part): self._value(case_type, case_type.kinds.get(part), held) for part, held in value.items()}
            return " ; ".join(say("%(label)s : ", label=label) + text for label, text in parts.items() if text != "–") or "–"
        if isinstance(value, (list, tuple)):
            return ", ".join(self._value(case_type, None, item) for item in value)
        if isinstance(value, bool):
            return say("Oui") if value else say("Non")
        return typo(plain(value, self._context))

    def _rule(self, case_type: CaseType, table: str, fired: list[Any]) -> str:
        title = case_type.text(decision_titles(case_type).get(table, table), chosen())
        rows = ", ".join(str(row) for row in fired)
        return say("Table « %(table)s » : règle %(rows)s", table=title, rows=rows)

    def _notes(self, entry: Entry, case_type: CaseType) -> list[str]:
        """Why it happened: rules that fired, the move of a deadline, values that were erased."""
        found = []
        for line in entry.data.get("trace") or ():
            if line["kind"] == "rule":
                rows = line["detail"].get("rows") if isinstance(line["detail"], dict) else None
                found += [self._rule(case_type, table, fired) for table, fired in (rows or {}).items()]
        reminded = entry.data.get("reminders")
        if isinstance(reminded, list):  # older entries keep only how many there were
            found += [_reminder(case_type, stage) for stage in reminded]
        if entry.kind == "deadline.moved":
            found.append(say("De %(before)s à %(after)s", before=_moment(entry.data.get("from")), after=_moment(entry.data.get("to"))))
        if isinstance(entry.data.get("undone"), int):
            found.append(say("Annule, dans la minute, l'acte nº %(seq)s.", seq=entry.data["undone"]))
        if isinstance(entry.data.get("reason"), str):
            found.append(say("Motif : %(why)s", why=entry.data["reason"]))
        if entry.erased > 0:
            found.append(
                say_many(
                    "%(num)s valeur effacée au terme de sa conservation",
                    "%(num)s valeurs effacées au terme de leur conservation",
                    entry.erased,
                )
            )
        return found


def _reminder(case_type: CaseType, stage: Mapping[str, Any]) -> str:
    title = typo(case_type.step_title(stage["step"], chosen(), stage["process"]))
    return say("« %(step)s » : %(percent)s %% du délai passés", step=title, percent=stage["at"])


def _moment(text: Any) -> str:
    try:
        return filters.moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return "–"
