"""A diagram with what scenarios pass of it: a file of its own, with its style, its legend and nothing from elsewhere."""

from collections.abc import Callable, Mapping
from html import escape
from itertools import pairwise

from . import words
from .scene import Box, Edge, Scene, Shape, read
from .svg import Painter

PASSED, MISSED = "passed", "missed"
CROSS = "M-4-4 4 4M4-4-4 4"
LEGEND, NARROWEST = 58, 720
STYLE = """
.covered{--paper:#fff;--ink:#1f1c17;--ink-2:#5b5447;--edge:#6f6557;--line:#ddd5c6;--done:#1d6a45;--late:#9d1f2c;--wash:#fae7e5;
color-scheme:light dark;background:var(--paper);font-family:system-ui,"Segoe UI",Roboto,"Noto Sans",Arial,sans-serif}
@media (prefers-color-scheme:dark){.covered{--paper:#14151b;--ink:#ece8df;--ink-2:#b5b0a5;--edge:#969bad;--line:#373b49;
--done:#86d2a5;--late:#ff9f98;--wash:#3d1b1f}}
.covered text{fill:var(--ink);font-size:12px;text-anchor:middle}.covered .lane{fill:none;stroke:var(--line)}
.covered .lane-name{fill:var(--ink-2);font-size:13px;font-weight:600}.covered .flow{fill:none;stroke:var(--edge);stroke-width:1.5}
.covered .head{fill:var(--edge)}.covered .note,.covered .note-line{fill:none;stroke:var(--edge)}.covered .note-line{stroke-dasharray:6 4}
.covered .node>:not(text){fill:var(--paper);stroke:var(--edge);stroke-width:1.5}.covered .node>.call{stroke-width:3.5}
.covered .node>.mark.mark,.covered .node>.group.group{fill:none;stroke-width:1.25}.covered .node>.last.last{stroke-width:3.5}
.covered .node.missed>:not(text,.mark,.disc){fill:var(--hatch);stroke:var(--late);stroke-width:2.5;stroke-dasharray:5 4}
.covered .node.missed>text{paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.covered .flow.missed{stroke:var(--late);stroke-width:2;stroke-dasharray:5 4}.covered .head.missed{fill:var(--late)}
.covered .cross.cross{fill:none;stroke:var(--late);stroke-width:2.5;stroke-dasharray:none}
.covered .disc.disc{fill:var(--paper);stroke:var(--late);stroke-width:2;stroke-dasharray:none}
.covered text.count{fill:var(--done);font-size:11px;font-weight:700;paint-order:stroke;stroke:var(--paper);stroke-width:3px}
.covered .legend text{text-anchor:start}.covered .hatch{stroke:var(--late);stroke-width:1.5;opacity:.45}.covered .on-flow{fill:var(--ink-2)}
""".strip()
"""Of the drawing; a page with several of them holds it once."""


