"""What answers do besides going into the facts: effects that forms declare, and what notes of fields ask of them."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.db.cases import Case, Team
from app.db.people import Body, Person
from app.db.taken import TakenValue
from app.db.transaction import transaction
from app.services import clock, effects, field_notes, intake
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.advance import apply
from app.services.errors import Broken, Invalid
from app.services.handlers import HANDLERS
from tests.app.services.staging import one, rows, write
from workflows.forms import FormDefinition
from workflows.forms.effects import VERBS, read_effect


@pytest.fixture
def case(stage_sqlite):
    """The State's money is about to be decided upon."""
    return stage_sqlite("decider_financement")


def carry_out(case, *wanted: str, by=SYSTEM) -> None:
    """An act in which an answer has these effects."""

    def work(unit):
        act = locked(unit, by, HANDLERS, case_id=case.case_id)
        effects.carry_out(act, "entretien_nationalite", wanted)
        apply(act, "task.completed", "entretien_nationalite")

    with clock.at(case.now):
        transaction(work, clock.now)


# ------------------------------------------------------------------ effects
def test_every_effect_that_a_form_may_ask_for_is_carried_out_by_somebody():
    assert effects.EFFECTS.keys() == VERBS.keys()


def test_every_effect_of_the_forms_is_one(case):
    asked = [field.effect for form in case.case_type.forms.values() for field in form.fields if field.effect]
    assert asked
    assert all(read_effect(text).verb in effects.EFFECTS for text in asked)


def test_an_answer_makes_a_case_highly_restricted_and_keeps_who_gave_it(case):
    officer = case.user("U-40")
    carry_out(case, "confidentialite:C4", by=officer)
    assert case.row.confidentiality == "C4"
    assert officer.id in rows(select(Team.user_id).where(Team.case_id == case.case_id))
    assert ("confidentiality.raised", "entretien_nationalite") in case.history()
    assert [note.recipient_role for note in case.told("confidentiality_c4")] == ["dpo"]


@pytest.mark.parametrize("effect", ["confidentialite:C1", "confidentialite:C3", "priorite:P4", "priorite:P3"])
def test_an_answer_never_lowers(case, effect):
    before = (case.row.confidentiality, case.row.priority)
    carry_out(case, effect)
    assert (case.row.confidentiality, case.row.priority) == before


def test_an_answer_raises_the_priority(case):
    carry_out(case, "priorite:P1:secours")
    assert (case.row.priority, case.fact("priorite")) == ("P1", "P1")
    assert case.entry("priority.raised")["data"] == {"from": "P3", "to": "P1"}


def test_a_role_is_told_of_what_is_referred_to_it(case):
    carry_out(case, "saisir:conseiller_juridique", "avertir:chef_poste")
    assert [(note.recipient_role, note.recipient_post) for note in case.told("referred")] == [("conseiller_juridique", "CENTRAL")]
    assert [(note.recipient_role, note.recipient_post) for note in case.told("warned")] == [("chef_poste", "LBV")]
    assert case.entry("case.referred")["data"] == {"to": "conseiller_juridique"}


def test_a_case_of_another_type_follows_or_its_team_is_asked(case):
    carry_out(case, "ouvrir:XYZ")
    assert case.told("case_to_open")[0].data["wanted"] == "XYZ"
    carry_out(case, "ouvrir:COR")
    spawned = case.entry("case.spawned")["data"]["to"]
    assert one(select(Case).where(Case.reference == spawned)).person_code == "P-0013"


def test_going_back_is_noted_with_its_reason(case):
    carry_out(case, "reprendre:confirmer_identite")
    assert case.entry("step.resumed")["data"] == {"to": "confirmer_identite"}


def test_an_effect_that_does_not_exist_stops_the_procedure(case):
    seq = case.row.history_seq
    with pytest.raises(Broken, match="n'existe pas"):
        carry_out(case, "dissoudre:tout")
    assert case.row.history_seq == seq


def test_broken_seals_are_referred_to_the_legal_adviser_when_the_arrival_is_noted(stage_sqlite):
    """A whole act: the message of the station, through its form."""
    case = stage_sqlite("constater_arrivee")
    arrival = {"arrivee_reelle": case.now.isoformat(), "scelles_intacts_arrivee": False, "anomalie_arrivee": "Scellé n° 2 rompu."}
    case.line({"message": "MSG_ARRIVEE", "with": arrival})
    assert [note.recipient_role for note in case.told("referred")] == ["conseiller_juridique"]
    assert ("case.referred", "constater_arrivee") in case.history()


