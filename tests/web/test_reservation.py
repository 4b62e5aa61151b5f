"""A reservation is renewed from the money of its case, by whoever may; nothing typed is lost."""

import datetime as dt
import html
import re

import pytest
from sqlalchemy import update

from app.db.funding import FundingRequest
from app.db.transaction import transaction
from app.services import clock

LINK = re.compile(r'href="(/dossiers/[^"]+/argent/[^"]+/prolongation)"')


@pytest.fixture(autouse=True)
def held(world):
    """What is reserved for the case ends tomorrow."""
    until = clock.now() + dt.timedelta(days=1)
    with world.app.app_context():
        transaction(lambda unit: unit.session.execute(update(FundingRequest).values(reserved_until=until)), clock.now)


def test_the_finances_find_it_on_the_money_of_the_case_and_are_asked_why(world):
    director = world.client(world.holder("directeur_dfm"))
    found = LINK.search(director.get(f"/dossiers/{world.reference}/argent").get_data(True))
    assert found
    page = director.get(found[1])
    assert page.status_code == 200 and "Rien n'est décidé par là" in html.unescape(page.get_data(True)).replace("’", "'")
    refused = director.post(found[1], data={"reason": "   "})
    assert refused.status_code == 422 and "Écrivez le motif" in refused.get_data(True)
    done = director.post(found[1], data={"reason": "La décision tarde."}, follow_redirects=True)
    assert done.status_code == 200 and "Le crédit reste réservé jusqu" in done.get_data(True)
    again = director.post(found[1], data={"reason": "La décision tarde."})
    assert again.status_code == 422
    assert "court déjà pour tout son délai" in again.get_data(True) and "La décision tarde." in again.get_data(True)


def test_it_is_there_for_nobody_else(world):
    address = LINK.search(world.client(world.holder("directeur_dfm")).get(f"/dossiers/{world.reference}/argent").get_data(True))[1]
    head = world.client(world.holder("chef_poste", "LBV"))
    assert not LINK.search(head.get(f"/dossiers/{world.reference}/argent").get_data(True))
    assert head.get(address).status_code == 404
    assert head.post(address, data={"reason": "x"}).status_code == 403
    assert world.client(world.holder("agent_consulaire", "ABJ")).get(address).status_code == 404
