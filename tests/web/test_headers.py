"""What every answer says to the browser, and how much it weighs."""

import gzip
import re

import pytest

from tests.web.test_pages import ADMINISTRATION, ADMINISTRATOR, AUDITOR, CASE, DELEGATE, HEAD, OF_EVERYBODY, OFFICER, OPEN_TO_ALL

PACKED = {"Accept-Encoding": "gzip"}
FIRST, FOLLOWING = 60_000, 15_000
"""Octets, compressed: the first page with what it loads, each following page (screens: budget)."""

ALL = [
    *((OFFICER, address) for address in (*OPEN_TO_ALL, *OF_EVERYBODY, *CASE)),
    *((OFFICER, address) for address in ("/dossiers/", "/personnes/?nom=diarra", "/personnes/nouvelle", "/recherche?q=cor")),
    *((OFFICER, address) for address in ("/dossiers/nouveau/", "/dossiers/nouveau/COR?poste=LBV", "/dossiers/{ref}/faits")),
    (DELEGATE, "/dossiers/{ref}/suspension"),
    (HEAD, "/taches/{opinion}"),
    (HEAD, "/taches/{opinion}/confier"),
    *((HEAD, address) for address in ("/taches/etiqueter?task={opinion}", "/taches/imprimer?task={opinion}", "/taches?priority=P2")),
    *((AUDITOR, address) for address in ("/controle?kind=decisions", "/controle/echantillon?graine=1")),
    *((ADMINISTRATOR, address) for address in ADMINISTRATION),
]


def fetch(world, who, address):
    where = address.format(ref=world.reference, opinion=world.open_task("donner_avis"))
    return world.client(world.holder(*who)).get(where, headers=PACKED)


@pytest.mark.parametrize(("who", "address"), ALL)
def test_no_page_needs_more_than_its_own_files_and_few_octets(world, who, address):
    answer = fetch(world, who, address)
    assert answer.status_code in (200, 302), answer.status_code
    headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert len(answer.data) <= FOLLOWING
    page = gzip.decompress(answer.data).decode() if headers.get("Content-Encoding") == "gzip" else answer.get_data(True)
    assert not re.search(r"<[^>]+\sstyle=", page)
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son[a-z]+=\"", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", page)
    assert "data:" not in re.sub(r"data-[a-z]+", "", page)


def test_the_first_page_with_all_it_loads(world):
    client = world.client(world.holder(*OFFICER))
    page = client.get("/taches", headers=PACKED)
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', gzip.decompress(page.data).decode())
    files = [client.get(address, headers=PACKED) for address in addresses]
    assert len(addresses) >= 3
    assert all(file.status_code == 200 for file in files)
    assert len(page.data) + sum(len(file.data) for file in files) <= FIRST
    assert all("immutable" in file.headers["Cache-Control"] for file in files)


def test_our_own_script_is_small(world):
    """As the line carries it: compressed."""
    answer = world.app.test_client().get("/static/jatigi.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) <= 3_000


def test_ids_are_used_once_on_a_page(world):
    for who, address in ALL:
        answer = fetch(world, who, address)
        page = gzip.decompress(answer.data).decode() if answer.headers.get("Content-Encoding") == "gzip" else answer.get_data(True)
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids)), (address, sorted({one for one in ids if ids.count(one) > 1}))


def test_every_form_that_posts_carries_its_token(world):
    for who, address in ALL:
        answer = fetch(world, who, address)
        page = gzip.decompress(answer.data).decode() if answer.headers.get("Content-Encoding") == "gzip" else answer.get_data(True)
        for form in re.findall(r'<form[^>]*method="post".*?</form>', page, re.S):
            assert 'name="csrf_token"' in form, address


def test_a_browser_that_packs_nothing_gets_the_page_plain(world):
    answer = world.client(world.holder(*OFFICER)).get("/taches", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in answer.headers
    assert answer.get_data(True).startswith("<!doctype html>")
