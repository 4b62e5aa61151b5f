"""Goes along a scenario file, part by part, by the shapes of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from ..forms.fields import Field
from ..scenarios import vocabulary
from ..scenarios.shapes import ANY, Either, Keys, Line, Named, One, Passage, Several, Shape
from ..scenarios.vocabulary import ALONE, BESIDES, FIRST, WORDS
from . import scenario_rules as rules
from .finding import Finding
from .scenario_cases import Cases, name_of, pairs, said_in
from .scenario_passages import Passages
from .scenario_values import CHECKS, NULL, capital, line_of, near, tag
from .scenario_world import OF_THE_TYPE, WHAT, Fields, World

USER = "U-"
MAX_WALKED = 50_000
"""Parts of one file: an alias may stand for a thousand others."""


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
        self.cases = Cases(world)
        self.passages = Passages(self, MappingNode("", []))
        self._on_the_way: set[int] = set()
        """An alias may hold itself."""
        self._walked = 0

    def file(self, node: Node | None) -> Iterator[Finding]:
        """All of it."""
        if not isinstance(node, MappingNode):
            yield rules.SHAPE.at(self.path, self.path, 1, wanted=rules.WANTED["mapping"])
            return
        self.cases.read(node)
        self.passages = Passages(self, node)
        varied = "variants" in said_in(node)
        yield from self.walk(vocabulary.FILE_WITH_VARIANTS if varied else vocabulary.FILE, node, Place())

    # -- by shape
    def walk(self, shape: Shape, node: Node, place: Place) -> Iterator[Finding]:
        if self.passages.hole(node, lambda given: self.walk(shape, given, place)):
            return
        self._walked += 1
        if id(node) in self._on_the_way or self._walked > MAX_WALKED:
            if self._walked <= MAX_WALKED + 1:
                yield rules.UNREADABLE.at(self.path, "", line_of(node), detail=rules.ALIAS)
            return
        self._on_the_way.add(id(node))
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
                yield from self.keys(shape, node, place)
            case Line():
                yield from self._line(node)
            case Passage():
                yield from self.passages.told(place.key, Place())
        self._on_the_way.discard(id(node))

    def walk_inside(self, shape: Shape, node: Node, place: Place) -> Iterator[Finding]:
        """The same node by a shape of its shape."""
        self._on_the_way.discard(id(node))
        yield from self.walk(shape, node, place)

    def _wanted(self, what: str, node: Node, place: Place) -> Finding:
        return rules.SHAPE.at(self.path, place.key, line_of(node), wanted=rules.WANTED[what])

    def _several(self, shape: Several, node: Node, place: Place) -> Iterator[Finding]:
        if isinstance(node, SequenceNode):
            for part in node.value:
                yield from self.walk(shape.of, part, place)
        elif shape.alone:
            yield from self.walk_inside(shape.of, node, place)
        else:
            yield self._wanted("list", node, place)

    def _twice(self, node: MappingNode) -> Iterator[Finding]:
        """Keys that are written twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if name_of(key) in seen:
                yield rules.TWICE.at(self.path, name_of(key), line_of(key))
            seen.add(name_of(key))

    def _named(self, shape: Named, node: Node, place: Place) -> Iterator[Finding]:
        if not isinstance(node, MappingNode):
            yield self._wanted("mapping", node, place)
            return
        yield from self._twice(node)
        for key, value in pairs(node):
            if shape.keys in ("field", "header"):
                fields = place.fields if shape.keys == "field" else self.world.header
                yield from self._answer(shape.keys, key, value, fields)
            elif shape.keys != "text":
                yield from self._one(shape.keys, key, place)
            fields = self.world.fields(name_of(key)) if shape.keys == "open" and place.own else place.fields
            if shape.of is not ANY or self.passages.within:
                yield from self.walk(shape.of, value, replace(place, key=name_of(key), fields=fields))

    def keys(self, shape: Keys, node: Node, place: Place) -> Iterator[Finding]:
        if not isinstance(node, MappingNode):
            if not (shape.empty and tag(node) == NULL):
                yield self._wanted("mapping", node, place)
            return
        yield from self._twice(node)
        said = said_in(node)
        for key, value in pairs(node):
            name = name_of(key)
            if name in shape.known:
                yield from self.walk(shape.known[name], value, replace(place, key=name))
            else:
                yield self.unknown_key(key, shape.known)
        for name in shape.required:
            if name not in said:
                yield rules.MISSING.at(self.path, f"{place.key}.{name}" if place.key else name, line_of(node))

    def unknown_key(self, key: Node, known: Iterable[str]) -> Finding:
        names = tuple(known)
        return rules.UNKNOWN_KEY.at(self.path, name_of(key), line_of(key), near=near(name_of(key), names), known=", ".join(names))

    # -- lines
    def _line(self, node: Node) -> Iterator[Finding]:
        if not isinstance(node, MappingNode):
            yield self._wanted("mapping", node, Place("steps"))
            return
        if "passage" in said_in(node):
            yield from self.passages.used(node, Place())
            return
        yield from self._twice(node)
        said = {name_of(key): (key, value) for key, value in pairs(node)}
        words = [word for word in said if word in WORDS]
        if len(words) > 1:
            yield rules.WORDS.at(self.path, words[1], line_of(node), detail=rules.SEVERAL.format(words=", ".join(words)))
        elif not words and not set(ALONE) & said.keys():
            yield rules.WORDS.at(self.path, "", line_of(node), detail=rules.EMPTY)
        word = words[0] if words else ""
        place = self._place(word, said)
        for name, (key, value) in said.items():
            shape = WORDS[name].holds if name in WORDS else _beside(word, name)
            if shape is None:
                yield self.unknown_key(key, (*WORDS, *BESIDES))
            else:
                yield from self.walk(shape, value, replace(place, key=name))
        for name in WORDS[word].beside if word else ():
            if name not in said:
                yield rules.MISSING.at(self.path, name, line_of(node))

    def _place(self, word: str, said: Mapping[str, tuple[Node, Node]]) -> Place:
        """What the line is about."""
        case = name_of(said["case"][1]) if "case" in said else FIRST
        own = self.cases.own(case) and not (word == "message" and "to" in said)
        named = name_of(said[word][1]) if word else ""
        answers = WORDS[word].answers if word else ""
        if word == "every":
            own = self.cases.own_children
        fields = None
        if own and answers:
            fields = self.world.fields(named) if answers == "step" else self.world.brought(named)
        return Place(own=own, fields=fields)

    # -- single values
    def _one(self, kind: str, node: Node, place: Place) -> Iterator[Finding]:
        if kind == "any":
            for part in _parts(node) if self.passages.within else ():
                yield from self.walk(ANY, part, place)
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
        elif kind == "passage":
            yield from () if node.value in self.passages.nodes else self._name(kind, node.value, node)
        elif kind == "case":
            yield from () if self.cases.known(node.value) else self._name("case", node.value, node)
        elif kind not in OF_THE_TYPE or place.own:
            yield from self._name("user" if kind == "who" else kind, node.value, node)

    def _name(self, kind: str, value: str, node: Node) -> Iterator[Finding]:
        known = frozenset(self.passages.nodes) if kind == "passage" else self.world.known(kind)
        if known is not None and kind == "user":
            known |= self.cases.users
        if known is not None and value not in known:
            yield rules.NAME.at(self.path, value, line_of(node), what=capital(WHAT[kind]), near=near(value, tuple(sorted(known))))

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
            yield rules.NAME.at(self.path, name_of(key), line_of(key), what=capital(WHAT[kind]), near=near(name_of(key), tuple(fields)))
        else:
            yield from self._value(field, value)

    def _value(self, field: Field, value: Node) -> Iterator[Finding]:
        if self.passages.hole(value, lambda given: self._value(field, given)):
            return
        if isinstance(value, SequenceNode):
            for part in value.value:
                yield from self._value(field, part)
        elif isinstance(value, MappingNode) and field.kind == "table" and field.parts:
            parts = {part.key: part for part in field.parts}
            for key, inner in value.value:
                yield from self._answer("field", key, inner, parts)
        elif isinstance(value, ScalarNode) and field.options and not field.option_list and field.kind in ("choice", "choices"):
            codes = [option.value for option in field.options]
            if tag(value) != NULL and value.value not in ("", *codes):
                said = {"value": value.value, "near": near(value.value, tuple(codes)), "known": ", ".join(codes)}
                yield rules.CHOICE.at(self.path, field.key, line_of(value), **said)


def _beside(word: str, name: str) -> Shape | None:
    if (word, name) == ("hand_over", "to"):
        return vocabulary.WHO
    return vocabulary.REASON if (word, name) == ("refuse", "reason") else BESIDES.get(name)


def _parts(node: Node) -> list[Node]:
    """What lies in a list or mapping."""
    if isinstance(node, MappingNode):
        return [value for _, value in node.value]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _fits(shape: Shape, node: Node) -> bool:
    wanted = MappingNode if isinstance(shape, Keys | Named) else SequenceNode if isinstance(shape, Several) else ScalarNode
    return isinstance(node, wanted)
