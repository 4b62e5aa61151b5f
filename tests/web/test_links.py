"""No page offers its reader a link that leads nowhere, or shows a value as the machine writes it."""

import html
import re
from urllib.parse import urljoin

import pytest

READERS = [
    ("agent_consulaire", "LBV"),
    ("gestionnaire_dgme", None),
    ("delegue_general", None),
    ("controleur_financier", None),
    ("charge_statistiques", None),
    ("comptable", None),
    ("auditeur", None),
    ("dpo", None),
    ("admin_fonctionnel", None),
    ("usager", None),
]
PAGES = 45
"""The most pages of one reader; of pages of one kind, the first two."""
RAW = re.compile(r"\bNone\b|\bTrue\b|\bFalse\b|\{\{|\}\}|\{'|\['|object at 0x|\bNaN\b|%\(")
LEAVES = ("/deconnexion", "/static", "/fichiers")


def kind(address: str) -> str:
    """Pages that differ by what they show, not by what they are, are of one kind."""
    return re.sub(r"[A-Z]{1,4}-[A-Z0-9-]*\d+|\d+", "N", address.partition("?")[0]) + ("?" if "?" in address else "")


def visible(page: str) -> str:
    """What one reads of a page."""
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style|pre|code)\b.*?</\1>", "", page, flags=re.DOTALL)))


@pytest.mark.parametrize("role, post", READERS, ids=lambda value: value or "")
def test_every_link_leads_somewhere(world, role, post):
    client, wrong, seen, kinds = world.client(world.holder(role, post)), [], set(), {}
    waiting = [("/", "")]
    while waiting and len(seen) < PAGES:
        address, origin = waiting.pop(0)
        if address in seen or kinds.get(kind(address), 0) == 2:
            continue
        seen.add(address)
        kinds[kind(address)] = kinds.get(kind(address), 0) + 1
        answer = client.get(address)
        if answer.status_code >= 400:
            wrong.append((answer.status_code, address, origin))
        if answer.status_code != 200 or answer.mimetype != "text/html":
            target = answer.headers.get("Location")
            waiting += [(target, address)] if target and target.startswith("/") else []
            continue
        page = answer.get_data(True)
        text = visible(page)
        wrong += [("raw", address, text[max(found.start() - 40, 0) : found.end() + 40]) for found in RAW.finditer(text)]
        links = (urljoin(address, html.unescape(link)) for link in re.findall(r'href="([^"#]+)', page))
        waiting += [(link, address) for link in links if link.startswith("/") and not link.startswith(LEAVES)]
    assert wrong == []
    assert len(seen) > 8
