"""Every page for its role: 200 for whom it exists, 404 for whom it does not, 403 with a sentence in between."""

import re

import pytest
from sqlalchemy import event

from app.extensions import db
from app.services import inbox

OFFICER = ("agent_consulaire", "LBV")
HEAD = ("chef_poste", "LBV")
ELSEWHERE = ("agent_consulaire", "ABJ")
SOCIAL = ("agent_social", None)
DELEGATE = ("delegue_general", None)
FINANCE = ("agent_finance", None)
AUDITOR = ("auditeur", None)
ADMINISTRATOR = ("admin_fonctionnel", None)
STATISTICIAN = ("charge_statistiques", None)

OPEN_TO_ALL = ["/aide", "/accessibilite", "/donnees-personnelles", "/connexion"]
OF_EVERYBODY = ["/compte", "/raccourcis", "/taches", "/taches/filtres", *(f"/taches?tab={tab}" for tab in inbox.TABS)]
CASE = [
    "/dossiers/{ref}",
    "/dossiers/{ref}/formulaires",
    "/dossiers/{ref}/pieces",
    "/dossiers/{ref}/notes",
    "/dossiers/{ref}/messages",
    "/dossiers/{ref}/personnes",
    "/dossiers/{ref}/argent",
    "/dossiers/{ref}/parcours",
    "/dossiers/{ref}/historique",
    "/dossiers/{ref}/historique/lectures",
    "/dossiers/{ref}/historique/date?at=2026-02-11T10:00",
]
ADMINISTRATION = [
    "/administration/",
    "/administration/utilisateurs",
    "/administration/utilisateurs?q=a",
    "/administration/utilisateurs/nouveau",
    "/administration/utilisateurs/U-14",
    "/administration/postes",
    "/administration/calendriers",
    "/administration/calendriers/ML-CENTRAL",
    "/administration/versions",
    "/administration/incidents",
    "/administration/reglages",
    "/administration/journal",
]


def status(world, who, address):
    """The status of an address for a role at a post."""
    return world.client(world.holder(*who)).get(address.format(ref=world.reference)).status_code


@pytest.mark.parametrize("address", OPEN_TO_ALL)
def test_pages_for_everybody_need_no_account(world, address):
    assert world.app.test_client().get(address).status_code == 200


@pytest.mark.parametrize("address", OF_EVERYBODY)
def test_pages_of_everybody_with_an_account(world, address):
    assert status(world, OFFICER, address) == 200


@pytest.mark.parametrize("address", ["/taches", "/dossiers/", "/administration/", "/dossiers/{ref}", "/personnes/", "/recherche?q=x"])
def test_without_an_account_one_is_asked_to_sign_in_and_brought_back(world, address):
    answer = world.app.test_client().get(address.format(ref=world.reference))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion?next=/")


@pytest.mark.parametrize("address", CASE)
def test_the_file_of_a_case_exists_for_who_sees_it_whole(world, address):
    assert status(world, OFFICER, address) == 200
    assert status(world, AUDITOR, address) == 200


@pytest.mark.parametrize("address", CASE)
def test_the_file_does_not_exist_for_another_post_an_administrator_or_a_statistician(world, address):
    for who in (ELSEWHERE, ADMINISTRATOR, STATISTICIAN):
        assert status(world, who, address) == 404


def test_finance_sees_the_money_and_not_the_story(world):
    assert status(world, FINANCE, "/dossiers/{ref}/argent") == 200
    opened = world.client(world.holder(*FINANCE)).get(f"/dossiers/{world.reference}").get_data(True)
    assert "<title>Argent" in opened, "the file opens at what they see of it"
    for part in ("/formulaires", "/pieces", "/notes", "/personnes", "/historique"):
        assert status(world, FINANCE, "/dossiers/{ref}" + part) == 404


@pytest.mark.parametrize("address", ADMINISTRATION)
def test_the_administration_exists_for_administrators_only(world, address):
    assert status(world, ADMINISTRATOR, address) == 200
    for who in (OFFICER, DELEGATE, AUDITOR):
        assert status(world, who, address) == 404


def test_the_home_of_an_administrator_is_the_administration(world):
    client = world.client(world.holder(*ADMINISTRATOR))
    assert client.get("/").headers["Location"].endswith("/administration/")
    assert world.client(world.holder(*OFFICER)).get("/").headers["Location"].endswith("/taches")


