"""The administrator's acts: users, roles, announced days, incidents; each leaves its entry in an intact chain."""

import datetime as dt
import re

import pytest
from sqlalchemy import select

from app.db.cases import Case, Incident
from app.db.posts import Holiday
from app.db.tasks import Task
from app.db.transaction import transaction
from app.db.users import RoleGrant, User
from app.extensions import db, limiter
from app.services import administration, clock
from tests.web.world import begun

IDENTITY = {"given_names": "Awa", "family_name": "Sanogo", "email": "a.sanogo@jatigi.example", "post_code": "ABJ"}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A ministry apart: what is counted anew is counted today, months after the days of its case."""
    before, limiter.enabled = limiter.enabled, False
    yield begun(tmp_path_factory.mktemp("apart"), "donner_avis")
    limiter.enabled = before


@pytest.fixture
def admin(world):
    return world.client(world.holder("admin_fonctionnel"))


def account(world, admin, login):
    answer = admin.post("/administration/utilisateurs/nouveau", data=IDENTITY | {"login": login})
    assert answer.status_code == 303
    return answer.headers["Location"].rsplit("/", 1)[1]


def test_an_account_is_opened_given_a_role_a_password_and_closed(world, admin):
    code = account(world, admin, "a.sanogo")
    where = f"/administration/utilisateurs/{code}"
    assert "Aucun rôle" in admin.get(where).get_data(True)
    given = admin.post(f"{where}/roles", data={"role": "agent_consulaire", "posts": ["ABJ"], "deed": "Décision nº 12"})
    assert given.status_code == 303
    password = re.search(r'class="ref strong">([0-9a-f-]+)<', admin.post(f"{where}/mot-de-passe").get_data(True))[1]
    her = world.app.test_client()
    assert her.post("/connexion", data={"login": "a.sanogo", "password": password}).status_code == 303
    assert her.get("/taches").status_code == 200
    admin.post(f"{where}/etat", data={"active": "no"})
    assert her.get("/taches").status_code == 302
    assert her.post("/connexion", data={"login": "a.sanogo", "password": password}).status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("login", "é è", "lettres sans accent"),
        ("login", "", "Remplissez ce champ"),
        ("family_name", " ", "Remplissez ce champ"),
        ("email", "pas une adresse", "Écrivez une adresse"),
        ("post_code", "NULLEPART", "Choisissez un poste"),
    ],
)
def test_a_wrong_account_says_what_to_write_and_keeps_the_rest(world, admin, field, value, sentence):
    answer = admin.post("/administration/utilisateurs/nouveau", data=IDENTITY | {"login": "x.y"} | {field: value})
    assert answer.status_code == 422
    page = answer.get_data(True)
    assert sentence in page
    assert 'value="Awa"' in page


def test_a_login_is_used_once(world, admin):
    account(world, admin, "deux.fois")
    answer = admin.post("/administration/utilisateurs/nouveau", data=IDENTITY | {"login": "DEUX.fois"})
    assert answer.status_code == 422
    assert "déjà pris" in answer.get_data(True)


def test_an_administrator_never_decides_or_pays(world, admin):
    code = account(world, admin, "s.huit")
    where = f"/administration/utilisateurs/{code}/roles"
    assert admin.post(where, data={"role": "admin_technique"}).status_code == 303
    refused = admin.post(where, data={"role": "delegue_general"})
    assert refused.status_code == 403
    assert "règle S8" in refused.get_data(True)


def test_nobody_changes_their_own_rights(world, admin):
    own = world.holder("admin_fonctionnel")
    assert admin.post(f"/administration/utilisateurs/{own}/roles", data={"role": "agent_social"}).status_code == 403
    assert admin.post(f"/administration/utilisateurs/{own}/etat", data={"active": "no"}).status_code == 403


def test_the_technical_administrator_gives_no_role_and_is_told_who_does(world, admin):
    code = account(world, admin, "sans.role")
    technical = world.client(world.holder("admin_technique"))
    page = technical.get(f"/administration/utilisateurs/{code}").get_data(True)
    assert "Donner un rôle" not in page and "par un administrateur fonctionnel" in page
    refused = technical.post(f"/administration/utilisateurs/{code}/roles", data={"role": "agent_social"})
    assert refused.status_code == 403 and "par un administrateur fonctionnel" in refused.get_data(True)


def test_a_role_ends_and_its_trace_stays(world, admin):
    code = account(world, admin, "fin.role")
    admin.post(f"/administration/utilisateurs/{code}/roles", data={"role": "agent_social"})
    with world.app.app_context():
        user = db.session.scalars(select(User).where(User.code == code)).one()
        grant = db.session.scalars(select(RoleGrant).where(RoleGrant.user_id == user.id)).one().id
    admin.post(f"/administration/utilisateurs/{code}/roles/{grant}/fin")
    page = admin.get(f"/administration/utilisateurs/{code}").get_data(True)
    assert "terminé" in page
    assert "A retiré un rôle" in page


def test_an_announced_day_moves_open_deadlines_and_is_traced(world, admin):
    with world.app.app_context():
        task = db.session.scalars(
            select(Task).where(Task.due_rule.like("% jo"), Task.closed_at.is_(None), Task.case_id == world.case_id)
        ).first()
        before, number, calendar = task.due_at, task.id, task.calendar_code
    day = before.date()
    admin.post(f"/administration/calendriers/{calendar}", data={"day": day.isoformat(), "label": "Deuil national", "extent": "whole"})
    with world.app.app_context():
        after = db.session.get(Task, number)
        assert after.closed_at is not None or after.due_at > before
        row = db.session.scalars(select(Holiday).where(Holiday.calendar_code == calendar, Holiday.day == day)).one().id
    admin.post(f"/administration/calendriers/{calendar}/jours/{row}/retirer")
    page = admin.get(f"/administration/calendriers/{calendar}").get_data(True)
    assert "A ajouté un jour chômé" in page
    assert "A retiré un jour chômé" in page


def test_an_estimated_day_is_confirmed_on_the_date_of_the_communique(world, admin):
    with world.app.app_context():
        row = db.session.scalars(select(Holiday).where(Holiday.status != "confirmed").order_by(Holiday.day.desc())).first()
        number, code, moved = row.id, row.calendar_code, row.day + dt.timedelta(days=1)
    where = f"/administration/calendriers/{code}/jours/{number}/confirmer"
    assert admin.post(where, data={f"on-{number}.jour": "demain"}).status_code == 422
    parts = {"jour": moved.day, "mois": moved.month, "annee": moved.year}
    assert admin.post(where, data={f"on-{number}.{part}": str(value) for part, value in parts.items()}).status_code == 303
    with world.app.app_context():
        row = db.session.get(Holiday, number)
        assert (row.status, row.day) == ("confirmed", moved)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"day": "", "label": "x"}, "Écrivez le jour"),
        ({"day": "2026-02-30", "label": "x"}, "Écrivez le jour"),
        ({"day.jour": "30", "day.mois": "2", "day.annee": "2026", "label": "x"}, "Écrivez le jour"),
        ({"day": "2026-08-03", "label": ""}, "Écrivez le nom du jour"),
        ({"day": "2026-08-03", "label": "x", "extent": "toujours"}, "Choisissez la journée"),
    ],
)
def test_a_wrong_day_says_what_to_write(admin, data, sentence):
    answer = admin.post("/administration/calendriers/ML-CENTRAL", data={"extent": "whole"} | data)
    assert answer.status_code == 422
    assert sentence in answer.get_data(True)


def test_an_incident_is_seen_retried_and_closed_with_its_reason(world, admin):
    def work(unit):
        row = Incident(case_id=world.case_id, element="x", message="division par zéro", happened_at=unit.now, attempts=2)
        unit.session.add(row)
        unit.session.flush()
        return row.id

    with world.app.app_context():
        number = transaction(work, clock.now)
    assert "division par zéro" in admin.get("/administration/").get_data(True)
    admin.post("/langue/en")
    assert "division by zero" in admin.get("/administration/incidents").get_data(True)
    admin.post("/langue/fr")
    admin.post(f"/administration/incidents/{number}/relancer")
    assert admin.post(f"/administration/incidents/{number}/clore", data={"reason": ""}).status_code in (404, 422)
    admin.post(f"/administration/incidents/{number}/clore", data={"reason": "Réparé dans la version suivante"})
    with world.app.app_context():
        assert db.session.get(Incident, number).resolved_at is not None
        assert db.session.get(Case, world.case_id).incident_at is None
    assert admin.post("/administration/incidents/999999/relancer").status_code == 404


def test_the_versions_page_says_what_the_checks_say(world, admin):
    assert "Contrôlé" not in admin.get("/administration/versions").get_data(True), "the check takes its time: one type, when asked"
    page = admin.get("/administration/versions?type=AVI").get_data(True)
    assert "Sans défaut" in page


def test_the_journal_is_intact_and_names_the_entry_that_was_altered(world, admin):
    assert "Journal intact" in admin.get("/administration/journal").get_data(True)
    with world.app.app_context():
        assert administration.verify(db.session()) is None
