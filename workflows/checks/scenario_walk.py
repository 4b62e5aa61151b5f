"""Goes along a scenario file, part by part, by the shapes of the vocabulary."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from ..feel.hints import nearest
from ..forms.fields import Field
from ..scenarios import vocabulary
from ..scenarios.shapes import ANY, Either, Keys, Line, Named, One, Several, Shape
from ..scenarios.vocabulary import ALONE, BESIDES, FIRST, WORDS
from . import scenario_rules as rules
from .finding import Finding, Text
from .scenario_cases import Cases, name_of, said_in
from .scenario_world import OF_THE_TYPE, WHAT, Fields, World

SPAN = re.compile(r"\+?\s*(\d+\s*(d|h|min)\s*)+")
NULL, NUMBERS, FLAG = "null", ("int", "float"), "bool"
USER = "U-"


@dataclass(frozen=True)
class Place:
    """What is known where a part stands."""

    key: str = ""
    """The key that holds it."""
    own: bool = True
    """Whether it is about a case of this type."""
    fields: Fields | None = None
    """What the step that the line names asks."""


class Walk:
    """Of one file. Findings come in the order of the file."""

    def __init__(self, world: World, path: str):
        self.world, self.path = world, path
        self.cases = Cases(world.codes)
        self._seen: set[int] = set()
        """Nodes that were walked: one that comes again is an alias, which may hold itself, or a thousand others."""

    def file(self, node: Node | None) -> Iterator[Finding]:
        """All of it."""
        if not isinstance(node, MappingNode):
            yield rules.SHAPE.at(self.path, "", 1, wanted=rules.WANTED["mapping"])
            return
        self.cases.read(node)
        varied = "variants" in said_in(node)
        yield from self.walk(vocabulary.FILE_WITH_VARIANTS if varied else vocabulary.FILE, node, Place())

    # -- by shape
    def walk(self, shape: Shape, node: Node, place: Place) -> Iterator[Finding]:
        if id(node) in self._seen:
            yield rules.UNREADABLE.at(self.path, "", _line(node), detail=rules.ALIAS)
            return
        self._seen.add(id(node))
        match shape:
            case One():
                yield from self._one(shape.kind, node, place)
            case Several():
                yield from self._several(shape, node, place)
            case Either():
                form = next((form for form in shape.forms if _fits(form, node)), shape.forms[0])
                yield from self.walk_inside(form, node, place)
            case Named():
                yield from self._named(shape, node, place)
            case Keys():
                yield from self._keys(shape, node, place)
            case Line():
                yield from self._line(node)

    def walk_inside(self, shape: Shape, node: Node, place: Place) -> Iterator[Finding]:
        """The same node by a shape of its shape."""
        self._seen.discard(id(node))
        yield from self.walk(shape, node, place)

    def _wanted(self, what: str, node: Node, place: Place) -> Finding:
        return rules.SHAPE.at(self.path, place.key, _line(node), wanted=rules.WANTED[what])

    def _several(self, shape: Several, node: Node, place: Place) -> Iterator[Finding]:
        if isinstance(node, SequenceNode):
            for part in node.value:
                yield from self.walk(shape.of, part, place)
        elif shape.alone:
            yield from self.walk_inside(shape.of, node, place)
        else:
            yield self._wanted("list", node, place)

    def _pairs(self, node: MappingNode) -> Iterator[Finding]:
        """Keys that are written twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if name_of(key) in seen:
                yield rules.TWICE.at(self.path, name_of(key), _line(key))
            seen.add(name_of(key))

    def _named(self, shape: Named, node: Node, place: Place) -> Iterator[Finding]:
        if not isinstance(node, MappingNode):
            yield self._wanted("mapping", node, place)
            return
        yield from self._pairs(node)
        for key, value in node.value:
            if shape.keys in ("field", "header"):
                fields = place.fields if shape.keys == "field" else self.world.header
                yield from self._answer(shape.keys, key, value, fields)
            elif shape.keys != "text":
                yield from self._one(shape.keys, key, place)
            fields = self.world.fields(name_of(key)) if shape.keys == "open" and place.own else place.fields
            if shape.of is not ANY:
                yield from self.walk(shape.of, value, replace(place, key=name_of(key), fields=fields))

    def _keys(self, shape: Keys, node: Node, place: Place) -> Iterator[Finding]:
        if not isinstance(node, MappingNode):
            if not (shape.empty and _tag(node) == NULL):
                yield self._wanted("mapping", node, place)
            return
        yield from self._pairs(node)
        said = said_in(node)
        for key, value in node.value:
            name = name_of(key)
            if name in shape.known:
                yield from self.walk(shape.known[name], value, replace(place, key=name))
            else:
                yield self._unknown_key(key, shape.known)
        for name in shape.required:
            if name not in said:
                yield rules.MISSING.at(self.path, f"{place.key}.{name}" if place.key else name, _line(node))

    def _unknown_key(self, key: Node, known: Iterable[str]) -> Finding:
        names = tuple(known)
        return rules.UNKNOWN_KEY.at(self.path, name_of(key), _line(key), near=_near(name_of(key), names), known=", ".join(names))

    # -- lines
    def _line(self, node: Node) -> Iterator[Finding]:
        if not isinstance(node, MappingNode):
            yield self._wanted("mapping", node, Place("steps"))
            return
        yield from self._pairs(node)
        said = {name_of(key): (key, value) for key, value in node.value}
        words = [word for word in said if word in WORDS]
        if len(words) > 1:
            yield rules.WORDS.at(self.path, words[1], _line(node), detail=rules.SEVERAL.format(words=", ".join(words)))
        elif not words and not set(ALONE) & said.keys():
            yield rules.WORDS.at(self.path, "", _line(node), detail=rules.EMPTY)
        word = words[0] if words else ""
        place = self._place(word, said)
        for name, (key, value) in said.items():
            shape = WORDS[name].holds if name in WORDS else _beside(word, name)
            if shape is None:
                yield self._unknown_key(key, (*WORDS, *BESIDES))
            else:
                yield from self.walk(shape, value, replace(place, key=name))
        for name in WORDS[word].beside if word else ():
            if name not in said:
                yield rules.MISSING.at(self.path, name, _line(node))

    def _place(self, word: str, said: Mapping[str, tuple[Node, Node]]) -> Place:
        """What the line is about."""
        case = name_of(said["case"][1]) if "case" in said else FIRST
        own = self.cases.own(case) and not (word == "message" and "to" in said)
        named = name_of(said[word][1]) if word else ""
        answers = WORDS[word].answers if word else ""
        if word == "every":
            own = self.cases.own_children(self.world)
        fields = None
        if own and answers:
            fields = self.world.fields(named) if answers == "step" else self.world.brought(named)
        return Place(own=own, fields=fields)

    # -- single values
    def _one(self, kind: str, node: Node, place: Place) -> Iterator[Finding]:
        if kind == "any":
            return
        if not isinstance(node, ScalarNode):
            yield self._wanted("one", node, place)
        elif kind in CHECKS:
            if not CHECKS[kind](node):
                yield self._wanted(kind, node, place)
        elif kind == "who" and not node.value.startswith(USER):
            role, _, post = node.value.partition("@")
            yield from self._name("role", role, node)
            yield from self._name("post", post, node) if post else ()
        elif kind == "reason":
            yield from self._reason(node, place)
        elif kind == "case":
            yield from () if self.cases.known(node.value) else self._name("case", node.value, node)
        elif kind not in OF_THE_TYPE or place.own:
            yield from self._name("user" if kind == "who" else kind, node.value, node)

    def _name(self, kind: str, value: str, node: Node) -> Iterator[Finding]:
        known = self.world.known(kind)
        if known is None or value in known | (self.cases.users if kind == "user" else frozenset()):
            return
        what, near = WHAT[kind], _near(value, tuple(sorted(known | self.cases.users if kind == "user" else known)))
        yield rules.NAME.at(self.path, value, _line(node), what=_capital(what), near=near)

    def _reason(self, node: ScalarNode, place: Place) -> Iterator[Finding]:
        """A code, a field of the form, or the sentence that a form says itself."""
        known = self.world.known("reason")
        field = node.value.partition(".")[0]
        if known is None or " " in node.value or not place.own or (place.fields is not None and field in place.fields):
            return
        yield from self._name("reason", node.value, node)

    # -- answers
    def _answer(self, kind: str, key: Node, value: Node, fields: Fields | None) -> Iterator[Finding]:
        if fields is None:
            return
        field = fields.get(name_of(key))
        if field is None:
            yield rules.NAME.at(self.path, name_of(key), _line(key), what=_capital(WHAT[kind]), near=_near(name_of(key), tuple(fields)))
        else:
            yield from self._value(field, value)

    def _value(self, field: Field, value: Node) -> Iterator[Finding]:
        if isinstance(value, SequenceNode):
            for part in value.value:
                yield from self._value(field, part)
        elif isinstance(value, MappingNode) and field.kind == "table" and field.parts:
            parts = {part.key: part for part in field.parts}
            for key, inner in value.value:
                yield from self._answer("field", key, inner, parts)
        elif isinstance(value, ScalarNode) and field.options and not field.option_list and field.kind in ("choice", "choices"):
            codes = [option.value for option in field.options]
            if _tag(value) != NULL and value.value not in ("", *codes):
                said = {"value": value.value, "near": _near(value.value, tuple(codes)), "known": ", ".join(codes)}
                yield rules.CHOICE.at(self.path, field.key, _line(value), **said)


