"""The tokens of one expression as the parser reads them: look, take, insist, and give up with a place and a cure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from .errors import FeelError
from .lexer import LONG, Token, tokens
from .tree import Node

MAX_NODES = 600


class Stream:
    def __init__(self, source: str, names: Iterable[str] = ()) -> None:
        self.source = source
        self.tokens = tokens(source, names)
        self.i = 0
        self.count = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.i]

    def node(self, op: str, at: int, *args: Any) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            self.fail(f"expression trop longue : {LONG}")
        return Node(op, at, *args)

    def fail(self, message: str, at: int | None = None) -> NoReturn:
        raise FeelError(message, self.token.at if at is None else at, self.source)

    def at(self, *texts: str) -> bool:
        """Whether one of these signs or keywords comes next."""
        token = self.tokens[self.i]
        return token.text in texts and token.kind in ("op", "key")

    def take(self, *texts: str) -> str | None:
        """The next sign or keyword if it is one of these, passed over; else None."""
        if not self.at(*texts):
            return None
        self.i += 1
        return self.tokens[self.i - 1].text

    def expect(self, text: str, why: str) -> None:
        if not self.take(text):
            self.fail(f"il manque « {text} » {why}".rstrip())

    def name(self) -> str:
        """Words side by side make one name: no sign is ever left out in FEEL, so « date de naissance » needs no announcement."""
        words: list[str] = []
        while self.token.kind == "name" or (words and self.token.kind == "number" and self.token.text.isdigit()):
            words.append(self.token.text)
            self.i += 1
        if not words:
            self.fail("un nom est attendu ici")
        return " ".join(words)
