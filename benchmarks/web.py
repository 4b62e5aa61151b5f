"""The workload over HTTP: a signed-in client of the application, pages as a browser asks for them and forms as it sends them."""

from __future__ import annotations

import contextvars
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import Flask

from app.demo import staff
from app.extensions import limiter
from benchmarks import workload
from benchmarks.measure import Times
from tests.support import cases

if TYPE_CHECKING:
    from benchmarks.acts import Cost

KEY = re.compile(r'name="cle" value="([^"]+)"')
ERROR = re.compile(r'class="error[^>]*>.*?</p>')
HEADER = {
    **{"poste": cases.POST, "pays_evenement": "CI", "canal": "telephone", "langue_contact": "fr", "priorite": "P3"},
    **{"date_fait.annee": "2026", "confidentialite": "C2", "declarant": "P-0014", "lien_declarant": "conjoint", "terminer": "1"},
    **{"date_signalement.jour": "9", "date_signalement.mois": "2", "date_signalement.annee": "2026", "date_signalement.heure": "08:00"},
}


@dataclass
class Pages:
    """Milliseconds of the pages of a step: shown, and sent."""

    shown: Times = field(default_factory=Times)
    bytes: int = 0


class Browser:
    """An officer at a terminal."""

    def __init__(self, app: Flask, login: str = "nbouare") -> None:
        app.config.update(WTF_CSRF_ENABLED=False)
        limiter.enabled = False
        self.client = app.test_client()
        self.pages = Pages()
        answer = self.ask("POST", "/connexion", {"login": login, "password": staff.PASSWORD})
        assert answer.status_code == 303, answer.status_code

    def run(self, cost: Cost, number: int) -> None:
        """One case from its start to its end."""
        with cost.start.one():
            answer = self.ask("POST", f"/dossiers/nouveau/{workload.CODE}", HEADER | {"cle": f"ouverture-{number:08}"})
        assert answer.status_code == 303, _errors(answer)
        for step in workload.STEPS:
            address = answer.headers["Location"]
            with self.pages.shown.one():
                page = self.ask("GET", address).get_data(True)
            self.pages.bytes = len(page)
            found = KEY.search(page)
            assert found, page[:500]
            sent = as_sent(workload.answers(step, number)) | {"cle": found[1], "terminer": "1"}
            answer = cost.completing(lambda address=address, sent=sent: self.ask("POST", address, sent))
            assert answer.status_code == 303, _errors(answer)

    def ask(self, method: str, address: str, data: dict[str, str] | None = None) -> Any:
        """A request as a server gets it: in no context of ours, whose session and `g` it would share."""
        return contextvars.Context().run(self.client.open, address, method=method, data=data)

    def page(self, address: str) -> str:
        """A page that must be there."""
        answer = self.ask("GET", address)
        assert answer.status_code == 200, answer.status_code
        return answer.get_data(True)


def as_sent(answers: dict[str, Any]) -> dict[str, str]:
    """Answers as the fields of the pages send them."""
    sent: dict[str, str] = {}
    for name, value in answers.items():
        if name.startswith("date_"):
            year, month, day = value.split("-")
            sent |= {f"{name}.annee": year, f"{name}.mois": month, f"{name}.jour": day}
        elif isinstance(value, bool):
            sent |= {name: "true"} if value else {}
        else:
            sent[name] = str(value)
    return sent


def _errors(answer: Any) -> str:
    return f"{answer.status_code} {ERROR.findall(answer.get_data(True))[:3]}"
