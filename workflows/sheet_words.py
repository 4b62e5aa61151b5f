"""What each key of a sheet means, in a line, for whoever writes one: editors show it (`bpmn/_schemas`)."""

from __future__ import annotations

from collections.abc import Mapping

TEXT = {"fr": "In French, as people read it.", "en": "The same in English."}
WHERE_WORK_LIES = (
    "post: where the case is; central: in the ministry; station: in the place that « place » names; external: with nobody here."
)

KEYS: Mapping[str, Mapping[str, str]] = {
    "Text": TEXT,
    "Who": {
        "role": "A role of roles.yaml, or « =FEEL » that gives one from the facts of the step.",
        "at": WHERE_WORK_LIES,
        "place": "For « station »: FEEL that gives the code of the place.",
    },
    "Retention": {"years": "Years that a closed case is kept, from 0 to 200.", "basis": "The rule that says so."},
    "Begin": {
        "roles": "Who may open a case.",
        "by": "« message »: a message whose case is not known opens one.",
        "post": "Where such a case is opened when the message names no post.",
    },
    "MessageSheet": {
        **TEXT,
        "key": "The fact whose value says which case the message is for.",
        "form": "The form of what it brings, by its id.",
        "record": "Roles that may write it down in the name of the sender.",
    },
    "CompanionSheet": {**TEXT, "form": "The form of the task, by its id.", "deadline": "Time allowed, as for a step: 4 h, 2 jo, 7 j."},
    "StageSheet": {
        **TEXT,
        "at": "The share of the deadline that has passed, in per cent: 50, 100, 150.",
        "tell": "Who is told: roles, or holder, supervisor.",
        "channels": "By which ways they are told.",
        "mark": "The colour that the task bears in lists.",
        "task": "One of « companions »: opened beside the late task.",
        "history": "The kind of entry that is written in the history.",
        "counts": "The figure in which the delay is counted.",
        "for": "Who gets that task: supervisor, or a role.",
    },
    "DutySheet": {"priorities": "Priorities of which the duty officer hears.", "channels": "By which ways."},
    "FigureSheet": {
        **TEXT,
        "sum": "The fact of the children that is added up; without it, children are counted.",
        "stage": "Only children in one of these stages.",
        "category": "Only children of one of these categories.",
        "outcome": "Only children that ended with one of these outcomes.",
        "open": "true: only open children; false: only closed ones.",
        "money": "true: an amount in francs.",
        "of": "Another figure: this one is told in per cent of it.",
    },
    "OperationSheet": {
        "child": "The code of the type of the children.",
        "form": "The form by which a child is recorded; its fields are the columns of a list.",
        "step": "The step of the operation during which children are recorded.",
        "accepts": "FEEL over the facts of the operation: whether children may be recorded now.",
        "recorders": "Roles that record children.",
        "inherit": "Facts that a child takes over from the operation at birth.",
        "unique": "Fields of which no two children may have the same value; each alone.",
        "figures": "What is computed from the children; expressions of the operation read it.",
        "stages": "Stages of the children, by which they are counted.",
        "categories": "Categories of the children, by which they are counted.",
    },
    "CaseTypeSheet": {
        "code": "2 to 8 capital letters or digits, as in case references.",
        "process": "The process with which a case begins, by its id.",
        "name": "Its name, as people read it.",
        "description": "What it is for, in a sentence.",
        "reference": "How case numbers are made.",
        "confidentiality": "How confidential a new case is: C1 (least) to C4.",
        "retention": "How long a closed case is kept, and by which rule.",
        "priority": "The priority of a new case: P1 (most urgent) to P4.",
        "start": "Who may open a case, and whether a message may.",
        "lanes": "For each lane of the processes: who does its steps, and where.",
        "access": "For each role how much of a case it sees or does: write, decide, opinion, read, tasks, sheet, stat.",
        "facts": "Facts that no form declares (sheets of country, place and person, links), and the kind of each.",
        "promoted": "Columns of lists and the fact that fills each: person, country, due, amount, post, title, stage, category.",
        "outcomes": "How a case may end.",
        "documents": "Kinds of document that a case may hold.",
        "public_fields": "Facts that the person concerned may read of the case.",
        "events": "Messages that the procedure awaits: name -> how the case is found, what it brings, who may record it.",
        "start_form": "A form of the type by which a case is opened, by its id.",
        "operation": "When a case has children: their type and what is computed from them.",
    },
    "Letterhead": {
        "state": "Name of the State.",
        "motto": "Its motto.",
        "ministry": "Name of the ministry.",
        "service": "Name of the service that writes.",
        "central": "What stands in the numbers of letters that leave from the capital.",
        "city": "Name of the capital, for place and date.",
    },
    "SharedSheet": {
        "lanes": "For each lane of the shared processes: who does its steps, and where.",
        "processes": "Lanes of one shared process, where the same name means somebody else.",
        "facts": "Facts that every type knows, and the kind of each.",
        "header": "The form that every case begins with, by its id.",
        "statuses": "Statuses of a case.",
        "reminders": "Who is told at which share of a deadline, of every step that has one.",
        "duty_officer": "Of which cases the duty officer hears, and how.",
        "notices": "For each thing that happens in a case: the roles that the system tells of it.",
        "companions": "Tasks that the application opens beside a procedure.",
        "messages": "Messages from outside that every type knows.",
        "priorities": "Names of the priorities.",
        "confidentiality": "Names of the degrees of confidentiality.",
        "channels": "Ways by which people are told.",
        "languages": "Languages of letters.",
        "outcomes": "How a case of any type may end.",
        "letterhead": "What stands at the top of every letter.",
    },
    "RoleSheet": {**TEXT, "at": WHERE_WORK_LIES, "sees": "Which cases: those of its posts, all, only tasks, the sheet, nothing."},
    "BudgetRights": {"read": "Roles that read the budget lines.", "decide": "Roles that move credits between them."},
    "RolesSheet": {
        "roles": "Every role: its name, where its work lies, what it sees.",
        "supervisors": "For each role the one that answers for its delays.",
        "incompatible": "Roles that one person may not hold together.",
        "budget": "Who reads and who moves credits.",
        "rights": "For each right of the application the roles that have it.",
    },
    "Setting": {
        "value": "Its value, which an administrator may change.",
        "unit": "What it is counted in: XOF, jours, %.",
        **TEXT,
        "source": "The rule or text that sets it.",
    },
}
"""Sheet, or part of one, -> key -> what it means."""
