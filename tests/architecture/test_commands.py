"""Commands: those that only read files start light, and `flask` finds all of them."""

import subprocess
import sys

from click.testing import CliRunner
from flask.cli import cli

from app.cli import ALONE, WITHIN
from app.services import offered, sentences
from app.services.controls import CONTROLS
from app.services.handlers import HANDLERS
from tests.support import source

HEAVY = ("sqlalchemy", "alembic", "openpyxl", "redis", "rq", "flask_smorest", "argon2", "app.factory", "app.db", "app.web", "app.api")
"""What takes most of the time of a start, and none of these commands needs."""
PROGRAM = """
import contextlib, sys
from flask.cli import cli
for words in {words}:
    with contextlib.suppress(SystemExit):
        cli.main(words)
print(*(name for name in {heavy} if name in sys.modules))
"""


def test_commands_that_only_read_files_start_without_pages_and_database(tmp_path):
    (tmp_path / "one.dmn").write_text("<a/>")
    words = (
        ["case-type", "new", "ESSAI", "--in", str(tmp_path / "types")],
        ["check", str(tmp_path / "one.dmn")],
        ["feel", "1 + 1"],
        ["bpmn", "layout", "--check", "bpmn/_shared"],
    )
    program = PROGRAM.format(words=words, heavy=HEAVY)
    ran = subprocess.run([sys.executable, "-c", program], cwd=source.ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[-1:]) == (0, [""]), ran.stdout + ran.stderr


def test_flask_finds_every_command_and_those_of_flask_have_the_whole_application(tmp_path, monkeypatch):
    monkeypatch.chdir(source.ROOT)
    monkeypatch.setenv("JATIGI_DATA", str(tmp_path))
    listed = CliRunner().invoke(cli, ["--help"])
    said = {line.split()[0]: line.split()[1:] for line in listed.output.split("Commands:")[1].splitlines() if line}
    assert all(said.get(name) for name in (*ALONE, *WITHIN, "db", "routes")), listed.output
    assert "inbox.index" in CliRunner().invoke(cli, ["routes"]).output


def test_what_a_check_knows_of_the_services_is_what_they_offer():
    assert (set(HANDLERS), set(CONTROLS)) == (offered.HANDLERS, offered.CONTROLS)


def test_a_refusal_has_one_sentence():
    themes = [getattr(sentences, name).SENTENCES for name in ("acts", "administration", "cases", "money", "operations", "people")]
    assert sum(map(len, themes)) == len(sentences.SENTENCES)
