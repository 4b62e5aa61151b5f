"""People at their browsers: they sign in, find a task in their inbox, fill its form as one does, and press its button."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from app.demo.staff import PASSWORD
from app.scenarios.placeholders import page as small_pdf

REFUSED = ("(FORBIDDEN)", "(CONFLICT)", "(UNPROCESSABLE ENTITY)")
"""How the browser tells of an answer that is a refusal."""


@dataclass(frozen=True)
class Record:
    """A record to be found: what one types, and the code of the one to choose."""

    text: str
    code: str


@dataclass(frozen=True)
class Files:
    """Files to add, by name."""

    names: tuple[str, ...]


def files(*names: str) -> Files:
    """Small PDF files."""
    return Files(names)


class Somebody:
    """One account in a browser of its own."""

    def __init__(
        self, browser: Browser, address: str, login: str, width: int = 1280, dark: bool = False, height: int = 900, script: bool = True
    ) -> None:
        scheme = "dark" if dark else "light"
        size = {"width": width, "height": height}
        self.context = browser.new_context(
            locale="fr-FR", timezone_id="Africa/Bamako", viewport=size, color_scheme=scheme, java_script_enabled=script
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.address, self.login, self.script = address, login, script
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._hear)
        self._sign_in()

    def _hear(self, message: ConsoleMessage) -> None:
        """An error on the console, unless it only tells that a form was refused."""
        if message.type == "error" and not message.text.endswith(REFUSED):
            self.complaints.append(message.text)

    def _sign_in(self) -> None:
        self.go("/connexion")
        self.page.get_by_label("Identifiant").fill(self.login)
        self.page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        self.page.locator("main .btn-primary").click()
        self.page.wait_for_url(lambda url: "/connexion" not in url, wait_until="domcontentloaded")

    def go(self, path: str) -> None:
        """Opens an address of the site."""
        self.page.goto(f"{self.address}{path}", wait_until="domcontentloaded")
        if path != "/connexion" and "/connexion" in self.page.url:  # the session is over
            self._sign_in()
            self.page.goto(f"{self.address}{path}", wait_until="domcontentloaded")

    # -- tasks
    def find(self, reference: str, title: str) -> None:
        """Opens the task of a case that the inbox shows: mine, else to take, else awaited; takes it when it is free.

        After a task the next one of the same person lies open already.
        """
        if self.page.locator("h1").inner_text() == title and self.page.locator("a.ref").first.inner_text() == reference:
            return
        self.look_for(reference, title)
        if (take := self.page.get_by_role("button", name="Prendre", exact=True)).count():
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                take.click()

    def look_for(self, reference: str, title: str) -> None:
        """Opens the task from the inbox and leaves it as it is."""
        for tab in ("mine", "to_take", "waiting"):
            self.go(f"/taches?tab={tab}&q={reference}")
            row = (
                self.page.locator("tr.task-row")
                .filter(has_text=reference)
                .filter(has=self.page.get_by_role("link", name=title, exact=True))
            )
            if row.count():
                with self.page.expect_navigation(wait_until="domcontentloaded"):
                    row.first.get_by_role("link", name=title, exact=True).click()
                break
        else:
            self.go(f"/dossiers/{reference}")
            raise AssertionError(f"{self.login} : « {title} » n’est dans aucune liste. {self.page.locator('main').inner_text()[:1500]}")
        if (reason := self.page.locator("textarea[name=reason]")).count():  # a case that few may open
            reason.fill("Ma tâche dans ce dossier")
            with self.page.expect_navigation(wait_until="domcontentloaded"):
                self.button().click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^{re.escape(title)}(\s:|$)"))

    def do(self, reference: str, title: str, answers: Mapping[str, Any]) -> None:
        """Finds a task, fills its form, completes it."""
        self.find(reference, title)
        self.fill(answers)
        self.finish()

    def finish(self) -> None:
        """Presses the button of the form; the page says that it is done."""
        self.press()
        if not self.page.locator(".alert.good").count():
            refused = self.page.locator(".error-summary, main .alert")
            shown = refused.first if refused.count() else self.page.locator("main")
            raise AssertionError(f"{self.login} : {shown.inner_text()[:1000]}")

    def press(self) -> None:
        """Presses the button of the form and waits for the answer, whatever it is."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.button().click()

    def button(self) -> Locator:
        """The one button of the page that does what the page is for."""
        return self.page.locator("main button.btn-primary:not(.visually-hidden)").last

    # -- forms
    def fill(self, answers: Mapping[str, Any], prefix: str = "") -> None:
        """Answers by the names of their questions, in the order of the form."""
        for name, value in answers.items():
            self._answer(prefix + name, value)

    def _answer(self, name: str, value: Any) -> None:
        match value:
            case Record():
                self._find_record(name, value)
            case Files():
                self._add_files(name, value)
            case dt.datetime() | dt.date():
                self._date(name, value)
            case Mapping():
                self.fill(value, f"{name}.")
            case [Mapping(), *_]:
                self._rows(name, value)
            case list():
                for one in value:
                    self.page.locator(f'input[name="{name}"][value="{one}"]').check()
            case bool():
                self._choose(name, "true" if value else "false")
            case _:
                self._write(name, str(value))

    def _choose(self, name: str, value: str) -> None:
        control = self.page.locator(f'input[name="{name}"][value="{value}"], select[name="{name}"]').first
        if control.evaluate("node => node.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.check()

    def _write(self, name: str, value: str) -> None:
        control = self.page.locator(f'[name="{name}"]:not([type=hidden])').first
        kind = control.evaluate("node => node.tagName === 'INPUT' ? node.type : node.tagName")
        if kind in ("radio", "checkbox", "SELECT"):
            self._choose(name, value)
        else:
            control.fill(value)

    def _date(self, name: str, value: dt.date) -> None:
        parts = {"jour": value.day, "mois": value.month, "annee": value.year}
        for part, number in parts.items():
            self.page.locator(f'[name="{name}.{part}"]').fill(str(number))
        if isinstance(value, dt.datetime):
            self.page.locator(f'[name="{name}.heure"]').fill(value.strftime("%H:%M"))

    def _find_record(self, name: str, record: Record) -> None:
        """Types a name, presses « Chercher », chooses the record among those found."""
        self.page.locator(f'[name="{name}.texte"]').fill(record.text)
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(f'button[name="chercher"][value="{name}"]').click()
        found = self.page.locator(f'input[name="{name}"][value="{record.code}"]')
        if found.get_attribute("type") != "hidden":
            found.check()

    def _add_files(self, name: str, given: Files) -> None:
        payloads = [{"name": one, "mimeType": "application/pdf", "buffer": small_pdf(f"{name}/{one}").read()} for one in given.names]
        kept = self.page.locator(f'input[type=hidden][name="{name}"]')
        before = kept.count()
        chosen = self.page.locator(f'input[name="{name}.fichier"]')
        chosen.set_input_files(payloads)
        if self.script and chosen.evaluate("input => 'upload' in input.form.dataset"):
            expect(kept).to_have_count(before + len(payloads))

    def _rows(self, name: str, rows: list[Mapping[str, Any]]) -> None:
        """Fills the rows of a table, adding those that are missing."""
        for place, row in enumerate(rows):
            if not self.page.locator(f'[name^="{name}-{place}."]').count():
                with self.page.expect_navigation(wait_until="domcontentloaded"):
                    self.page.locator(f'button[name="ajouter"][value="{name}"]').click()
            self.fill(row, f"{name}-{place}.")
