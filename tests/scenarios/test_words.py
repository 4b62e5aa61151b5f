"""Every word of the scenario language is really played: by a scenario of a case type, or by the ones here."""

from pathlib import Path

import pytest
import yaml

from app.scenarios.reading import read_all
from app.scenarios.running import run
from tests.scenarios.files import FILES
from workflows.scenarios.vocabulary import AMOUNTS, EXPECT, GIVEN, MONEY, WORDS

pytestmark = pytest.mark.long
HERE = """
title: {fr: Ce qui se passe autour d'un avis, en: What happens around a feedback}
given:
  at: '2026-06-01T08:00:00Z'
  post: ABJ
  header: {pays_evenement: CI, canal: guichet, date_fait: 2026-06, langue_contact: fr, declarant: P-0069, lien_declarant: lui_meme}
  holidays: [{calendar: ML-CENTRAL, date: 2026-06-08, label: Jour annoncé}]
  people: {P-901: {name: Fofana, given: Awa, sex: F, papers: [{type: passeport, numero: AA0000901}]}}
  bodies: {ST-901: {name: Garage du port, kind: autre, register: supplier}}
  aid: [{person: P-901, line: PROT-SOC, amount: 150000, nature: autre, payee: ST-901}]
  budget: {PROT-SOC: 1000000}
  settings: {avi_doublon_jours: 5}
passages:
  begun:
    values: {texte: Les horaires sont mal affichés.}
    lines:
    - {start: {by: U-02}}
    - {do: enregistrer_avis, by: U-02, with: {texte_avi: $texte, anonyme: false, argent_demande: false, auteur: P-901}}
variants:
  whose_task:
    steps:
    - {passage: begun}
    - {claim: qualifier, by: U-02, refused: not_your_role}
    - {claim: qualifier, by: U-35, expect: {inbox: {U-35: [qualifier], U-34: []}, history: [task.claimed qualifier]}}
    - {release: qualifier, by: U-35, at: +1h, expect: {inbox: {U-34: [qualifier]}}}
    - {claim: qualifier, by: U-35}
    - {hand_over: qualifier, by: U-35, to: U-34, expect: {inbox: {U-34: [qualifier], U-35: []}}}
    - {hold: qualifier, by: U-34, reason: attente_externe, expect: {status: attente_externe}}
    - {go_on: qualifier, by: U-34, at: +1d, expect: {status: instruction, incidents: 0, lines: {PROT-SOC: {available: 1000000}}}}
    - together:
      - {do: qualifier, by: U-34, with: {type_avi: question, theme_avi: information}}
      - {do: qualifier, by: U-34, with: {type_avi: suggestion, theme_avi: accueil}}
      lost: already_done
  the_case:
    steps:
    - {passage: begun, values: {texte: Une rampe manque devant la porte du consulat.}}
    - {start: {by: U-02, as: autre}}
    - {link: {to: autre, kind: meme_evenement}, by: U-35, expect: {linked: {meme_evenement: autre}}}
    - {link: {to: autre, kind: cousin}, by: U-35, refused: link_kind}
    - {note: L'auteur a rappelé., by: U-35, expect: {history: note.written}}
    - {correct: {langue_contact: en}, by: U-37, reason: Erreur de saisie, expect: {facts: {langue_contact: en}}}
    - {suspend: {reason: Attente d'un jugement}, by: U-37, expect: {status: suspendu}}
    - {do: qualifier, by: U-35, with: {type_avi: question, theme_avi: information}, refused: case_suspended}
    - {resume: {}, by: U-37, at: +2d, expect: {status: recevabilite}}
  two_of_one_author:
    steps:
    - {bring: {to: qualifier, answers: {enregistrer_avis: {anonyme: false, auteur: P-901}}}}
    - {start: {by: U-02, as: autre}}
    - {case: autre, bring: {to: qualifier, answers: {enregistrer_avis: {anonyme: false, auteur: P-901}}}, expect: {open: [qualifier]}}
  a_delay_that_is_none:
    steps:
    - {passage: begun, values: {texte: Le délai de réponse n'est pas affiché.}}
    - {setting: {avi_delai_question: bientôt}, expect: {lines: {PROT-SOC: {used: 97150000}}}}  # 97 millions before
    - {do: qualifier, by: U-35, with: {type_avi: question, theme_avi: information}, refused: incident, expect: {incidents: durée illisible}}
    - {setting: {avi_delai_question: 3 jo}}
  the_ministry:
    steps:
    - {passage: begun, values: {texte: Le formulaire de demande ne tient pas sur une page.}}
    - {delegate: {from: U-35, to: U-02, role: gestionnaire_dgme, until: 2026-06-30, types: [AVI]}, expect: {inbox: {U-02: [qualifier]}}}
    - {delegate: {from: U-35, to: U-35, role: gestionnaire_dgme, until: 2026-06-30}, refused: to}
    - {absence: {of: U-35, from: 2026-06-02, to: 2026-06-20, cover: U-34}}
    - {grant: {to: U-01, role: gestionnaire_dgme, types: [AVI], until: 2026-07-01}, expect: {inbox: {U-01: [qualifier]}}}
    - {do: qualifier, by: U-02, with: {type_avi: question, theme_avi: information}, expect: {due: {instruire: '2026-06-04T16:00:00Z'}}}
    - {holiday: {calendar: ML-CENTRAL, date: 2026-06-03, label: Deuil}, expect: {due: {instruire: '2026-06-05T17:30:00Z'}}}
    - {holiday: {calendar: ML-CENTRAL, move: 2026-06-03, to: 2026-06-02}, expect: {due: {instruire: '2026-06-05T17:30:00Z'}}}
    - {holiday: {calendar: ML-CENTRAL, drop: 2026-06-02}, expect: {due: {instruire: '2026-06-04T16:00:00Z'}}}
    - {setting: {avi_delai_question: 5 jo}}
    - {setting: {avi_doublon_jours: beaucoup}, refused: value}
expect: {}
"""


def words(told: object) -> set[str]:
    """Every key of a file."""
    if isinstance(told, dict):
        return {str(key) for key in told} | {word for part in told.values() for word in words(part)}
    return {word for part in told for word in words(part)} if isinstance(told, list) else set()


def test_what_no_case_type_plays_is_played_here(ministry_sqlite, tmp_path: Path):
    file = tmp_path / "autour.yaml"
    file.write_text(HERE, "utf-8")
    results = [run("AVI", name, scenario, tmp_path) for name, scenario in read_all(file).items()]
    wrong = [f"{one.name}, {one.line}: {one.wrong}" for one in results if not one.ok]
    assert not wrong, "\n".join(wrong)


def test_every_word_is_used():
    used = words(yaml.safe_load(HERE)).union(*(words(yaml.safe_load(path.read_text("utf-8"))) for path in FILES))
    assert {*WORDS, *EXPECT.known, *GIVEN.known, *AMOUNTS, *MONEY} - used == set()
