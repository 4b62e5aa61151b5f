"""What the names in a scenario may stand for: steps, waits, messages, facts, fields, people, codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from ..folder import CHILD_SHEET
from ..forms.fields import Field
from ..letters import names as letter_names
from ..scenarios.vocabulary import END, FIRST, RUNNING, SIGHTS
from ..xmlfile import Element, local_name
from .bundle import CASE_TYPE, ROLES, SHARED_FILE, Bundle
from .document import event_of, mappings
from .finding import Text
from .names import form_of, names_of

Fields = Mapping[str, Field]
WHAT = {
    "step": Text("l'étape", "the step"),
    "wait": Text("l'attente", "the wait"),
    "open": Text("l'étape ou l'attente", "the step or wait"),
    "goal": Text("l'étape ou l'attente", "the step or wait"),
    "done": Text("l'élément ou le message", "the element or message"),
    "event": Text("l'événement", "the event"),
    "message": Text("le message", "the message"),
    "fact": Text("le fait", "the fact"),
    "header": Text("le champ de l'en-tête", "the field of the header"),
    "field": Text("le champ", "the field"),
    "letter": Text("la lettre ou l'étape d'envoi", "the letter or sending step"),
    "setting": Text("le réglage", "the setting"),
    "calendar": Text("le calendrier", "the calendar"),
    "budget_line": Text("la ligne budgétaire", "the budget line"),
    "user": Text("l'utilisateur", "the user"),
    "role": Text("le rôle", "the role"),
    "post": Text("le poste", "the post"),
    "case": Text("le dossier", "the case"),
    "passage": Text("le passage", "the passage"),
    "status": Text("le statut", "the status"),
    "outcome": Text("l'issue", "the outcome"),
    "priority": Text("la priorité", "the priority"),
    "confidentiality": Text("la confidentialité", "the confidentiality"),
    "sight": Text("la vue", "the sight"),
    "reason": Text("la raison", "the reason"),
}
OF_THE_TYPE = frozenset({"step", "wait", "open", "goal", "done", "event", "message", "fact", "field", "letter", "outcome", "status"})
"""Of a case of another type nothing is known here."""


class World:
    """Of one bundle; computed once, and asked for each scenario."""

    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.nodes: dict[str, list[Element]] = {}
        for process in bundle.processes.values():
            for node in process.nodes():
                self.nodes.setdefault(node.get("id"), []).append(node)

    @property
    def codes(self) -> frozenset[str]:
        """Of the types that the folder describes: its own, and that of their children."""
        sheets = (self.bundle.case_type, self.bundle.mapping(CHILD_SHEET))
        return frozenset(str(sheet["code"]) for sheet in sheets if sheet.get("code"))

    def known(self, kind: str) -> frozenset[str] | None:
        """The names of a kind; None when it cannot be told here."""
        return self._known.get(kind)

    @cached_property
    def _known(self) -> dict[str, frozenset[str] | None]:
        bundle, said = self.bundle, self.bundle.known
        steps, waits, messages = self._steps(), self._waits(), self._messages()
        senders = {ident for ident, nodes in self.nodes.items() if any(local_name(node) == "sendTask" for node in nodes)}
        letters = letter_names(bundle.files)
        return {
            "step": steps,
            "wait": waits,
            "open": steps | waits,
            "goal": steps | waits | {END},
            "done": steps | messages | self.nodes.keys(),
            "event": waits | messages,
            "message": messages,
            "fact": self._facts(),
            "header": frozenset(self.header),
            "letter": frozenset(letters | senders) | self._codes("notices"),
            "setting": frozenset(names_of(bundle).settings),
            "role": frozenset(bundle.part(ROLES, "roles")),
            "status": self._codes("statuses") | {RUNNING},
            "outcome": self._codes("outcomes")
            | frozenset(bundle.part(CASE_TYPE, "outcomes"))
            | frozenset(bundle.part(CHILD_SHEET, "outcomes")),
            "priority": self._codes("priorities") or frozenset({"P1", "P2", "P3", "P4"}),
            "confidentiality": self._codes("confidentiality") or frozenset({"C1", "C2", "C3", "C4"}),
            "sight": frozenset(SIGHTS),
            "user": said.users,
            "post": said.posts,
            "calendar": said.calendars,
            "budget_line": said.budget_lines,
            "reason": said.refusals,
            "case": frozenset({FIRST}),
        }

    def _codes(self, part: str) -> frozenset[str]:
        return frozenset(self.bundle.part(SHARED_FILE, part))

    def _steps(self) -> frozenset[str]:
        """Steps of people, of the procedure and beside it."""
        drawn = {ident for ident, nodes in self.nodes.items() if any(local_name(node) == "userTask" for node in nodes)}
        return frozenset(drawn) | self._codes("companions")

    def _waits(self) -> frozenset[str]:
        return frozenset(ident for ident, nodes in self.nodes.items() if any(map(_waits, nodes)))

    def _messages(self) -> frozenset[str]:
        roots = [document.root for document in (*self.bundle.documents, *self.bundle.shared_documents)]
        drawn = {message.get("name") or "" for root in roots for message in root.iter("{*}message")}
        return frozenset(drawn) | self._codes("messages") | frozenset(self.bundle.part(CASE_TYPE, "events"))

    def _facts(self) -> frozenset[str]:
        names = names_of(self.bundle)
        return frozenset(names.everywhere).union(*(names.visible(process) for process in self.bundle.processes))

    @cached_property
    def header(self) -> Fields:
        """Fields that are asked when a case is opened."""
        wanted = (self.bundle.mapping(SHARED_FILE).get("header"), self.bundle.case_type.get("start_form"))
        return self._fields(form for form in wanted if isinstance(form, str))

    def fields(self, step: str) -> Fields | None:
        """What a step, or the wait of that id, asks; None when that cannot be told."""
        companion = self.bundle.part(SHARED_FILE, "companions").get(step)
        forms = [form_of(node) for node in self.nodes.get(step, ()) if local_name(node) == "userTask" or _waits(node)]
        forms += [companion.get("form")] if isinstance(companion, dict) else []
        return self._all(forms)

    def brought(self, message: str) -> Fields | None:
        """What a message may bring: the forms of those that wait for it and of what is declared of it."""
        waiting = self._awaiting.get(message, [])
        if any(mappings(node, "output") and form_of(node) is None for node in waiting):
            return None
        said = [part.get(message) for part in (self.bundle.part(SHARED_FILE, "messages"), self.bundle.part(CASE_TYPE, "events"))]
        forms = [form_of(node) for node in waiting if form_of(node)] + [one.get("form") for one in said if isinstance(one, dict)]
        return self._all(forms)

    @cached_property
    def _awaiting(self) -> dict[str, list[Element]]:
        """Message, or id of a node -> the nodes that wait for it."""
        found: dict[str, list[Element]] = {}
        for ident, nodes in self.nodes.items():
            for node in nodes:
                for name in {ident, self._message_of(node) or ident}:
                    found.setdefault(name, []).append(node)
        return found

    def _message_of(self, node: Element) -> str | None:
        wanted = node.get("messageRef") or next((event.get("messageRef") for event in node.findall("{*}messageEventDefinition")), None)
        return self._message_names.get((node.getroottree().getroot(), wanted)) if wanted else None

    @cached_property
    def _message_names(self) -> dict[tuple[Element, str], str]:
        roots = [document.root for document in (*self.bundle.documents, *self.bundle.shared_documents)]
        return {(root, message.get("id")): message.get("name") or "" for root in roots for message in root.iter("{*}message")}

    def _all(self, forms: list[str | None]) -> Fields | None:
        if not forms or any(form not in self.bundle.forms for form in forms):
            return None
        return self._fields(form for form in forms if form)

    def _fields(self, forms: Iterable[str]) -> Fields:
        return {field.key: field for form in forms if form in self.bundle.forms for field in self.bundle.forms[form].fields}


def _waits(node: Element) -> bool:
    return local_name(node) == "receiveTask" or (local_name(node) != "endEvent" and event_of(node) == "message")
