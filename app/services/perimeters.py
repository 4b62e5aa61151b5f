"""Over which types of case a role is granted: whoever works on an operation works on the cases that only it opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.catalog import CaseType


def with_children(codes: Iterable[str], types: Mapping[str, CaseType]) -> list[str]:
    """The known ones of these types, in order, and with each operation the type of its children. types: the current ones.

    A child that may also be opened on its own (a project outside any call) is a type of its own: who is to see it is granted it.
    """
    chosen = set(codes) & types.keys()
    return sorted(chosen | {code for code, case_type in types.items() if case_type.child_of in chosen})