def test_unknown_addresses_cases_and_tasks_look_the_same(world):
    client = world.client(world.holder(*OFFICER))
    for address in ("/nulle-part", "/dossiers/COR-XXX-2026-99999", "/taches/999999", "/personnes/P-INCONNU", "/pieces/D-INCONNU"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "n’existe pas pour vous" in answer.get_data(True)


def test_a_task_shows_its_form_to_who_may_do_it_and_the_reason_to_others(world):
    task = world.open_task("donner_avis")
    mine = world.client(world.holder(*HEAD)).get(f"/taches/{task}").get_data(True)
    assert "Pourquoi chez moi" in mine
    assert 'name="terminer"' in mine
    page = world.client(world.holder(*OFFICER)).get(f"/taches/{task}")
    other = page.get_data(True)
    assert page.status_code == 200
    assert 'name="terminer"' not in other
    assert "Cette tâche revient au rôle" in other
    assert "Peuvent la faire" in other


def test_a_task_of_a_case_that_is_not_mine_does_not_exist(world):
    task = world.open_task("donner_avis")
    assert status(world, ELSEWHERE, f"/taches/{task}") == 404
    assert status(world, ADMINISTRATOR, f"/taches/{task}") == 404


def test_a_completed_task_says_who_and_when(world):
    task = world.any_task(step="enregistrer_deces", closed_how="done")
    text = world.client(world.holder(*OFFICER)).get(f"/taches/{task}").get_data(True)
    assert "Terminée par" in text
    assert 'name="terminer"' not in text


def test_confidential_persons_stand_in_lists_by_their_initials(world):
    client = world.client(world.holder(*OFFICER))
    listed = client.get("/dossiers/").get_data(True)
    whole = client.get(f"/dossiers/{world.reference}").get_data(True)
    name = re.search(r"<h1>([^<]+)</h1>", whole)[1]
    assert world.reference in listed
    assert name not in listed


def test_the_reference_in_the_search_box_opens_the_case(world):
    client = world.client(world.holder(*OFFICER))
    assert client.get(f"/recherche?q={world.reference.lower()}").headers["Location"].endswith(world.reference)
    elsewhere = world.client(world.holder(*ELSEWHERE)).get(f"/recherche?q={world.reference}")
    assert elsewhere.status_code == 200
    assert f"/dossiers/{world.reference}" not in elsewhere.get_data(True)


def test_a_name_spelt_otherwise_finds_the_case(world):
    client = world.client(world.holder(*OFFICER))
    name = re.search(r"<h1>([^<]+)</h1>", client.get(f"/dossiers/{world.reference}").get_data(True))[1]
    found = client.get("/recherche", query_string={"q": " ".join(reversed(name.upper().split()))}).get_data(True)
    assert world.reference in found


def test_opening_a_case_is_offered_to_roles_that_open_one(world):
    assert status(world, OFFICER, "/dossiers/nouveau/COR") == 200
    assert status(world, OFFICER, "/dossiers/nouveau/XXX") == 404
    refused = world.client(world.holder(*AUDITOR)).get("/dossiers/nouveau/COR")
    assert refused.status_code == 403
    assert "n’ouvre pas ce type de dossier" in refused.get_data(True)


def test_the_diagram_of_each_phase_and_its_list(world):
    client = world.client(world.holder(*OFFICER))
    page = client.get(f"/dossiers/{world.reference}/parcours").get_data(True)
    phases = re.findall(r'class="chip" href="([^"]+)"', page)
    assert len(phases) > 3
    for address in phases:
        text = client.get(address.replace("&amp;", "&")).get_data(True)
        assert '<svg class="bpmn"' in text
        assert '<ol class="path">' in text


def test_the_verdict_on_an_intact_history(world):
    text = world.client(world.holder(*AUDITOR)).post(f"/dossiers/{world.reference}/historique").get_data(True)
    assert "Historique intact" in text


def test_opening_a_confidential_case_is_written_into_its_readings(world):
    client = world.client(world.holder(*AUDITOR))
    client.get(f"/dossiers/{world.reference}/formulaires")
    text = client.get(f"/dossiers/{world.reference}/historique/lectures").get_data(True)
    assert "Formulaires" in text
    assert "chaque ouverture est écrite ici" in text


@pytest.mark.parametrize(
    "address",
    [
        "/taches?tab=nope&after=nope&due=nope&type=nope",
        "/taches?after=2026-01-01T00:00:00_99999999999999999999999",
        "/taches?q=%00%F0%9F%98%80",
        "/dossiers/?after=abc&status=%27--",
        "/recherche?q=" + "x" * 5000,
        "/personnes/?nom=%25%25&annee=99999",
        "/dossiers/{ref}/historique?before=x&who=y&kind=z&step=" + "s" * 900,
        "/dossiers/{ref}/historique/date?at=not-a-date",
        "/dossiers/{ref}/historique/lectures?before=-1",
        "/dossiers/{ref}/parcours?phase=%3Cscript%3E",
        "/connexion?next=//evil.example",
    ],
)
def test_nonsense_in_an_address_is_no_failure(world, address):
    assert status(world, OFFICER, address) < 500


@pytest.mark.parametrize("address", ["/dossiers/{ref}", "/taches/{task}"])
def test_a_person_is_looked_up_once_a_page(world, address):
    client = world.client(world.holder("agent_consulaire", "LBV"))
    where = address.format(ref=world.reference, task=world.any_task(step="enregistrer_deces"))
    with world.app.app_context():
        engine, asked = db.engine, []

    def note(_connection, _cursor, statement, given, *_):
        if " FROM person " in " ".join(statement.split()):
            asked.append(tuple(given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(where).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert asked
    assert len(set(asked)) == len(asked), asked
