"""Who is kept away from a case: whoever it is about, the staff of its post. Written on the case and on each of its open tasks, so that
no list and no act has to look it up.

The mark is a text such as « ,@DKR,17, »: closed to the post DKR and to posts at all, and to user 17. Empty for nearly every case.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

POST = "@"


def close_to_post(barred: str, post_code: str) -> str:
    """The mark with the post added."""
    return _with(barred, f"{POST}{post_code}")


def close_to(barred: str, user_id: int) -> str:
    """The mark with a person added."""
    return _with(barred, str(user_id))


def _with(barred: str, token: str) -> str:
    return barred if f",{token}," in barred else f"{barred or ','}{token},"


def post_of(barred: str) -> str | None:
    """The post to which the case is closed."""
    return next((token[1:] for token in barred.split(",") if token.startswith(POST)), None)


def keeps_out(barred: str, user_id: int | None, own_post: str) -> bool:
    """Whether somebody is kept away, by name or as staff of the post."""
    return bool(barred) and (f",{user_id}," in barred or f",{POST}{own_post}," in barred)


def keeps_posts_out(barred: str) -> bool:
    """Whether roles that work at posts see nothing."""
    return POST in barred


def open_to(column: InstrumentedAttribute[str] | Any, user_id: int | None, own_post: str) -> ColumnElement[bool]:
    """SQL condition: not kept away."""
    kept_out = (f"%,{user_id},%", f"%,{POST}{own_post},%")
    return or_(column == "", and_(*(column.not_like(pattern) for pattern in kept_out)))


def open_to_posts(column: InstrumentedAttribute[str] | Any) -> ColumnElement[bool]:
    """SQL condition: roles at posts are not kept away."""
    return or_(column == "", column.not_like(f"%{POST}%"))
