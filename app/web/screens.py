"""Special screens that a step may ask for: what their templates need besides the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.extensions import db
from app.services import approval_view, case_file, opinions
from app.services.funding.ahead import AHEAD
from app.services.opinions import Opinion
from app.services.step_view import StepView
from app.web import filters, forms, names, tasks_words
from app.web.form_model import FieldView, FormContext, FormView
from app.web.language import say
from app.web.reader import me
from workflows.catalog import CaseType
from workflows.forms import FormDefinition

DECISION = "decision_financement"
TONES = {"favorable": "", "reserve": "reserve", "defavorable": "reserve"}


def approval(view: StepView, context: FormContext) -> dict[str, Any]:
    """The decision on money: sum in figures and words, line before and after, opinions, checks."""
    found = approval_view.load(db.session(), me(), view, filters.now())
    facts = view.room.facts
    request_form = _form(view, opinions.PREPARED)
    answers = forms.answers(request_form, facts, context) if request_form else []
    labels = {spec.key: answer for spec, answer in zip(_answered(request_form, facts), answers, strict=True)} if request_form else {}
    amount = int(facts.get("montant_demande") or (found.request.asked if found else 0))
    title = tasks_words.title(view.task, view.file.case_type)
    return {
        "heading": say("%(task)s : %(sum)s FCFA", task=title, sum=filters.grouped(amount)),
        "approval": found,
        "bars": _bars(found) if found else None,
        "amount": amount,
        "money_for": [labels[name] for name in ("beneficiaire_aide", "beneficiaire_paiement", "objet_depense") if name in labels],
        "basis": labels.get("base_calcul"),
        "funders": labels.get("autres_financeurs"),
        "urgency": labels.get("urgence_motif"),
        "opinions": opinion_lines(view.file.case_type, found.opinions) if found else [],
        "checks": _checks(view, found) if found else [],
        "documents": case_file.documents(db.session(), view.file),
    }


def _form(view: StepView, name: str) -> FormDefinition | None:
    """The form of the step that a property of this one names."""
    case_type = view.file.case_type
    step = case_type.steps.get(view.spec.properties.get(name, "")) if view.spec else None
    return case_type.forms.get(step.form) if step and step.form else None


def opinion_lines(case_type: CaseType, given: Sequence[Opinion]) -> list[dict[str, Any]]:
    """Opinions in words: who, in which role, when, for or against, why."""
    names.user_names(one.by_id for one in given)
    words = {}
    for decides in opinions.deciding_steps(case_type)[:1]:
        asked = case_type.steps.get(decides.properties[opinions.OPINION])
        form = case_type.forms.get(asked.form) if asked and asked.form else None
        spec = form.kinds.get("avis") if form else None
        words = {option.value: option.label for option in spec.options} if spec else {}
    return [
        {
            "tone": "void" if one.void else TONES.get(one.choice, "reserve"),
            "label": filters.typo(case_type.text(words.get(one.choice, one.choice), me().language)),
            "who": ", ".join(part for part in (names.user_name(one.by_id) if one.by_id else "", names.role_name(one.role)) if part),
            "at": one.at,
            "text": filters.typo(one.text),
            "void": one.void,
        }
        for one in given
    ]


def _answered(form: Any, facts: Mapping[str, Any]) -> list[Any]:
    """The fields that `forms.answers` tells, in its order."""
    return [spec for spec in form.fields if facts.get(spec.key) not in (None, [], "")]


def _bars(found: approval_view.Approval) -> dict[str, Any]:
    """The line drawn on one scale, today and after."""
    line, now = found.line, found.line.now
    frozen = now.row.frozen
    common = [("k-1", now.share(now.paid)), ("k-2", now.share(now.to_pay))]
    rest = [("k-3", now.share(line.reserved)), ("k-4", now.share(frozen))]
    rows = [
        ("k-1", say("Payé"), now.paid, now.paid),
        ("k-2", say("Engagé, à payer"), now.to_pay, now.to_pay),
        ("k-new", say("Cette demande"), None, line.asked),
        ("k-3", say("Réservé, autres demandes"), line.reserved, line.reserved),
        ("k-4", say("Gelé"), frozen, frozen),
    ]
    return {
        "before": [*common, *rest],
        "after": [*common, ("k-new", now.share(line.asked)), *rest],
        "rows": rows,
        "used_before": round(now.share(now.total - line.before)),
        "used_after": round(now.share(now.total - line.after)),
    }


def _checks(view: StepView, found: approval_view.Approval) -> list[tuple[bool, str]]:
    """(good, sentence): what was checked, and what is worth noting."""
    lines = [(view.refusal is None, say("Quatre yeux : demandeur et approbateur différents"))]
    if found.helped:
        total = sum(request.granted for request, _ in found.helped)
        lines.append((False, say("Aides antérieures à cette personne : %(sum)s FCFA", sum=filters.grouped(total))))
    else:
        lines.append((True, say("Aucune aide antérieure à cette personne")))
    if found.household:
        total = sum(request.granted for request, _ in found.household)
        lines.append((False, say("Aides antérieures au ménage : %(sum)s FCFA", sum=filters.grouped(total))))
    lines.append(
        (not found.twice, say("Aucun paiement en double à ce prestataire en 90 j") if not found.twice else say("Double paiement possible"))
    )
    if found.payee_count:
        text = say("%(num)s aides à ce prestataire cette année, %(sum)s FCFA", num=found.payee_count, sum=filters.grouped(found.payee_sum))
        lines.append((False, text))
    if found.scale:
        within = found.request.asked <= found.scale
        lines.append((within, say("Barème : %(scale)s FCFA au plus", scale=filters.grouped(found.scale))))
    if found.request.state == AHEAD:
        return [*lines, (False, say("La ligne attend ses crédits : la régie paie, l'engagement suivra"))]
    lines.append((found.line.after >= 0 or found.line.now.row.tracked_only, say("Crédit suffisant sur la ligne")))
    return lines


def as_tiles(form: FormView) -> FormView:
    """The decision as tiles to choose from, nothing chosen in advance, instead of a list."""
    return replace(form, fields=tuple(_tile(one) for one in form.fields))


def _tile(one: FieldView) -> FieldView:
    return replace(one, control="radios") if one.name == DECISION and one.control == "select" else one


SCREENS: dict[str, Callable[[StepView, FormContext], dict[str, Any]]] = {approval_view.SCREEN: approval}
"""Name of a screen -> what its template gets."""