def test_intact_seals_are_referred_to_nobody(stage_sqlite):
    case = stage_sqlite("constater_arrivee")
    case.play_line()
    assert case.told("referred") == []


# ------------------------------------------------------------------ numbers that are given once
def transcribe(case, number: str) -> None:
    answers = case.answers("transcrire_deces") | {"n_acte_consulaire": number}
    case.do("transcrire_deces", "U-13", **answers)


def test_a_number_of_the_register_is_this_cases(stage):
    case = stage("transcrire_deces")
    transcribe(case, "LBV-C-2026-041")
    taken = one(select(TakenValue).where(TakenValue.register == "registre_consulaire"))
    assert (taken.value, taken.case_id) == ("lbv-c-2026-041", case.case_id)


def test_a_number_that_another_case_has_is_refused_and_nothing_happens(stage):
    case = stage("transcrire_deces")
    other = another_case(case)
    write(TakenValue.__table__.insert().values(register="registre_consulaire", value="lbv-c-2026-041", case_id=other, taken_at=case.now))
    with pytest.raises(Invalid) as refused:
        transcribe(case, "LBV-C-2026-041 ")
    assert list(refused.value.errors) == ["n_acte_consulaire"]
    assert "est déjà inscrit pour un autre dossier" in refused.value.errors["n_acte_consulaire"]
    assert "transcrire_deces" in case.open_steps()
    transcribe(case, "LBV-C-2026-042")


def another_case(case) -> int:
    with clock.at(case.now):
        header = {"date_signalement": case.now.isoformat(), **case.given["header"]}
        return intake.start_case(case.user("U-14"), "COR", "LBV", header).case_id


def test_a_step_done_again_may_repeat_its_own_number(case):
    form = FormDefinition.read(UNIQUE)

    def answer(unit):
        act = locked(unit, SYSTEM, HANDLERS, case_id=case.case_id)
        field_notes.ensure(act, form, {"numero": "X-1"})

    for _ in range(2):
        transaction(answer, clock.now)


def test_an_act_made_of_several_answers_is_done_once_in_its_own_case_too(case):
    """Appeals: one against each decision, and a case may hold several decisions, told by the day of their notice."""
    form = FormDefinition.read(UNIQUE.replace(b'"registre_d_essai"', b'"recours_d_essai", "unique_with": "notifie"'))

    def answer(day: dt.date):
        def work(unit):
            act = locked(unit, SYSTEM, HANDLERS, case_id=case.case_id)
            field_notes.ensure(act, form, {"numero": case.reference, "notifie": day})

        return transaction(work, clock.now)

    answer(dt.date(2026, 3, 2))
    with pytest.raises(Invalid) as refused:
        answer(dt.date(2026, 3, 2))
    assert refused.value.errors == {"numero": "C’est déjà inscrit dans ce dossier : cherchez-le dans son historique."}
    answer(dt.date(2026, 4, 2))


UNIQUE = b"""{"id": "ESSAI_N", "type": "default", "components": [
    {"type": "textfield", "id": "f1", "key": "numero", "label": "Numero", "properties": {"unique": "registre_d_essai"}}]}"""


# ------------------------------------------------------------------ persons who are known, payees who are ready
def hand_over_the_body(case) -> None:
    line = case.rest[0]
    assert line["do"] == "remettre_corps"
    case.line(line)


def test_a_body_is_handed_over_to_somebody_whose_identity_is_known(stage_sqlite):
    case = stage_sqlite("remettre_corps")
    write(update(Person).where(Person.code == "P-0014").values(national_number=None, papers=[]))
    with pytest.raises(AssertionError, match="L’identité de Djélika Bengaly n’est pas établie"):
        hand_over_the_body(case)
    write(update(Person).where(Person.code == "P-0014").values(papers=[{"type": "cic", "numero": "CIC-1"}]))
    hand_over_the_body(case)
    assert "confirmer_inhumation" in case.open_steps()


def test_a_person_has_no_account_that_a_second_agent_would_validate(case):
    def ready(unit):
        act = locked(unit, SYSTEM, HANDLERS, case_id=case.case_id)
        return [field_notes.payee_ready(act, code) for code in ("P-0014", None, "F-003")]

    write(update(Body).where(Body.code == "F-003").values(account_validated_at=None))
    with clock.at(case.now):
        assert transaction(ready, clock.now) == [True, True, False]
