"""Rows: one aggregate a module, its model and its named queries. Importing the package knows every table."""

from app.db import (
    administration,
    cases,
    documents,
    facts,
    funding,
    history,
    operations,
    outbox,
    people,
    posts,
    sheets,
    taken,
    tasks,
    timers,
    treasury,
    users,
)

__all__ = [
    "administration",
    "cases",
    "documents",
    "facts",
    "funding",
    "history",
    "operations",
    "outbox",
    "people",
    "posts",
    "sheets",
    "taken",
    "tasks",
    "timers",
    "treasury",
    "users",
]
