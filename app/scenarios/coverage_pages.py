"""Coverage written into a folder: JSON for programs, a page for each case type, a drawing for each process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import current_app

from app.scenarios.coverage import FolderSeen, ProcessSeen, as_json, percent, total
from workflows.diagram import STYLE, covered

WORDS = {
    "fr": {
        "title": "Couverture par les scénarios",
        "percent": "\N{NO-BREAK SPACE}%",
        "colon": "\N{NO-BREAK SPACE}: ",
        "shared": "processus partagés",
        "about": "Ce que passent les scénarios (fichiers : {n}), et ce qu’aucun ne passe. Un élément est passé quand il a été achevé.",
        "others": "Dossiers",
        "table": "Parts par processus",
        "process": "Processus",
        "elements": "Éléments",
        "arrows": "Flèches",
        "all": "En tout",
        "missed": "Jamais passés ({n})",
        "whole": "Tout est passé.",
        "drawing": "Dessin de « {title} »",
        "arrow": "flèche de « {source} » à « {target} »",
    },
    "en": {
        "title": "Coverage by scenarios",
        "percent": "%",
        "colon": ": ",
        "shared": "shared processes",
        "about": "What the scenarios pass (files: {n}), and what none of them passes. An element is passed when it was done to its end.",
        "others": "Folders",
        "table": "Shares by process",
        "process": "Process",
        "elements": "Elements",
        "arrows": "Arrows",
        "all": "In all",
        "missed": "Never passed ({n})",
        "whole": "Everything is passed.",
        "drawing": "Drawing of “{title}”",
        "arrow": "arrow from “{source}” to “{target}”",
    },
}
Translate = Callable[[str], str]


def write(target: Path, folders: Sequence[FolderSeen], lang: str) -> list[Path]:
    """Writes what was seen: to one JSON file if `target` is called so, else into a folder. The files that a person opens. OSError."""
    found = json.dumps(as_json(folders), ensure_ascii=False, indent=1) + "\n"
    if target.suffix == ".json":
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(found, "utf-8")
        return [target]
    target.mkdir(parents=True, exist_ok=True)
    (target / "coverage.json").write_text(found, "utf-8")
    pages = []
    for folder in folders:
        translate = _translator(folder, lang)
        drawings = target / folder.name
        drawings.mkdir(exist_ok=True)
        for process in folder.processes():
            drawing = covered(process.bpmn, process.counts, translate=translate, lang=lang)
            (drawings / f"{process.drawn.process}.svg").write_text(drawing, "utf-8")
        page = target / f"{folder.name}.html"
        page.write_text(_page(folder, [other.name for other in folders], translate, lang), "utf-8")
        pages.append(page)
    return pages


def _translator(folder: FolderSeen, lang: str) -> Translate:
    return lambda text: folder.case_type.text(text, lang)


def _page(folder: FolderSeen, others: list[str], translate: Translate, lang: str) -> str:
    said, processes = WORDS[lang], folder.processes()
    name = said["shared"] if folder.shared else folder.case_type.name[lang]
    rows = [_row(folder, process, translate, lang) for process in processes]
    template = current_app.jinja_env.get_template("coverage/page.html")
    given = {"said": said, "rows": rows, "all": [_share(share, lang) for share in total(processes)], "scenarios": len(folder.played)}
    return template.render(lang=lang, name=name, folder=folder.name, others=others, style=STYLE, **given)


def _row(folder: FolderSeen, process: ProcessSeen, translate: Translate, lang: str) -> dict[str, Any]:
    ident = process.drawn.process
    drawing = covered(process.bpmn, process.counts, translate=translate, lang=lang, ident=f"d-{ident}", styled=False)
    return {
        "id": ident,
        "title": translate(process.title),
        "file": process.file,
        "shares": [_share(process.elements, lang), _share(process.flows, lang)],
        "missed": [{"id": id_, "title": _title(folder, ident, id_, translate, lang)} for id_ in process.missed],
        "drawing": drawing,
    }


def _title(folder: FolderSeen, process: str, ident: str, translate: Translate, lang: str) -> str:
    elements = folder.case_type.elements
    flow = elements.flows.get((process, ident))
    if flow is None:
        return translate(elements.in_process[process, ident].title)
    ends = [translate(elements.in_process[process, end].title) for end in (flow.source, flow.target)]
    return WORDS[lang]["arrow"].format(source=ends[0], target=ends[1])


def _share(share: tuple[int, int], lang: str) -> dict[str, Any]:
    return {"text": f"{share[0]}/{share[1]} ({percent(share)}{WORDS[lang]['percent']})", "whole": share[0] == share[1]}
