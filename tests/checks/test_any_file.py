"""Any file on earth gets an answer in less than 2 s and 300 MB, never a traceback. The command is run as people run it: apart."""

import gzip
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.check import check_command
from workflows.checks import check_paths

from .build import NAMESPACES, graph

SECONDS, MEGABYTES = 2.0, 300
HEAD = f'<definitions {NAMESPACES} id="d">'
DMN = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'


def chain(count: int, kind: str = "userTask") -> str:
    nodes = "".join(f'<{kind} id="u{n}"/><sequenceFlow id="f{n}" sourceRef="u{n}" targetRef="u{n + 1}"/>' for n in range(count))
    start = '<startEvent id="s"/><sequenceFlow id="fs" sourceRef="s" targetRef="u0"/>'
    return f'{HEAD}<process id="p" isExecutable="true">{start}{nodes}</process></definitions>'


def together(mark: str, branches: int, beside: int) -> str:
    """Parallel branches of two steps, and events beside the first."""
    flow = '<sequenceFlow id="{0}{1}" sourceRef="{0}{2}" targetRef="{0}{3}"/>'
    parts = [f'<startEvent id="{mark}s"/><parallelGateway id="{mark}p"/><parallelGateway id="{mark}j"/><endEvent id="{mark}e"/>']
    parts += [flow.format(mark, *ends) for ends in (("fs", "s", "p"), ("fe", "j", "e"))]
    for n in range(branches):
        parts.append(f'<userTask id="{mark}u{n}"/><userTask id="{mark}v{n}"/>')
        parts += [
            flow.format(mark, f"{a}{n}", *ends) for a, ends in zip("fgh", (("p", f"u{n}"), (f"u{n}", f"v{n}"), (f"v{n}", "j")), strict=True)
        ]
    for n in range(beside):
        timer = f'<timerEventDefinition id="{mark}t{n}"><timeDuration>P1D</timeDuration></timerEventDefinition>'
        parts.append(f'<boundaryEvent id="{mark}b{n}" attachedToRef="{mark}u0" cancelActivity="false">{timer}</boundaryEvent>')
        parts.append(flow.format(mark, f"q{n}", f"b{n}", "e"))
    return "".join(parts)


def tables(count: int, rows: int, columns: int) -> str:
    cells = range(columns)
    ins = "".join(
        f'<input id="i{c}"><inputExpression id="e{c}" typeRef="number"><text>x{c}</text></inputExpression></input>' for c in cells
    )
    lines = "".join(
        f'<rule id="r{r}">'
        + "".join(f"<inputEntry><text>&lt; {r}</text></inputEntry>" for _ in cells)
        + "<outputEntry><text>1</text></outputEntry></rule>"
        for r in range(rows)
    )
    one = '<decision id="t{0}" name="t{0}"><decisionTable>' + ins + '<output name="o"/>' + lines + "</decisionTable></decision>"
    return DMN + "".join(one.format(n) for n in range(count)) + "</definitions>"


def conditions(count: int, text: str) -> str:
    flow = '<sequenceFlow id="f{0}" sourceRef="x" targetRef="x"><conditionExpression>{1}</conditionExpression></sequenceFlow>'
    flows = "".join(flow.format(n, text.replace("#", str(n))) for n in range(count))
    return f'{HEAD}<process id="p" isExecutable="true"><exclusiveGateway id="x"/>{flows}</process></definitions>'


def levels() -> str:
    inner = "".join(f'<subProcess id="S{n}">{together(f"L{n}", 9, 15)}</subProcess>' for n in range(30))
    return f'{HEAD}<process id="p" isExecutable="true">{together("x", 9, 15)}{inner}</process></definitions>'


def questions(count: int) -> str:
    hide = "=" + " or ".join(f'k{n} = "x"' for n in range(90))
    asked = [{"type": "textfield", "key": f"k{n}", "label": "x", "conditional": {"hide": hide}} for n in range(count)]
    return json.dumps({"id": "a", "type": "default", "components": asked})


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "x" * 10}">' for n in range(12))
HOSTILE = {
    "fifty-megabytes.bpmn": b"<a>" + b"x" * 50_000_000,
    "fifty-megabytes.form": b"[" * 50_000_000,
    "fifty-megabytes.dmn": b"\0" * 50_000_000,
    "binary.bpmn": bytes(range(256)) * 3_000,
    "bomb.bpmn": f"<!DOCTYPE a [{ENTITIES}]><a>&e11;</a>",
    "outside.bpmn": '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
    "deep.bpmn": "<a>" * 200_000,
    "deep-levels.bpmn": f'{HEAD}<process id="p">' + "".join(f'<subProcess id="s{n}">' for n in range(240)) + "</subProcess>" * 240
    + "</process></definitions>",
    "deep.form": '{"id": "a", "components": ' + "[" * 100_000,
    "deep-groups.form": '{"id":"a","components":[' + '{"type":"group","path":"g","components":[' * 400 + "]}" * 400 + "]}",
    "chain.bpmn": chain(1_500),
    "scripts.bpmn": chain(1_500, "scriptTask"),
    "chain-without-end.bpmn": chain(5_000),
    "levels.bpmn": levels(),
    "sums.bpmn": conditions(700, "=" + " + ".join(["b"] * 280)),
    "parentheses.bpmn": conditions(500, "=" + "(" * 500 + "a" + ")" * 500),
    "rows.dmn": tables(1, 1_000, 4),
    "tables.dmn": tables(300, 6, 4),
    "questions.form": questions(280),
    "zipped.bpmn": gzip.compress(b"<a/>"),
    "utf16.bpmn": graph("s>u>e").encode("utf-16"),
    "empty.bpmn": b"",
    "empty.form": b"",
    "empty.dmn": b"",
    "drawing.bpmn": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "nothing.form": "null",
    "number.form": "1e999",
    "not-a-number.form": '{"id": "a", "components": [{"type": "number", "key": "a", "validate": {"min": NaN}}]}',
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    "nameless": b"hello",
    "letter.txt": b"hello",
    "sheet.yaml": "a: &a [x, x]\nb: [*a, *a]\n",
}  # fmt: skip

SAID = {
    "fifty-megabytes.form": "file-too-large",
    "bomb.bpmn": "file-doctype",
    "empty.bpmn": "file-empty",
    "letter.txt": "file-kind",
    "chain-without-end.bpmn": "file-too-vast",
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
