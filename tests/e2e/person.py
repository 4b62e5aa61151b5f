"""Lines of a scenario played at browsers: each actor in one of their own, from the inbox to the task, the form, and its button."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.db.users import User
from app.extensions import db
from app.scenarios import deeds
from app.scenarios.placeholders import page as pdf
from app.scenarios.player import FIRST, Player
from app.scenarios.reading import when
from app.services import calendars, clock
from app.web.texts import typeset
from tests.e2e.people import Somebody
from workflows.forms import Field, FormDefinition
from workflows.forms.fields import GROUPS, PARTIAL, REFERENCES

CHOICES = {"choice", "choices", "boolean"}
AWAY = dt.timedelta(hours=4)
DATES = {"date", "datetime", *PARTIAL}


class Walk(Player):
    """Steps are done at browsers while `walking`, all else by the services. `pages`: whoever came, by login."""

    walking = False

    def at_browsers(self, address: str, browser: Any, tell: Any) -> Walk:
        """Gives the actors their browsers. tell: called with each moment, so that the server knows what time it is."""
        self.address, self.browser, self.tell = address, browser, tell
        self.pages: dict[str, Somebody] = {}
        self.came: dict[str, dt.datetime] = {}
        return self

    def line(self, line: Mapping[str, Any]) -> None:
        """One line of the file."""
        if not (self.walking and "do" in line):
            super().line(line)
            return
        self.advance(when(dict(line), self.now - self.shift) + self.shift)
        self.take_up(line.get("case", FIRST))
        with clock.at(self.now):
            self._walk(line)
            self.gather()

    def by(self, code: str) -> Somebody:
        """Somebody at their browser at this moment, signed in."""
        self.tell(self.now)
        login, post = db.session.execute(select(User.login, User.post_code).where(User.code == code)).one()
        self.zone = ZoneInfo(str(calendars.zone_of(db.session(), post)))
        db.session.rollback()
        if login not in self.pages:
            self.pages[login] = Somebody(self.browser, self.address, login)
        elif self.now - self.came[login] > AWAY:  # the page left open may be of a session that is over
            self.pages[login].go("/taches")
        self.came[login] = self.now
        return self.pages[login]

    def close(self) -> list[str]:
        """All browsers are closed; what they complained about."""
        for somebody in self.pages.values():
            somebody.context.close()
        return [f"{login}: {said}" for login, somebody in self.pages.items() for said in somebody.complaints]

    def _walk(self, line: Mapping[str, Any]) -> None:
        task = self.task(line["do"], line["by"])
        actor = self.who(line["by"], task)
        if task.assignee_id not in (None, actor.id):
            deeds.give_over(self, task, actor)
        somebody = self.by(actor.code)
        somebody.find(self.reference, typeset(task.title))
        self.page = somebody.page
        spec = self.case_type.step(task.process, task.step)
        form = self.case_type.forms.get(spec.form) if spec and spec.form else None
        if form is not None:
            self._fill(form, line.get("with", {}))
        somebody.finish()
        self.path.append(line["do"])

    def _fill(self, form: FormDefinition, answers: Mapping[str, Any]) -> None:
        # Choices first: they show what else is asked.
        for spec in sorted(form.fields, key=lambda spec: spec.kind not in CHOICES):
            if spec.key in answers:
                self._field(spec, spec.key, answers[spec.key])

    def _field(self, spec: Field, name: str, value: Any) -> None:
        if spec.computed or spec.readonly:
            return
        # Counting elements does not wait for a page that is still on its way; this does.
        self.page.locator(f'[name="{name}"], [name^="{name}."], [name^="{name}-"], [value="{name}"]').first.wait_for(state="attached")
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
                with self.page.expect_navigation(wait_until="domcontentloaded"):
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
