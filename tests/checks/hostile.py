"""Files without measure, broken or malicious, by name."""

import gzip
import json

from .build import NAMESPACES, graph

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


def backwards(count: int) -> str:
    """Scripts that read one another, the last one first, and a condition that waits for what all of them set."""
    script = (
        '<sequenceFlow id="f{0}" sourceRef="z{0}" targetRef="z{1}"/><scriptTask id="z{0}"><extensionElements>'
        '<zeebe:script expression="=a{0} + 1" resultVariable="a{1}"/></extensionElements></scriptTask>'
    )
    ends = f'<exclusiveGateway id="z{count}"/><startEvent id="s"/><sequenceFlow id="fs" sourceRef="s" targetRef="z0"/>'
    back = f'<sequenceFlow id="fx" sourceRef="z{count}" targetRef="z0"><conditionExpression>=a1 = 1</conditionExpression></sequenceFlow>'
    nodes = "".join(script.format(n, n + 1) for n in reversed(range(count)))
    return f'{HEAD}<process id="p" isExecutable="true">{nodes}{ends}{back}</process></definitions>'


def literals(count: int) -> str:
    text = " + ".join(["b"] * 300)
    one = '<decision id="d{0}" name="d{0}"><literalExpression><text>{1}</text></literalExpression></decision>'
    return DMN + "".join(one.format(n, text) for n in range(count)) + "</definitions>"


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
    "backwards.bpmn": backwards(950),
    "attributes.bpmn": HEAD + '<process id="p"><task ' + " ".join(f'a{n}="x"' for n in range(50_000)) + "/></process></definitions>",
    "literals.dmn": literals(500),
    "half-a-letter.form": '{"id": "a", "components": [{"type": "textfield", "key": "\\ud800", "label": "x"}]}',
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
BESIDE = {
    "case_type.yaml": ("code: X\n" + "".join(f"k{n}: 1\n" for n in range(6_000)), "sheet-invalid"),
    "settings.yaml": ("".join(f"k{n}: 1\n" for n in range(7_000)), "file-too-large"),
    "letters/one.md": ("{{ x }}" * 3_000, "file-too-large"),
    "letters/two.md": ("{{ x }}" * 2_800, ""),
    "scenarios/keys.yaml": ("".join(f"k{n}: 1\n" for n in range(6_000)), "scenario-word-unknown"),
    "scenarios/large.yaml": ("title: " + "x" * 60_000, "file-too-large"),
    "scenarios/over.yaml": ("steps:\n - &m0 {do: x}\n" + "".join(f" - &m{n + 1} {{<<: *m{n}}}\n" for n in range(2_400)), ""),
}
"""Beside a sheet of a case type: path -> content, and the rule that says it."""
