"""Groups of fields, and what does not depend on a kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ..compare import equal
from ..errors import Refused
from ..kinds import kind
from .registry import define, need


def value_at(context: dict[str, Any], keys: list[Any]) -> Any:
    """The value behind a path of names; null when it leads nowhere."""
    if not keys:
        return None
    v: Any = context
    for key in keys:
        v = v.get(key) if type(v) is dict else None
    return v


def put(context: Any, keys: list[Any], v: Any) -> dict[str, Any]:
    if type(context) is not dict or not keys or type(keys[0]) is not str:
        raise Refused("chemin de champs impossible")
    inner = v if len(keys) == 1 else put(context.get(keys[0]), keys[1:], v)
    return {**context, keys[0]: inner}


def merge(contexts: list[Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for context in contexts:
        if type(context) is not dict:
            raise Refused("groupes de champs attendus")
        out |= context
    return out


def entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": k, "value": v} for k, v in context.items()]


def same_zone(a: Any, b: Any) -> bool:
    if a.tzinfo is None or b.tzinfo is None:
        return a.tzinfo is b.tzinfo
    return a.utcoffset() == b.utcoffset() and getattr(a.tzinfo, "key", None) == getattr(b.tzinfo, "key", None)


def identical(a: Any, b: Any) -> bool:
    """Equal and of one kind, moments also in the same zone."""
    if kind(a) != kind(b):
        return False
    if isinstance(a, dt.datetime | dt.time):
        return same_zone(a, b) and equal(a, b) is True
    return a is None or bool(equal(a, b))


def negated(v: Any) -> bool | None:
    if v is None:
        return None
    return not need(v if type(v) is bool else None, "un oui/non est attendu")


define("get value(m: context, key: string) -> any", lambda context, key: context.get(key))
define("get value(context: context, keys: list) -> any", value_at)
define("get entries(m: context) -> list", entries)
define("context put(context: context, key: string, value: any) -> context", lambda context, key, v: {**context, key: v})
define("context put(context: context, keys: list, value: any) -> context", put)
define("context merge(contexts: list) -> context", merge)
define("is(value1: any, value2: any) -> boolean", identical)
define("not(negand: any) -> boolean", negated)
