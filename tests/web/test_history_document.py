"""The history of a case as one document: in the order in which it happened, with its verdict; that it left is written down."""

import io
import re

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.db.history import AccessEntry
from app.extensions import db
from app.services import administration


def test_the_document_tells_everything_in_order_and_is_recorded(world):
    client = world.client(world.holder("auditeur"))
    assert "/historique.pdf" in client.get(f"/dossiers/{world.reference}/historique").get_data(True)
    answer = client.get(f"/dossiers/{world.reference}/historique.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.get_data()))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Historique intact" in text
    numbers = [int(number) for number in re.findall(r"nº (\d+)", text) if int(number) < 500]
    opened, last = text.index("A ouvert le dossier"), text.rindex("A terminé")
    assert opened < last
    assert numbers[0] == 1
    assert "Avant" in text
    with world.app.app_context():
        entry = administration.latest(db.session(), 1)[0]
        assert (entry.kind, entry.subject) == ("list.exported", world.reference)
        query = select(AccessEntry.kind).where(AccessEntry.case_id == world.case_id).order_by(AccessEntry.seq.desc())
        assert db.session.scalars(query).first() == "export"


@pytest.mark.parametrize(
    ("who", "status"), [(("agent_consulaire", "LBV"), 403), (("agent_finance", None), 404), (("agent_consulaire", "ABJ"), 403)]
)
def test_who_may_not_has_none(world, who, status):
    client = world.client(world.holder(*who))
    assert client.get(f"/dossiers/{world.reference}/historique.pdf").status_code == status
    if status == 403 and who[1] == "LBV":
        assert "historique.pdf" not in client.get(f"/dossiers/{world.reference}/historique").get_data(True)
