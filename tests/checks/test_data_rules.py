"""Rules about expressions, timers, tables, forms, messages and calls: each with a planted fault and a neighbour that is right."""

import pytest

from workflows.checks import calls, decisions, expressions, forms, inputs, instances, messages, timers, translations
from workflows.checks.finding import ADVICE

from .build import bundle, extensions, field, form, graph, rules
from .clean import PAY, TABLE, changed, clean

NO_DEFAULT = (
    '<defaultOutputEntry id="de"><text>0</text></defaultOutputEntry></output>\n    '
    '<rule id="r1"><inputEntry id="a1"><text>&lt;= reglages.plafond'
)
GAP = '</output>\n    <rule id="r1"><inputEntry id="a1"><text>&lt; reglages.plafond'
OWN_FACTS = 'processId="sp_pay" propagateAllChildVariables="false"'
SHARED_FACTS = 'processId="{}" propagateAllChildVariables="true"'


@pytest.mark.parametrize(
    ("family", "rule", "path", "old", "new"),
    [
        (expressions, "expression-syntax", "phase.bpmn", "if tours = null then 0 else tours", "if tours = null then 0"),
        (expressions, "expression-name", "process.bpmn", '=accord = "oui"', '=acord = "oui"'),
        (expressions, "expression-name", "process.bpmn", "source=\"=montant\"", "source=\"=montnat\""),
        (expressions, "expression-kind", "process.bpmn", '=accord = "oui"', "=accord = 3"),
        (expressions, "expression-kind", "process.bpmn", '=accord = "oui"', "=montant"),
        (expressions, "expression-code", "process.bpmn", '=accord = "oui"', '=accord = "peut-être"'),
        (expressions, "expression-sign", "process.bpmn", '=accord = "oui"', 'accord = "oui"'),
        (expressions, "condition-null", "process.bpmn", '=accord = "oui"', "=tours &gt; 3"),
        (expressions, "result-name", "phase.bpmn", ' resultVariable="tours"', ""),
        (expressions, "result-name", "phase.bpmn", ' resultVariable="part_etat"', ""),
        (timers, "timer-form", "process.bpmn", "<timeCycle>R3/P3D</timeCycle>", ""),
        (timers, "timer-unreadable", "process.bpmn", "R3/P3D", "R3/3 jours"),
        (timers, "timer-too-long", "process.bpmn", "R3/P3D", "R3/P99Y"),
        (timers, "timer-cycle-fast", "process.bpmn", "R3/P3D", "R3/PT10M"),
        (timers, "timer-cycle-endless", "process.bpmn", "R3/P3D", "R/PT2H"),
        (timers, "timer-cycle-place", "process.bpmn", 'attachedToRef="traiter" cancelActivity="false"', 'attachedToRef="traiter"'),
        (decisions, "decision-unknown", "phase.bpmn", 'decisionId="part"', 'decisionId="parts"'),
        (decisions, "decision-requirement", "decisions.dmn", "<decisionTable",
         '<informationRequirement id="ir"><requiredDecision href="#nothing"/></informationRequirement><decisionTable'),
        (decisions, "decision-namespace", "decisions.dmn", "DMN/20191111/MODEL/", "DMN/20180521/MODEL/"),
        (decisions, "decision-title", "decisions.dmn", 'id="part" name="Part"', 'id="part" name="part"'),
        (translations, "translation-missing", "decisions.dmn", 'name="Part"', 'name="Part de chacun"'),
        (decisions, "table-content", "decisions.dmn", "<text>montant</text>", "<text>montnat</text>"),
        (decisions, "table-content", "decisions.dmn", "<text>100</text>", "<text>100 +</text>"),
        (decisions, "table-rows", "decisions.dmn", "&gt; reglages.plafond", "&lt; 100"),
        (decisions, "table-gap", "decisions.dmn", NO_DEFAULT, GAP),
        (forms, "form-unknown", "phase.bpmn", 'formId="B"', 'formId="C"'),
        (forms, "form-missing", "phase.bpmn", '<zeebe:formDefinition formId="B"/>', ""),
        (forms, "form-twice", "B.form", '"id": "B"', '"id": "A"'),
        (forms, "name-function", "A.form", '"key": "montant"', '"key": "count"'),
        (forms, "name-two-kinds", "B.form", '"key": "avis"', '"key": "montant"'),
        (forms, "expression-name", "B.form", 'accord != \\"oui\\"', 'acord != \\"oui\\"'),
        (forms, "condition-null", "B.form", 'accord != \\"oui\\"', "tours > 3"),
        (messages, "message-missing", "process.bpmn", 'messageRef="m_retrait"', 'messageRef="m_autre"'),
        (messages, "message-name", "process.bpmn", 'id="m_retrait" name="MSG_RETRAIT"', 'id="m_retrait"'),
        (messages, "message-correlation", "process.bpmn", "<zeebe:subscription correlationKey=\"=numero\"/>", ""),
        (messages, "message-unused", "process.bpmn", '<message id="m_retrait"', '<message id="m_0" name="RIEN"/><message id="m_retrait"'),
        (calls, "call-unknown", "process.bpmn", 'processId="phase"', 'processId="phrase"'),
        (calls, "call-cycle", "process.bpmn", 'processId="phase"', 'processId="cadre"'),
        (calls, "phase-mapping", "process.bpmn", OWN_FACTS, SHARED_FACTS.format("phase")),
        (calls, "phase-of-shared", "process.bpmn", OWN_FACTS, SHARED_FACTS.format("sp_pay")),
        (calls, "call-without-output", "process.bpmn", '<zeebe:output source="=resultat" target="paiement"/>', ""),
        (inputs, "call-input-missing", "process.bpmn", '<zeebe:input source="=montant" target="montant"/>', ""),
    ],
)  # fmt: skip
def test_one_change_of_the_clean_case_type_is_found(family, rule, path, old, new):
    assert rules(family, clean()) == set()
    assert rule in rules(family, changed(path, old, new))


