"""Cases of the demonstration, played through the real services: those of the data with their own answers, and beginnings of scenarios."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from app.demo.performer import Performer
from app.demo.reading import DATA, REFERENCE, days_since, read
from app.demo.rewriting import moved, numbered, replaced
from app.scenarios import reading
from app.scenarios.player import Unexpected
from app.scenarios.reading import BadScenario
from app.services import clock
from app.services.actor import Actor
from app.services.errors import Invalid, Refusal

TYPED = (
    "pays_evenement",
    "date_fait",
    "date_signalement",
    "canal",
    "declarant",
    "lien_declarant",
    "priorite",
    "langue_contact",
    "responsable",
)
"""Fields of the common header that a person types."""


@dataclass(frozen=True)
class Stage:
    """What all cases share: folders, the present moment, and what was already read."""

    bpmn: Path
    files: Path
    now: dt.datetime
    people: dict[tuple[str, dt.date], Actor] = field(default_factory=dict)
    scenarios: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def performer(self, code: str, given: Mapping[str, Any]) -> Performer:
        """Plays a case of a type."""
        return Performer(code, given, self.files, self.people)

    def scenario(self, name: str) -> tuple[str, dict[str, Any]]:
        """The case type of a scenario file, and what it says."""
        if name not in self.scenarios:
            path = self.bpmn / name
            sheet = yaml.safe_load((path.parent.parent / "case_type.yaml").read_text("utf-8"))
            self.scenarios[name] = (sheet["code"], reading.read(path))
        return self.scenarios[name]


def load(bpmn: Path, files: Path) -> Iterator[str]:
    """Plays the cases of the types that lie in `bpmn`; one line a case. A case that the rules do not let through is said and left where
    it stands."""
    now = clock.now()
    shift = days_since(now)
    codes = {yaml.safe_load(sheet.read_text("utf-8"))["code"] for sheet in bpmn.glob("*/case_type.yaml")}
    own = [case for case in read("cases")["dossiers"] if case["entete"]["type_dossier"] in codes]
    own.sort(key=lambda case: case["entete"]["date_signalement"])
    stage = Stage(bpmn, files, now)
    for number, case in enumerate(own, 1):
        yield _told(case["resume_fr"], partial(_own, stage, moved(case, shift), number))
    begun = [case for case in yaml.safe_load((DATA / "begun.yaml").read_text("utf-8"))["cases"] if (bpmn / case["scenario"]).exists()]
    for number, case in enumerate(begun, len(own) + 1):
        yield _told(case["title"], partial(_begun, stage, case, number))


def _told(title: str, play: Callable[[], str]) -> str:
    try:
        return f"{play()} : {title}"
    except (Unexpected, Refusal, BadScenario) as error:
        wrong = f" {sorted(error.errors)}" if isinstance(error, Invalid) else ""
        return f"ARRÊTÉ EN ROUTE : {title} ({error}{wrong})"


def fillers(code: str) -> dict[str, Any]:
    """The plainest valid answers for each step of a case type and of the shared processes."""
    found: dict[str, Any] = {}
    for name in ("_shared", code):
        path = DATA / "steps" / f"{name}.yaml"
        if path.exists():
            found |= yaml.safe_load(path.read_text("utf-8"))
    return found


def _own(stage: Stage, case: Mapping[str, Any], number: int) -> str:
    """A case of the data: its own forms in their order, what lies between filled; until the steps that are open « now »."""
    header, forms = case["entete"], sorted(case["formulaires"], key=lambda form: form["fait_le"])
    plain = numbered(fillers(header["type_dossier"]), number)
    for step, answers in case.get("complements", {}).items():
        filler = plain.get(step, {})
        plain[step] = filler | {"with": filler.get("with", {}) | answers}
    performer = stage.performer(header["type_dossier"], _given(header))
    performer.line({"start": {"by": forms[0]["fait_par"]}})
    forms = [form for form in forms if performer.knows_step(form["etape"])]
    steps = {task["etape"] for task in case["taches_courantes"]}
    for place, form in enumerate(forms):
        _reach_at(performer, form["etape"], reading.moment(form["fait_le"]), plain, {later["etape"] for later in forms[place:]})
        answers = performer.completed(plain.get(form["etape"], {}).get("with", {})) | form["donnees"]
        performer.line({"do": form["etape"], "by": form["fait_par"], "at": form["fait_le"], "with": answers})
        performer.do_besides(plain, steps | {later["etape"] for later in forms[place:]})
    for task in case["taches_courantes"]:
        _reach_at(performer, task["etape"], reading.moment(task["depuis"]), plain, steps)
    performer.line({"at": stage.now})
    return performer.reference


def _given(header: Mapping[str, Any]) -> dict[str, Any]:
    typed = {name: header[name] for name in TYPED if header[name] is not None}
    return {"at": header["date_signalement"], "post": header["poste_id"], "header": typed}


def _reach_at(performer: Performer, step: str, at: dt.datetime, plain: Mapping[str, Any], own: set[str]) -> None:
    """What lies between is done at the moment at which the step begins."""
    if not performer.is_open(step):
        performer.line({"at": max(at, performer.now)})
        performer.reach(step, plain, own)


def _begun(stage: Stage, case: Mapping[str, Any], number: int) -> str:
    """The beginning of a scenario, for another person at another post: it began `ago`, and stops before the step `until` is done
    (without: it is played to its end)."""
    code, scenario = stage.scenario(case["scenario"])
    later = REFERENCE + days_since(stage.now) - reading.span(case["ago"]) - reading.moment(scenario["given"]["at"])
    told = numbered(replaced(moved(scenario, later), case.get("instead", {})), number)
    given = told["given"] | {"post": case["post"], "facts": {}, "header": told["given"]["header"] | case.get("header", {})}
    performer = stage.performer(code, given)
    performer.line({"start": {**told["steps"][0]["start"], "by": case["by"]}})
    for line in told["steps"][1:]:
        if (
            case.get("until", "-") in (line.get("do"), line.get("message"), line.get("every"))
            or reading.when(line, performer.now) > stage.now
        ):
            break
        if "refuse" not in line:
            performer.line(line)
    performer.line({"at": stage.now})
    return next(case.reference for case in performer.cases.values() if case.reference)