def covered(
    bpmn: bytes,
    counts: Mapping[str, int],
    *,
    translate: Callable[[str], str] = str,
    lang: str = "fr",
    ident: str = "couverture",
    styled: bool = True,
) -> str:
    """The drawing of a BPMN file, empty if it has no diagram. `counts`: how often an element was passed or an arrow taken, by id.

    What was never passed is hatched, dashed and crossed out besides its colour. `ident`: id of the title, to be chosen when several
    drawings stand on one page; `styled`: with the style inside. Raises xmlfile.UnreadableXml.
    """
    scene = read(bpmn)
    if not scene.shapes:
        return ""
    painter = _CoveragePainter(counts, scene, translate, lang)
    said = words.COVERAGE.get(lang, words.COVERAGE["fr"])
    body, frame = painter.draw(scene), scene.frame
    title = said["title"].format(name=translate(scene.name))
    share = said["share"].format(**painter.share(scene))
    width = max(frame.w, NARROWEST)
    box = Box(frame.x, frame.y, width, frame.h + LEGEND)
    legend = _legend(said, f"{title}. {share[0].upper()}{share[1:]}.", frame.x + 14, frame.y + frame.h + 18)
    size = f'viewBox="{box.x:g} {box.y:g} {box.w:g} {box.h:g}" width="{box.w:g}" height="{box.h:g}"'
    hatch = f'<defs><pattern id="{ident}-h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    hatch += '<path class="hatch" d="M0 0V7"/></pattern></defs>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" class="covered" style="--hatch:url(#{ident}-h)" {size} role="img"'
    told = f'<title id="{ident}">{escape(title)}, {escape(share)}</title>'
    style = f"<style>{STYLE}</style>" if styled else ""
    return f'{head} aria-labelledby="{ident}">{told}{style}{hatch}{body}{legend}</svg>'


class _Counts:
    """What the painter asks of the progress of a case, said of all scenarios."""

    def __init__(self, counts: Mapping[str, int], scene: Scene):
        self.counts = counts
        self.walked = {edge.id for edge in scene.edges if counts.get(edge.id)}

    def state(self, ident: str) -> str:
        return PASSED if self.counts.get(ident) else MISSED


class _CoveragePainter(Painter):
    def __init__(self, counts: Mapping[str, int], scene: Scene, translate, lang: str):
        super().__init__(_Counts(counts, scene), lambda _: None, translate, lang)
        self.counts, self.said = counts, words.COVERAGE.get(lang, words.COVERAGE["fr"])

    def share(self, scene: Scene) -> dict[str, int]:
        """How many elements and arrows there are, and how many were passed."""
        shapes = [shape.id for shape in scene.shapes if _counted(shape)]
        flows = [edge.id for edge in scene.edges if edge.kind == "sequenceFlow"]
        passed = [sum(bool(self.counts.get(ident)) for ident in ids) for ids in (shapes, flows)]
        return {"elements": passed[0], "all_elements": len(shapes), "flows": passed[1], "all_flows": len(flows)}

    def node(self, shape: Shape) -> str:
        inside = self.outline(shape) + self.text(shape)
        if not _counted(shape):
            return f'<g class="node">{inside}</g>'
        x, y = shape.box.x + shape.box.w, shape.box.y
        if shape.kind.endswith("Gateway"):  # names stand above it, and beside the flows that leave it
            x, y = x - 2, shape.box.middle[1] + 18
        count = self.counts.get(shape.id, 0)
        badge = f'<text class="count" x="{x:g}" y="{y - 3:g}">×{count}</text>' if count else _crossed(x - 2, y + 2)
        return f'<g class="node {self.progress.state(shape.id)}"><title>{escape(self.told(shape))}</title>{inside}{badge}</g>'

    def edge(self, edge: Edge) -> str:
        drawn = super().edge(edge)
        if edge.kind != "sequenceFlow" or not drawn:
            return drawn
        count = self.counts.get(edge.id, 0)
        title = f"<title>{escape(self.said['arrow'].format(id=edge.id))}, {self._times(count, 'taken', 'never_taken')}</title>"
        if count:
            return f"<g>{title}{drawn}</g>"
        drawn = drawn.replace('class="flow', 'class="flow missed').replace('class="head', 'class="head missed')
        x, y = _middle(edge.points)
        return f'<g>{title}{drawn}<path class="cross" transform="translate({x:g} {y:g})" d="{CROSS}"/></g>'

    def told(self, shape: Shape) -> str:
        name = self.translate(shape.name) if shape.name else words.kind_word(shape, self.lang)
        return f"{name}, {self._times(self.counts.get(shape.id, 0), 'times', 'never')}"

    def _times(self, count: int, some: str, none: str) -> str:
        return self.said[some][min(count, 2) - 1].format(n=count) if count else str(self.said[none])


def _counted(shape: Shape) -> bool:
    return shape.kind not in ("participant", "lane", "textAnnotation", "group")


def _crossed(x: float, y: float) -> str:
    disc = f'<circle class="disc" cx="{x:g}" cy="{y:g}" r="8"/>'
    return f'{disc}<path class="mark cross" transform="translate({x:g} {y:g})" d="{CROSS}"/>'


def _middle(points) -> tuple[float, float]:
    """Of the longest stretch of an arrow: there nothing else is written."""
    (ax, ay), (bx, by) = max(pairwise(points), key=lambda ends: abs(ends[0][0] - ends[1][0]) + abs(ends[0][1] - ends[1][1]))
    return (ax + bx) / 2, (ay + by) / 2


def _legend(said: Mapping, first: str, x: float, y: float) -> str:
    """What the signs mean, and how much was passed."""
    box = '<rect width="34" height="20" rx="4"/>'
    cross = f'<path class="cross" transform="translate(17 10)" d="{CROSS}"/>'
    samples = (
        (0, f'<g class="node passed">{box}<text class="count" x="34" y="-1">×3</text></g>', said["passed"]),
        (230, f'<g class="node missed">{box}{_crossed(32, 2)}</g>', said["missed"]),
        (400, f'<path class="flow missed" d="M0 10h34"/>{cross}', said["flow"]),
    )
    texts = [f'<g transform="translate({at} 0)">{sample}<text x="46" y="14">{escape(text)}</text></g>' for at, sample, text in samples]
    drawn = "".join(texts)
    return f'<g class="legend" transform="translate({x:g} {y:g})">{drawn}<text y="36">{escape(first)}</text></g>'