def _beside(word: str, name: str) -> Shape | None:
    if (word, name) == ("hand_over", "to"):
        return vocabulary.WHO
    return vocabulary.REASON if (word, name) == ("refuse", "reason") else BESIDES.get(name)


def _fits(shape: Shape, node: Node) -> bool:
    wanted = MappingNode if isinstance(shape, Keys | Named) else SequenceNode if isinstance(shape, Several) else ScalarNode
    return isinstance(node, wanted)


def _near(name: str, known: tuple[str, ...]) -> Text:
    found = nearest(name, known)
    return rules.NEAR.format(near=found) if found else rules.NOTHING_NEAR


def _capital(what: Text) -> Text:
    return Text(what.fr[0].upper() + what.fr[1:], what.en[0].upper() + what.en[1:])


def _line(node: Node) -> int:
    return node.start_mark.line + 1


def _tag(node: Node) -> str:
    return str(node.tag).rpartition(":")[2]


def _moment(node: ScalarNode) -> bool:
    try:
        dt.datetime.fromisoformat(node.value)
    except ValueError:
        return _tag(node) in ("timestamp", NULL)
    return True


def _day(node: ScalarNode) -> bool:
    try:
        dt.date.fromisoformat(node.value)
    except ValueError:
        return False
    return True


CHECKS = {
    "text": lambda node: _tag(node) != NULL,
    "number": lambda node: _tag(node) in NUMBERS,
    "flag": lambda node: _tag(node) == FLAG,
    "moment": _moment,
    "at": lambda node: bool(SPAN.fullmatch(node.value)) if node.value.startswith("+") else _moment(node),
    "span": lambda node: bool(SPAN.fullmatch(node.value)),
    "day": _day,
    "type": lambda node: _tag(node) != NULL,
}
"""Kind of a single value that names nothing -> whether it is one."""
