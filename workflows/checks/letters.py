"""Letters: each can be written, and each placeholder is a fact that whoever sends the letter knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from jinja2 import TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ..letters import is_letter, named
from ..translations import FRENCH
from .bundle import CASE_TYPE, MAX_LETTER, SHARED_FILE, Bundle
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
LANGUAGE = Rule(
    "letter-language",
    Text(
        "La lettre « {element} » est écrite en « {name} », qui n'est pas une langue de contact.",
        "The letter “{element}” is written in “{name}”, which is no language of contact.",
    ),
    Text("Langues de contact : {known}.", "Languages of contact: {known}."),
)
ORIGINAL = Rule(
    "letter-original",
    Text(
        "La lettre « {element} » existe en « {name} » et pas en français.", "The letter “{element}” exists in “{name}” and not in French."
    ),
    Text(
        "Écrire le français, {element}.md : c'est lui qui part quand la langue manque.",
        "Write the French, {element}.md: it leaves where a language is missing.",
    ),
)
VERSION = Rule(
    "letter-version",
    Text(
        "La lettre « {element} » en « {name} » ne dit pas la même chose que le français : {facts}.",
        "The letter “{element}” in “{name}” does not say the same as the French: {facts}.",
    ),
    Text("Employer les mêmes faits dans les deux.", "Use the same facts in both."),
)
ENVIRONMENT = ImmutableSandboxedEnvironment(autoescape=False)
ENVIRONMENT.filters["label"] = str
ALWAYS = {"dossier", "loop"}
FORBIDDEN = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Macro, nodes.CallBlock, nodes.Block)
METHODS = {"strftime", "isoformat", "upper", "lower", "title", "strip", "replace"}
MAX_DEPTH = 3  # loops in loops


def check(bundle: Bundle) -> Iterator[Finding]:
    names, senders = names_of(bundle), _senders(bundle)
    for path, content in sorted(bundle.files.items()):
        if bundle.is_shared(path) or not path.startswith("letters/") or len(content) > MAX_LETTER:
            continue
        name, language = named(path)
        yield from _letter(names, path, name, content, senders.get(name, []))
        if language != FRENCH:
            yield from _version(bundle, path, content)
        elif bundle.case_type and name not in senders and "=" not in senders:
            yield UNUSED.at(path, name)


def _version(bundle: Bundle, path: str, content: bytes) -> Iterator[Finding]:
    """What a letter in another language has to do with the French one."""
    name, language = named(path)
    known = bundle.part(SHARED_FILE, "languages")
    if known and language not in known:
        yield LANGUAGE.at(path, name, name=language, known=", ".join(known))
    own = {named(other): said for other, said in bundle.files.items() if is_letter(other) and not bundle.is_shared(other)}
    french = own.get((name, FRENCH))
    if french is None:
        yield ORIGINAL.at(path, name, name=language)
        return
    with suppress(TemplateError, RecursionError):
        one, other = (find_undeclared_variables(ENVIRONMENT.parse(text.decode("utf-8", "replace"))) for text in (content, french))
        if one != other:
            yield VERSION.at(path, name, name=language, facts=", ".join(sorted(one ^ other)))


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
