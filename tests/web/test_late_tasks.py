"""A task that is late: its supervisor reads which one, whose, and since when; the history says what was reminded of."""

import datetime as dt
import html
import re

from sqlalchemy import select

from app.db.cases import Case
from app.db.tasks import COMPANION, Task
from app.extensions import db
from app.services import clock, deadlines


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(True))).split())


def test_a_supervisor_reads_what_is_late_and_the_history_what_was_reminded_of(world, task):
    with world.app.app_context():
        late = db.session.get_one(Task, task)
        case_id, reference = late.case_id, db.session.get_one(Case, late.case_id).reference
        db.session.rollback()
        with clock.at(clock.now() + dt.timedelta(days=5)):
            deadlines.fire_due(case_id)
        beside = select(Task.id).where(Task.case_id == case_id, Task.kind == COMPANION)
        companion = db.session.scalars(beside).one()
    boss = world.client(world.holder("chef_poste", "LBV"))
    page = text_of(boss.get(f"/taches/{companion}"))
    assert "Traiter un retard : Enregistrer le décès signalé" in page
    assert re.search(r"« Enregistrer le décès signalé » est en retard\. Confiée à : [^.]+\. À terminer avant : [^.]+\.", page)
    assert f'href="/taches/{task}"' in boss.get(f"/taches/{companion}").get_data(True)
    assert "Traiter un retard : Enregistrer le décès signalé" in text_of(boss.get(f"/taches?tab=to_take&q={reference}"))
    told = text_of(boss.get(f"/dossiers/{reference}/historique"))
    for percent in (50, 80, 100, 150):
        assert f"« Enregistrer le décès signalé » : {percent} % du délai passés" in told


def test_a_message_is_called_as_the_procedure_calls_it(world):
    auditor = world.client(world.holder("auditeur"))
    told = text_of(auditor.get(f"/dossiers/{world.reference}/historique"))
    assert "MSG_" not in told
