"""Acts on several tasks of a list at once: what could not be done comes back with the cause; labels; the printed list."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.db.cases import Case, CaseLabel
from app.db.history import AccessEntry, HistoryEntry
from app.db.tasks import Task
from app.extensions import db
from app.services import administration, readings
from tests.web.given import HEADER

OFFICER = ("agent_consulaire", "LBV")


@pytest.fixture(scope="module")
def two(world):
    """The first tasks of two cases that the officer has just opened; both are the officer's."""
    client = world.client(world.holder(*OFFICER))
    opened = [client.post("/dossiers/nouveau/COR", data=HEADER | {"cle": f"plusieurs-{number:08}"}) for number in (1, 2)]
    return [int(answer.headers["Location"].rsplit("/", 1)[1]) for answer in opened]


def words(answer):
    """What a page says, without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(True))).split())


def case_of(world, task):
    with world.app.app_context():
        return db.session.scalar(select(Task.case_id).where(Task.id == task))


def kinds(world, task):
    """What the history of the task's case tells, the last first."""
    with world.app.app_context():
        query = select(HistoryEntry.kind).where(HistoryEntry.case_id == case_of(world, task)).order_by(HistoryEntry.seq.desc())
        return list(db.session.scalars(query))


def test_what_is_done_is_said_and_what_is_not_stands_above_the_list_with_the_cause(world, officer, two):
    elsewhere = world.open_task("donner_avis")
    address = "/taches?tab=team&type=COR"
    assert officer.post("/taches", data={"task": two, "act": "release", "next": address}).headers["Location"] == address
    answer = officer.post("/taches", data={"task": [*two, elsewhere], "act": "take", "next": address})
    said = words(answer)
    assert answer.status_code == 200
    assert "2 tâches changées de mains" in said
    assert "1 tâche laissée" in said
    assert "Cette tâche revient au rôle" in said
    assert 'value="COR" selected' in answer.get_data(True), "the list is the one that one came from"


def test_several_are_handed_over_and_nobody_chosen_is_asked_again(world, officer, two):
    page = officer.get(officer.post("/taches", data={"task": two, "act": "assign"}).headers["Location"])
    assert page.get_data(True).count('name="task"') == 2
    refused = officer.post("/taches/confier", data={"task": two})
    assert refused.status_code == 422
    assert "Choisissez une personne" in words(refused)
    me = world.holder(*OFFICER)
    assert officer.post("/taches/confier", data={"task": two, "to": me, "next": "/taches"}).status_code == 303
    assert kinds(world, two[0])[0] == "task.handed_over"


def test_a_label_is_put_shown_filtered_by_and_taken_off(world, officer, two):
    address = officer.post("/taches", data={"task": two, "act": "label", "next": "/taches"}).headers["Location"]
    assert officer.get(address).status_code == 200
    officer.post("/taches/etiqueter", data={"task": two, "label": "  Famille à  rappeler ", "next": "/taches"})
    listed = officer.get("/taches?label=Famille à rappeler").get_data(True)
    assert listed.count('class="task-row') == 2
    assert "Famille à rappeler" in listed
    assert kinds(world, two[0])[0] == "case.labelled"
    officer.post("/taches/etiqueter", data={"task": two[:1], "off": "Famille à rappeler"})
    with world.app.app_context():
        left = list(db.session.scalars(select(CaseLabel.case_id).where(CaseLabel.label == "Famille à rappeler")))
    assert left == [case_of(world, two[1])]


@pytest.mark.parametrize(("typed", "sentence"), [("", "Écrivez une étiquette"), ("x" * 31, "30 signes au plus")])
def test_a_label_that_cannot_be_is_said_beside_its_field(officer, two, typed, sentence):
    answer = officer.post("/taches/etiqueter", data={"task": two, "label": typed})
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert f'value="{typed}"' in answer.get_data(True)


def test_five_labels_at_most_and_nobody_labels_what_is_not_theirs(world, officer, two):
    for number in range(5):
        officer.post("/taches/etiqueter", data={"task": two, "label": f"Mot {number}"})
    assert "cinq étiquettes" in words(officer.post("/taches/etiqueter", data={"task": two[1:], "label": "de trop"}))
    stranger = world.client(world.holder("agent_consulaire", "ABJ"))
    stranger.post("/taches/etiqueter", data={"task": two[:1], "label": "vu d’ailleurs"})
    with world.app.app_context():
        assert "vu d’ailleurs" not in list(db.session.scalars(select(CaseLabel.label)))


def test_a_printed_list_bears_its_reader_and_hour_hides_names_and_is_recorded(world, officer, two):
    address = officer.post("/taches", data={"task": two, "act": "print"}).headers["Location"]
    said = words(officer.get(address))
    with world.app.app_context():
        case = db.session.get(Case, case_of(world, two[0]))
        last = db.session.scalars(select(AccessEntry).where(AccessEntry.case_id == case.id).order_by(AccessEntry.seq.desc())).first()
        assert last.kind == "print"
        assert readings.verify(db.session(), case.id) is None
        entry = administration.latest(db.session(), 1)[0]
        assert (entry.kind, administration.data_of(entry)["rows"]) == ("list.printed", 2)
        assert administration.verify(db.session()) is None
        reference = case.reference
    assert reference in said
    assert re.search(r"Imprimée par .+ \(Agent consulaire, .+\), le .+ 2026 à \d+ h \d\d\.", said)


def test_who_has_no_right_to_print_is_not_offered_it_and_is_refused(world, two):
    controller = world.client(world.holder("controleur_financier"))
    assert 'value="print"' not in controller.get("/taches?tab=done").get_data(True)
    refused = controller.get(f"/taches/imprimer?task={two[0]}")
    assert refused.status_code == 403
    assert "n’imprime pas de listes" in words(refused)
    stranger = world.client(world.holder("agent_consulaire", "ABJ"))
    assert "Aucune tâche" in words(stranger.get(f"/taches/imprimer?task={two[0]}")), "a task of another post is not on the list"
