"""Every use case over JSON, as a program of a post or of the ministry goes through it."""

import datetime as dt

import pytest

from app.scenarios.placeholders import page
from app.services import documents
from tests.app.api.calls import Caller, problem
from tests.app.services.staging import StagedCase

HEADER = {
    "pays_evenement": "GA",
    "canal": "telephone",
    "date_fait": "2026-02-11",
    "date_signalement": "2026-02-12T08:00:00Z",
    "declarant": "P-0014",
    "lien_declarant": "conjoint",
    "langue_contact": "bm",
}
DECISION = {"answers": {"decision_financement": "accorder", "montant_accorde": 2_000_000}}


def start(caller: Caller, key: str | None = None, **other):
    return caller.post("/cases", {"type": "COR", "post": "LBV", "header": HEADER} | other, key=key)


# ------------------------------------------------------------------ cases
def test_a_case_is_opened_and_its_first_task_is_mine(officer):
    answer = start(officer)
    assert answer.status_code == 201
    opened = answer.get_json()
    assert opened["reference"] == "COR-LBV-2026-00002"
    task = officer.get(f"/tasks/{opened['task']}").get_json()
    assert (task["step"], task["case"], task["may_complete"]) == ("enregistrer_deces", opened["reference"], True)


def test_a_case_is_read_with_what_is_open(case, officer):
    seen = officer.get(f"/cases/{case.reference}").get_json()
    assert (seen["type"], seen["post"], seen["priority"], seen["confidentiality"]) == ("COR", "LBV", "P3", "C3")
    assert seen["person"] == "P-0013"
    assert sorted(task["step"] for task in seen["open"]) == ["decider_financement", "remettre_effets"]
    assert dt.datetime.fromisoformat(seen["due_at"]) == dt.datetime(2026, 2, 19, 7, tzinfo=dt.UTC)


def test_facts_come_by_scope(case, officer):
    facts = officer.get(f"/cases/{case.reference}/facts").get_json()
    assert facts[""]["personne"] == "P-0013"
    assert facts[""]["part_etat"] == 2_000_000
    assert facts[""]["limite_morgue"] == {"$": "dt", "v": "2026-02-19T07:00:00+00:00"}


def test_money_is_read_by_whoever_sees_the_sheet(case):
    seen = Caller(case, "U-44").get(f"/cases/{case.reference}/money").get_json()
    assert [(request["line"], request["state"], request["asked"], request["reserved"], request["granted"]) for request in seen] == [
        ("PROT-SOC", "reserve", 2_000_000, 2_000_000, 0)
    ]


def test_a_reservation_is_renewed(case, officer):
    code = officer.get(f"/cases/{case.reference}/money").get_json()[0]["request"]
    answer = officer.post(f"/cases/{case.reference}/money/{code}/renewal", {"reason": "La décision est attendue."})
    assert answer.status_code == 422, "it was reserved today"
    case.now += dt.timedelta(days=10)
    answer = officer.post(f"/cases/{case.reference}/money/{code}/renewal", {"reason": "La décision est attendue."})
    assert answer.status_code == 200 and answer.get_json()["reserved_until"] > "2026-03-2"
    assert officer.post(f"/cases/{case.reference}/money/{code}/renewal", {"reason": ""}).status_code == 422


def test_the_history_comes_in_pages_and_can_be_verified_from_them_alone(case, officer):
    from app.services import chain

    rows, after = [], 0
    while after is not None:
        page = officer.get(f"/cases/{case.reference}/history", after=after, limit=7).get_json()
        rows += [(entry["seq"], entry["canonical"], entry["personal"]) for entry in page["entries"]]
        after = page["after"]
    assert [seq for seq, _, _ in rows] == list(range(1, page["count"] + 1))
    assert chain.verify(rows, page["head"], page["count"]) is None


def test_timers_tell_what_falls_due_by_itself(case, officer):
    timers = officer.get(f"/cases/{case.reference}/timers").get_json()
    known = [timer["due_at"] for timer in timers if timer["due_at"]]
    assert known and known == sorted(known)
    assert all(timer["due_at"] is None for timer in timers[len(known) :])
    assert all(timer["element"] and timer["title"] for timer in timers)


