"""Letters: each can be written, and each placeholder is a fact that whoever sends the letter knows."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .bundle import CASE_TYPE, MAX_LETTER, Bundle
from .document import B, Process, Z, mappings
from .finding import ADVICE, Finding, Rule, Text
from .names import Names, names_of

SYNTAX = Rule(
    "letter-syntax",
    Text("La lettre « {element} » ne peut pas être écrite : {detail}.", "The letter “{element}” cannot be written: {detail}."),
    Text(
        "Corriger l'endroit : {{{{ fait }}}}, {{% if fait %}} … {{% endif %}}, {{% for x in liste %}} … {{% endfor %}}.",
        "Correct the place: {{{{ fact }}}}, {{% if fact %}} … {{% endif %}}, {{% for x in list %}} … {{% endfor %}}.",
    ),
)
PLACEHOLDER = Rule(
    "letter-placeholder",
    Text(
        "La lettre « {element} » emploie « {name} », que {senders} ne connaît pas : il y aurait un blanc.",
        "The letter “{element}” uses “{name}”, which {senders} does not know: there would be a gap.",
    ),
    Text(
        'Employer un fait déclaré, ou le donner à l\'envoi : zeebe:input source="=…" target="{name}".',
        'Use a declared fact, or give it to the sending: zeebe:input source="=…" target="{name}".',
    ),
)
CONSTRUCT = Rule(
    "letter-construct",
    Text(
        "La lettre « {element} » emploie « {name} », qui n'est pas permis dans une lettre.",
        "The letter “{element}” uses “{name}”, which is not allowed in a letter.",
    ),
    Text(
        "Une lettre lit des faits, pose des conditions et parcourt des listes, rien d'autre.",
        "A letter reads facts, asks conditions and goes through lists, nothing else.",
    ),
)
UNUSED = Rule(
    "letter-unused",
    Text("Aucun envoi n'emploie la lettre « {element} ».", "No sending uses the letter “{element}”."),
    Text("La supprimer, ou l'envoyer.", "Delete it, or send it."),
    ADVICE,
)
ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=False)
ALWAYS = {"dossier", "loop"}
FORBIDDEN = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Macro, nodes.CallBlock, nodes.Block)
METHODS = {"strftime", "isoformat", "upper", "lower", "title", "strip", "replace"}
MAX_DEPTH = 3  # loops in loops


def check(bundle: Bundle) -> Iterator[Finding]:
    names, senders = names_of(bundle), _senders(bundle)
    for path, content in sorted(bundle.files.items()):
        if bundle.is_shared(path) or not path.startswith("letters/") or len(content) > MAX_LETTER:
            continue
        name = path.rpartition("/")[2].partition(".")[0]
        yield from _letter(names, path, name, content, senders.get(name, []))
        if bundle.case_type and name not in senders and "=" not in senders:
            yield UNUSED.at(path, name)


def _senders(bundle: Bundle) -> dict[str, list[tuple[Process, set[str]]]]:
    """Letter -> who sends it, each with what it gives the letter. « = » for a letter that an expression chooses."""
    found: dict[str, list[tuple[Process, set[str]]]] = {}
    for process in bundle.processes.values():
        for node in process.of_kind("sendTask"):
            headers = {h.get("key"): h.get("value") or "" for h in node.findall(f"{B}extensionElements/{Z}taskHeaders/{Z}header")}
            template = headers.get("template", "")
            given = {target for target, _, _ in mappings(node, "input")}
            found.setdefault("=" if template.startswith("=") else template, []).append((process, given))
    return found


def _letter(names: Names, path: str, name: str, content: bytes, senders: list) -> Iterator[Finding]:
    text = content.decode("utf-8", "replace")
    try:
        tree = ENVIRONMENT.parse(text)
        ENVIRONMENT.compile(tree)
    except TemplateSyntaxError as error:
        yield SYNTAX.at(path, name, error.lineno, detail=Text(_french(error), str(error.message).rstrip(".")))
        return
    except (TemplateError, RecursionError, SyntaxError) as error:
        yield SYNTAX.at(path, name, detail=type(error).__name__)
        return
    tree = ENVIRONMENT.parse(text)
    yield from _constructs(path, name, tree)
    for process, given in senders:
        if names.given_from_outside(process.id):
            continue  # what its callers know is known only beside them
        known = {*names.visible(process.id), *_of_the_frame(names), *given, *ALWAYS}
        for unknown in sorted(find_undeclared_variables(tree) - known):
            line = next((node.lineno for node in tree.find_all(nodes.Name) if node.name == unknown), 0)
            yield PLACEHOLDER.at(path, name, line, name=unknown, senders=f"« {process.id} »")


def _of_the_frame(names: Names) -> set[str]:
    """The facts of the case itself, which every letter of it may use."""
    frame = names.bundle.mapping(CASE_TYPE).get("process")
    return set(names.visible(str(frame))) if frame in names.bundle.processes else set()


def _constructs(path: str, name: str, tree: nodes.Template) -> Iterator[Finding]:
    for node in tree.find_all((*FORBIDDEN, nodes.Call)):
        if isinstance(node, nodes.Call):
            called = node.node.attr if isinstance(node.node, nodes.Getattr) else getattr(node.node, "name", "()")
            if not (isinstance(node.node, nodes.Getattr) and called in METHODS):
                yield CONSTRUCT.at(path, name, node.lineno, name=f"{called}()")
        else:
            yield CONSTRUCT.at(path, name, node.lineno, name=type(node).__name__.lower())
    if _depth(tree) > MAX_DEPTH:
        yield CONSTRUCT.at(path, name, name=Text("des boucles dans des boucles", "loops in loops"))


def _depth(node: nodes.Node) -> int:
    inner = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return inner + isinstance(node, nodes.For)


def _french(error: TemplateSyntaxError) -> str:
    said = str(error.message).rstrip(".")
    if "filter" in said:
        return f"un filtre inconnu ({said})"
    if "end of template" in said or "unexpected end" in said.lower():
        return f"un bloc n'est pas fermé ({said})"
    return f"une marque ne se lit pas ({said})"
