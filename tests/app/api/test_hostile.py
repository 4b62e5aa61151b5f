"""Whatever is sent, the answer is a sentence with its status: never a traceback, never 500."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.app.api.calls import Caller, problem

SHARED = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
JSON = "application/json"
BODIES = {
    "open brackets": b"[" * 100_000,
    "nested objects": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "just too deep": b'{"answers": ' + b"[" * 40 + b"]" * 40 + b"}",
    "not a number": b'{"answers": {"montant_accorde": NaN}}',
    "infinity": b'{"answers": {"montant_accorde": -Infinity}}',
    "a number beyond floats": b'{"answers": {"montant_accorde": 1e999}}',
    "an integer beyond the database": b'{"answers": {"montant_accorde": 1152921504606846976}}',
    "an integer without end": b'{"answers": {"montant_accorde": ' + b"9" * 5_000 + b"}}",
    "the character nul": b'{"answers": {"motif_decision": "a\\u0000b"}}',
    "half a character": b'{"answers": {"motif_decision": "\\ud800"}}',
    "half a character in a name": b'{"answers": {"\\udfff": "x"}}',
    "no utf-8": b'{"answers": {"motif_decision": "\xff\xfe"}}',
    "another encoding": '{"answers": {}}'.encode("utf-16"),
    "no json": b"montant_accorde=1",
    "nothing but a text": b'"answers"',
    "nothing but a list": b"[]",
    "null": b"null",
    "empty": b"",
    "many names": json.dumps({"answers": {f"champ_{number}": number for number in range(15_000)}}).encode(),
    "more than anybody needs": json.dumps({"answers": {f"c{number}": [1] * 3 for number in range(20_000)}}).encode(),
    "the same name twice": b'{"answers": {}, "answers": {"x": 1}}',
    "a long text": json.dumps({"answers": {"motif_decision": "x" * 400_000}}).encode(),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_hostile_body_is_refused_with_a_sentence(case, approver, body):
    for path in (f"/tasks/{case.task('decider_financement').id}/complete", "/cases", f"/cases/{case.reference}/messages"):
        answer = approver.call("POST", path, data=body, content_type=JSON)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)
        problem(answer, answer.status_code)
    assert "decider_financement" in case.open_steps()


def test_a_body_of_ten_megabytes_is_too_heavy(case, approver):
    body = json.dumps({"answers": {"motif_decision": "x" * 10 * 2**20}}).encode()
    problem(approver.call("POST", f"/tasks/{case.task('decider_financement').id}/complete", data=body, content_type=JSON), 413)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml", ""])
def test_another_format_is_refused(case, approver, content_type):
    path = f"/tasks/{case.task('decider_financement').id}/complete"
    problem(approver.call("POST", path, data=b'{"answers": {}}', content_type=content_type), 415)


@pytest.mark.parametrize(
    ("content_type", "content", "status"),
    [
        ("application/pdf", b"", 422),
        ("application/pdf", b"MZ\x90\x00", 422),
        ("application/pdf", b"%PDF" + b"x" * (10 * 2**20 + 1), 413),
        ("application/json", b"{}", 415),
        ("text/html", b"<p>", 415),
    ],
)
def test_what_is_no_document_is_refused(case, approver, content_type, content, status):
    path = f"/tasks/{case.task('decider_financement').id}/documents?name=x.pdf"
    problem(approver.call("POST", path, data=content, content_type=content_type), status)
    problem(Caller(case, "U-02").call("POST", path, data=b"%PDF-1.4", content_type="application/pdf"), 404)


PATHS = (
    "/tasks/0",
    "/tasks/9223372036854775808",
    "/tasks/99999999999999999999999999999999",
    "/tasks/-1",
    "/tasks/1e3",
    "/cases/%00",
    "/cases/COR%00",
    "/cases/%ff%fe",
    "/cases/" + "x" * 5_000,
    "/cases/'; DROP TABLE task; --",
    "/cases/COR-LBV-2026-00001/nothing",
    "/nothing",
)


def test_an_address_that_nobody_has(stage):
    approver = Caller(stage("decider_financement"), "U-39")
    for path in PATHS:
        problem(approver.get(path), 404)
        for act in ("claim", "complete") if path.startswith("/tasks") else ("messages",):
            answer = approver.post(f"{path}/{act}", {"answers": {}} if act == "complete" else {"name": "X", "source_reference": "1"})
            assert 400 <= answer.status_code < 500, path
            problem(answer, answer.status_code)


QUERIES: tuple[dict[str, Any], ...] = (
    {"tab": "everything"},
    {"after": "yesterday"},
    {"after": "0001-01-01T00:00:00+14:00_1"},
    {"after": "9999-12-31T23:59:59-14:00_1"},
    {"after": "2026-01-01T00:00:00_99999999999999999999999"},
    {"after": "2026-01-01T00:00:00_-1"},
    {"text": "\x00"},
    {"text": "%"},
    {"text": "x" * 199},
    {"text": "x" * 10_000},
    {"type": "\x00"},
    {"post": "\x00"},
    {"country": "\x00"},
    {"due": "never"},
    {"more": "1"},
)


def test_a_list_asked_for_in_a_strange_way(stage):
    approver = Caller(stage("decider_financement"), "U-39")
    for query in QUERIES:
        for tab in ("mine", "to_take", "done"):
            answer = approver.get("/tasks", **{"tab": tab} | query)
            assert answer.status_code in (200, 400, 422), query
            if answer.status_code != 200:
                problem(answer, answer.status_code)


@pytest.mark.parametrize("query", [{"after": "-1"}, {"after": str(2**63)}, {"after": "x"}, {"limit": "0"}, {"limit": "201"}, {"limit": ""}])
def test_a_history_asked_for_in_a_strange_way(case, officer, query):
    problem(officer.get(f"/cases/{case.reference}/history", **query), 422)


@pytest.mark.parametrize("key", ["short", "x" * 121])
def test_a_key_has_a_useful_length(case, approver, key):
    answer = approver.post(f"/tasks/{case.task('decider_financement').id}/complete", {"answers": {}}, key=key)
    assert "key" in problem(answer, 422)["errors"]


@pytest.mark.parametrize("key", ["é" * 20, "a b c d e f", "\x7f" * 10, "\xff\xfe" * 8])
def test_a_key_may_be_any_text(stage, key):
    case = stage("decider_financement")
    path = f"/tasks/{case.task('decider_financement').id}/complete"
    answers = {"decision_financement": "accorder", "montant_accorde": 2_000_000}
    first, again = (Caller(case, "U-39").post(path, {"answers": answers}, key=key) for _ in range(2))
    assert (first.status_code, first.get_json()) == (200, again.get_json())


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST"])
def test_another_method(case, officer, method):
    problem(officer.call(method, f"/cases/{case.reference}"), 405)


# ------------------------------------------------------------------ any value anywhere
STRANGE = ["", "oui", "true", "2026-02-30", "2026-02-12T25:00:00Z", "P-0013", "=1+1", "1e9", "-0", "\uff11\uff12"]
texts = st.text(max_size=30) | st.sampled_from(STRANGE)
numbers = st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
)


@pytest.fixture
def asked(stage_sqlite):
    """The case while money is about to be asked for."""
    return stage_sqlite("preparer_demande")


DECISION_FIELDS = ("decision_financement", "montant_accorde", "conditions_accord", "avance_autorisee", "motif_decision", "date_reexamen")
REQUEST_FIELDS = ("ligne", "montant_demande", "beneficiaire_aide", "base_calcul", "devis", "tranches", "devise_origine", "accord_oral")
HEADER_FIELDS = ("pays_evenement", "canal", "date_fait", "date_signalement", "declarant", "lien_declarant", "langue_contact", "priorite")


def sent(answer: Any) -> None:
    """Refused with a sentence, or done."""
    assert answer.status_code < 500, answer.get_data(True)
    if answer.status_code >= 400:
        problem(answer, answer.status_code)


@SHARED
@given(answers=st.dictionaries(st.sampled_from(DECISION_FIELDS) | texts, values, max_size=6))
def test_any_answers_to_a_decision(case, approver, answers):
    sent(approver.post(f"/tasks/{case.task_rows()[-1].id}/complete", {"answers": answers}))


@SHARED
@given(answers=st.dictionaries(st.sampled_from(REQUEST_FIELDS), values, max_size=8))
def test_any_answers_to_a_request_for_money(asked, answers):
    case = asked
    sent(Caller(case, "U-14").post(f"/tasks/{case.task('preparer_demande').id}/complete", {"answers": answers}))


@SHARED
@given(header=st.dictionaries(st.sampled_from(HEADER_FIELDS) | texts, values, max_size=8))
def test_any_header_of_a_case(case, officer, header):
    sent(officer.post("/cases", {"type": "COR", "post": "LBV", "header": header}))


@SHARED
@given(body=st.dictionaries(st.sampled_from(["type", "post", "header"]) | texts, values, max_size=4))
def test_any_body_for_a_case(case, officer, body):
    sent(officer.post("/cases", body))


@SHARED
@given(
    body=st.fixed_dictionaries(
        {"name": st.sampled_from(["MSG_RETRAIT", "MSG_RECOURS", "MSG_FAMILLE_CHANGE_AVIS"]) | texts, "source_reference": texts},
        optional={"payload": st.dictionaries(texts, values, max_size=4) | values, "key": values, "source": values, "other": values},
    )
)
def test_any_message(case, officer, body):
    sent(officer.post(f"/cases/{case.reference}/messages", body))
