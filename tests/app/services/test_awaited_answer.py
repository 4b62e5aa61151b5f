"""Whoever gives an answer that a procedure declares finds its wait, sees the case as their role does, and writes the answer down."""

from __future__ import annotations

import contextvars
import re

import pytest
from sqlalchemy import select

from app.db.tasks import Task
from app.demo import staff
from app.extensions import limiter
from tests.app.services.staging import one


def test_the_visa_is_written_down_by_who_gives_it(stage_sqlite, monkeypatch: pytest.MonkeyPatch):
    case = stage_sqlite("attendre_visa")
    monkeypatch.setitem(case.app.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(limiter, "enabled", False)
    client = case.app.test_client()

    def ask(address: str, data: dict[str, str] | None = None):
        with case.at(case.now):
            return contextvars.copy_context().run(client.open, address, method="POST" if data else "GET", data=data)

    assert ask("/connexion", {"login": "dmarikosow", "password": staff.PASSWORD}).status_code == 303
    wait = one(select(Task.id).where(Task.step == "attendre_visa"))
    assert f'href="/taches/{wait}?from=waiting"' in ask("/taches?tab=waiting").get_data(True)
    assert "<title>Argent" in ask(f"/dossiers/{case.reference}").get_data(True)
    page = ask(f"/taches/{wait}")
    assert page.status_code == 200
    key = re.search(r'name="cle" value="([^"]+)"', page.get_data(True))[1]
    day = {f"date_visa.{part}": str(getattr(case.now, name)) for part, name in (("jour", "day"), ("mois", "month"), ("annee", "year"))}
    answer = ask(f"/taches/{wait}", {"cle": key, "terminer": "1", "n_visa": "CF-2026-0001", **day})
    assert answer.status_code == 303, re.findall(r'class="error[^>]*>.*?</p>', answer.get_data(True))
    assert one(select(Task.closed_how).where(Task.id == wait)) == "done"