# ---------------------------------------------------------------- repeated steps
def repeated(attributes: str, more: str = "") -> str:
    loop = extensions(f"<zeebe:loopCharacteristics {attributes}/>") if attributes else ""
    return f'<multiInstanceLoopCharacteristics id="mi">{loop}{more}</multiInstanceLoopCharacteristics>'


LIST = 'inputCollection="=avis_requis" inputElement="avis_de"'


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        ("instances-kind", graph("s>v>e", {"v": repeated(LIST)}), graph("s>u>e", {"u": repeated(LIST)})),
        ("instances-collection", graph("s>u>e", {"u": repeated("")}), graph("s>u>e", {"u": repeated(LIST)})),
        ("instances-collection", graph("s>u>e", {"u": repeated(LIST.replace("=avis", "avis"))}), graph("s>u>e", {"u": repeated(LIST)})),
        (
            "instances-output",
            graph("s>u>e", {"u": repeated(LIST + ' outputCollection="avis"')}),
            graph("s>u>e", {"u": repeated(LIST + ' outputCollection="avis" outputElement="=avis_de"')}),
        ),
        (
            "instances-count",
            graph("s>u>e", {"u": repeated(LIST, "<loopCardinality>1000000000</loopCardinality>")}),
            graph("s>u>e", {"u": repeated(LIST)}),
        ),
    ],
)
def test_a_repeated_step(rule, wrong, right):
    assert rule in rules(instances, wrong)
    assert rules(instances, right) == set()


def test_a_phase_is_not_repeated_but_a_process_with_its_own_facts_is():
    inside = graph("s>u>e", process="q")
    for phase, expected in (("true", {"phase-instances"}), ("false", set())):
        call = extensions(f'<zeebe:calledElement processId="q" propagateAllChildVariables="{phase}"/>') + repeated(LIST)
        assert rules(calls, {"p.bpmn": graph("s>c>e", {"c": call}), "q.bpmn": inside}) == expected


# ---------------------------------------------------------------- what is known
def test_what_a_required_field_or_a_script_sets_needs_no_guard():
    assert rules(expressions, changed("process.bpmn", '=accord = "oui"', "=montant &gt; 5")) == set()
    assert "condition-null" in rules(expressions, changed("process.bpmn", '=accord = "oui"', "=tours &gt; 5"))


def test_a_call_gives_what_the_start_of_a_shared_process_says_that_it_takes():
    start = '<startEvent id="a_payer"><extensionElements><zeebe:ioMapping>{}</zeebe:ioMapping></extensionElements></startEvent>'
    takes = "".join(f'<zeebe:output source="={name}" target="{name}"/>' for name in ("montant", "beneficiaire"))
    told = PAY.replace('<startEvent id="a_payer"/>', start.format(takes))
    assert rules(inputs, clean() | {"_shared/sp_pay.bpmn": told}) == {"call-input-missing"}
    given = changed("process.bpmn", 'target="montant"/>', 'target="montant"/><zeebe:input source="=null" target="beneficiaire"/>')
    assert rules(inputs, given | {"_shared/sp_pay.bpmn": told}) == set()
    more = changed("process.bpmn", 'target="montant"/>', 'target="montant"/><zeebe:input source="=1" target="beneficaire"/>')
    assert rules(inputs, more | {"_shared/sp_pay.bpmn": told}) == {"call-input-missing", "call-input-unknown"}


