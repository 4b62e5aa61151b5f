"""What is refused, said in French to the person who wrote the expression: where, what, and what to write instead."""

from __future__ import annotations


class FeelError(ValueError):
    """An expression or a value is refused.

    `message` says what is wrong and the cure, `at` the position in `source`; the text of the error joins them. Values are never
    quoted: they may be personal.
    """

    def __init__(self, message: str, at: int | None = None, source: str | None = None) -> None:
        self.message = message
        self.at = at
        self.source = source
        super().__init__(self.located())

    def located(self) -> str:
        """« ligne 2, caractère 5, à « montant » : … »: the message after its place, when the place is known."""
        if self.at is None or self.source is None:
            return self.message
        line = self.source.count("\n", 0, self.at) + 1
        column = self.at - self.source.rfind("\n", 0, self.at)
        near = self.source[self.at : self.at + 20].split("\n")[0]
        place = f"ligne {line}, caractère {column}" if "\n" in self.source else f"caractère {column}"
        return f"{place}{f', à « {near} »' if near else ' (fin)'} : {self.message}"


class Refused(Exception):
    """A function does not accept what it was given; the message is French and is for the author."""
