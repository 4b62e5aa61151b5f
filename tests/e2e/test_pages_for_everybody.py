"""Every page in a real browser, wide and light, narrow and dark: no obstacle that axe finds, no sideways scroll, no complaint."""

import pytest

from tests.support.axe import violations

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
        "/taches/{message}",
    ],
    ("agent_social", None): ["/taches?tab=to_take", "/taches/{effects}"],
    ("chef_poste", "LBV"): [
        "/taches?tab=to_take",
        "/taches/{opinion}",
        "/taches/{opinion}/confier",
        "/taches/etiqueter?task={opinion}",
        "/taches/imprimer?task={opinion}&task={effects}",
    ],
    ("delegue_general", None): [
        "/taches?tab=team",
        "/dossiers/{ref}",
        "/dossiers/{ref}/formulaires",
        "/dossiers/{ref}/pieces",
        "/dossiers/{ref}/notes",
        "/dossiers/{ref}/avis",
        "/taches/decisions?par=by_line",
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
    ("sac", "LBV"): ["/budget/regies/LBV"],
    ("directeur_dfm", None): [
        "/budget/?annee=2026",
        "/budget/2026/PROT-SOC",
        "/budget/tresor/",
        "/budget/regies/",
        "/budget/etats/2026-02",
    ],
    ("auditeur", None): ["/dossiers/", "/controle", "/controle?kind=money&least=x", "/controle/echantillon?graine=1&type=COR"],
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
WAYS = [(1280, "light"), (360, "dark")]
"""Width and scheme: no style of ours depends on both."""
EACH_WAY = pytest.mark.parametrize("way", [WAYS[0], pytest.param(WAYS[1], marks=pytest.mark.long)], ids=["wide-light", "narrow-dark"])


@EACH_WAY
def test_pages_of_visitors(site, opened, way):
    page = opened()
    assert [problem for address in VISITOR for problem in problems(page, site.address + address, [way])] == []


@EACH_WAY
@pytest.mark.parametrize("who", BY_ROLE, ids=lambda who: who[0])
def test_pages_of_a_role(site, opened, who, way):
    page = opened()
    world = site.world
    site.enter(page, world.holder(*who))
    places = {"ref": world.reference, "opinion": world.open_task("donner_avis"), "effects": world.open_task("remettre_effets")}
    places["message"] = site.message
    found = [problem for address in BY_ROLE[who] for problem in problems(page, site.address + address.format(**places), [way])]
    assert found == []
    assert page.complaints == []


def problems(page, address: str, ways=WAYS) -> list[str]:
    """What is wrong with a page wide and light or narrow and dark: obstacles, a sideways scroll, more or less than one main heading."""
    page.goto(address)
    return obstacles(page, address, ways)


def obstacles(page, address: str, ways=WAYS) -> list[str]:
    """The same of the page that is open."""
    found = []
    if page.locator("h1").count() != 1:
        found.append(f"{address}: {page.locator('h1').count()} main headings")
    for width, scheme in ways:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        # As high as the page: what the sticky bar covers until one scrolls is no small target.
        page.set_viewport_size({"width": width, "height": max(800, page.evaluate("document.documentElement.scrollHeight"))})
        found += [f"{address} ({width}, {scheme}): {wrong}" for wrong in violations(page)]
        broad = page.evaluate("document.documentElement.scrollWidth")
        if broad > width:
            found.append(f"{address}: {broad} px wide on a screen of {width}")
    return found
