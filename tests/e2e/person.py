"""A person at a browser: plays the lines of a scenario through the pages instead of the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.db.tasks import WAIT, Task
from app.extensions import db
from app.scenarios.placeholders import page as pdf
from app.scenarios.player import Player, Unexpected
from app.services.actor import Actor
from app.services.step_view import HEADER_FORM
from workflows.forms import Field, FormDefinition
from workflows.forms.fields import GROUPS, PARTIAL, REFERENCES

CHOICES = {"choice", "choices", "boolean"}
DATES = {"date", "datetime", *PARTIAL}


class Person(Player):
    """Signs in as each actor in turn, opens the page, fills in the form, presses its button."""

    def at_the_browser(self, site: Any, page: Any) -> Person:
        """Gives the player its browser."""
        self.site, self.page = site, page
        self.zone = ZoneInfo(site.world.zone_of(self.post))
        return self

    # -- what the services did
    def _start(self, start: Mapping[str, Any]) -> None:
        code = start["by"]
        self._open(code, f"/dossiers/nouveau/{self.code}?poste={self.post}")
        header = {
            "date_signalement": self.now.isoformat(),
            "confidentialite": self.case_type.confidentiality,
            **self.given.get("header", {}),
        }
        header["priorite"] = self.given.get("priority", self.case_type.priority)
        self._fill(self.case_type.forms[HEADER_FORM], header)
        self._press()
        task = int(self.page.url.split("/taches/")[1].split("?")[0])
        self.case_id = db.session.get(Task, task).case_id
        db.session.rollback()
        self.reference = self.page.locator(".page-head .ref").inner_text()
        self._given_facts()

    def _complete(self, task: Task, actor: Actor, answers: Mapping[str, Any]) -> None:
        self._open(actor.code, f"/taches/{task.id}")
        self._ensure_form()
        spec = self.case_type.step(task.process, task.step)
        form = self.case_type.forms.get(spec.form) if spec and spec.form else None
        if form is not None:
            self._fill(form, answers)
        self._press()
        self.count += 1

    def _message(self, line: Mapping[str, Any]) -> None:
        """What somebody outside answers is recorded by who holds the wait, when the case waits for it once."""
        where = (Task.case_id == self.case_id, Task.kind == WAIT, Task.closed_at.is_(None), Task.message == line["message"])
        waits = list(db.session.scalars(select(Task).where(*where)))
        db.session.expunge_all()
        db.session.rollback()
        if len(waits) != 1 or not line.get("taken", True):
            super()._message(line)
            return
        wait = waits[0]
        actor = self.somebody(wait.role, wait)
        self._complete(wait, actor, line.get("with", {}))
        self.path.append(wait.step)

    # -- at the browser
    def _open(self, code: str, address: str) -> None:
        self.site.now = self.now
        if self.page.who != code:
            self.page.context.clear_cookies()
            self.page.who = code
        self.page.goto(self.site.address + address)
        if "/connexion" in self.page.url:
            self.page.fill("#login", self.site.world.login(code))
            self.page.fill("#password", self.site.password)
            self.page.click("main .btn-primary")
            self.page.goto(self.site.address + address)

    def _ensure_form(self) -> None:
        if not self.page.locator("button[name=terminer]").count():
            raise Unexpected(f"{self.page.url} : {self.page.locator('main').inner_text()[:600]}")

    def _press(self) -> None:
        self.page.locator("button[name=terminer]:not(.visually-hidden)").last.click()
        wrong = self.page.locator(".error-summary li, .alert.bad p, .big-code + h1")
        if wrong.count():
            raise Unexpected(f"{self.page.url} : {wrong.all_inner_texts()}")

    def _fill(self, form: FormDefinition, answers: Mapping[str, Any]) -> None:
        # Choices first: they show what else is asked.
        for spec in sorted(form.fields, key=lambda spec: spec.kind not in CHOICES):
            if spec.key in answers:
                self._field(spec, spec.key, answers[spec.key])

    def _field(self, spec: Field, name: str, value: Any) -> None:
        if spec.computed or spec.readonly:
            return
        if spec.kind == "table":
            self._rows(spec, name, value)
        elif spec.kind in GROUPS:
            for part in spec.parts:
                if part.key in value:
                    self._field(part, f"{name}.{part.key}", value[part.key])
        elif spec.kind in DATES:
            self._date(spec, name, str(value))
        elif spec.kind in ("document", "documents"):
            files = value if isinstance(value, list) else [value]
            self._input(f"{name}.fichier").set_input_files([self._file(one) for one in files])
        elif spec.kind in REFERENCES and not self._all(name, "select").count():
            self._input(f"{name}.texte").fill(str(value))
        else:
            self._answer(name, value)

    def _rows(self, spec: Field, name: str, rows: list[Mapping[str, Any]]) -> None:
        if not rows:
            self._input(f"{name}.aucune").check()
        for index, row in enumerate(rows):
            if not self.page.locator(f'[name^="{name}-{index}."]').count():
                self.page.locator(f'button[name=ajouter][value="{name}"]').click()
            for part in spec.parts:
                if part.key in row:
                    self._field(part, f"{name}-{index}.{part.key}", row[part.key])

    def _date(self, spec: Field, name: str, text: str) -> None:
        hour = ""
        if "T" in text:
            moment = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
            local = moment.astimezone(self.zone) if moment.tzinfo else moment
            text, hour = local.date().isoformat(), f"{local:%H:%M}"
        year, month, day = (*text.split("-"), "", "")[:3]
        for part, value in (("jour", day), ("mois", month), ("annee", year), ("heure", hour)):
            if value or part != "heure":
                self._input(f"{name}.{part}").fill(value)

    def _answer(self, name: str, value: Any) -> None:
        text = {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
        if isinstance(value, list):
            for one in value:
                self.page.locator(f'input[name="{name}"][value="{one}"]').check()
        elif self._all(name, "select").count():
            self._input(name).select_option(text)
        elif (radio := self.page.locator(f'input[name="{name}"][value="{text}"][type=radio]')).count():
            radio.check()
        elif (box := self.page.locator(f'input[name="{name}"][type=checkbox]')).count():
            box.set_checked(value is True)
        else:
            self._input(name).fill(text)

    def _all(self, name: str, tag: str = "") -> Any:
        return self.page.locator(f'{tag}[name="{name}"]')

    def _input(self, name: str) -> Any:
        return self._all(name).first

    def _file(self, described: Mapping[str, Any]) -> dict[str, Any]:
        name = str(described["fichier"])
        return {"name": name, "mimeType": "application/pdf", "buffer": pdf(f"{self.reference}/{name}").read()}
