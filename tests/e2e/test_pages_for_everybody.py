"""Every page in a real browser, light and dark, wide and narrow: no obstacle that axe finds, no sideways scroll, no complaint."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.e2e

VISITOR = ["/connexion", "/aide", "/accessibilite", "/donnees-personnelles", "/nulle-part"]
BY_ROLE = {
    ("agent_consulaire", "LBV"): [
        "/taches",
        "/taches?tab=team&due=late&priority=P1&q=cor",
        "/taches/filtres",
        "/taches?tab=done",
        "/compte",
        "/raccourcis",
        "/dossiers/",
        "/dossiers/?state=all",
        "/personnes/?nom=diarra",
        "/personnes/nouvelle",
        "/recherche?q=cor",
        "/recherche?q=personne-de-ce-nom",
        "/dossiers/nouveau/",
        "/dossiers/nouveau/COR",
        "/taches/{opinion}",
    ],
    ("agent_social", None): ["/taches?tab=to_take", "/taches/{effects}"],
    ("chef_poste", "LBV"): ["/taches?tab=to_take", "/taches/{opinion}", "/taches/{opinion}/confier"],
    ("delegue_general", None): [
        "/taches?tab=team",
        "/dossiers/{ref}",
        "/dossiers/{ref}/formulaires",
        "/dossiers/{ref}/pieces",
        "/dossiers/{ref}/notes",
        "/dossiers/{ref}/messages",
        "/dossiers/{ref}/personnes",
        "/dossiers/{ref}/argent",
        "/dossiers/{ref}/parcours",
        "/dossiers/{ref}/historique",
        "/dossiers/{ref}/historique/lectures",
        "/dossiers/{ref}/historique/date?at=2026-02-11T10:00",
        "/dossiers/{ref}/faits",
        "/dossiers/{ref}/suspension",
    ],
    ("admin_fonctionnel", None): [
        "/administration/",
        "/administration/utilisateurs",
        "/administration/utilisateurs/nouveau",
        "/administration/utilisateurs/U-14",
        "/administration/postes",
        "/administration/calendriers",
        "/administration/calendriers/ML-CENTRAL",
        "/administration/versions",
        "/administration/incidents",
        "/administration/reglages",
        "/administration/journal",
    ],
}
EVERYTHING = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
WAYS = [(1280, False, EVERYTHING), (1280, True, COLOURS), (360, True, EVERYTHING), (360, False, COLOURS)]
"""Width, darkness, rules: everything once wide and once narrow, colours in each of the four (nothing else depends on the scheme)."""


@pytest.mark.xdist_group("browser")
def test_pages_of_visitors(site, opened):
    page = opened()
    assert [problem for address in VISITOR for problem in problems(page, site.address + address)] == []


SECOND = {"delegue_general", "chef_poste"}
"""Their pages are looked at by a second process, so that both finish early."""


def _grouped(who):
    return pytest.param(who, marks=pytest.mark.xdist_group("browser-2" if who[0] in SECOND else "browser"), id=who[0])


@pytest.mark.parametrize("who", [_grouped(who) for who in BY_ROLE])
def test_pages_of_a_role(site, opened, who):
    page = opened()
    world = site.world
    site.enter(page, world.holder(*who))
    places = {"ref": world.reference, "opinion": world.open_task("donner_avis"), "effects": world.open_task("remettre_effets")}
    found = [problem for address in BY_ROLE[who] for problem in problems(page, site.address + address.format(**places))]
    assert found == []
    assert page.complaints == []


def problems(page, address: str) -> list[str]:
    """What is wrong with a page in any of the four ways: obstacles, a sideways scroll, more or less than one main heading."""
    page.goto(address)
    return obstacles(page, address)


def obstacles(page, address: str) -> list[str]:
    """The same of the page that is open."""
    found = []
    if page.locator("h1").count() != 1:
        found.append(f"{address}: {page.locator('h1').count()} main headings")
    for width, dark, options in WAYS:
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.set_viewport_size({"width": width, "height": 800})
        # As high as the page: what the sticky bar covers until one scrolls is no small target.
        page.set_viewport_size({"width": width, "height": max(800, page.evaluate("document.documentElement.scrollHeight"))})
        for violation in Axe().run(page, options=options).response["violations"]:
            nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
            found.append(f"{address} ({width}, {'dark' if dark else 'light'}): {violation['id']}: {nodes}")
        broad = page.evaluate("document.documentElement.scrollWidth")
        if broad > width:
            found.append(f"{address}: {broad} px wide on a screen of {width}")
    return found
