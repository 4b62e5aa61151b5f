"""The history of a case: what every act adds, and the proof that nobody altered any of it."""

import datetime as dt
import json

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.cases import Case
from app.db.facts import Fact
from app.db.history import AccessEntry, HistoryEntry
from app.db.tasks import Task
from app.db.timers import Timer
from app.extensions import db
from app.services import assignment, case_file, chain, clock, corrections, history, notes, projection_check, proof, readings, suspension
from app.services.errors import Forbidden, Invalid
from tests.app.services.staging import USUAL, one, rows, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage):
    """The State's money is about to be decided upon; thirty-odd acts lie behind."""
    return stage("decider_financement")


def entries(case) -> list[HistoryEntry]:
    return rows(select(HistoryEntry).where(HistoryEntry.case_id == case.case_id).order_by(HistoryEntry.seq))


def verdict(case) -> str:
    found = proof.verify_case(db.session(), case.case_id).sentence()
    db.session.rollback()
    return found


# ------------------------------------------------------------------ what every act adds
def test_each_act_adds_exactly_its_entries(stage_sqlite):
    case = stage_sqlite("engager")
    task = case.task("engager")
    finance = case.user("U-44")
    acts = [
        (lambda: assignment.claim(finance, task.id), [("task.claimed", "engager")]),
        (lambda: assignment.release(finance, task.id), [("task.released", "engager")]),
        (lambda: assignment.save_draft(finance, task.id, {"n_engagement": "x"}), []),
        (lambda: notes.write(case.user("U-14"), case.case_id, "Appelé la famille."), [("note.written", None)]),
        (lambda: suspension.suspend(case.user("U-36"), case.case_id, "Enquête."), [("case.suspended", None)]),
        (lambda: suspension.resume(case.user("U-36"), case.case_id), [("case.resumed", None)]),
        (
            lambda: case.do("engager", "U-44", **case.answers("engager")),
            [("funding.committed", "enregistrer_engagement"), ("task.completed", "engager")],
        ),
    ]
    with clock.at(case.now):
        for act, wanted in acts:
            before = case.row.history_seq
            act()
            assert [entry for entry in case.history(before) if entry[0] != "deadline.moved"] == wanted
    assert verdict(case).startswith(f"{case.reference} : intact")


def test_an_entry_says_who_in_which_role_from_where_when_by_which_version(case):
    case.do("decider_financement", "U-39", **GRANT)
    entry = case.entry("task.completed")
    assert (entry["actor"], entry["role"], entry["behind"], entry["post"]) == ("U-39", "delegue_general", None, "DGME")
    assert entry["at"] == case.now.isoformat(timespec="milliseconds")
    assert (entry["case"], entry["element"], entry["version"]) == (case.reference, "decider_financement", case.row.version_hash)
    assert entry["data"]["opened"] == ["engager"]


def test_a_decision_by_a_table_keeps_the_rules_that_fired(case):
    """Why the delegate general decides: the row of the table stands in the entry."""
    bodies = [json.loads(entry.entry) for entry in entries(case)]
    traced = [line for body in bodies for line in body["data"].get("trace", ()) if line["element"] == "determiner_niveau"]
    assert traced, "the table was asked"
    assert "delegue_general" in json.dumps(traced)


def test_before_and_after_of_each_field_are_kept_beside_their_digests(case):
    with clock.at(case.now):
        corrections.correct(case.user("U-36"), case.case_id, {"cause_declaree": "accident"}, "Certificat corrigé.")
    last = history.read(entries(case)[-1])
    assert last.changes == {"cause_declaree": ("maladie", "accident")}
    assert last.data["reason"] == "Certificat corrigé."
    body = json.loads(entries(case)[-1].entry)
    assert "accident" not in json.dumps(body["sealed"]), "the chain holds a digest, not the value"


