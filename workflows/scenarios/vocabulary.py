"""The words of scenario files. What each does is in `app/scenarios`; a test holds that both know the same ones."""

from __future__ import annotations

from workflows.scenarios.shapes import ANY, FLAG, NUMBER, TEXT, Either, Keys, Line, Named, One, Passage, Several, Shape, Word

FIRST = "dossier"
"""The name of the first case of a scenario."""
MONEY = ("asked", "reserved", "granted", "committed", "decommitted", "liquidated", "ordered", "paid", "returned")
AMOUNTS = ("used", "available")
SIGHTS = ("tout", "argent", "taches", "rien")
END = "end"
"""Where a case is brought until nothing is left to do."""
RUNNING = "en_cours"
"""Any status of a case that goes on."""

WHO, USER, ROLE, POST, TYPE, CASE = One("who"), One("user"), One("role"), One("post"), One("type"), One("case")
CALENDAR = One("calendar")
STEP, WAIT, OPEN, DAY, MOMENT, SPAN = One("step"), One("wait"), One("open"), One("day"), One("moment"), One("span")
FACT, PRIORITY, REASON = One("fact"), One("priority"), One("reason")
POSTS, TYPES, FACTS = Several(POST), Several(TYPE), Named(ANY, "fact")
HEADER, SETTINGS = Named(ANY, "header"), Named(ANY, "setting")
GOAL = One("goal")
BRING = Either((GOAL, Keys({"to": GOAL, "answers": Named(Named(ANY, "field"), "open"), "by": WHO}, ("to",))))
NOTICE = Keys({"kind": TEXT, "to": TEXT, "channel": TEXT, "times": NUMBER}, ("kind",))

EXPECT = Keys(
    {
        "open": Several(STEP),
        "not_open": Several(OPEN, alone=True),
        "waiting": Several(WAIT),
        "due": Named(MOMENT, "open"),
        "facts": FACTS,
        "status": One("status"),
        "priority": PRIORITY,
        "confidentiality": One("confidentiality"),
        "outcome": One("outcome"),
        "path": Several(One("done")),
        "money": Keys(dict.fromkeys(MONEY, NUMBER)),
        "lines": Named(Keys(dict.fromkeys(AMOUNTS, NUMBER)), "budget_line"),
        "inbox": Named(Several(STEP, alone=True), "who"),
        "sees": Named(One("sight"), "who"),
        "sent": Several(One("letter"), alone=True),
        "not_sent": Several(One("letter"), alone=True),
        "notified": Several(NOTICE, alone=True),
        "linked": Named(Several(TEXT, alone=True)),
        "history": Several(TEXT, alone=True),
        "incidents": Either((NUMBER, TEXT)),
    }
)

_SUSPENDED = Keys({"reason": TEXT}, empty=True)
WORDS: dict[str, Word] = {
    "start": Word(Keys({"by": WHO, "as": TEXT, "type": TYPE, "post": POST, "header": HEADER}, ("by",))),
    "bring": Word(BRING),
    "do": Word(STEP, answers="step"),
    "refuse": Word(STEP, ("by", "reason"), answers="step"),
    "message": Word(One("message"), answers="message"),
    "answer": Word(WAIT, answers="step"),
    "event": Word(One("event"), answers="message"),
    "claim": Word(STEP, ("by",)),
    "release": Word(STEP, ("by",)),
    "hand_over": Word(STEP, ("by", "to")),
    "hold": Word(STEP, ("by",)),
    "go_on": Word(STEP, ("by",)),
    "suspend": Word(_SUSPENDED),
    "pause": Word(_SUSPENDED),
    "resume": Word(Keys({}, empty=True)),
    "reopen": Word(TEXT),
    "link": Word(Keys({"to": TEXT, "kind": TEXT}, ("to", "kind"))),
    "correct": Word(FACTS),
    "note": Word(TEXT),
    "delegate": Word(
        Keys({"from": USER, "to": USER, "role": ROLE, "until": DAY, "types": TYPES, "ceiling": NUMBER}, ("from", "to", "role", "until"))
    ),
    "absence": Word(Keys({"of": USER, "from": DAY, "to": DAY, "cover": USER}, ("of", "from", "to"))),
    "grant": Word(Keys({"to": USER, "role": ROLE, "posts": POSTS, "types": TYPES, "until": DAY}, ("to", "role"))),
    "holiday": Word(
        Keys({"calendar": CALENDAR, "date": DAY, "label": TEXT, "extent": TEXT, "move": DAY, "to": DAY, "drop": DAY}, ("calendar",))
    ),
    "setting": Word(SETTINGS),
    "together": Word(Several(Line())),
    "list": Word(Several(Named(ANY)), ("by",)),
    "child": Word(TEXT, ("by",)),
    "every": Word(STEP, ("by",), answers="step"),
}
"""Word of a line -> what it holds. A line has one of them, or none: then only the clock moves."""

