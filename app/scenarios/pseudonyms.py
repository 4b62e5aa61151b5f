"""Persons, bodies, users and texts of a real case become invented ones, the same each time; amounts, choices and dates stay."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import re2
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.documents import Document
from app.db.people import Body, Person
from app.db.posts import Post
from app.db.users import RoleGrant, User
from app.demo.reading import read
from app.scenarios.reading import BadScenario
from workflows.feel import Host
from workflows.forms import Field, to_json

FAMILY = ("Bakouré", "Dafara", "Gandéga", "Kolonba", "Lassissi", "Mandéka", "Nantoumé", "Samoura", "Tandjigora", "Wologane")
GIVEN = {"F": ("Ténimba", "Sitan", "Wassa", "Founé"), "M": ("Zoumana", "Nouhoum", "Bréhima", "Lamissa"), "inconnu": ("Dambé",)}
FIRST = 901
"""The number of the first invented record of each kind."""
TRIES = 200
MAX_TEXT = 200
CODE_LIKE = re.compile(r"[a-z][a-z0-9_]*|[A-Z]{2,4}|[A-Z0-9]{2,4}(-[A-Z0-9]{2,5})?|P[1-4]|C[1-4]")


class Pseudonyms:
    """Of one recording. `opened`: when the case was opened, against which ages are kept; `settings`: the lists of words that the
    procedure looks for in texts are in them, and a text that has such a word keeps it."""

    def __init__(self, session: Session, opened: dt.datetime, settings: Mapping[str, Any]) -> None:
        self.session, self.opened = session, opened
        self._sought = sorted({word for value in settings.values() if isinstance(value, str) for word in value.split(";") if word.strip()})
        self.cases: dict[str, str] = {}
        """Number of a case -> what the scenario calls it."""
        self._portraits: dict[str, dict[str, Any]] = {}
        self._real: set[str] = set()
        """Names that persons of the recording have, each word for itself."""
        self.bodies: dict[str, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {}
        self._codes: dict[tuple[str, str], str] = {}
        self._texts: dict[str, str] = {}
        self._taken: set[str] = set()
        """Values that stand for another: what differs in the case differs in the file."""
        self._numbers = {prefix: itertools.count(FIRST) for prefix in ("P", "ST", "U")}
        self._chance = random.Random(secrets.token_bytes(16))
        self._demonstration = {entry["id"]: entry["identifiant"] for entry in read("users")["utilisateurs"]} | {
            entry["id"]: entry["nom"] for entry in (*read("suppliers")["fournisseurs"], *read("structures")["structures"])
        }

    # -- values of a form
    def answer(self, field: Field, value: Any) -> Any:
        """A typed answer as a scenario writes it."""
        if value is None or value == []:
            return value
        match field.kind:
            case "text" | "longtext":
                return self.text(str(value), field)
            case "phone":
                return self._scrambled(str(value), keep=4)
            case "person":
                return self.person(value)
            case "structure":
                return self.body(value)
            case "person-or-structure":
                return self.person(value) if self._known(Person, value) else self.body(value)
            case "user":
                return self.user(value)
            case "case":
                name = self.cases.get(str(value))
                return {"numero_de": name} if name else None
            case "place-ml-or-country":
                return value if len(str(value)) == 2 else self.text(str(value), field).replace(" ", "-")
            case "document":
                return self._document(value)
            case "documents":
                return [self._document(code) for code in value]
            case "table":
                return [self._parts(field, row) for row in value]
        return self._parts(field, value) if isinstance(value, Mapping) else to_json(field, value)

    def _parts(self, field: Field, value: Mapping[str, Any]) -> dict[str, Any]:
        known = ((part, value.get(part.key)) for part in field.parts if not part.computed)
        found = {part.key: self.answer(part, one) for part, one in known if one is not None}
        return found if field.parts else {key: to_json(field, one) for key, one in value.items()}

    def fact(self, value: Any, field: Field | None) -> Any:
        """A fact that was corrected by hand; of one that no form asks, words that are codes stay."""
        if field is not None and not field.computed:
            return self.answer(field, value)
        match value:
            case str():
                return value if CODE_LIKE.fullmatch(value) else self.text(value)
            case dict():
                return {key: self.fact(part, None) for key, part in value.items()}
            case list():
                return [self.fact(part, None) for part in value]
            case Decimal():
                return format(value, "f")
        return value

    def text(self, value: str, field: Field | None = None) -> str:
        """The invented text that stands for a text wherever it occurs, of the form that its question asks."""
        sought = [word.strip() for word in self._sought if word in value.casefold()]
        words = f" ({', '.join(sought)})" if sought else ""
        self._texts.setdefault(value, f"Texte {len(self._texts) + 1}, écrit à la place du vrai{words}")
        short = self._texts[value].partition(",")[0]
        if field is None:
            return self._texts[value]
        long = self._texts[value].ljust(field.limits.min_length or 0, ".")
        return next((one for one in (long, short) if _fits(one, field, value)), None) or self._scrambled(value, field=field)

    def _scrambled(self, value: str, keep: int = 0, field: Field | None = None) -> str:
        """Other digits for digits and other letters for letters; it still has the form that is asked."""
        known = self._codes.get(("", value))
        for _ in range(0 if known else TRIES):
            found = value[:keep] + "".join(self._other(sign) for sign in value[keep:])
            if found != value and found not in self._taken and (field is None or _fits(found, field, value)):
                known = self._codes["", value] = found
                self._taken.add(found)
                break
        if known is None:
            raise BadScenario("une réponse ne se laisse pas remplacer : sa forme ne permet rien d’autre")
        return known

    def number(self, value: str) -> str:
        """The number that somebody gave, of no case: another one, at the same post where it names one."""
        parts = re.split(r"(\W+)", value)
        return "".join(part if not part.isalnum() or self._is_post(part) else self._scrambled(part) for part in parts)

    def _is_post(self, code: str) -> bool:
        return self.session.get(Post, code.upper()) is not None

    def _other(self, sign: str) -> str:
        for letters in ("0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
            if sign in letters:
                return self._chance.choice(letters)
        return sign

    def _document(self, code: Any) -> dict[str, Any]:
        kind = self.session.scalar(select(Document.kind).where(Document.code == str(code))) or ""
        number = self._number("D", str(code), itertools.count(1 + sum(kind == "D" for kind, _ in self._codes)))
        return {"fichier": f"piece-{number}.pdf", **({"type_piece": kind} if CODE_LIKE.fullmatch(kind) else {})}

    # -- records
    def person(self, code: Any) -> str:
        """An invented person of the same sex, age and situation."""
        row = self._known(Person, code)
        if row is None:
            raise BadScenario(f"personne inconnue : {code}")
        name = self._invented("P", row.code)
        if name not in self._portraits:
            self._portraits[name] = self._portrait(row)
            self._real |= {word for told in (row.name, row.father, row.mother) for word in str(told or "").casefold().split()}
        return name

    def stranger(self) -> str:
        """An invented person of whom nothing is known: whoever stands where the case no longer says who stood."""
        name = self._invented("P", "")
        self._portraits.setdefault(name, {"sex": "inconnu"})
        return name

    def known_before(self, code: str, said: str, value: str) -> None:
        """What was known of a person (`nationality`, `life`) before the case settled it."""
        self._portraits[self.person(code)][said] = value

    def people(self) -> dict[str, dict[str, Any]]:
        """All invented persons, with names that nobody has whom they stand for. Asked once all are met."""
        families = [name for name in FAMILY if name.casefold() not in self._real] or ["Personne"]
        named = {}
        for number, (code, said) in enumerate(self._portraits.items()):
            given = [name for name in GIVEN.get(said["sex"], GIVEN["inconnu"]) if name.casefold() not in self._real]
            again = "" if number < len(families) else f"-{number}"
            name = {"name": families[number % len(families)] + again, "given": given[number % len(given)] if given else ""}
            named[code] = {key: value for key, value in {**name, **said}.items() if value}
        return named

    def _portrait(self, row: Person) -> dict[str, Any]:
        said = {
            "sex": row.sex,
            "born": self._born(row),
            "residence": row.residence,
            "situation": row.situation,
            "nationality": row.nationality_status,
            "life": row.life_status,
            "number": self._scrambled(row.national_number) if row.national_number else None,
            "papers": [
                {"type": paper.get("type"), "numero": self._scrambled(str(paper["numero"])), "expire": paper.get("expire")}
                for paper in row.papers
                if paper.get("numero") and paper.get("type")
            ],
        }
        return {key: value for key, value in said.items() if value}

    def _born(self, row: Person) -> str | None:
        """Another day of birth that gives the same age when the case was opened; the year alone where no more is known."""
        if row.born is None or row.birth_year is None:
            return row.born
        if len(row.born) < len("2000-01-01"):
            return str(row.birth_year)
        day, today = dt.date.fromisoformat(row.born), self.opened.date()
        age = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        youngest = dt.date(today.year - age, 1, 1) + dt.timedelta(days=today.timetuple().tm_yday - 1)
        days = (youngest - dt.timedelta(days=back) for back in range(1, 364))
        return self._chance.choice([other for other in days if other != day]).isoformat()

    def body(self, code: Any) -> str:
        """A body of the demonstration as it is, another one with an invented name."""
        row = self._known(Body, code)
        if row is None or self._demonstration.get(row.code) == row.name:
            return str(code)
        name = self._invented("ST", row.code)
        said = {"kind": row.kind, "register": row.register, "country": row.country, "currency": row.currency}
        self.bodies.setdefault(name, {"name": f"Organisme {name}", **{key: value for key, value in said.items() if value}})
        return name

    def user(self, code: Any) -> str:
        """A user of the demonstration as they are, another one with the same rights and an invented name."""
        row = self.session.scalars(select(User).where(User.code == str(code))).one_or_none()
        if row is None or self._demonstration.get(row.code) == row.login:
            return str(code)
        name = self._invented("U", row.code)
        if name not in self.users:
            own = [grant for grant in row.grants if grant.on_behalf_of_id is None]
            self.users[name] = {"post": row.post_code, "grants": [self._grant(grant) for grant in own]}
        return name

    def _grant(self, grant: RoleGrant) -> dict[str, Any]:
        said = {"posts": grant.posts, "countries": grant.countries, "types": grant.case_types, "ceiling": grant.ceiling}
        return {"role": grant.role, **{key: value for key, value in said.items() if value not in (None, [])}}

    def records(self) -> list[tuple[str, str]]:
        """(prefix, real code) of every record that has an invented one."""
        return list(self._codes)

    def _invented(self, prefix: str, code: str) -> str:
        return f"{prefix}-{self._number(prefix, code, self._numbers[prefix])}"

    def _number(self, prefix: str, code: str, numbers: Any) -> str:
        if (prefix, code) not in self._codes:
            self._codes[prefix, code] = str(next(numbers))
        return self._codes[prefix, code]

    def _known(self, register: Any, code: Any) -> Any:
        return self.session.scalars(select(register).where(register.code == str(code))).one_or_none()


def _fits(text: str, field: Field, real: str) -> bool:
    """Whether a question takes a text as it took the real one, as far as the text alone says."""
    limits = field.limits
    if len(text) > (limits.max_length or MAX_TEXT) or (limits.pattern and not re2.search(limits.pattern, text)):
        return False
    said = (Host().evaluate(field.rule, {field.key: one}, strict=False) if field.rule else None for one in (text, real))
    return next(said) is not False or next(said) is not True
