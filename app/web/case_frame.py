"""Around every part of a case file: who may see it, its header, its tabs."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from markupsafe import Markup

from app.extensions import db
from app.services import case_file, policy, readings
from app.services.case_file import CaseFile
from app.services.errors import NotFound
from app.web import case_pages, case_walk, filters, names, registers
from app.web.language import chosen, say
from app.web.reader import me
from workflows.catalog import STATUSES


def page(reference: str, part: str | None, **more: Any) -> str:
    """A part of a file (None: the first that the reader sees), with the header and the tabs. NotFound for one that they do not see."""
    file = case_file.find(db.session(), me(), reference)
    part = part or _reached(file)[0]
    if not readings.reason_given(db.session(), me(), file.case):
        return ask_reason(file)
    if part not in _reached(file):
        raise NotFound
    if readings.record(me(), file.case, "case" if part == "resume" else part, "role" if file.whole else "task"):
        file = case_file.find(db.session(), me(), reference)
    shared = {"file": file, "case": file.case, "case_type": file.case_type, "header": header(file), "tabs": tabs(file), "part": part}
    shared |= {"way_back": case_walk.way_back(file), "neighbours": case_walk.neighbours(file)}
    shared["works"] = file.whole and file.case.closed_at is None and policy.working_capacity(me(), file.case_type) is not None
    return render_template(f"cases/{part}.html", current=labels()[part], **shared, **case_pages.PARTS[part](file), **more)


def ask_reason(file: CaseFile, error: str | None = None) -> str:
    """The question before a very restricted case; the answer leads back to the page that was asked for."""
    target = request.full_path.rstrip("?") if request.method == "GET" else request.form.get("next", "")
    return render_template("cases/reason.html", reference=file.case.reference, error=error, next=target)


def _reached(file: CaseFile) -> list[str]:
    """The parts within the reader's sight."""
    if file.whole:
        return [part for part in case_pages.PARTS if part != "fiches" or file.case_type.operation is not None]
    return ["argent"] if file.sight == policy.SHEET else ["resume", "parcours"]


def statuses() -> list[tuple[str, str]]:
    """(code, words) of all statuses."""
    return [(code, names.status(code)[1]) for code in STATUSES]


def labels() -> dict[str, str]:
    """The names of the parts."""
    return {
        "resume": say("Résumé"),
        "formulaires": say("Formulaires"),
        "pieces": say("Pièces"),
        "notes": say("Notes"),
        "avis": say("Avis"),
        "messages": say("Messages"),
        "personnes": say("Personnes et liens"),
        "argent": say("Argent"),
        "fiches": say("Fiches"),
        "parcours": say("Parcours"),
    }


def tabs(file: CaseFile) -> list[tuple[str, str, Any]]:
    """The tabs that the reader reaches, with counts."""
    reference, counted = file.case.reference, case_file.counts(db.session(), file) if file.whole else {}
    numbers = {"pieces": counted.get("documents"), "notes": counted.get("notes")}
    if counted:
        numbers["messages"] = counted["sent"] + counted["received"]
    said, walk, found = labels(), case_walk.kept(), []
    for part in _reached(file):
        address = ("cases.show", {}) if part == "resume" else ("cases.part", {"part": part})
        href = url_for(address[0], reference=reference, **address[1], **walk)
        found.append((said[part], href, numbers.get(part)))
    if file.whole:
        found.append((say("Historique"), url_for("history.show", reference=reference), file.case.history_seq))
    return found


def header(file: CaseFile) -> dict[str, Any]:
    """Reference, type, title and the facts beneath them."""
    case = file.case
    person = case_file.person(db.session(), file) if file.sight != policy.SHEET else None
    registers.remember(person)
    title = person.name if person else (case.title if file.whole else "") or names.type_name(case.case_type)
    return {
        "reference": case.reference,
        "type": names.text_of(file.case_type.name, case.case_type),
        "title": title,
        "facts": _header_facts(file),
    }


def _header_facts(file: CaseFile) -> list[tuple[str, Markup]]:
    case = file.case
    badge = Markup('<span class="badge {}">{}</span>').format
    found = [(say("Statut"), badge(*names.status(case.status))), (say("Priorité"), badge(*names.priority(case.priority)))]
    if case.due_at is not None and case.closed_at is None:
        spec = file.case_type.kinds.get(file.case_type.promoted.get("due", ""))
        label = filters.typo(file.case_type.text(spec.label, chosen(), spec.context)) if spec else say("Limite")
        state = "late" if case.due_at < filters.now() else "soon"
        found.append((label, Markup('<span class="deadline {}">{}</span>').format(state, filters.moment(case.due_at))))
    found.append((say("Confidentialité"), badge("plain", names.confidentiality(case.confidentiality))))
    if case.responsible_id:
        found.append((say("Responsable"), Markup.escape(names.user_name(case.responsible_id))))
    place = ", ".join(part for part in (names.post_name(case.post_code), names.country(case.country)) if part)
    found.append((say("Poste"), Markup.escape(place)))
    if case.closed_at is not None:
        outcome = names.text_of(file.case_type.outcomes.get(case.outcome or ""), case.outcome or "")
        found.append(
            (
                say("Issue"),
                Markup.escape(f"{outcome}, {filters.short_day(case.closed_at)}" if outcome else filters.short_day(case.closed_at)),
            )
        )
    return found
