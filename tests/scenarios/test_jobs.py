"""`flask scenario run`: several processes play copies of one ministry, which is filled once; what one of them meets is told."""

import re

import pytest

from app.config import ROOT
from app.scenarios.scratch import WORTH_A_PROCESS
from tests.support.applications import make_app

SHORT = """
title: {fr: Essai, en: Trial}
given: {at: '2026-05-04T08:00:00Z', post: ABJ, header: {pays_evenement: CI, canal: guichet, date_fait: 2026-05, langue_contact: fr,
  declarant: P-0069, lien_declarant: lui_meme}}
steps: [{start: {by: U-02}}]
expect: {status: en_cours}
variants:
"""


@pytest.fixture
def play(tmp_path):
    """Plays a file of so many short scenarios, some of them other than the rest, by two processes."""
    folder = tmp_path / "bpmn"
    (folder / "avi" / "scenarios").mkdir(parents=True)
    (folder / "_shared").symlink_to(ROOT / "bpmn" / "_shared")
    for path in (ROOT / "bpmn" / "diaspora-feedback").iterdir():
        if path.name != "scenarios":
            (folder / "avi" / path.name).symlink_to(path)
    runner = make_app(f"sqlite:///{tmp_path / 'none.db'}", tmp_path).test_cli_runner()

    def run(**others: str):
        lines = {f"v{number}": "{}" for number in range(2 * WORTH_A_PROCESS)} | others
        file = folder / "avi" / "scenarios" / "essai.yaml"
        file.write_text(SHORT + "\n".join(f"  {name}: {said}" for name, said in lines.items()), "utf-8")
        return runner.invoke(args=["scenario", "run", str(file), "--jobs", "2"])

    return run


def test_all_are_played_once_and_what_differs_is_told(play):
    played = play(v3="{expect: {status: clos}}", v6="{steps: [{danse: 1}]}")
    assert played.exit_code == 1, played.output
    assert f"{2 * WORTH_A_PROCESS} scénarios, 2 différents" in played.output
    assert "ÉCART essai/v3 : statut : attendu clos" in played.output
    assert "ÉCART essai/v6 : « danse » est inconnu" in played.output
    names = re.findall(r"^\[.*(essai/v\d+)", played.output, re.MULTILINE)
    assert len(set(names)) == 2 * WORTH_A_PROCESS, names
