"""Messages: each is declared once, finds its waiter by a value, and is received by the engine, never thrown by it."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import Element, local_name
from .bundle import CASE_TYPE, SHARED_FILE, Bundle
from .document import B, Process, Z, mappings
from .finding import ADVICE, Finding, Rule, Text
from .names import form_of

NO_REF = Rule(
    "message-missing",
    Text("{element} attend un message, mais ne dit pas lequel.", "{element} awaits a message, but does not say which."),
    Text("Choisir un message déclaré dans ce fichier.", "Choose a message declared in this file."),
)
NO_NAME = Rule(
    "message-name",
    Text("Le message {element} n'a pas de nom.", "The message {element} has no name."),
    Text("Lui donner un nom, par exemple MSG_CORPS_ARRIVE.", "Give it a name, for example MSG_CORPS_ARRIVE."),
)
NO_KEY = Rule(
    "message-correlation",
    Text(
        "Le message {element} est attendu sans valeur qui dise lequel des dossiers attend.",
        "The message {element} is awaited without a value that tells which case waits.",
    ),
    Text('Écrire sa clé : zeebe:subscription correlationKey="=numero".', 'Write its key: zeebe:subscription correlationKey="=numero".'),
)
UNUSED = Rule(
    "message-unused",
    Text("Personne n'attend le message {element}.", "Nobody awaits the message {element}."),
    Text("Le supprimer du fichier, ou l'attendre.", "Delete it from the file, or await it."),
)
TWO_KEYS = Rule(
    "message-two-keys",
    Text("Le message « {name} » a une autre clé dans {other} : « {key} ».", "The message “{name}” has another key in {other}: “{key}”."),
    Text(
        "Une clé par message, la même dans tous les fichiers ; ne jamais employer un nom pour deux choses.",
        "One key a message, the same in all files; never use one name for two things.",
    ),
)
UNLISTED = Rule(
    "message-unlisted",
    Text(
        "{element} attend « {name} », que ni « events » ni « messages » ne déclare : personne ne pourrait le noter.",
        "{element} awaits “{name}”, which neither “events” nor “messages” declares: nobody could record it.",
    ),
    Text(
        "L'ajouter sous « events » de case_type.yaml (ou « messages » de shared.yaml), avec key, form et record.",
        "Add it under “events” of case_type.yaml (or “messages” of shared.yaml), with key, form and record.",
    ),
)
UNAWAITED = Rule(
    "message-unawaited",
    Text("« {element} » est déclaré, et aucun processus ne l'attend.", "“{element}” is declared, and no process awaits it."),
    Text("Le supprimer de la feuille, ou l'attendre.", "Delete it from the sheet, or await it."),
)
BRINGS_NOTHING = Rule(
    "message-without-form",
    Text(
        "{element} prend des faits de « {name} », qui n'a pas de formulaire : ils resteraient vides.",
        "{element} takes facts from “{name}”, which has no form: they would stay empty.",
    ),
    Text(
        "Donner à ce qui l'attend la propriété « form » : le formulaire de ce que le message apporte.",
        "Give what awaits it the property “form”: the form of what the message brings.",
    ),
)
OTHER_FORM = Rule(
    "message-two-forms",
    Text(
        "{element} lit « {name} » par le formulaire « {form} », la feuille par « {other} ».",
        "{element} reads “{name}” by the form “{form}”, the sheet by “{other}”.",
    ),
    Text(
        "Écrire le même : ce qu'un partenaire envoie est lu par un seul formulaire.",
        "Write the same: what a partner sends is read by one form only.",
    ),
    ADVICE,
)
OTHER_KEY = Rule(
    "message-sheet-key",
    Text(
        "La clé de « {element} » est « {key} » dans la feuille, « {other} » dans {file}.",
        "The key of “{element}” is “{key}” in the sheet, “{other}” in {file}.",
    ),
    Text("Écrire la même clé aux deux endroits.", "Write the same key in both places."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    yield from _declared(bundle)
    yield from _listed(bundle)


def _listed(bundle: Bundle) -> Iterator[Finding]:
    """Messages of the processes against those that the sheets declare."""
    shared, own = bundle.part(SHARED_FILE, "messages"), bundle.part(CASE_TYPE, "events") if bundle.case_type else {}
    sheet = {**shared, **own}
    waiting: dict[str, list[tuple[Process, Element, str]]] = {}
    for process, node, name, key in _waiters(bundle):
        waiting.setdefault(name, []).append((process, node, key))
    for name, waiters in waiting.items():
        said = sheet.get(name)
        formed = any(form_of(node) for _, node, _ in waiters)
        for process, node, key in waiters:
            if bundle.is_shared(process.file):
                continue
            if said is None and (bundle.case_type or bundle.is_shared_folder):
                yield UNLISTED.at(process.file, node, name=name)
            if not formed and mappings(node, "output"):
                yield BRINGS_NOTHING.at(process.file, node, name=name)
            if isinstance(said, dict):
                yield from _as_said(process, node, name, key, said)
    mine = {CASE_TYPE: own} if bundle.case_type else {SHARED_FILE: shared} if bundle.is_shared_folder else {}
    for file, names in mine.items():
        for name in names:
            if name not in waiting:
                yield UNAWAITED.at(file, name, bundle.line(file, name))


def _waiters(bundle: Bundle) -> Iterator[tuple[Process, Element, str, str]]:
    """(process, element, name of the message, its key)."""
    for document in (*bundle.documents, *bundle.shared_documents):
        known = {m.get("id"): m for m in document.root.findall(f"{B}message")}
        for process in document.processes:
            for node, ref in awaited(process):
                message = known.get(ref)
                if message is not None and message.get("name"):
                    subscription = message.find(f"{B}extensionElements/{Z}subscription")
                    key = subscription.get("correlationKey") or "" if subscription is not None else ""
                    yield process, node, message.get("name"), key


def _as_said(process: Process, node: Element, name: str, key: str, said: dict) -> Iterator[Finding]:
    form, other = form_of(node), said.get("form")
    if form and other and form != other:
        yield OTHER_FORM.at(process.file, node, name=name, form=form, other=other)
    if said.get("key") and key.startswith("=") and key != f"={said['key']}":
        yield OTHER_KEY.at(process.file, name, node.sourceline or 0, key=said["key"], other=key[1:], file=process.file)


def _declared(bundle: Bundle) -> Iterator[Finding]:
    keys: dict[str, tuple[str, str]] = {}
    for document in (*bundle.shared_documents, *bundle.documents):
        used = {ref for process in document.processes for _, ref in awaited(process)}
        for message in document.root.findall(f"{B}message"):
            found = list(_message(document.file, message, used, keys))
            if not bundle.is_shared(document.file):
                yield from found
        known = {m.get("id") for m in document.root.findall(f"{B}message")}
        for process in document.processes if not bundle.is_shared(document.file) else ():
            for node, ref in awaited(process):
                if ref not in known:
                    yield NO_REF.at(document.file, node)


def awaited(process: Process) -> Iterator[tuple[Element, str | None]]:
    """(element that waits, id of the message)."""
    for node in process.nodes():
        if local_name(node) == "receiveTask":
            yield node, node.get("messageRef")
        for event in node.findall(f"{B}messageEventDefinition"):
            yield node, event.get("messageRef")


def _message(file: str, message: Element, used: set, keys: dict) -> Iterator[Finding]:
    name = message.get("name") or ""
    if not name:
        yield NO_NAME.at(file, message)
    if message.get("id") not in used:
        yield UNUSED.at(file, message)
        return
    subscription = message.find(f"{B}extensionElements/{Z}subscription")
    key = subscription.get("correlationKey") or "" if subscription is not None else ""
    if not key.startswith("="):
        yield NO_KEY.at(file, message)
        return
    other, before = keys.setdefault(name, (file, key))
    if before != key:
        yield TWO_KEYS.at(file, message, name=name, other=other, key=before)
