"""The names of types, as written after « instance of » and after a parameter."""

from __future__ import annotations

from .stream import Stream
from .tree import Node


class TypeNames(Stream):
    def type(self) -> Node:
        """string, list<number>, context<a: string>, function<number> -> string, range<date>, or a declared type."""
        at = self.token.at
        words: list[str] = []
        while self.token.kind == "name" or self.token.text in ("and", "function", "null"):
            if words and self.token.text == "and" and " ".join(words) not in ("date", "years", "days"):
                break
            words.append(self.token.text)
            self.i += 1
            self.take(".")
        parts: list[tuple[str | None, Node]] = []
        if self.take("<"):
            while not self.take(">"):
                if parts:
                    self.expect(",", "dans le type")
                parts.append(self.type_part(words))
            if words == ["function"]:
                self.expect("->", "dans le type")
                self.type()
        if not words:
            self.fail("un type est attendu (string, number, boolean, date, list<…>)")
        return self.node("type", at, " ".join(words), tuple(parts))

    def type_part(self, words: list[str]) -> tuple[str | None, Node]:
        label = None
        if words == ["context"]:
            label = self.name()
            self.expect(":", "dans le type")
        return label, self.type()
