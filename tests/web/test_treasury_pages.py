"""The Treasury's export beside our payments: shown before anything follows, never half, each difference dealt with by somebody."""

import datetime as dt
import io

import pytest
from sqlalchemy import insert, select

from app.db.administration import AdminEntry
from app.db.funding import BudgetLine, FundingRequest, Payment
from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.db.treasury import TAKEN, TreasuryExport, TreasuryGap
from app.extensions import db
from app.jobs.funding import open_gap_tasks
from tests.app.services.staging import write

HEAD = "mandat;montant;date;statut\n"
PLACE = "/budget/tresor/"
AMOUNT, DAY = 500_000, dt.datetime(2026, 2, 27, 9, tzinfo=dt.UTC)


@pytest.fixture
def finance(world):
    return world.client(world.holder("agent_finance"))


def sent(client, text: str, name: str = "tresor.csv"):
    return client.post(PLACE, data={"fichier": (io.BytesIO(text.encode()), name)}, content_type="multipart/form-data")


def count(table) -> int:
    found = len(list(db.session.scalars(select(table.id))))
    db.session.rollback()
    return found


@pytest.fixture
def paid(world) -> Payment:
    """Half a million that was ordered and paid, made beside the case."""
    with world.app.app_context():
        known = select(Payment).where(Payment.code == "PM-T")
        if db.session.scalars(known).first() is None:
            line = select(BudgetLine.id).where(BudgetLine.code == "PROT-SOC", BudgetLine.year == 2026).scalar_subquery()
            amounts = dict.fromkeys(("asked", "granted", "committed", "liquidated", "ordered", "paid"), AMOUNT)
            rest = {"reserved": 0, "cumulated": 0, "decommitted": 0, "returned": 0, "collective": False, "engine_scope": "", "purpose": ""}
            request = {"code": "DF-T", "case_id": world.case_id, "line_id": line, "nature": "transport", **amounts, **rest}
            request |= {"state": "solde", "requested_at": DAY}
            write(insert(FundingRequest).values(request))
            of = select(FundingRequest.id).where(FundingRequest.code == "DF-T").scalar_subquery()
            plain = {"code": "PM-T", "request_id": of, "instalment": 1, "certified": AMOUNT, "liquidated": AMOUNT, "paid": AMOUNT}
            plain |= {"withheld": 0, "returned": 0, "order_number": "MD-2026-90001", "state": "paye", "ordered_at": DAY, "paid_at": DAY}
            write(insert(Payment).values(plain))
        db.session.rollback()
        found = db.session.scalars(known).one()
        db.session.expunge_all()
        db.session.rollback()
    return found


def test_a_wrong_row_is_told_and_nothing_is_kept(world, finance):
    with world.app.app_context():
        before = count(TreasuryExport)
    rows = "MD-1;12x;2026-02-30;annulé\n;5;2026-02-01;paye\nMD-1;5;2026-02-01;paye\n"
    answer = sent(finance, HEAD + rows)
    page = answer.get_data(True)
    assert answer.status_code == 422
    wanted = ("ligne 2 : « 12x » n’est pas un montant", "2 : « 2026-02-30 » n’est pas une date")
    for told in (*wanted, "3 : il manque le numéro", "4 : le mandat MD-1"):
        assert told in page.replace("\xa0", " ").replace("\u202f", " "), told
    for wrong in ("mandat;montant\nMD-1;5\n", HEAD, "\x00\x01", ""):
        assert sent(finance, wrong).status_code == 422
    assert finance.post(PLACE, data={}).status_code == 422
    with world.app.app_context():
        assert count(TreasuryExport) == before


def test_an_export_is_looked_at_then_confirmed_and_its_differences_are_dealt_with(world, finance, paid):
    known = paid
    day = known.paid_at.date().isoformat()
    rows = f"{known.order_number};{known.paid};{day};paye\nMD-1999-1;7;{day};paye\n"
    answer = sent(finance, HEAD + rows)
    assert answer.status_code == 303
    shown = finance.get(answer.location).get_data(True)
    assert "1 mandat concordant" in shown.replace("\xa0", " ")
    assert "Mandat inconnu ici" in shown
    with world.app.app_context():
        assert count(TreasuryGap) == 0, "nothing follows from what is only looked at"
    assert finance.post(answer.location, data={"choix": "confirmer"}).status_code == 303
    assert finance.post(answer.location, data={"choix": "confirmer"}).status_code == 303, "once is enough"
    with world.app.app_context():
        export = db.session.scalars(select(TreasuryExport).where(TreasuryExport.state == TAKEN)).one()
        gap = db.session.scalars(select(TreasuryGap).where(TreasuryGap.order_number == "MD-1999-1")).one()
        assert (export.agreed, gap.stated, gap.kept, gap.kind) == (1, 7, None, "inconnu")
        gap_id, export_id = gap.id, gap.export_id
        db.session.rollback()
    assert "déjà été rapproché" in sent(finance, HEAD + rows).get_data(True)
    place = f"{PLACE}ecarts/{gap_id}"
    wrong = finance.post(place, data={"resultat": "", "observations": "Vu avec la paierie."})
    assert wrong.status_code == 422
    assert "Vu avec la paierie." in wrong.get_data(True)
    assert finance.post(place, data={"resultat": "ouvert", "observations": "Lettre envoyée."}).status_code == 303
    assert "MD-1999-1" in finance.get(PLACE).get_data(True), "still to be followed up"
    assert finance.post(place, data={"resultat": "explique", "observations": "Mandat d’un autre service."}).status_code == 303
    assert f'href="{place}"' not in finance.get(PLACE).get_data(True)
    assert "Mandat d’un autre service." in finance.get(place).get_data(True)
    with world.app.app_context():
        acts = select(AdminEntry.kind).where(AdminEntry.subject == f"TRESOR/{export_id}").order_by(AdminEntry.seq)
        assert list(db.session.scalars(acts)) == ["treasury.compared", "treasury.gap", "treasury.gap"]
        db.session.rollback()


