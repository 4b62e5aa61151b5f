"""Credits of lines: entered by the finances, confirmed by another person; a year is opened by them, and cases that wait go on."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select

from app.db.administration import AdminEntry
from app.db.credits import CreditAct, CreditEntry
from app.db.funding import BudgetLine
from app.db.tasks import Task
from app.extensions import db
from app.jobs.funding import restart_waiting
from app.services import budget, credit_acts, deadlines, statements
from app.services.credit_acts import CUT, OPENING, SUPPLEMENT, Row
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.months import Month
from tests.app.services.money import LINE, ensure_sound, sentence, set_fact
from tests.app.services.staging import one, rows

FINANCE, DIRECTOR, LAW = "U-44", "U-46", "Loi de finances 2026-071 du 22/12/2026"
NEW = "\ufeffcode;credits;libelle;libelle_en;source;types_eligibles;natures_eligibles;date_fin_paiement;devise_origine\r\n"
FILE = (
    NEW + f"{LINE};125 000 000;;;;;;;\r\nAIDE-JEUNES;7 000 000;Aide aux jeunes;Help to the young;etat;RET,DEG;transport;28/02/2028;eur\r\n"
)


def enter(case, kind, given, year=2026, by=FINANCE, reference=LAW) -> int:
    person = case.user(by) if isinstance(by, str) else by
    with case.at(case.now):
        if isinstance(given, str):
            given = credit_acts.read(db.session(), person, year, given.encode())
            db.session.rollback()
        return credit_acts.propose(person, year, kind, reference, given)


def decide(case, number, by=DIRECTOR, confirm=True, decision="Conforme au journal officiel.") -> None:
    person = case.user(by) if isinstance(by, str) else by
    with case.at(case.now):
        credit_acts.decide(person, number, confirm=confirm, decision=decision)


def line(code: str, year: int) -> BudgetLine | None:
    return next(iter(rows(select(BudgetLine).where(BudgetLine.code == code, BudgetLine.year == year))), None)


@pytest.fixture
def case(stage_sqlite):
    return stage_sqlite("attendre_visa")


def test_credits_move_when_a_second_person_confirms_them(case):
    before, director, finance = line(LINE, 2026), case.user(DIRECTOR), case.user(FINANCE)
    with pytest.raises(NotFound):
        enter(case, SUPPLEMENT, [Row(LINE, 1)], by=DIRECTOR)
    number = enter(case, SUPPLEMENT, [Row(LINE, 4_000_000)])
    assert line(LINE, 2026).opened == before.opened
    assert [credit_acts.waiting(db.session(), who) for who in (director, finance)] == [1, 0]
    with pytest.raises(NotFound):
        decide(case, number, FINANCE)
    both = dataclasses.replace(finance, grants=finance.grants + director.grants)
    relative = dataclasses.replace(director, relatives=frozenset({finance.id}))
    for who in (both, relative):
        with pytest.raises(Forbidden, match="Séparation des fonctions"):
            decide(case, number, who)
    with pytest.raises(Invalid) as refused:
        decide(case, number, decision=" ")
    assert refused.value.errors == {"decision": "move_reason"}
    decide(case, number)
    after = line(LINE, 2026)
    assert (after.opened, after.available) == (before.opened + 4_000_000, before.available + 4_000_000)
    entry = rows(select(CreditEntry).order_by(CreditEntry.id))[-1]
    assert (entry.line_id, entry.act_id, entry.amount, entry.balance) == (after.id, number, 4_000_000, after.opened)
    for confirm in (True, False):
        with pytest.raises(Conflict, match="déjà été confirmé ou refusé"):
            decide(case, number, confirm=confirm)
    refused_act = enter(case, CUT, [Row(LINE, 1)])
    decide(case, refused_act, confirm=False)
    assert line(LINE, 2026).opened == after.opened
    kinds = ("credits.proposed", "credits.confirmed", "budget.credited", "credits.refused")
    assert rows(select(AdminEntry.kind).where(AdminEntry.kind.in_(kinds)).order_by(AdminEntry.seq)) == [*kinds[:3], kinds[0], kinds[3]]
    moved = [statements.lines(db.session(), Month(2026, month)) for month in (case.now.month - 1, case.now.month)]
    assert [next(one.opened for one in found if one.row.code == LINE) for found in moved] == [before.opened, after.opened]
    ensure_sound()


def test_credit_that_is_held_is_not_cut(case):
    left = line(LINE, 2026).available
    with pytest.raises(Invalid) as refused:
        enter(case, CUT, [Row(LINE, left + 1), Row("NULLE-PART", 1)])
    assert "disponibles sur PROT-SOC" in sentence(refused) and "pas encore de ligne NULLE-PART" in sentence(refused)
    first, second = enter(case, CUT, [Row(LINE, left)]), enter(case, CUT, [Row("PROT-JUR", 1), Row(LINE, 1)])
    decide(case, first)
    other = line("PROT-JUR", 2026).opened
    with pytest.raises(Conflict, match="Seuls 0 FCFA sont disponibles sur PROT-SOC"):
        decide(case, second)
    assert (line(LINE, 2026).available, line("PROT-JUR", 2026).opened, one(select(CreditAct.state).where(CreditAct.id == second))) == (
        0,
        other,
        "propose",
    ), "an act is carried out whole or not at all"
    with pytest.raises(Invalid) as refused:
        enter(case, OPENING, [Row(LINE, 1)])
    assert "Les crédits de PROT-SOC sont déjà ouverts" in sentence(refused)
    with pytest.raises(Invalid) as refused:
        enter(case, "autre", [], year=2028, reference="")
    assert set(refused.value.errors) == {"nature", "annee", "reference", "lignes"}


def test_a_file_opens_the_lines_of_a_year(case):
    case.now = dt.datetime(2026, 12, 23, 9, tzinfo=dt.UTC)
    number = enter(case, OPENING, FILE, year=2027)
    assert line("AIDE-JEUNES", 2027) is None
    decide(case, number)
    old, new, young = line(LINE, 2026), line(LINE, 2027), line("AIDE-JEUNES", 2027)
    assert (new.opened, new.state, new.label_en, new.natures) == (125_000_000, "ouvert", old.label_en, old.natures)
    assert (young.opened, young.named("en"), young.case_types, young.currency) == (7_000_000, "Help to the young", ["RET", "DEG"], "EUR")
    assert (young.last_commitment_on, young.last_payment_on) == (dt.date(2027, 11, 30), dt.date(2028, 2, 28))
    assert budget.line(db.session(), 2027, "AIDE-JEUNES").available == 7_000_000
    with case.at(case.now):
        template = credit_acts.template(db.session(), case.user(FINANCE), 2027)
    assert ["AIDE-JEUNES", "", "Aide aux jeunes", "Help to the young"] in [row[:4] for row in template]


def test_each_wrong_row_of_a_file_is_told_and_nothing_is_kept(case):
    bad = "X1;5;A;;une loterie;R&T;transport;31/02/2027;euros"
    wrong = NEW + f"{LINE};0;;;;;;;\r\nligne 2;5;A;B;etat;RET;transport;;\r\n{bad}\r\n{LINE};5;;;;;;;\r\n"
    with pytest.raises(Invalid) as refused:
        enter(case, OPENING, wrong, year=2027)
    told = refused.value.errors["lignes"]
    assert [text.partition(" :")[0] for text in told] == ["ligne 2", "ligne 3", *["ligne 4"] * 5, "ligne 5"], told
    assert "la ligne X1 est nouvelle : il manque libelle_en" in sentence(refused) and "déjà donnée plus haut" in sentence(refused)
    assert rows(select(CreditAct)) == []
    with pytest.raises(Invalid) as refused:
        enter(case, OPENING, "ligne;montant\r\nA;1\r\n", year=2027)
    assert "Il manque la colonne « code, credits »" in sentence(refused)


def test_what_waits_goes_on_when_the_credits_of_the_new_year_are_there(stage_sqlite):
    """Opened before the year began, whoever waited then or since hears of it on the first day, and not before."""
    case = stage_sqlite("decider_financement", "refus-puis-collecte")
    set_fact(case, "attendre_si_differe", "true", case.scope_of("decider_financement"))
    case.now = dt.datetime(2026, 12, 23, 9, tzinfo=dt.UTC)
    with case.at(case.now):
        deadlines.fire_due(case.case_id)
    set_fact(case, "priorite", '"P3"')
    decide(case, enter(case, OPENING, [Row(LINE, 125_000_000)], year=2027))
    deferred = {"decision_financement": "differer", "motif_decision": "La ligne est fermée.", "date_reexamen": "2027-03-01"}
    case.do("decider_financement", "U-39", **deferred)
    for moment, waits in ((dt.datetime(2026, 12, 31, 23, tzinfo=dt.UTC), True), (dt.datetime(2027, 1, 1, 0, 1, tzinfo=dt.UTC), False)):
        with case.at(moment):
            restart_waiting()
        open_wait = (Task.case_id == case.case_id, Task.step == "attendre_ligne", Task.closed_at.is_(None))
        assert bool(rows(select(Task.id).where(*open_wait))) is waits, moment
    ensure_sound()
