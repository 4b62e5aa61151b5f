"""Monthly statements on their pages: every number is a link to the list that it is the sum of; files and paper; for whom."""

import re

import pytest

from app.services import statements

MONTH = "/budget/etats/2026-02"


@pytest.fixture
def director(world):
    return world.client(world.holder("directeur_dfm"))


def test_every_number_opens_the_list_that_adds_up_to_it(world, director):
    page = director.get(MONTH).get_data(True)
    links = re.findall(r'href="(/budget/etats/2026-02/(\w+)\?ligne=[^"]+)">([^<]+)<', page)
    assert any(what == "reserved" for _, what, _ in links), "the State's share of the case is reserved"
    for address, _what, shown in links:
        listed = director.get(address.replace("&amp;", "&")).get_data(True)
        total = re.search(r'<tr class="total">.*?</span>([^<]+)</td></tr>', listed, re.S)
        assert total, address
        assert total.group(1) == shown, address
    reserved = next(address for address, what, _ in links if what == "reserved" and "PROT-SOC" in address)
    assert world.reference in director.get(reserved).get_data(True)


def test_it_leaves_as_a_table_and_on_paper(director):
    rows = director.get(f"{MONTH}.csv").get_data().decode("utf-8-sig").splitlines()
    assert rows[0].startswith("Code;Ligne;Ouvert")
    assert any(row.startswith("PROT-SOC;") for row in rows)
    assert director.get(f"{MONTH}.pdf").get_data().startswith(b"%PDF")
    for what in statements.LISTS:
        assert director.get(f"{MONTH}/{what}").status_code == 200, what
        assert director.get(f"{MONTH}/{what}.xlsx").get_data().startswith(b"PK"), what


def test_what_is_no_month_and_no_list_does_not_exist(world, director):
    for wrong in ("2026-13", "2099-01", "x", "2026-02/autre", "2026-02/unpaid?de=x", "2026-02/unpaid?a=٣"):
        assert director.get(f"/budget/etats/{wrong}").status_code == 404, wrong
    for role in ("sac", "agent_consulaire", "admin_fonctionnel", "charge_statistiques"):
        client = world.client(world.holder(role))
        for address in ("/budget/etats/", MONTH, f"{MONTH}.pdf", f"{MONTH}.csv", f"{MONTH}/paid", f"{MONTH}/paid.csv"):
            assert client.get(address).status_code == 404, (role, address)
