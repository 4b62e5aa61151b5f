"""A child leaves its operation by an event that the head of post records on its page."""

import re

from sqlalchemy import select

from app.db.cases import Case, CaseLink
from app.extensions import db
from app.services import clock
from tests.app.operations.test_lists import login_of


def test_the_head_of_post_detaches_a_child_on_its_page_and_the_operation_no_longer_counts_it(fire):
    fire.play_line()
    child = fire.cases["issa"]
    client = fire.app.test_client()
    with clock.at(fire.now):
        client.post("/connexion", data={"login": login_of("U-01"), "password": "jatigi-demonstration"})
        choose = client.get(f"/dossiers/{child.reference}/faits").get_data(True)
        what = re.search(r'quoi=([^"]*detachee)"', choose)[1].replace("%3A", ":")
        empty = client.post(f"/dossiers/{child.reference}/faits", data={"quoi": what, "motif_detachement": ""})
        assert empty.status_code == 422
        done = client.post(f"/dossiers/{child.reference}/faits", data={"quoi": what, "motif_detachement": "Le juge tranchera dans un an."})
        assert done.status_code == 303
        fire.gather()
        shown = client.get(f"/dossiers/{child.reference}").get_data(True)
    row = db.session.scalars(select(Case).where(Case.reference == child.reference)).one()
    assert (row.parent_id, row.row_key, row.closed_at) == (None, None, None)
    assert list(db.session.scalars(select(CaseLink.kind).where(CaseLink.case_id == row.id))) == ["detache_de"]
    assert "fiche détachée" in shown
    fire.take_up("feu")
    assert db.session.scalar(select(db.func.count()).where(Case.parent_id == fire.case_id)) == 3
    fire.at_hand = child
    assert fire.open_steps() == ["suivre_hors_operation"]
