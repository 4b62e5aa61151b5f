"""Messages: each is declared once, finds its waiter by a value, and is received by the engine, never thrown by it."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import B, Process, Z
from .finding import Finding, Rule, Text

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


def check(bundle: Bundle) -> Iterator[Finding]:
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
