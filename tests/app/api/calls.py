"""The JSON interface as a program outside uses it: a token, a method, a path, a body."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.services import api_tokens, clock
from tests.app.services.staging import StagedCase

ROOT = "/api/v1"


class Caller:
    """A program that holds the token of a user and calls at the moment of the case."""

    def __init__(self, case: StagedCase, code: str) -> None:
        self.case, self.code = case, code
        self.token = token_of(case, code)

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None, **how: Any) -> TestResponse:
        headers = {"Idempotency-Key": key} if key else {}
        sent = {"json": body} if body is not None else {}
        return self.call("POST", path, headers=headers, **sent, **how)

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **how: Any) -> TestResponse:
        client = self.case.app.test_client()
        with clock.at(self.case.now):
            return client.open(f"{ROOT}{path}", method=method, headers={"Authorization": f"Bearer {self.token}"} | (headers or {}), **how)


def token_of(case: StagedCase, code: str, days: int = 365) -> str:
    """A new token of a user."""
    login = db.session.scalar(select(User.login).where(User.code == code))
    with clock.at(case.now):
        return transaction(lambda unit: api_tokens.issue(unit, str(login), "tests", days), clock.now)


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """The refusal that an answer holds; fails when it is another answer, or in another format."""
    assert answer.status_code == status, (answer.status_code, answer.get_data(True)[:500])
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == status and body["title"] and body["detail"] and body["code"], body
    assert "Traceback" not in answer.get_data(True)
    return body
