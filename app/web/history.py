"""The history of a case: acts by day, readings, the state at a date, and the verdict on the chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session

from app.extensions import db
from app.services import case_file, history, proof, readings, rights, sealing, step_view, versions
from app.services.case_file import CaseFile
from app.web import access, dates, filters, names, periods, registers
from app.web.form_answers import shown
from app.web.history_words import Teller
from app.web.language import chosen, say, zone
from app.web.reader import me

blueprint = Blueprint("history", __name__, url_prefix="/dossiers")


@blueprint.get("/<reference>/historique")
@access.signed_in
def show(reference: str):
    """A page of acts, by day."""
    return _acts(opened(reference, "history"), None)


@blueprint.post("/<reference>/historique")
@access.signed_in
def verify(reference: str):
    """The same page, with the verdict on the chains of acts and of readings."""
    file = opened(reference, "history")
    began = datetime.now(UTC)
    acts = proof.verify_case(db.session(), file.case.id)
    reads = readings.verify(db.session(), file.case.id)
    took = (datetime.now(UTC) - began).total_seconds()
    return _acts(file, {"acts": acts, "reads": reads, "at": began, "took": took, "head": file.case.history_head})


@blueprint.get("/<reference>/historique/lectures")
@access.signed_in
def reads(reference: str):
    """Who read what, when, why."""
    file = opened(reference, "readings")
    before = request.args.get("before", "")
    page, older = readings.page(db.session(), file.case.id, int(before) if before.isdecimal() else None)
    names.user_names(one.actor_id for one in page)
    return render_template(
        "history/reads.html",
        file=file,
        case=file.case,
        page=page,
        older=older,
        count=readings.count(db.session(), file.case.id),
        parts=part_names(),
    )


@blueprint.get("/<reference>/historique/date")
@access.signed_in
def at(reference: str):
    """What was known of the case at a moment."""
    file = opened(reference, "history")
    moment = _moment(request.args.get("at", ""))
    if moment is None:
        return redirect(url_for("history.show", reference=reference))
    known, seq = history.facts_at(db.session(), file, moment)
    context = registers.reading_of(step_view.form_room(db.session(), file, None, None, None, filters.now()))
    lines = []
    for name, value in known.items():
        spec = file.case_type.kinds.get(name.split("@", 1)[0])
        if spec is not None and value not in (None, "", []):
            lines.append((filters.typo(context.translate(spec.label, spec.context)), filters.typo(shown(spec, value, context))))
    return render_template("history/at.html", file=file, case=file.case, moment=moment, lines=lines, seq=seq)


def opened(reference: str, part: str) -> CaseFile:
    """The case, wholly visible, with the reading noted; a very restricted one asks for its reason first."""
    file = case_file.find(db.session(), me(), reference)
    case_file.ensure_whole(file)
    if not readings.reason_given(db.session(), me(), file.case):
        abort(redirect(url_for("cases.show", reference=reference)))
    if readings.record(me(), file.case, part, "role"):
        file = case_file.find(db.session(), me(), reference)
    return file


def teller(session: Session, file: CaseFile, entries: Sequence[history.Entry]) -> Teller:
    """Who tells these entries, each with the labels of its version."""
    names.user_names([person for entry in entries for person in (entry.actor_id, entry.behind)])
    pinned = {entry.version: versions.pinned(session, entry.version) for entry in entries if entry.version}
    return Teller(pinned, file.case_type, registers.reading_of(step_view.form_room(session, file, None, None, None, filters.now())))


def _acts(file: CaseFile, verdict: dict | None):
    session = db.session()
    before, who, period = request.args.get("before", ""), request.args.get("who", ""), periods.read(request.args)
    page = history.timeline(
        session,
        file,
        before=int(before) if before.isdecimal() else None,
        family=request.args.get("kind", ""),
        actor_id=int(who) if who.isdecimal() else None,
        element=request.args.get("step", "")[:64],
        since=period.since,
        until=period.until,
    )
    people = history.people(session, file)
    names.user_names(one for one, _ in people)
    tell = teller(session, file, page.entries)
    lines = [tell.line(entry) for entry in sealing.kept(session, file, me(), page.entries)]
    days = [(day, list(group)) for day, group in groupby(lines, key=lambda line: dates.local(line.at, zone()).date())]
    return render_template(
        "history/show.html",
        file=file,
        case=file.case,
        days=days,
        page=page,
        verdict=verdict,
        people=people,
        kinds=kinds(),
        steps=sorted(
            {(task.step, file.case_type.step_title(task.step, chosen())) for task in case_file.done_tasks(session, file)},
            key=lambda pair: pair[1],
        ),
        read_count=readings.count(session, file.case.id),
        kept={name: request.args[name] for name in ("kind", "who", "step", *periods.PARTS) if request.args.get(name)},
        errors=period.errors,
        may_export=rights.has(me(), rights.EXPORT, names.case_types()),
    )


def kinds() -> list[tuple[str, str]]:
    """Families of acts, for the filter."""
    return [
        ("decisions", say("Décisions et étapes")),
        ("changes", say("Changements")),
        ("money", say("Argent")),
        ("system", say("Système et délais")),
    ]


def part_names() -> dict[str, str]:
    """Names of the parts of a file that are read."""
    return {
        "case": say("Résumé"),
        "history": say("Historique"),
        "readings": say("Lectures"),
        "task": say("Tâche"),
        "formulaires": say("Formulaires"),
        "pieces": say("Pièces"),
        "notes": say("Notes"),
        "messages": say("Messages"),
        "personnes": say("Personnes et liens"),
        "argent": say("Argent"),
        "print": say("Liste imprimée"),
        "export": say("Liste exportée"),
        "parcours": say("Parcours"),
    }


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone()))).astimezone(UTC)