BESIDES: dict[str, Shape] = {
    "at": One("at"),
    "wait": SPAN,
    "case": CASE,
    "by": WHO,
    "with": Named(ANY, "field"),
    "expect": EXPECT,
    "refused": REASON,
    "reason": TEXT,
    "to": TEXT,
    "key": ANY,
    "key_fact": FACT,
    "taken": FLAG,
    "reference": TEXT,
    "duplicate": FLAG,
    "lost": Either((REASON, Named(NUMBER, "reason"))),
    "as": Either((TEXT, Several(TEXT))),
    "errors": NUMBER,
    "label": TEXT,
}
"""What a line may say besides its word."""
ALONE = ("at", "wait", "expect")
"""One of them makes a line even without a word."""

_GRANT = Keys({"role": ROLE, "posts": POSTS, "countries": Several(TEXT), "types": TYPES, "ceiling": NUMBER}, ("role",))
_CALENDAR = Keys({"weekend": Several(NUMBER), "hours": Named(ANY), "fixed": Several(TEXT), "zone": TEXT})
_OPENED = Keys({"available": NUMBER, "types": TYPES, "natures": Several(TEXT), "last_commitment": ANY})
_AID = {"person": TEXT, "line": One("budget_line"), "amount": NUMBER, "on": MOMENT, "nature": TEXT, "payee": TEXT, "purpose": TEXT}
_PAPER = Keys({"type": TEXT, "numero": TEXT, "expire": ANY}, ("type", "numero"))
_PERSON: dict[str, Shape] = {
    **dict.fromkeys(("name", "given", "sex", "born", "residence", "situation", "nationality", "life", "number"), TEXT),
    "phones": Several(ANY),
    "papers": Several(_PAPER),
}
_BODY = dict.fromkeys(("name", "kind", "register", "country", "city", "currency"), TEXT)
GIVEN = Keys(
    {
        "at": MOMENT,
        "post": POST,
        "header": HEADER,
        "priority": PRIORITY,
        "facts": FACTS,
        "calendars": Named(_CALENDAR, "calendar"),
        "holidays": Several(Keys({"calendar": CALENDAR, "date": DAY, "label": TEXT, "extent": TEXT}, ("calendar", "date"))),
        "users": Named(Keys({"post": POST, "name": TEXT, "active": FLAG, "language": TEXT, "grants": Several(_GRANT)})),
        "people": Named(Keys(_PERSON, ("name",))),
        "bodies": Named(Keys(_BODY, ("name",))),
        "aid": Several(Keys(_AID, ("person", "line", "amount"))),
        "budget": Named(Either((NUMBER, _OPENED)), "budget_line"),
        "settings": SETTINGS,
        "bring": BRING,
    },
    ("at", "post"),
)
TITLE = Either((TEXT, Keys({"fr": TEXT, "en": TEXT}, ("fr",))))
STEPS = Several(Line())
PASSAGE = Keys({"values": Named(ANY), "lines": STEPS}, ("lines",))
PASSAGE_LINE = Keys({"passage": One("passage"), "values": Named(ANY)}, ("passage",))
"""A line that stands for those of a passage."""
PASSAGES: dict[str, Shape] = {"passages": Named(Passage())}
_VARIANT = Keys({"title": TITLE, "given": Keys(GIVEN.known), "steps": STEPS, "expect": EXPECT})
FILE = Keys({**PASSAGES, "title": TITLE, "given": GIVEN, "steps": STEPS, "expect": EXPECT}, ("title", "given", "steps", "expect"))
FILE_WITH_VARIANTS = Keys({**PASSAGES, **_VARIANT.known, "variants": Named(_VARIANT)}, ("variants",))
