"""The page on which an expression or a decision table is tried: against facts written there, or those of a case that one may read."""

import html
import re

import pytest

PAGE = "/auteurs/essai"


@pytest.fixture
def author(world):
    return world.client(world.holder("admin_fonctionnel"))


@pytest.fixture
def manager(world):
    return world.client(world.holder("delegue_general"))


def text_of(page: str) -> str:
    """What is read, without tags."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def tried(client, **wanted):
    """(status, the result as text)."""
    answer = client.post(PAGE, data=wanted)
    found = re.search(r'<section class="sheet" id="resultat".*?</section>', answer.get_data(True), re.S)
    return answer.status_code, text_of(found[0]) if found else text_of(answer.get_data(True))


def test_an_expression_over_facts_written_on_the_page(author):
    status, said = tried(author, facts="montant = 600000\nurgent = false", expression='= if montant > 500000 then "P1" else "P3"')
    assert status == 200
    assert '"P1"' in said and "un texte" in said


def test_the_facts_that_an_expression_reads_are_told(author):
    said = tried(author, facts="montant = 600000\nautre = 1", expression="montant * 2")[1]
    assert "600000" in said and "1200000" in said and "autre" not in said


def test_facts_see_the_lines_above_them(author):
    assert "20" in tried(author, facts="a = 4\nb = a * 5", expression="b")[1]


@pytest.mark.parametrize(
    ("facts", "expression", "sentence"),
    [
        ("montant = 3", "montnt > 1", "Vouliez-vous « montant » ?"),
        ("", "1 / 0", "division par zéro"),
        ("montant", "1", "écrire « nom = valeur »"),
        ("x = 1 +", "1", "Faits, ligne 1, « x »"),
        ("", "(" * 200 + "1" + ")" * 200, "découper"),
        ("", "for i in 1..9999 return for j in 1..9999 return i * j", "trop long"),
    ],
)
def test_a_mistake_says_where_and_how_to_cure_it(author, facts, expression, sentence):
    status, said = tried(author, facts=facts, expression=expression)
    assert status == 422
    assert sentence in said.replace("\xa0", " ").replace("\u202f", " ")


def test_a_table_shows_the_row_that_it_chose(author):
    facts = 'type_dossier = "SIN"\nconfidentialite = "C3"\ntotal_paye_dossier = 0'
    status, said = tried(author, facts=facts, decision="COR/clo_valideur")
    assert status == 200
    assert '"delegue_general"' in said
    assert "2 retenue" in " ".join(said.split())


def test_a_table_that_needs_another_shows_both(author):
    said = tried(author, decision="COR/cor_issue", facts='certitude = "personne_vivante"')[1]
    assert '"annule"' in said


def test_the_facts_of_a_case_are_read_by_who_may_read_the_case(world, manager):
    status, said = tried(manager, case=world.reference.lower(), expression="choix_famille")
    assert status == 200
    assert said.strip() != ""
    assert "inconnu" not in said


def test_facts_written_on_the_page_go_before_those_of_the_case(world, manager):
    assert (
        '"inhumation_locale"'
        in tried(manager, case=world.reference, facts='choix_famille = "inhumation_locale"', expression="choix_famille")[1]
    )


@pytest.mark.parametrize("role", ["admin_fonctionnel", "comptable", "charge_statistiques"])
def test_for_others_the_case_does_not_exist(world, role):
    status, said = tried(world.client(world.holder(role)), case=world.reference, expression="choix_famille")
    assert status == 422
    assert "dossier" in said


def test_whoever_reads_the_facts_of_a_confidential_case_is_noted(world, manager):
    tried(manager, case=world.reference, expression="numero")
    readings = manager.get(f"/dossiers/{world.reference}/historique/lectures").get_data(True)
    assert "essai" in readings.lower()


@pytest.mark.parametrize(
    "wanted",
    [
        {"expression": "1", "case": "COR-XXX-2026-00001"},
        {"decision": "COR/nulle_part"},
        {"decision": "ZZZ/clo_valideur"},
        {"expression": "a" * 6000},
        {"expression": ""},
        {"expression": "\x00"},
        {},
    ],
)
def test_whatever_is_sent_is_answered_with_a_sentence(author, wanted):
    answer = author.post(PAGE, data=wanted)
    assert answer.status_code == 422


def test_a_visitor_is_asked_to_sign_in(world):
    assert world.app.test_client().get(PAGE).status_code == 302


def test_the_page_in_english(author):
    author.set_cookie("langue", "en")
    page = author.get(PAGE).get_data(True)
    author.delete_cookie("langue")
    assert "Try an expression or a table" in page


def test_english_readers_get_mistakes_in_english(world):
    reader = world.client(world.holder("auditeur"))
    reader.set_cookie("langue", "en")
    said = [
        tried(reader, **wrong)[1]
        for wrong in (
            {"expression": "9**99999"},
            {"expression": '1 + "a"'},
            {"expression": "1", "facts": "montant 3"},
            {"decision": "COR/cor_mode", "facts": "maladie_contagieuse = 12"},
        )
    ]
    reader.delete_cookie("langue")
    assert "result out of bounds" in said[0]
    assert "a number and a text cannot be added: write number(…) around the text" in said[1]
    assert "Facts, line 1: write « name = value », for example « montant = 250000 »" in said[2]
    assert "permitted values of « Contagion suspectée »: character 1" in said[3]


def test_of_a_long_value_the_beginning_is_shown(author):
    status, said = tried(author, expression='for i in 1..2000 return "mot"')
    assert (status, "1000 signes montrés sur 14000" in said, len(said) < 3_000) == (200, True, True)
