"""Reading the decisions of a .dmn file."""

from __future__ import annotations

from lxml import etree

from .errors import FeelError
from .table import Decision, Input, Output, Rule, Table

POLICIES = {"UNIQUE", "ANY", "FIRST", "PRIORITY", "RULE ORDER", "OUTPUT ORDER", "COLLECT"}
AGGREGATIONS = {None, "SUM", "MIN", "MAX", "COUNT"}
MAX_RULES = 1_000
MAX_FILE = 2_000_000  # bytes


def read(xml: bytes) -> dict[str, Decision]:
    """The decisions of a file by id. FeelError, in French, for what is not a file of tables and literal expressions."""
    if len(xml) > MAX_FILE:
        raise FeelError("fichier de décision trop grand")
    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        raise FeelError("fichier de décision illisible : ce n'est pas du XML") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise FeelError("fichier de décision refusé : il contient un DOCTYPE")
    out: dict[str, Decision] = {}
    for decision in map(read_decision, root.iter("{*}decision")):
        if decision.id in out:
            raise FeelError(f"la décision « {decision.id} » est écrite deux fois")
        out[decision.id] = decision
    return out


def read_decision(node: etree._Element) -> Decision:
    name = node.get("name") or node.get("id") or ""
    id = node.get("id") or name
    requires = tuple((required.get("href") or "").rpartition("#")[2] for required in node.iter("{*}requiredDecision"))
    variable = node.find("{*}variable")
    result = (variable.get("name") if variable is not None else None) or name
    table, literal = node.find("{*}decisionTable"), node.find("{*}literalExpression")
    if table is not None:
        return Decision(id, name, result, read_table(table, name), requires)
    if literal is not None:
        return Decision(id, name, result, text_of(literal), requires)
    raise FeelError(f"décision « {name} » : ni table ni expression ; les autres formes de DMN ne sont pas employées ici")


def read_table(node: etree._Element, name: str) -> Table:
    policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation")
    if policy not in POLICIES:
        raise FeelError(f"table « {name} » : politique « {policy} » inconnue")
    if aggregation not in AGGREGATIONS:
        raise FeelError(f"table « {name} » : agrégation « {aggregation} » inconnue")
    inputs = tuple(read_input(child) for child in node.findall("{*}input"))
    outputs = tuple(read_output(child, name) for child in node.findall("{*}output"))
    rules = tuple(read_rule(child) for child in node.findall("{*}rule"))
    if len(rules) > MAX_RULES:
        raise FeelError(f"table « {name} » : plus de {MAX_RULES} lignes")
    if not outputs:
        raise FeelError(f"table « {name} » : aucune colonne de sortie")
    if aggregation and len(outputs) > 1:
        raise FeelError(f"table « {name} » : {aggregation} demande une seule sortie")
    for n, rule in enumerate(rules, 1):
        if len(rule.cells) != len(inputs) or len(rule.outputs) != len(outputs):
            raise FeelError(f"table « {name} », ligne {n} : il n'y a pas une case pour chaque colonne")
    return Table(name, inputs, outputs, rules, policy, aggregation)


def read_input(node: etree._Element) -> Input:
    expression = node.find("{*}inputExpression")
    written = "" if expression is None else text_of(expression)
    return Input(written, node.get("label") or "", None if expression is None else expression.get("typeRef"), text_in(node, "inputValues"))


def read_output(node: etree._Element, table: str) -> Output:
    return Output(node.get("name") or table, node.get("typeRef"), text_in(node, "outputValues"), text_in(node, "defaultOutputEntry"))


def read_rule(node: etree._Element) -> Rule:
    cells = tuple(text_of(cell) or "-" for cell in node.findall("{*}inputEntry"))
    outputs = tuple(text_of(cell) for cell in node.findall("{*}outputEntry"))
    note = node.findtext("{*}description") or node.findtext("{*}annotationEntry/{*}text") or ""
    return Rule(cells, outputs, node.get("id", ""), note)


def text_of(node: etree._Element) -> str:
    return (node.findtext("{*}text") or "").strip()


def text_in(node: etree._Element, tag: str) -> str | None:
    child = node.find(f"{{*}}{tag}")
    return None if child is None else text_of(child) or None
