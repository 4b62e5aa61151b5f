"""One question alone: read, accepted, refused."""

import datetime as dt
import json

from workflows.feel import Host
from workflows.forms import FormDefinition

NOW = dt.datetime(2026, 11, 24, 9, 5, tzinfo=dt.UTC)
KNOWN = {("person", "P-0010"), ("document", "D-1"), ("document", "D-2"), ("place-ml-or-country", "ML-KAY")}
TEXT = {"type": "textfield"}
DATE = {"type": "datetime", "subtype": "date", "dateLabel": "Le jour"}
MOMENT = {"type": "datetime", "subtype": "datetime", "dateLabel": "Le moment"}


def kind(name, type_="textfield", **more):
    return {"type": type_, "properties": {"kind": name}, **more}


def read(component, value, lang="fr", zone="Africa/Abidjan", **more):
    """(value, codes) of one answer; the component gets key and label when it has none."""
    part = {"key": "x", "label": "La question", **component}
    if component["type"] in ("group", "dynamiclist"):
        part["path"] = part.pop("key")
    form = FormDefinition.read(json.dumps({"id": "COR_X", "components": [part]}).encode())
    resolve = lambda name, code: {"id": code} if (name, code) in KNOWN else None  # noqa: E731
    found = form.validate({"x": value}, {}, Host(), NOW, zone=zone, resolve=resolve, lang=lang, **more)
    return found.values["x"], [m.code for messages in found.errors.values() for m in messages], found


def good(component, value, **how):
    out, codes, _ = read(component, value, **how)
    assert codes == []
    return out


def refused(component, value, **how):
    out, codes, found = read(component, value, **how)
    assert out in (None, []) and len(codes) == 1, (out, codes)
    assert next(iter(found.errors.values()))[0].text
    return codes[0]
