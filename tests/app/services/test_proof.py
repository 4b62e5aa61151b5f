"""The proof that nobody altered a history: whatever is changed by SQL is named."""

import json

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.history import HistoryEntry
from app.extensions import db
from app.services import chain, history, proof
from tests.app.services.proofs import entries, verdict
from tests.app.services.staging import one, write


@pytest.fixture
def case(stage_sqlite):
    """The State's money is about to be decided upon; thirty-odd acts lie behind."""
    return stage_sqlite("decider_financement")


def test_an_untouched_history_is_intact(stage):
    case = stage("decider_financement")
    count = len(entries(case))
    assert verdict(case) == f"{case.reference} : intact, {count} entrées"


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("number", [0, 6, -1])
def test_one_byte_changed_by_sql_names_the_entry(stage_sqlite, number, part):
    case = stage_sqlite("decider_financement")
    entry = entries(case)[number]
    place = int(len(entry.entry) * part)
    changed = entry.entry[:place] + chr(ord(entry.entry[place]) ^ 1) + entry.entry[place + 1 :]
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(entry=changed))
    assert verdict_seq(case) == entry.seq
    assert verdict(case).startswith(f"{case.reference} : rompu à l’entrée {entry.seq} : ")


def verdict_seq(case) -> int:
    flaw = proof.verify_case(db.session(), case.case_id).flaw
    db.session.rollback()
    assert flaw is not None
    return flaw.seq


def test_an_entry_rewritten_in_good_form_is_named(case):
    """Somebody puts another name under a decision, and writes it canonically: what follows does not follow from it."""
    entry = entries(case)[4]
    body = json.loads(entry.entry) | {"actor": "U-99"}
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(entry=chain.canonical(body)))
    assert verdict_seq(case) == entry.seq


def test_the_last_entry_rewritten_in_good_form_is_named(case):
    entry = entries(case)[-1]
    body = json.loads(entry.entry) | {"actor": "U-99"}
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(entry=chain.canonical(body)))
    assert verdict_seq(case) == entry.seq


def test_a_removed_entry_is_missed(case):
    entry = entries(case)[5]
    write(delete(HistoryEntry).where(HistoryEntry.id == entry.id))
    assert verdict_seq(case) == entry.seq
    assert "manque" in verdict(case)


def test_a_cut_tail_is_missed(case):
    last = entries(case)[-1]
    write(delete(HistoryEntry).where(HistoryEntry.id == last.id))
    assert verdict_seq(case) == last.seq
    assert "manque" in verdict(case)


def test_an_inserted_entry_is_found(case):
    last = entries(case)[-1]
    body = json.loads(last.entry) | {"seq": last.seq + 1, "prev": chain.link(last.entry), "kind": "note.written"}
    forged = {"case_id": case.case_id, "seq": last.seq + 1, "at": last.at, "kind": "note.written", "entry": chain.canonical(body)}
    write(insert(HistoryEntry).values(**forged))
    assert verdict_seq(case) == last.seq + 1


def test_two_swapped_entries_are_found(case):
    first, second = entries(case)[5:7]  # both in good form, each in the other's place
    write(
        update(HistoryEntry).where(HistoryEntry.id == first.id).values(seq=10_000),
        update(HistoryEntry).where(HistoryEntry.id == second.id).values(seq=first.seq),
        update(HistoryEntry).where(HistoryEntry.id == first.id).values(seq=second.seq),
    )
    assert verdict_seq(case) == first.seq


def test_a_value_changed_beside_the_chain_is_found(stage):
    case = stage("decider_financement")
    entry = next(entry for entry in entries(case) if entry.personal)
    name, (salt, _) = next(iter(entry.personal.items()))
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(personal={**entry.personal, name: [salt, [None, "other"]]}))
    assert verdict_seq(case) == entry.seq
    assert "une valeur à côté de l’entrée a été modifiée" in verdict(case)


def test_two_values_swapped_beside_the_chain_are_found(case):
    entry = next(entry for entry in entries(case) if entry.personal and len(entry.personal) > 1)
    (a, first), (b, second) = list(entry.personal.items())[:2]
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(personal={**entry.personal, a: second, b: first}))
    assert verdict_seq(case) == entry.seq


def test_personal_values_are_erased_and_the_proof_stays_whole(case):
    entry = next(entry for entry in entries(case) if entry.personal and len(entry.personal) > 1)
    kept = dict(list(entry.personal.items())[1:])
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(personal=kept))
    assert "intact" in verdict(case)
    write(update(HistoryEntry).where(HistoryEntry.case_id == case.case_id).values(personal=None))
    assert "intact" in verdict(case)
    erased = history.read(one(select(HistoryEntry).where(HistoryEntry.id == entry.id)))
    assert (erased.changes, erased.erased) == ({}, len(entry.personal))


def test_the_command_names_the_entry_and_ends_with_one(stage_sqlite):
    case = stage_sqlite("decider_financement")
    run = case.app.test_cli_runner().invoke
    assert run(args=["history", "verify"]).exit_code == 0
    entry = entries(case)[9]
    write(update(HistoryEntry).where(HistoryEntry.id == entry.id).values(entry=entry.entry.replace('"seq":10', '"seq":11')))
    told = run(args=["history", "verify"])
    assert told.exit_code == 1
    assert f"{case.reference} : rompu à l’entrée 10" in told.output