# ------------------------------------------------------------------ tasks
def test_my_list_has_counts_and_rows(case, approver):
    seen = approver.get("/tasks", tab="to_take").get_json()
    assert [(row["step"], row["case"], row["assigned"]) for row in seen["tasks"]] == [("decider_financement", case.reference, False)]
    assert seen["counts"]["to_take"] == 1


@pytest.mark.parametrize("narrow", [{"type": "RET"}, {"post": "ABJ"}, {"country": "CI"}, {"due": "late"}, {"text": "COR-ABJ"}])
def test_a_list_is_narrowed(case, approver, narrow):
    assert approver.get("/tasks", tab="to_take", **narrow).get_json()["tasks"] == []


def test_a_list_finds_a_misspelt_name(case, approver):
    family_name = "Traore"
    assert approver.get("/tasks", tab="to_take", text=family_name).status_code == 200


def test_a_task_is_read_with_its_form(case, approver):
    task = approver.get(f"/tasks/{case.task('decider_financement').id}").get_json()
    assert task["form"]["id"] == "SP_F3"
    assert task["known"]["montant_demande"] == 2_000_000
    assert task["may_complete"] is True and task["why_not"] is None


def test_a_task_of_others_says_why_not(case, officer):
    task = officer.get(f"/tasks/{case.task('decider_financement').id}").get_json()
    assert task["may_complete"] is False
    assert "Délégué général" in task["why_not"]


def test_a_task_is_claimed_then_completed(case, approver):
    task = case.task("decider_financement").id
    assert approver.post(f"/tasks/{task}/claim").status_code == 204
    done = approver.post(f"/tasks/{task}/complete", DECISION)
    assert done.status_code == 200
    assert done.get_json() == {
        "reference": case.reference,
        "task": task,
        "step": "decider_financement",
        "next_task": None,
        "closed_case": False,
    }
    assert "engager" in case.open_steps()


def test_a_file_is_kept_with_the_case_of_a_task(case, approver):
    path = f"/tasks/{case.task('decider_financement').id}/documents?name=../note.pdf&field=pieces"
    sent = approver.call("POST", path, data=page("note").read(), content_type="application/pdf")
    assert sent.status_code == 201
    row, _ = documents.find(case_session(), case.user("U-39"), sent.get_json()["document"])
    assert (row.name, row.media_type, row.field, row.case_id) == ("note.pdf", "application/pdf", "pieces", case.case_id)


def test_the_same_key_answers_the_same_and_other_data_are_refused(case, approver):
    path = f"/tasks/{case.task('decider_financement').id}/complete"
    first = approver.post(path, DECISION, key="decision-0001")
    again = approver.post(path, DECISION, key="decision-0001")
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    other = approver.post(path, {"answers": {"decision_financement": "refuser", "motif_decision": "non"}}, key="decision-0001")
    assert problem(other, 422)["code"] == "key_reused"
    assert problem(approver.post(path, DECISION, key="decision-0002"), 409)["code"] == "already_done"


def test_a_message_is_delivered_once(stage_sqlite):
    case = stage_sqlite("attendre_visa")
    finance = Caller(case, "U-44")
    engagement = case.fact("engagement_id")
    body = {
        "name": "MSG_ENGAGEMENT_VISE",
        "key": engagement,
        "payload": {"n_visa": "V-1", "date_visa": "2026-02-12"},
        "source_reference": "visa-1",
    }
    answer = Caller(case, "U-14").post(f"/cases/{case.reference}/messages", body)
    assert answer.get_json() == {"reference": case.reference, "taken": True, "duplicate": False}
    assert Caller(case, "U-14").post(f"/cases/{case.reference}/messages", body).get_json()["duplicate"] is True
    assert "choisir_pompes_funebres" in case.open_steps()
    assert finance.code == "U-44"


def test_reading_a_confidential_case_leaves_a_trace(case, officer):
    from app.services import readings

    officer.get(f"/cases/{case.reference}")
    officer.get(f"/cases/{case.reference}/facts")
    lines, _ = readings.page(case_session(), case.case_id)
    assert {(line.part, line.why) for line in lines} == {("case", "api"), ("facts", "api")}


def case_session():
    from app.extensions import db

    return db.session()