def test_a_correction_is_a_decision_with_a_reason(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with clock.at(case.now):
        with pytest.raises(Forbidden, match="Seul un décideur"):
            corrections.correct(case.user("U-14"), case.case_id, {"cause_declaree": "accident"}, "Erreur.")
        with pytest.raises(Invalid):
            corrections.correct(case.user("U-36"), case.case_id, {"cause_declaree": "accident"}, " ")
    assert case.fact("cause_declaree") == "maladie"


def test_what_was_known_at_a_moment_is_found_again(stage_sqlite):
    case = stage_sqlite("decider_financement")
    file = case_file.find(db.session(), case.user("U-39"), case.reference)
    registered = next(entry for entry in entries(case) if entry.element == "enregistrer_deces")
    then, number = history.facts_at(db.session(), file, registered.at)
    now, _ = history.facts_at(db.session(), file, case.now)
    db.session.rollback()
    assert then["personne"] == "P-0013" and "part_etat" not in then
    assert now["part_etat"] == 2_000_000
    assert number >= registered.seq


# ------------------------------------------------------------------ nobody altered it
def test_an_untouched_history_is_intact(case):
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


def test_a_value_changed_beside_the_chain_is_found(case):
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


# ------------------------------------------------------------------ readings
def test_readings_are_recorded_once_a_visit_and_proven(case):
    reader, row = case.user("U-36"), case.row
    with clock.at(case.now):
        assert readings.record(reader, row, "facts", "role") is True
        assert readings.record(reader, row, "facts", "role") is False, "the same visit"
        assert readings.record(reader, row, "money", "role") is True
        assert readings.record(case.user("U-40"), row, "facts", "task", "Visite à la famille") is True
    lines, _ = readings.page(db.session(), case.case_id)
    assert [(line.part, line.why, line.reason) for line in lines] == [
        ("facts", "task", "Visite à la famille"),
        ("money", "role", None),
        ("facts", "role", None),
    ]
    assert readings.verify(db.session(), case.case_id) is None
    db.session.rollback()
    entry = rows(select(AccessEntry).where(AccessEntry.case_id == case.case_id).order_by(AccessEntry.seq))[1]
    write(update(AccessEntry).where(AccessEntry.id == entry.id).values(entry=entry.entry.replace("money", "facts")))
    flaw = readings.verify(db.session(), case.case_id)
    db.session.rollback()
    assert flaw is not None and flaw.seq == 2


def test_a_case_that_is_not_confidential_records_no_reading(stage_sqlite):
    case = stage_sqlite("decider_financement")
    write(update(Case).where(Case.id == case.case_id).values(confidentiality="C2"))
    with clock.at(case.now):
        assert readings.record(case.user("U-36"), case.row, "facts", "role") is False


def test_who_comes_back_later_has_read_again(stage_sqlite):
    case = stage_sqlite("decider_financement")
    for hours in (0, 1):
        with case.at(dt.timedelta(hours=hours)):
            assert readings.record(case.user("U-36"), case.row, "facts", "role") is True


# ------------------------------------------------------------------ rows computed from the state
PREFIXES = [(USUAL, 4), (USUAL, 9), (USUAL, 17), (USUAL, 25), ("fret-refuse-trois-fois", 12), ("changement-avis-apres", 20)]


@pytest.mark.parametrize(("scenario", "lines"), PREFIXES)
def test_after_any_act_the_rows_are_those_that_the_state_says(stage_sqlite, scenario, lines):
    case = stage_sqlite("enregistrer_deces", scenario)
    for _ in range(min(lines, len(case.rest))):
        case.play_line()
    with clock.at(case.now):
        assert [str(difference) for difference in projection_check.check()] == []


def test_rows_deleted_by_sql_are_missed_and_written_again(stage):
    case = stage("confirmer_depart")
    before = open_rows(case)
    write(
        delete(Task).where(Task.case_id == case.case_id, Task.closed_at.is_(None), Task.step == "confirmer_depart"),
        delete(Timer).where(Timer.case_id == case.case_id),
    )
    with clock.at(case.now):
        missing = [str(difference) for difference in projection_check.check()]
        assert any("task" in line and "manque" in line for line in missing)
        assert any("timer" in line and "manque" in line for line in missing)
        assert projection_check.rebuild(case.case_id) == len(missing)
        assert list(projection_check.check()) == []
        assert projection_check.rebuild(case.case_id) == 0
    assert open_rows(case) == before
    assert case.history()[-1] == ("projections.rebuilt", None)
    assert "intact" in verdict(case)


def open_rows(case) -> set[tuple[str, str, str | None]]:
    found = case.task_rows(Task.closed_at.is_(None))
    return {(task.engine_id, task.step, task.role) for task in found} | {
        (timer.key, timer.element, str(timer.due_at)) for timer in rows(select(Timer).where(Timer.case_id == case.case_id))
    }


def test_a_row_too_many_is_found_and_closed(stage_sqlite):
    case = stage_sqlite("decider_financement")
    known = case.task("decider_financement")
    again = {column.name: getattr(known, column.name) for column in Task.__table__.columns if column.name != "id"}
    write(insert(Task).values(**again | {"engine_id": "nobody", "step": "fantome"}))
    with clock.at(case.now):
        assert [difference.what for difference in projection_check.check()] == ["est de trop"]
        projection_check.rebuild(case.case_id)
        assert list(projection_check.check()) == []
    assert case.open_steps() == ["decider_financement", "remettre_effets"]


def test_the_commands_say_equal_and_repair(stage_sqlite):
    case = stage_sqlite("decider_financement")
    run = case.app.test_cli_runner().invoke
    with clock.at(case.now):
        assert run(args=["projections", "check"]).output == "Égales.\n"
        write(delete(Timer).where(Timer.case_id == case.case_id))
        broken = run(args=["projections", "check"])
        assert broken.exit_code == 1 and "manque" in broken.output
        assert run(args=["projections", "rebuild"]).exit_code == 0
        assert run(args=["projections", "check"]).exit_code == 0


def test_facts_name_the_entry_that_wrote_them(stage_sqlite):
    case = stage_sqlite("decider_financement")
    fact = one(select(Fact).where(Fact.case_id == case.case_id, Fact.scope == "", Fact.name == "personne"))
    entry = one(select(HistoryEntry).where(HistoryEntry.case_id == case.case_id, HistoryEntry.seq == fact.entry_seq))
    assert (entry.kind, entry.element) == ("task.completed", "enregistrer_deces")
