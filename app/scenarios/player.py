"""Plays a scenario through the real services: the same policy, forms, money and deadlines as for people, with a simulated clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.scenarios import bring, deeds, operations, outside, together, upkeep
from app.scenarios.reading import BadScenario, when
from app.scenarios.stage import FIRST, Played, Stage, Unexpected
from app.services import clock
from app.services.errors import Invalid, Refusal
from workflows.scenarios.vocabulary import ALONE, BESIDES

__all__ = ["FIRST", "Played", "Player", "Unexpected"]

Verb = Callable[["Player", Mapping[str, Any]], None]
VERBS: dict[str, Verb] = {**deeds.VERBS, **outside.VERBS, **upkeep.VERBS, **bring.VERBS, **together.VERBS, **operations.VERBS}
"""Word of a line -> what it does. A line has one of them, or none: then only the clock moves."""


class Player(Stage):
    """The cases of one scenario, line by line."""

    def line(self, line: Mapping[str, Any]) -> None:
        """One line of the file: the clock moves first, and whatever falls due on the way is carried out in time."""
        self.advance(when(dict(line), self.now - self.shift) + self.shift)
        word = word_of(line)
        self.take_up(line.get("case", FIRST), line.get("as", "") if not word else "")
        if not word:
            return
        self._people = {}
        try:
            with clock.at(self.now):
                if "refused" in line:
                    self._refused(word, line)
                else:
                    VERBS[word](self, line)
                self.gather()
        finally:
            self._people = None

    def _refused(self, word: str, line: Mapping[str, Any]) -> None:
        """The act must be refused, for the reason that the line gives."""
        try:
            deeds.plainly(VERBS[word], self, line)
        except Refusal as refusal:
            codes = codes_of(refusal)
            if line["refused"] not in codes:
                raise Unexpected(f"« {word} » refusé, mais pour {', '.join(sorted(codes))}") from None
            return
        raise Unexpected(f"« {word} {line[word] if isinstance(line[word], str) else ''} » devait être refusé ({line['refused']})")

    # -- for lines that hold lines
    def word(self, line: Mapping[str, Any]) -> str:
        """The word of a line."""
        return word_of(line)

    def play_plainly(self, line: Mapping[str, Any]) -> None:
        """Does what a line says, and lets its refusal through."""
        deeds.plainly(VERBS[word_of(line)], self, line)

    # -- for those who play by other rules
    def _who(self, by: str, task: Any = None) -> Any:
        return self.who(by, task)


def word_of(line: Mapping[str, Any]) -> str:
    """The word of a line, "" for one that only moves the clock. BadScenario for two words, or one that is unknown."""
    words = [word for word in line if word in VERBS]
    unknown = sorted(set(line) - set(VERBS) - set(BESIDES))
    if unknown or len(words) > 1:
        said = f"« {unknown[0]} » est inconnu" if unknown else f"« {words[0]} » et « {words[1]} » dans une même ligne"
        raise BadScenario(f"{said} ; une ligne a un seul de : {', '.join(sorted(VERBS))}")
    if not words and not set(ALONE) & set(line):
        raise BadScenario(f"ligne vide : {sorted(line)}")
    return words[0] if words else ""


def codes_of(refusal: Refusal) -> set[str]:
    """The reason of a refusal: its code, and the fields that are wrong."""
    errors = refusal.errors if isinstance(refusal, Invalid) else {}
    said = {str(message) for message in errors.values() if isinstance(message, str)}
    return {refusal.code, *(str(name) for name in errors), *said}
