"""The registers as forms see them: few records are a list, many are searched; names and details for codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from flask import g, url_for
from sqlalchemy import func, or_, select

from app.db.cases import Case
from app.db.documents import Document
from app.db.funding import BudgetLine
from app.db.people import Body, Person
from app.db.users import User
from app.extensions import db
from app.services import answers, people, policy, versions
from app.services.actor import Actor
from app.services.step_view import FormRoom
from app.web import filters, names
from app.web.form_model import Candidate, FormContext
from app.web.language import chosen, say, zone
from app.web.reader import me
from workflows.forms import Field

FOUND = 12
STATION = "antenne"


class PageRegisters:
    """What the reader of this page may find. One query a code, each once a request, whatever the number of forms."""

    def __init__(self, actor: Actor, case_type: str = "") -> None:
        self._actor = actor
        self._case_type = case_type
        self._known = _known()

    def options(self, spec: Field) -> Sequence[Candidate] | None:
        """Posts, stations and the budget lines of the year are lists; everything else is searched."""
        if spec.kind in ("post", "station"):
            wanted = [post for post in names.posts().values() if (post.kind == STATION) == (spec.kind == "station")]
            return sorted((_post(post) for post in wanted), key=lambda one: one.label)
        if spec.kind == "budget-line":
            return _lines(self._case_type)
        if spec.kind == "user":
            return _users(spec)
        return None

    def search(self, spec: Field, text: str) -> Sequence[Candidate]:
        """Records that answer to a code or a name, best first."""
        finders: dict[str, Callable[[str], list[Candidate]]] = {
            "person": self._persons,
            "structure": _bodies,
            "person-or-structure": lambda typed: [*self._persons(typed), *_bodies(typed)][:FOUND],
            "case": self._cases,
        }
        finder = finders.get(spec.kind)
        return finder(text)[:FOUND] if finder else ()

    def label(self, kind: str, code: str) -> Candidate | None:
        """The record of a code."""
        if (kind, code) not in self._known:
            self._known[kind, code] = self._find(kind, code)
        return self._known[kind, code]

    def creates(self, spec: Field) -> bool:
        """Persons may be made from a form, by who works on cases."""
        return spec.kind in ("person", "person-or-structure") and people.may_create(self._actor, names.case_types())

    def _persons(self, text: str) -> list[Candidate]:
        if not people.may_search(self._actor, names.case_types()):
            return []
        return [_person(row) for row in people.find(db.session(), self._actor, text, limit=FOUND)]

    def _cases(self, text: str) -> list[Candidate]:
        session = db.session()
        visible = policy.visible_cases(self._actor, versions.all_current(session))
        query = select(Case).where(Case.reference.like(f"{text.upper().replace('%', '')}%"), visible).order_by(Case.id.desc()).limit(FOUND)
        return [_case(row) for row in session.scalars(query)]

    def _find(self, kind: str, code: str) -> Candidate | None:
        session = db.session()
        if kind in ("post", "station"):
            post = names.posts().get(code)
            return _post(post) if post else None
        if kind == "place-ml-or-country":
            return Candidate(code, names.country(code) if len(code) == 2 else code)
        for model, column, shown in FINDERS.get(kind, ()):
            row = session.scalars(select(model).where(column == code)).one_or_none()
            if isinstance(row, Person):
                remember(row)
            if row is not None:
                return shown(row)
        if kind == "budget-line":
            return next((line for line in _lines("") if line.code == code), None)
        return None


def _known() -> dict[tuple[str, str], Candidate | None]:
    return g.setdefault("known_records", {})


def remember(person: Person | None) -> None:
    """A person already read, the one of the page's case above all: no form looks them up again, of whatever kind its field is."""
    if person is not None:
        _known().update({(kind, person.code): _person(person) for kind in ("person", "person-or-structure")})


def _person(row: Person) -> Candidate:
    born = ""
    if row.born:
        day = filters.partial_day(row.born)
        born = say("né(e) le %(day)s", day=day) if len(row.born) == len("2000-01-01") else say("né(e) en %(when)s", when=day)
    parents = ", ".join(name for name in (row.father, row.mother) if name)
    detail = " · ".join(part for part in (born, row.birth_place, parents) if part)
    return Candidate(row.code, row.name, detail, url_for("people.person", code=row.code))


def _body(row: Body) -> Candidate:
    return Candidate(row.code, row.name, " · ".join(part for part in (row.city, names.country(row.country)) if part))


def _user(row: User) -> Candidate:
    return Candidate(row.code, row.name, row.title or names.post_name(row.post_code))


def _post(row: names.Place) -> Candidate:
    return Candidate(row.code, names.post_name(row.code), f"{row.code}, {names.country(row.country)}")


def _case(row: Case) -> Candidate:
    return Candidate(row.reference, row.reference, names.type_name(row.case_type), url_for("cases.show", reference=row.reference))


def _document(row: Document) -> Candidate:
    return Candidate(row.code, row.name, filters.size(row.size), url_for("documents.download", code=row.code))


def _bodies(text: str) -> list[Candidate]:
    like = f"%{text.lower().replace('%', '').replace('_', '')}%"
    query = select(Body).where(Body.active.is_(True), or_(func.lower(Body.name).like(like), Body.code == text.upper())).order_by(Body.name)
    return [_body(row) for row in db.session().scalars(query.limit(FOUND))]


def _users(spec: Field) -> list[Candidate] | None:
    """Persons of a role when the field names one; too many otherwise, they are all listed by name."""
    query = select(User).where(User.active.is_(True)).order_by(User.family_name, User.given_names).limit(200)
    role = spec.notes.get("role")
    rows = list(db.session().scalars(query))
    if role:
        rows = [row for row in rows if any(grant.role == role for grant in row.grants)] or rows
    return [_user(row) for row in rows]


def _lines(case_type: str) -> list[Candidate]:
    year, query = filters.now().year, select(BudgetLine).order_by(BudgetLine.code)
    rows = [list(db.session().scalars(query.where(BudgetLine.year == one))) for one in (year, year - 1)]
    known = rows[0] or rows[1]  # before the year has lines, those of the year before stand for them
    fitting = [row for row in known if not case_type or not row.case_types or case_type in row.case_types]
    left = {row.code: f"{say('disponible')} {filters.grouped(row.available)} FCFA" for row in fitting}
    return [Candidate(row.code, row.code, f"{names.line_name(row)}, {left[row.code]}") for row in fitting]


FINDERS = {
    "person": ((Person, Person.code, _person),),
    "structure": ((Body, Body.code, _body),),
    "person-or-structure": ((Person, Person.code, _person), (Body, Body.code, _body)),
    "user": ((User, User.code, _user),),
    "case": ((Case, Case.reference, _case),),
    "document": ((Document, Document.code, _document),),
    "documents": ((Document, Document.code, _document),),
}


def reading_of(room: FormRoom) -> FormContext:
    """The same for reading only: moments are those of the reader's place, not of the post whose form it was."""
    return replace(context_of(room), zone=zone())


def context_of(room: FormRoom) -> FormContext:
    """What drawing and checking a form of this room needs, in the reader's language and on the clock of the case's post."""
    language = chosen()
    return FormContext(
        facts=room.facts,
        host=room.host,
        now=filters.now(),
        zone=room.zone,
        resolve=room.resolve,
        lists=answers.lists(room.case_type, language),
        kinds=room.case_type.kinds,
        lang=language,
        translate=lambda text, context=None: room.case_type.text(text, language, context),
        registers=PageRegisters(me(), room.case_type.code),
        say=say,
    )
