"""The plainest valid answers to a form: what it proposes, what it requires, and nothing else; the first choice, the smallest number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.scenarios.reading import BadScenario
from workflows.forms import Field, FormDefinition

MAX_ROUNDS = 60
TEXT = "Sans objet"
Errors = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Plainest:
    """Makes answers. `codes`: of records, by kind of reference; `document`: adds a small file and gives its code; `text`: what stands
    for a text."""

    def __init__(
        self,
        form: FormDefinition,
        now: dt.datetime,
        codes: Mapping[str, Sequence[str]],
        lists: Mapping[str, Sequence[tuple[str, str]]],
        document: Callable[[str], str],
        text: str = TEXT,
    ) -> None:
        self.form, self.now, self.codes, self.lists, self.document, self.text = form, now, codes, lists, document, text

    def answers(self, errors: Errors, proposed: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
        """Answers that the form takes: `said` as it is, then what is proposed, then one value after another for each field that the form
        still refuses. `errors`: the form's judgement. BadScenario when nothing plain is taken."""
        found = {**proposed, **said}
        tries: dict[str, Iterator[Any]] = {}
        for _ in range(MAX_ROUNDS):
            wrong = dict.fromkeys(path.split(".")[0] for path in errors(found))
            if not wrong:
                return found
            # What nobody answered yet goes first: a proposal may only be wrong because of it.
            for name in sorted(wrong, key=found.__contains__):
                spec = self.form.field(name)
                if name in said or spec is None:
                    continue
                value = next(tries.setdefault(name, self.values(spec, self._amounts(found))), None)
                if value is not None:
                    found[name] = value
                    break
            else:
                break
        raise BadScenario(f"formulaire {self.form.id} : pas de réponse simple pour {', '.join(wrong)} ; dire sa valeur dans « answers »")

    def _amounts(self, found: Mapping[str, Any]) -> list[Any]:
        """Sums of money among the answers: what a table adds up to is often one of them."""
        return [found[spec.key] for spec in self.form.fields if spec.kind == "money-xof" and found.get(spec.key)]

    def values(self, spec: Field, amounts: Sequence[Any] = ()) -> Iterator[Any]:
        """Values to try for a field, the plainest first. `amounts`: sums that a table may have to add up to."""
        limits, today = spec.limits, self.now.date()
        match spec.kind:
            case "text" | "longtext":
                yield self.text.ljust(limits.min_length or 1, ".")[: limits.max_length or 200]
            case "integer" | "decimal" | "money-xof" | "rate":
                yield from dict.fromkeys(max(number, limits.min or 0) for number in (limits.min or 0, 1, 1000, 100_000, 1_000_000))
            case "date":
                yield from ((today + dt.timedelta(days=days)).isoformat() for days in (0, 1, -1, 30, 365, -30))
            case "datetime":
                yield from ((self.now + dt.timedelta(hours=hours)).isoformat() for hours in (0, 1, -1, 24, 24 * 30))
            case "partial-date" | "partial-date-time":
                yield from ((today + dt.timedelta(days=days)).isoformat() for days in (0, -1, 30))
            case "boolean":
                yield from (True, False)
            case "choice":
                yield from self._choices(spec)
            case "choices":
                yield from ([code] for code in self._choices(spec))
                yield self._choices(spec)
            case "country":
                yield "ML"
            case "currency":
                yield "XOF"
            case "phone":
                yield "+22320000000"
            case "document":
                yield self.document(spec.key)
            case "documents":
                for count in range(max(limits.min_items or 1, 1), 4):
                    yield [self.document(f"{spec.key}-{number}") for number in range(count)]
            case "table":
                yield from self._rows(spec, amounts)
            case "place-ml" | "money-foreign" | "signature" | "grid":
                yield from self._group(spec)
            case _:
                yield from self.codes.get(spec.kind, ())

    def _choices(self, spec: Field) -> list[str]:
        return [option.value for option in spec.options] or [code for code, _ in self.lists.get(spec.option_list or "", ())]

    def _parts(self, spec: Field) -> dict[str, Any]:
        """The first value of each part that is required; of all, where none says so."""
        wanted = [part for part in spec.parts if part.required] or [part for part in spec.parts if not part.computed]
        return {part.key: next(self.values(part), None) for part in wanted}

    def _rows(self, spec: Field, amounts: Sequence[Any]) -> Iterator[list[dict[str, Any]]]:
        row = self._parts(spec)
        for amount in amounts:
            yield [{key: self._whole(spec, key, amount) if type(value) is int else value for key, value in row.items()}]
        for count in range(max(spec.limits.min_items or 1, 1), 4):
            yield [dict(row) for _ in range(count)]

    def _whole(self, spec: Field, key: str, amount: Any) -> Any:
        """A number of a row that is to come to an amount: the amount itself where money is meant, else one."""
        return next(amount if part.kind == "money-xof" else 1 for part in spec.parts if part.key == key)

    def _group(self, spec: Field) -> Iterator[Any]:
        match spec.kind:
            case "signature":
                yield {"nom": "Signataire", "support": "papier", "feuille": self.document(spec.key)}
            case "money-foreign":
                yield {"montant": "1.00", "devise": "XOF", "taux": "1", "date_taux": self.now.date().isoformat()}
            case "place-ml":
                yield {"region": "Bamako", "cercle": "Bamako", "commune": "Commune I", "village": "Bamako"}
        yield self._parts(spec)
