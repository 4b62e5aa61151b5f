"""What Camunda Modeler and bpmn-js accept as valid and we do not carry out: named as such, with the nearest thing that we do."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ..xmlfile import BPMN, ZEEBE, Element, local_name
from .bundle import Bundle
from .document import B, Document, extension
from .finding import Finding, Rule, Text
from .unsupported_words import ATTRIBUTES, BETWEEN, ELSEWHERE, EXTENSIONS, FOREIGN, OTHERS, READ, UNKNOWN_EXTENSION

EXTENSION = Rule(
    "extension-unsupported",
    Text(
        "{element} : le Modeler accepte zeebe:{name}, que nous n'exécutons pas.",
        "{element}: the Modeler accepts zeebe:{name}, which we do not carry out.",
    ),
    Text("{cure}", "{cure}"),
)
FOREIGN_EXTENSION = Rule(
    "extension-foreign",
    Text(
        "{element} porte « {name} », écrit pour {platform} : rien ne le lit ici.",
        "{element} carries “{name}”, written for {platform}: nothing reads it here.",
    ),
    Text("L'enlever ; {cure}.", "Delete it; {cure}."),
)
ATTRIBUTE = Rule(
    "attribute-unsupported",
    Text(
        '{element} : BPMN permet {name}="{value}", que nous n\'exécutons pas.',
        '{element}: BPMN allows {name}="{value}", which we do not carry out.',
    ),
    Text("{cure}", "{cure}"),
)
LANGUAGE = Rule(
    "expression-language",
    Text("{element} : une expression est écrite en « {language} ».", "{element}: an expression is written in “{language}”."),
    Text("L'écrire en FEEL, et enlever l'attribut « language ».", "Write it in FEEL, and delete the attribute “language”."),
)
SCRIPT = Rule(
    "script-language",
    Text(
        "{element} porte un script ({language}) : aucun programme n'est exécuté.",
        "{element} carries a script ({language}): no program is carried out.",
    ),
    Text(
        'Écrire une expression FEEL et le fait qu\'elle donne : zeebe:script expression="=…" resultVariable="…".',
        'Write a FEEL expression and the fact that it gives: zeebe:script expression="=…" resultVariable="…".',
    ),
)
VERSION = Rule(
    "platform-version",
    Text(
        "Le fichier est écrit pour « Camunda Cloud » {version} ; le Modeler n'y contrôle pas tout ce que nous employons.",
        "The file is written for “Camunda Cloud” {version}; there the Modeler does not check all that we use.",
    ),
    Text('Choisir la version 8.6 ou plus (modeler:executionPlatformVersion="8.6.0").', "Choose version 8.6 or later."),
)
OUTSIDE = Rule(
    "element-elsewhere",
    Text("Le fichier contient {what}, {element}, que nous ne lisons pas.", "The file holds {what}, {element}, which we do not read."),
    Text("{cure}", "{cure}"),
)
FEEL = {None, "", "feel", "http://www.omg.org/spec/FEEL/20140401", "https://www.omg.org/spec/DMN/20191111/FEEL/"}
MODELER = "http://camunda.org/schema/modeler/1.0"


def check(bundle: Bundle) -> Iterator[Finding]:
    for document in bundle.documents:
        yield from _version(document)
        yield from _outside(document)
        for element in document.root.iter(etree.Element):
            space = etree.QName(element).namespace
            if space == BPMN:
                yield from _attributes(document.file, element)
                yield from _script(document.file, element)
            elif _extends(element):
                yield from _extension(document.file, element, space)


def _version(document: Document) -> Iterator[Finding]:
    version = document.root.get(f"{{{MODELER}}}executionPlatformVersion")
    parts = (version or "").split(".")
    known = all(part.isdigit() for part in parts[:2]) and len(parts) > 1
    if document.root.get(f"{{{MODELER}}}executionPlatform") == "Camunda Cloud" and (not known or [int(p) for p in parts[:2]] < [8, 6]):
        yield VERSION.at(document.file, document.root, version=version or "?")


def _outside(document: Document) -> Iterator[Finding]:
    """Beside the processes."""
    for words, place in ((ELSEWHERE, f"{B}*"), (BETWEEN, f"{B}collaboration//{B}*")):
        for element in document.root.findall(place):
            if local_name(element) in words:
                what, cure = words[local_name(element)]
                yield OUTSIDE.at(document.file, element, what=what, cure=cure)


def _extends(element: Element) -> bool:
    above = element.getparent()
    return above is not None and above.tag == f"{B}extensionElements"


def _extension(file: str, element: Element, space: str | None) -> Iterator[Finding]:
    name, holder = local_name(element), element.getparent().getparent()
    if space != ZEEBE:
        platform, cure = FOREIGN.get(space or "", OTHERS)
        prefix = f"{element.prefix}:" if element.prefix else ""
        yield FOREIGN_EXTENSION.at(file, holder, name=f"{prefix}{name}", platform=platform, cure=cure)
        return
    if name not in READ:
        yield EXTENSION.at(file, holder, name=name, cure=EXTENSIONS.get(name, UNKNOWN_EXTENSION))
        return
    for key, value in element.attrib.items():
        if (name, key) in ATTRIBUTES and ATTRIBUTES[name, key][0](value):
            yield EXTENSION.at(file, holder, name=f"{name} {key}", cure=ATTRIBUTES[name, key][1])
        elif key not in READ[name]:
            yield EXTENSION.at(file, holder, name=f"{name} {key}", cure=UNKNOWN_EXTENSION)


def _attributes(file: str, element: Element) -> Iterator[Finding]:
    for key, value in element.attrib.items():
        space, name = etree.QName(key).namespace, etree.QName(key).localname
        if ("", name) in ATTRIBUTES and not space and ATTRIBUTES["", name][0](value):
            yield ATTRIBUTE.at(file, element, name=name, value=value, cure=ATTRIBUTES["", name][1])
        elif space in FOREIGN and space != MODELER:
            platform, cure = FOREIGN[space]
            yield FOREIGN_EXTENSION.at(file, element, name=name, platform=platform, cure=cure)
    language = element.get("language") or element.get("expressionLanguage")
    if language not in FEEL:
        yield LANGUAGE.at(file, element, language=language)


def _script(file: str, element: Element) -> Iterator[Finding]:
    """A script task computes by FEEL; one that names a program, or a job worker, does nothing here."""
    if local_name(element) != "scriptTask" or extension(element, "script") is not None:
        return
    language = element.get("scriptFormat") or ("job worker" if extension(element, "taskDefinition") is not None else "")
    if language or element.find(f"{B}script") is not None:
        yield SCRIPT.at(file, element, language=language or "script")
