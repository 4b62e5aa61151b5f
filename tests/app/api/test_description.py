"""The description at /api/v1/openapi.json says what the interface takes and answers: each answer is held against it."""

from typing import Any

import pytest

from tests.app.api.calls import ROOT, Caller
from tests.app.api.test_use_cases import DECISION, start

KINDS = {"string": str, "integer": int, "boolean": bool, "object": dict, "array": list, "null": type(None)}
PATHS = {
    "/api/v1/cases": {"post"},
    "/api/v1/cases/{reference}": {"get"},
    "/api/v1/cases/{reference}/children": {"get"},
    "/api/v1/cases/{reference}/children/lists": {"post"},
    "/api/v1/cases/{reference}/children/lists/file": {"post"},
    "/api/v1/cases/{reference}/children/lists/{list_id}": {"get"},
    "/api/v1/cases/{reference}/children/lists/{list_id}/confirm": {"post"},
    "/api/v1/cases/{reference}/facts": {"get"},
    "/api/v1/cases/{reference}/history": {"get"},
    "/api/v1/cases/{reference}/messages": {"post"},
    "/api/v1/cases/{reference}/money": {"get"},
    "/api/v1/cases/{reference}/money/{code}/renewal": {"post"},
    "/api/v1/cases/{reference}/timers": {"get"},
    "/api/v1/tasks": {"get"},
    "/api/v1/tasks/{task_id}": {"get"},
    "/api/v1/tasks/{task_id}/claim": {"post"},
    "/api/v1/tasks/{task_id}/complete": {"post"},
    "/api/v1/tasks/{task_id}/documents": {"post"},
}


@pytest.fixture
def description(case) -> dict[str, Any]:
    """What anybody may read, without a token."""
    answer = case.app.test_client().get(f"{ROOT}/openapi.json")
    assert answer.status_code == 200
    return answer.get_json()


def resolved(description: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the description, its reference followed."""
    while "$ref" in part:
        found: Any = description
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def faults(description: dict[str, Any], schema: dict[str, Any], value: Any, at: str = "") -> list[str]:
    """Where a value is not what a schema says."""
    schema = resolved(description, schema)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(isinstance(value, KINDS[kind]) and (kind == "boolean") == isinstance(value, bool) for kind in kinds):
        return [f"{at}: {value!r} is none of {kinds}"]
    found = []
    if isinstance(value, dict) and "properties" in schema:
        found += [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
        found += [f"{at}.{name} is not described" for name in value if name not in schema["properties"]]
        for name, part in schema["properties"].items():
            found += faults(description, part, value[name], f"{at}.{name}") if name in value else []
    if isinstance(value, list):
        found += [fault for item in value for fault in faults(description, schema.get("items", {}), item, f"{at}[]")]
    return found


def held(description: dict[str, Any], path: str, answer: Any, method: str = "get") -> None:
    """An answer is as described for its path and status."""
    responses = description["paths"][f"{ROOT}{path}"][method]["responses"]
    said = resolved(description, responses.get(str(answer.status_code)) or responses["default"])
    schema = said["content"][answer.content_type.partition(";")[0]]["schema"]
    assert schema, "what comes back is described"
    assert faults(description, schema, answer.get_json()) == []


def test_every_use_case_is_described_and_none_besides(description):
    assert {path: set(methods) - {"parameters"} for path, methods in description["paths"].items()} == PATHS
    for methods in description["paths"].values():
        for method in set(methods) - {"parameters"}:
            assert methods[method]["summary"] and "default" in methods[method]["responses"]


def test_every_call_needs_a_token_as_described(description):
    assert description["security"] == [{"token": []}]
    assert description["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_reading_answers_as_described(description, case, officer, approver):
    for part in ("", "/facts", "/money", "/history", "/timers"):
        held(description, f"/cases/{{reference}}{part}", officer.get(f"/cases/{case.reference}{part}"))
    held(description, "/tasks", approver.get("/tasks", tab="to_take"))
    task = case.task("decider_financement").id
    held(description, "/tasks/{task_id}", approver.get(f"/tasks/{task}"))
    held(description, "/tasks/{task_id}", officer.get(f"/tasks/{task}"))


def test_acting_answers_as_described(description, case, officer, approver):
    held(description, "/cases", start(officer), "post")
    task = case.task("decider_financement").id
    held(description, "/tasks/{task_id}/complete", approver.post(f"/tasks/{task}/complete", DECISION), "post")
    message = {"name": "MSG_RETRAIT", "payload": {"motif_retrait": "renonciation"}, "source_reference": "retrait-1"}
    held(description, "/cases/{reference}/messages", officer.post(f"/cases/{case.reference}/messages", message), "post")


def test_refusals_are_as_described(description, case, officer):
    task = case.task("decider_financement").id
    held(description, "/cases/{reference}", Caller(case, "U-02").get(f"/cases/{case.reference}"))
    held(description, "/cases", start(officer, post="NOWHERE"), "post")
    held(description, "/tasks/{task_id}/complete", officer.post(f"/tasks/{task}/complete", DECISION), "post")
    held(description, "/tasks", officer.get("/tasks", tab="everything"))


@pytest.mark.parametrize(("value", "wrong"), [({"task": "x"}, True), ({"task": True}, True), ({"other": 1}, True), ({"task": 1}, False)])
def test_the_comparison_itself_finds_what_differs(value, wrong):
    schema = {"type": "object", "properties": {"task": {"type": "integer"}}, "required": ["task"]}
    assert bool(faults({}, schema, value)) is wrong