def test_a_partial_date_has_a_first_day_in_forms_and_is_a_text_elsewhere():
    """What runs sees the text that was stored: a computed question gives its first day to processes and tables."""
    first_day = {"kind": "computed", "formula": "=le.start", "value": "date"}
    asked = [field("le", properties={"kind": "partial-date"}), field("depuis", properties=first_day)]
    asks = extensions('<zeebe:userTask/><zeebe:formDefinition formId="f"/>')
    for condition, expected in (("le.start = today()", {"expression-kind"}), ("depuis != null and depuis = today()", set())):
        drawn = graph(f"s>u>x; x>u2 [={condition}]; x>e; u2>e", {"u": asks, "u2": asks})
        files = {"p.bpmn": drawn, "f.form": form("f", *asked)}
        assert rules(expressions, files) == expected
        assert rules(forms, files) == set()


def test_a_guard_makes_a_condition_answer():
    assert rules(expressions, changed("process.bpmn", '=accord = "oui"', "=tours != null and tours &gt; 5")) == set()


def test_null_is_no_code_of_a_list():
    assert rules(expressions, changed("process.bpmn", '=accord = "oui"', '=list contains(["oui"], accord)')) == set()
    assert rules(expressions, changed("process.bpmn", '=accord = "oui"', '=accord in ("oui", "non")')) == set()


def test_two_keys_of_one_message_are_found_across_files():
    files = clean()
    other = graph("s>t>e", {"t": '<messageEventDefinition id="x" messageRef="m2"/>'}, process="autre",
                  beside='<message id="m2" name="MSG_RETRAIT"><extensionElements><zeebe:subscription correlationKey="=montant"/>'
                  "</extensionElements></message>")  # fmt: skip
    assert "message-two-keys" in rules(messages, files | {"z.bpmn": other})


def test_a_decision_in_two_files_is_found():
    assert "decision-twice" in rules(decisions, clean() | {"z.dmn": TABLE})


def test_a_table_that_cannot_be_tried_is_an_advice():
    told = [
        f for f in decisions.check(bundle(changed("decisions.dmn", "&lt;= reglages.plafond", "&lt;= tours"))) if f.rule == "table-beyond"
    ]
    assert [f.level for f in told] == [ADVICE]


def test_a_form_that_nobody_uses_is_an_advice():
    files = clean() | {"Z.form": form("Z", field("z"))}
    assert [(f.rule, f.level) for f in forms.check(bundle(files))] == [("form-unused", ADVICE)]


def test_the_shared_folder_alone_does_not_know_what_it_will_be_given():
    reads = {"shared.yaml": "facts: {}\n", "sp_pay.bpmn": PAY}
    assert "expression-name" not in rules(expressions, reads)


def test_the_place_of_a_fault_is_its_line():
    files = changed("process.bpmn", '=accord = "oui"', '=acord = "oui"')
    found = next(f for f in expressions.check(bundle(files)) if f.rule == "expression-name")
    line = files["process.bpmn"].decode().splitlines()[found.line - 1]
    assert 'id="f_oui"' in line
    assert (found.file, found.element) == ("process.bpmn", "f_oui")
    assert "Vouliez-vous « accord »" in found.message.fr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('=accord = "oui"', '=acord = "oui"', "unknown name: « acord ». Did you mean « accord »?"),
        ('=accord = "oui"', '=accord = "peut-être"', "« peut-être » is not a possible choice. Choices: oui, non."),
        ('=accord = "oui"', "=accord = 3", "a text and a number cannot be compared"),
        ('=accord = "oui"', "=montant", "a yes/no is expected, the expression gives a number"),
        ('=accord = "oui"', '=accord + 1 = "x"', "« + » is impossible between a text and a number"),
    ],
)
def test_the_english_says_the_same(old, new, said):
    found = list(expressions.check(bundle(changed("process.bpmn", old, new))))
    assert any(said in f.message.en for f in found), [f.message.en for f in found]


def test_the_english_of_tables():
    found = list(decisions.check(bundle(changed("decisions.dmn", "&gt; reglages.plafond", "&lt; 100"))))
    assert any("row 2: it never applies, a row above covers it" in f.message.en for f in found), [f.message.en for f in found]
