"""The canonical writing of an entry is the one that any JSON library gives: sorted keys, no spaces, nothing escaped without need."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services import chain

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
KEYS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=8)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20)


@given(VALUES)
def test_the_writing_is_that_of_the_standard(value):
    written = chain.canonical(value)
    assert written == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert json.loads(written) == value


@pytest.mark.parametrize("value", [1.5, 2**53 + 1, {1: 2}, (1, 2), object(), [{"a": {3}}], {"\U0001f600": 1}, "\ud800"])
def test_what_has_more_than_one_writing_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        chain.canonical(value)
