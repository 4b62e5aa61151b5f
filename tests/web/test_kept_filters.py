"""Filters of the inbox that one keeps by name: in the address, with their counts, renamed and deleted; nothing typed is lost."""

import re
from html import unescape

import pytest

KEEP = {"tab": "to_take", "post": "LBV", "priority": "P2"}


@pytest.fixture
def officer(world):
    client = world.client(world.holder("agent_consulaire", "LBV"))
    yield client
    for number in re.findall(r"/taches/filtres/(\d+)", client.get("/taches/filtres").get_data(True)):
        client.post(f"/taches/filtres/{number}", data={"act": "delete"})


def chips(client, address="/taches"):
    """(address, name and count, applied) of the kept filters on a page of the inbox."""
    text = client.get(address).get_data(True)
    found = re.findall(r'<a class="chip" href="([^"]+)"( aria-current="true")?>(.*?)</a>', text)
    return [(unescape(href), " ".join(re.sub(r"<[^>]+>", " ", unescape(said)).split()), bool(on)) for href, on, said in found]


def test_three_filters_are_there_to_begin_with(officer):
    names = [name.rsplit(" ", 1) for _, name, _ in chips(officer)]
    assert [name for name, _ in names] == ["En retard", "À finir aujourd’hui", "P1 vitale"]
    assert all(count.isdecimal() for _, count in names)


@pytest.mark.parametrize(("opened", "listed"), [("mine", "mine"), ("team", "team"), ("to_take", "to_take"), ("done", "mine")])
def test_they_count_in_the_list_that_is_open(officer, opened, listed):
    assert [f"tab={listed}&" in address for address, _, _ in chips(officer, f"/taches?tab={opened}")] == [True] * 3


def test_a_filter_is_kept_found_again_shared_renamed_and_deleted(world, officer):
    answer = officer.post("/taches/filtres", data=KEEP | {"name": " Libreville   urgent "})
    assert answer.status_code == 303
    address = answer.headers["Location"]
    kept = [chip for chip in chips(officer, address) if chip[2]]
    assert len(kept) == 1
    assert kept[0][1].startswith("Libreville urgent ")
    other = world.client(world.holder("chef_poste", "LBV"))
    assert other.get(kept[0][0]).status_code == 200, "its address can be given to somebody else"
    assert "Libreville urgent" not in other.get(kept[0][0]).get_data(True)
    number = re.search(r"/taches/filtres/(\d+)", officer.get("/taches/filtres").get_data(True))[1]
    assert other.post(f"/taches/filtres/{number}", data={"act": "rename", "name": "à moi"}).status_code == 404
    other.post(f"/taches/filtres/{number}", data={"act": "delete"})
    officer.post(f"/taches/filtres/{number}", data={"act": "rename", "name": "Urgent"})
    assert chips(officer)[-1][1].startswith("Urgent ")
    officer.post(f"/taches/filtres/{number}", data={"act": "delete"})
    assert len(chips(officer)) == 3


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": " "}, "Écrivez un nom"),
        ({"name": "x" * 41}, "40 signes au plus"),
        ({"name": "URGENT"}, "porte déjà ce nom"),
        ({"name": "Tout", "post": "", "priority": ""}, "ce qui réduit la liste"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_name_and_stays_typed(officer, sent, sentence):
    officer.post("/taches/filtres", data=KEEP | {"name": "Urgent"})
    answer = officer.post("/taches/filtres", data=KEEP | sent)
    text = answer.get_data(True)
    assert answer.status_code == 422
    assert sentence in unescape(text)
    assert f'value="{sent["name"]}"' in text
    officer.post("/taches/filtres", data=KEEP | {"name": "Autre"})
    number = re.search(r"/taches/filtres/(\d+)", officer.get("/taches/filtres").get_data(True))[1]  # that of « Autre »
    refused = officer.post(f"/taches/filtres/{number}", data={"act": "rename", "name": sent["name"] if sent["name"] != "Tout" else ""})
    assert refused.status_code == 422


def test_twelve_at_most(officer):
    for number in range(12):
        assert officer.post("/taches/filtres", data=KEEP | {"name": f"Filtre {number}"}).status_code == 303
    assert "Douze filtres au plus" in officer.post("/taches/filtres", data=KEEP | {"name": "un de plus"}).get_data(True)


def test_the_count_is_what_the_list_shows(officer):
    """Of tasks of the post, of whatever priority."""
    for kept in ({"tab": "team", "post": "LBV"}, {"tab": "team", "priority": "P2"}, {"tab": "waiting", "due": "late"}):
        officer.post("/taches/filtres", data=kept | {"name": "-".join(kept.values())})
    for href, name, _ in chips(officer)[3:]:
        rows = officer.get(href).get_data(True).count('class="task-row')
        assert name.rsplit(" ", 1)[1] == str(rows), href
