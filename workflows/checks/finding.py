"""What a check says: where, what is wrong, and the cure, in French and in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..xmlfile import Element, local_name

ERROR, ADVICE = "error", "advice"


class Text(NamedTuple):
    """One sentence in both languages."""

    fr: str
    en: str

    def format(self, **words: Any) -> Text:
        """Both sentences with their words filled in; a word that is itself a Text goes into each in its language."""
        french = {name: word.fr if isinstance(word, Text) else word for name, word in words.items()}
        english = {name: word.en if isinstance(word, Text) else word for name, word in words.items()}
        return Text(self.fr.format(**french), self.en.format(**english))


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to cure. `element` is the id of the nearest BPMN element, form field or table row; `line` is 0 when it is unknown.

    An advice says what the check cannot tell, or what would be better; it does not make a tree unclean.
    """

    file: str
    line: int
    rule: str
    element: str
    message: Text
    cure: Text
    level: str = ERROR

    def as_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "level": self.level,
            "file": self.file,
            "line": self.line,
            "element": self.element,
            "message": self.message._asdict(),
            "cure": self.cure._asdict(),
        }


@dataclass(frozen=True)
class Rule:
    """A kind of finding. In its texts `{element}` is what people call the element; other words are given by the check."""

    name: str
    message: Text
    cure: Text
    level: str = ERROR

    def at(self, file: str, where: Element | str = "", line: int = 0, /, **words: Any) -> Finding:
        """The finding at an element of a file, or at what `where` names."""
        if isinstance(where, str):
            ident = shown = where
        else:
            ident, shown, line = identity(where), title(where), where.sourceline or 0
        return Finding(
            file, line, self.name, ident, self.message.format(element=shown, **words), self.cure.format(element=shown, **words), self.level
        )


def identity(element: Element) -> str:
    """The id of the element, or of the nearest one around it."""
    while element is not None:
        if element.get("id"):
            return element.get("id")
        element = element.getparent()
    return ""


def title(element: Element) -> str:
    """How people know an element: « Décider » (decider); without an id the name, or that of what holds it; else its kind."""
    while not element.get("id"):
        if element.get("name"):
            return f"« {element.get('name')} »"
        above = element.getparent()
        if above is None or local_name(above) in ("definitions", "process"):
            return f"« {local_name(element)} »"
        element = above
    return f"« {element.get('name')} » ({element.get('id')})" if element.get("name") else f"« {element.get('id')} »"