@pytest.mark.parametrize(
    ("amount", "status", "told"), [(-1, "paye", "Autre montant"), (0, "rejete", "Rejeté par le Trésor, pas ici")]
)
def test_what_the_treasury_says_otherwise(world, finance, paid, amount, status, told):
    known = paid
    answer = sent(finance, HEAD + f"{known.order_number};{known.paid + amount};{known.paid_at:%d/%m/%Y};{status}\n")
    assert told in finance.get(answer.location).get_data(True)
    finance.post(answer.location, data={"choix": "abandonner"})
    assert finance.post(answer.location, data={"choix": "confirmer"}).status_code == 303
    with world.app.app_context():
        assert not list(db.session.scalars(select(TreasuryGap).where(TreasuryGap.order_number == known.order_number)))
        db.session.rollback()


def test_what_is_paid_here_and_not_there(finance, paid):
    known = paid
    answer = sent(finance, HEAD + f"MD-1999-2;7;{known.paid_at:%Y-%m-%d};paye\n")
    page = finance.get(answer.location).get_data(True)
    assert known.order_number in page
    assert "Payé ici, absent du fichier" in page


def test_for_others_there_is_no_comparison(world):
    for who in ("agent_consulaire", "delegue_general", "admin_fonctionnel"):
        client = world.client(world.holder(who))
        assert client.get(PLACE).status_code == 404
        assert client.get(f"{PLACE}1").status_code == 404
        assert client.get(f"{PLACE}modele.csv").status_code == 404
        assert sent(client, HEAD + "MD-1;1;2026-01-01;paye\n").status_code == 404
        assert client.post(f"{PLACE}ecarts/1", data={"resultat": "explique", "observations": "x"}).status_code == 404


def test_a_difference_on_a_mandate_of_a_case_is_a_task_of_the_case(world, finance, paid):
    """With a deadline and reminders, until it is explained or corrected; the list leads to it and does not answer it beside."""
    answer = sent(finance, HEAD + f"{paid.order_number};{paid.paid - 1};{DAY.date().isoformat()};paye\n")
    finance.post(answer.location, data={"choix": "confirmer"})
    with world.app.app_context():
        gap = db.session.scalars(select(TreasuryGap.id).where(TreasuryGap.order_number == paid.order_number)).one()
        db.session.rollback()
        open_gap_tasks()
    [first] = tasks_of(world, gap)
    assert (first.case_id, first.role, first.stage) == (world.case_id, "agent_finance", 0)
    assert first.stage_at < first.due_at and first.due_at.year < 9000
    place = f"{PLACE}ecarts/{gap}"
    assert f'href="/taches/{first.id}"' in finance.get(place).get_data(True)
    given = {"resultat": "explique", "observations": "x"}
    assert "est une tâche du dossier" in finance.post(place, data=given, follow_redirects=True).get_data(True)
    page = finance.get(f"/taches/{first.id}").get_data(True)
    assert paid.order_number in page and "499" in page
    finish(finance, first.id, "ouvert")
    [again] = tasks_of(world, gap)
    assert again.id != first.id, "what is to be followed up has a new deadline"
    finish(finance, again.id, "explique")
    assert tasks_of(world, gap) == []
    assert "Écart expliqué" in finance.get(place).get_data(True)
    with world.app.app_context():
        kinds = select(HistoryEntry.kind).where(HistoryEntry.case_id == world.case_id).order_by(HistoryEntry.seq)
        assert list(db.session.scalars(kinds))[-3:] == ["treasury.gap_found", "companion.completed", "companion.completed"]
        db.session.rollback()


def finish(client, task: int, result: str) -> None:
    """Somebody answers what was found."""
    given = {"resultat_rapprocher_ecart": result, "observations_rapprocher_ecart": "Vu avec la paierie.", "terminer": "1"}
    now = {"fait_le_rapprocher_ecart.jour": "1", "fait_le_rapprocher_ecart.mois": "3", "fait_le_rapprocher_ecart.annee": "2026"}
    given |= now | {"fait_le_rapprocher_ecart.heure": "08:00", "cle": f"ecart-{task}-{result}"}
    answer = client.post(f"/taches/{task}", data=given)
    assert answer.status_code == 303, answer.get_data(True)


def tasks_of(world, gap: int) -> list[Task]:
    """The open tasks of a difference."""
    with world.app.app_context():
        where = (Task.step == "rapprocher_ecart", Task.closed_at.is_(None), Task.engine_id.startswith(f"rapprocher_ecart:{gap}:"))
        found = list(db.session.scalars(select(Task).where(*where)))
        db.session.expunge_all()
        db.session.rollback()
    return found