# ------------------------------------------------------------------ refusals
def test_what_i_may_not_see_does_not_exist(case: StagedCase):
    stranger = Caller(case, "U-02")
    for part in ("", "/facts", "/money", "/history", "/timers"):
        body = problem(stranger.get(f"/cases/{case.reference}{part}"), 404)
        assert body["code"] == "not_found"
    task = case.task("decider_financement").id
    problem(stranger.get(f"/tasks/{task}"), 404)
    problem(stranger.post(f"/tasks/{task}/claim"), 404)
    problem(stranger.post(f"/tasks/{task}/complete", DECISION), 404)
    message = {"name": "MSG_RETRAIT", "source_reference": "1"}
    kept = [stranger.post(f"/cases/{number}/messages", message | {"source_reference": number}) for number in (case.reference, "COR-0")]
    assert [(one.status_code, one.get_json()["reference"][:3], one.get_json()["taken"]) for one in kept] == [(200, "MSG", False)] * 2


def test_who_sees_the_money_sees_neither_story_nor_history(case):
    finance = Caller(case, "U-44")
    assert finance.get(f"/cases/{case.reference}").get_json()["person"] is None
    problem(finance.get(f"/cases/{case.reference}/facts"), 404)
    problem(finance.get(f"/cases/{case.reference}/history"), 404)


def test_what_i_may_see_but_not_do_says_why(case, officer):
    body = problem(officer.post(f"/tasks/{case.task('decider_financement').id}/complete", DECISION), 403)
    assert body["code"] == "not_your_role"
    assert "Délégué général" in body["detail"]


def test_wrong_fields_are_named(case, approver):
    path = f"/tasks/{case.task('decider_financement').id}/complete"
    body = problem(approver.post(path, {"answers": {"decision_financement": "peut-être", "surprise": 1}}), 422)
    assert set(body["errors"]) == {"decision_financement", "surprise"}
    assert all(message["message"] and message["code"] for messages in body["errors"].values() for message in messages)


def test_sentences_come_in_the_language_asked_for(case, approver):
    path = f"/tasks/{case.task('decider_financement').id}/complete"
    refused = Caller(case, "U-14").call("POST", path, json=DECISION, headers={"Accept-Language": "en"})
    assert problem(refused, 403)["detail"].startswith("This task belongs to the role")


@pytest.mark.parametrize("body", [{}, {"answers": None}, {"answers": []}, {"answers": {}, "more": 1}])
def test_a_body_of_another_shape_is_refused(case, approver, body):
    problem(approver.post(f"/tasks/{case.task('decider_financement').id}/complete", body), 422)


@pytest.mark.parametrize(
    ("other", "status"),
    [({"type": "XXX"}, 404), ({"post": "NOWHERE"}, 422), ({"post": "ABJ"}, 403), ({"header": {"canal": "pigeon"}}, 422)],
)
def test_a_case_that_cannot_be_opened(officer, other, status):
    assert problem(start(officer, **other), status)["detail"]


def test_a_message_that_the_procedure_does_not_know(case, officer):
    answer = officer.post(f"/cases/{case.reference}/messages", {"name": "MSG_RIEN", "source_reference": "1"})
    assert problem(answer, 422)["errors"]["name"][0]["code"] == "message_unknown"


# ------------------------------------------------------------------ tokens
def test_without_a_token_nothing_is_answered(case):
    client = case.app.test_client()
    for path in ("/tasks", f"/cases/{case.reference}", f"/tasks/{case.task('decider_financement').id}"):
        answer = client.get(f"/api/v1{path}")
        assert problem(answer, 401)["code"] == "token"
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer jtg_wrong", "Basic dTpw", "Bearer é", "jtg_x"])
def test_another_token_is_none(case, header):
    problem(case.app.test_client().get("/api/v1/tasks", headers={"Authorization": header.encode().decode("latin-1")}), 401)


def test_a_token_that_is_revoked_or_over_is_none(case, officer):
    from app.db.transaction import transaction
    from app.services import api_tokens, clock

    assert officer.get("/tasks").status_code == 200
    case.now += dt.timedelta(days=366)
    problem(officer.get("/tasks"), 401)
    case.now -= dt.timedelta(days=366)
    with clock.at(case.now):
        assert transaction(lambda unit: api_tokens.revoke(unit, "ykodio"), clock.now) == 1
    problem(officer.get("/tasks"), 401)
