"""The drawn signs of the house style: stroke 1.75 on a grid of 24, only those a page uses, always beside words."""

from flask import g, has_request_context
from markupsafe import Markup

HATCH = "hachures"

PATHS = {
    "jatigi": "M3 22V9.5L5 5l2 4.500L12 1l5 8.500L19 5l2 4.500V22h-6v-5a3 3 0 0 0-6 0v5z",
    "late": "M12 3 2.5 20h19zM12 10v4.500M12 17.200v.1",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.200l3.2 2",
    "pause": "M9 6v12M15 6v12",
    "check": "m4.5 12.5 5 5 10-11",
    "search": "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM20.5 20.5 15.2 15.2",
    "inbox": "M3.5 13 6 5h12l2.5 8v6h-17zM3.5 13H8a4 4 0 0 0 8 0h4.5",
    "folder": "M3 19V5h6l2 2.500h10V19z",
    "chart": "M4 20V10M10 20V4M16 20v-7M21 20H3",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "person": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 21c0-4.5 3-7 7.5-7s7.5 2.5 7.5 7",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "pen": "M4 20l1-5L16 4l4 4L9 19z",
    "gear": (
        "M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM12 2.500v3.500M12 18v3.500M2.5 12H6M18 12h3.500M5.3 5.300l2.5 2.500"
        "M16.2 16.200l2.5 2.500M18.7 5.300l-2.5 2.500M7.8 16.200l-2.5 2.5"
    ),
    "flag": "M6 21V4h12l-2.5 4.500L18 13H6",
    "mail": "M3 6h18v12H3zM3 7l9 6.500L21 7",
    "coin": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 16.500v-9h5.500M9 12h4.5",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.800a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.600z",
    "play": "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM10.5 9l4.5 3-4.5 3z",
    "ring": "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z",
    "print": "M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z",
    "stamp": "M5 21h14M6 17.500V15h4c0-3-2-4-2-7a4 4 0 0 1 8 0c0 3-2 4-2 7h4v2.500z",
}


def use_icon(name: str) -> str:
    """Note that this page draws the sign, so that `sprite` defines it; unknown names raise KeyError at once."""
    if name != HATCH:
        PATHS[name]
    if has_request_context():
        g.setdefault("icons", {})[name] = True
    return name


def sprite() -> Markup:
    """The definitions of the signs used so far, in the order of first use; the last thing in the body."""
    parts = []
    for name in g.get("icons", {}):
        if name == HATCH:
            parts.append(
                f'<pattern id="{HATCH}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
                '<path class="hatch" d="M1 0v7"/></pattern>'
            )
        else:
            parts.append(f'<symbol id="i-{name}" viewBox="0 0 24 24"><path d="{PATHS[name]}"/></symbol>')
    return Markup(f'<svg class="sprite" aria-hidden="true">{"".join(parts)}</svg>')
