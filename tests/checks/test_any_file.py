"""Any file on earth gets an answer in less than 2 s and 300 MB, never a traceback. The command is run as people run it: apart."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.check import check_command
from workflows.checks import check_paths

from .build import graph
from .hostile import BESIDE, HOSTILE

SECONDS, MEGABYTES = 2.0, 300
SAID = {
    "fifty-megabytes.form": "file-too-large",
    "bomb.bpmn": "file-doctype",
    "empty.bpmn": "file-empty",
    "letter.txt": "file-kind",
    "chain-without-end.bpmn": "file-too-vast",
    "attributes.bpmn": "file-too-vast",
    "drawing.bpmn": "file-not-bpmn",
    "picture.png": "file-kind",
    "utf16.bpmn": "file-not-utf8",
    "nothing.form": "form-unreadable",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_alone_gets_an_answer_in_time(name, folder):
    content = HOSTILE[name]
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    began = time.process_time()
    found = check_paths([path])
    taken = time.process_time() - began
    path.unlink()
    assert SAID.get(name, "") in {"", *(one.rule for one in found)}
    assert found or name == "questions.form"
    assert "check-failed" not in {one.rule for one in found}, [one.message.fr for one in found if one.rule == "check-failed"]
    assert {one.file for one in found} <= {str(path)}
    assert taken < SECONDS


def test_the_memory_of_the_whole_command_is_bounded(folder):
    """Apart, so that only what the check needs is counted; the largest files one after the other."""
    for name in ("fifty-megabytes.form", "tables.dmn", "questions.form", "bomb.bpmn"):
        content = HOSTILE[name]
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    program = (
        "import re, sys; from pathlib import Path; from workflows.checks import check_paths\n"
        "check_paths(sorted(Path(sys.argv[1]).iterdir()))\n"
        # Its own peak: what `getrusage` tells begins with that of the process that started it.
        "print(int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert int(ran.stdout) < MEGABYTES


def test_a_file_of_no_case_type_is_not_asked_for_what_stands_beside_it(tmp_path):
    (tmp_path / "one.bpmn").write_text(graph("s>u>x; x>e [=a = true]; x>e2", {"u": ""}), encoding="utf-8")
    (tmp_path / "beside.bpmn").write_text("<a", encoding="utf-8")
    said = {one.rule for one in check_paths([tmp_path / "one.bpmn"])}
    assert said == {"form-missing", "lane-missing"}


@pytest.mark.parametrize("name", BESIDE)
def test_a_file_of_a_case_type_gets_an_answer_in_time(name, tmp_path):
    content, rule = BESIDE[name]
    for path, text in {"case_type.yaml": "code: X\n", name: content}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    began = time.process_time()
    found = {one.rule for one in check_paths([tmp_path / name])}
    assert time.process_time() - began < SECONDS
    assert rule in {"", *found} and "check-failed" not in found


def test_what_a_terminal_cannot_show_ends_no_command(folder):
    """Half a letter, as a form may hold it and as the name of a file may be; the command apart, as people run it."""
    (folder / "half.form").write_text(HOSTILE["half-a-letter.form"])
    said = [sys.executable, "-m", "flask", "check", str(folder / "half.form"), os.fsdecode(b"\xff.form")]
    ran = subprocess.run(said, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    (folder / "half.form").unlink()
    assert (ran.returncode, "rien ne porte ce nom" in ran.stderr) == (2, True), ran.stderr


def test_a_folder_that_links_to_itself_ends(tmp_path):
    home = tmp_path / "essai"
    home.mkdir()
    (home / "p.bpmn").write_text(graph("s>u>e"), encoding="utf-8")
    (home / "again").symlink_to(home, target_is_directory=True)
    (home / "loop.form").symlink_to(home / "loop.form")
    (home / "lost.form").symlink_to(tmp_path / "nowhere")
    began = time.process_time()
    found = check_paths([home])
    assert "sheet-missing" in {one.rule for one in found}
    assert {one.file for one in found if one.file.endswith(".bpmn")} == {str(home / "p.bpmn")}
    assert time.process_time() - began < SECONDS


def test_what_cannot_be_read_is_a_finding_in_a_folder_and_the_end_of_the_command_alone(tmp_path, monkeypatch):
    home = tmp_path / "essai"
    home.mkdir()
    (home / "case_type.yaml").write_text("code: X\n", encoding="utf-8")
    (home / "a.form").write_text("{}", encoding="utf-8")
    whole = Path.open

    def refused(path, *args, **how):
        if path.name == "a.form":
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path, *args, **how)

    monkeypatch.setattr(Path, "open", refused)
    assert "file-unreadable" in {one.rule for one in check_paths([home])}
    (home / "case_type.yaml").unlink()
    ran = CliRunner().invoke(check_command, [str(home / "a.form")])
    assert (ran.exit_code, "Impossible de lire" in ran.output) == (2, True)


def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.bpmn")
    assert CliRunner().invoke(check_command, [str(tmp_path / "pipe.bpmn")]).exit_code == 2


def test_an_empty_folder_and_one_of_a_thousand_files_are_said(tmp_path):
    assert {one.rule for one in check_paths([tmp_path])} == {"folder-empty"}
    for number in range(1_001):
        (tmp_path / f"{number}.form").write_text("", encoding="utf-8")
    assert "folder-too-large" in {one.rule for one in check_paths([tmp_path])}


def test_what_parsers_say_is_said_in_both_languages(tmp_path):
    for name, text in {"b.form": '{"id" "f"}', "case_type.yaml": "code: [1\n", "scenarios/s.yaml": "a: b: c"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = {one.rule: one.message for one in check_paths([tmp_path])}
    assert said["form-not-json"].en == "The form is not readable JSON (“:” is expected)."
    assert "« , » ou « ] » est attendu (ligne 2, colonne 1)" in said["yaml-unreadable"].fr
    assert "« , » or « ] » is expected (line 2, column 1)" in said["yaml-unreadable"].en
    assert said["scenario-unreadable"].en.endswith("a colon cannot stand here, put the text into quotes.")


def test_a_path_that_cannot_be_read_is_said_with_its_reason(tmp_path):
    (tmp_path / "loop.bpmn").symlink_to(tmp_path / "loop.bpmn")
    for name, french, english in (("lost.bpmn", "rien ne porte ce nom", "nothing has this name"), ("loop.bpmn", "le lien", "the link")):
        for lang, why in (("fr", french), ("en", english)):
            ran = CliRunner().invoke(check_command, [str(tmp_path / name), "--lang", lang])
            assert (ran.exit_code, name in ran.output, why in ran.output) == (2, True, True)
