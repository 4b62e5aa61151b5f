"""A diagram as inline SVG: own classes of the theme, no style, no script, no ids but the title's."""

from collections import Counter
from collections.abc import Callable
from html import escape
from itertools import pairwise

from ..layout.model import wrap
from . import marks, words
from .progress import NEXT, NOW, STUCK, Progress
from .scene import Box, Edge, Scene, Shape, read

LINE = 14  # pixels from one line of text to the next
CHAR = 6.2  # mean width of a character of an outside name
IN_TASK = 6.8  # and of one inside a step
IN_LANE = 7.8  # and of the name of a lane
BELOW_MARK = 7  # how far a long name moves down from the sign in the corner
BESIDE = 10  # how far at most a name stands from the upright line that it is about
HEAD = 8  # length of an arrow's head


def svg(
    bpmn: bytes,
    tokens=(),
    visited=(),
    stuck=(),
    waiting=(),
    *,
    href: Callable[[str], str | None] | None = None,
    translate: Callable[[str], str] = str,
    lang: str = "fr",
    title: str = "",
    ident: str = "diagramme",
) -> str:
    """The drawing of a BPMN file, empty if it has no diagram.

    `tokens`, `visited`, `stuck`, `waiting`: ids of elements that are open, passed (flows too), in incident, or wait for a moment or a
    message. `href` gives the address of a called process by its id, or None. `translate` takes a French name. `ident`: id of the title,
    to be chosen when several drawings stand on one page. Raises xmlfile.UnreadableXml.
    """
    scene = read(bpmn)
    if not scene.shapes:
        return ""
    progress = Progress(scene, tokens, visited, stuck, waiting)
    painter = Painter(progress, href or (lambda _: None), translate, lang)
    body = painter.draw(scene)
    name = title or words.TITLE.get(lang, words.TITLE["fr"]).format(name=translate(scene.name))
    counted = words.summary(_counts(scene, progress), lang)
    colon = ": " if lang == "en" else "\N{NO-BREAK SPACE}: "
    told = f"{name}{colon}{counted}" if counted else name
    role = "group" if painter.linked else "img"  # what is inside an image cannot be reached by the keyboard
    frame = scene.frame
    size = f'viewBox="{frame.x:g} {frame.y:g} {frame.w:g} {frame.h:g}" width="{frame.w:g}" height="{frame.h:g}"'
    return f'<svg class="bpmn" {size} role="{role}" aria-labelledby="{ident}"><title id="{ident}">{escape(told)}</title>{body}</svg>'


def _counts(scene: Scene, progress: Progress) -> Counter:
    """How many steps stand where; passed gateways and scripts are no steps."""
    states: Counter[str] = Counter()
    for shape in scene.shapes:
        state = progress.state(shape.id)
        if state in ("now", "wait", "stuck") or shape.kind in ("userTask", "receiveTask", "callActivity", "serviceTask"):
            states[state] += 1
    states.pop(NEXT, None)
    return states


class Painter:
    """`progress`: anything that gives the `state` of a shape and the flows that were `walked`."""

    def __init__(self, progress, href, translate, lang: str):
        self.progress, self.href, self.translate, self.lang = progress, href, translate, lang
        self.linked = False
        self.borders: list[Box] = []

    def draw(self, scene: Scene) -> str:
        frames = [s for s in scene.shapes if s.kind in ("participant", "lane") or s.expanded]
        nodes = [s for s in scene.shapes if s.kind not in ("participant", "lane") and not s.expanded]
        self.borders = [s.box for s in nodes if s.kind == "boundaryEvent"]
        edges = sorted(scene.edges, key=lambda e: e.id in self.progress.walked)
        parts = [self.frame(s) for s in frames]
        parts += [self.edge(e) for e in edges]
        parts += [self.node(s) for s in nodes]
        parts += [self.flow_name(e) for e in edges if e.name]
        return "".join(parts)

    # frames
    def frame(self, shape: Shape) -> str:
        box = shape.box
        rect = f'x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}"'
        name = self.translate(shape.name) if shape.name else ""
        if shape.expanded:
            around = Box(box.x + 4, box.y + 2, box.w - 8, 2 * LINE)
            state = self.progress.state(shape.id)
            text = self.lines(name, around, int((box.w - 16) / CHAR), "")
            return f'<g class="node {state}"><title>{escape(self.told(shape))}</title><rect class="group" {rect} rx="8"/>{text}</g>'
        x, y = box.x + 15, box.y + box.h / 2
        lines = wrap(name, max(int((box.h - 4) / IN_LANE), 8))
        if len(lines) > 2:  # a band holds two lines; the whole name is told by the title
            lines = [lines[0], lines[1] + "…"]
        first = 4 - LINE * (len(lines) - 1) / 2
        texts = "".join(f'<text class="lane-name" y="{first + LINE * k:g}">{escape(line)}</text>' for k, line in enumerate(lines))
        band = f'<path class="lane" d="M{box.x + 30:g} {box.y:g}v{box.h:g}"/>' if shape.kind == "lane" or name else ""
        told = f"<title>{escape(name)}</title>" if name else ""
        return f'<rect class="lane" {rect}/>{band}<g transform="translate({x:g} {y:g}) rotate(-90)">{told}{texts}</g>'

    # flows
    def edge(self, edge: Edge) -> str:
        if len(edge.points) < 2:
            return ""
        walked = " walked" if edge.id in self.progress.walked else ""
        if edge.kind == "association":
            return f'<path class="note-line" d="{_path(edge.points)}"/>'
        dashed = " message" if edge.kind == "messageFlow" else ""
        slash = _slash(edge.points) if edge.default else ""
        return f'<path class="flow{walked}{dashed}" d="{_path(edge.points)}{slash}"/><path class="head{walked}" d="{_head(edge.points)}"/>'

    def flow_name(self, edge: Edge) -> str:
        name = self.translate(edge.name)
        box = edge.label
        if box is None:
            (ax, ay), (bx, by) = edge.points[:2]
            box = Box((ax + bx) / 2 - 50, (ay + by) / 2 - LINE - 3, 100, LINE)
        width = max(_signs(box), 15)
        upright = [a[0] for a, b in pairwise(edge.points) if a[0] == b[0] and min(a[1], b[1]) < box.y + box.h and box.y < max(a[1], b[1])]
        above = any(a[1] == b[1] and 0 <= a[1] - box.y - box.h <= BESIDE for a, b in pairwise(edge.points))
        return self.lines(name, _grown(box, wrap(name, width), upright), width, "on-flow", top=True, up=above)

    # nodes
    def node(self, shape: Shape) -> str:
        state = self.progress.state(shape.id)
        inside = self.outline(shape) + self.text(shape)
        if state in (NOW, STUCK):
            inside += f'<circle class="token" cx="{shape.box.x + shape.box.w - 2:g}" cy="{shape.box.y + 2:g}" r="8"/>'
        address = self.href(shape.called) if shape.called else None
        head = f"<title>{escape(self.told(shape))}</title>"
        if not address:
            return f'<g class="node {state}">{head}{inside}</g>'
        self.linked = True
        return f'<a class="node {state}" href="{escape(address)}">{head}{inside}</a>'

    def told(self, shape: Shape) -> str:
        """The name and the state, for the pointer and for those who listen."""
        name = self.translate(shape.name) if shape.name else words.kind_word(shape, self.lang)
        state = self.progress.state(shape.id)
        return name if state == NEXT else f"{name}, {words.state_word(state, self.lang)}"

    def outline(self, shape: Shape) -> str:
        box, (cx, cy) = shape.box, shape.box.middle
        if shape.kind.endswith("Event"):
            return self.event(shape, cx, cy)
        if shape.kind.endswith("Gateway"):
            half = box.w / 2
            mark = marks.GATEWAY.get(shape.kind, "")
            return f'<path d="M{cx:g} {box.y:g}l{half:g} {half:g} {-half:g} {half:g} {-half:g} {-half:g}z"/>{_mark(mark, cx, cy)}'
        if shape.kind == "textAnnotation":
            return f'<path class="note" d="M{box.x + 10:g} {box.y:g}H{box.x:g}V{box.y + box.h:g}h10"/>'
        kind = ' class="call"' if shape.kind == "callActivity" else ""
        parts = [f'<rect{kind} x="{box.x:g}" y="{box.y:g}" width="{box.w:g}" height="{box.h:g}" rx="7"/>']
        if shape.kind in marks.TASK:
            parts.append(_mark(marks.TASK[shape.kind], box.x + 13, box.y + 13))
        if shape.kind in ("callActivity", "subProcess"):
            corner = self.corner(shape)
            parts.append(_mark(marks.CALL, *((box.x + 13, box.y + 13) if corner else (cx, box.y + box.h - 9))))
        if shape.several:
            parts.append(_mark(marks.SEVERAL[shape.several], cx + (14 if shape.called else 0), box.y + box.h - 9))
        return "".join(parts)

    def corner(self, shape: Shape) -> bool:
        """The sign of a call stands in the corner, where a task has its own, when an event or the last line of the name takes its place."""
        box, (cx, _) = shape.box, shape.box.middle
        over = (b for b in self.borders if abs(b.middle[1] - box.y - box.h) < b.h and abs(b.middle[0] - cx) < b.w)
        return next(over, None) is not None or len(wrap(self.translate(shape.name or ""), int(box.w / IN_TASK))) > 3

    def event(self, shape: Shape, cx: float, cy: float) -> str:
        radius = shape.box.w / 2
        dashed = " aside" if shape.aside else ""
        kind = f' class="last{dashed}"' if shape.kind == "endEvent" else f' class="{dashed.strip()}"' if dashed else ""
        parts = [f'<circle{kind} cx="{cx:g}" cy="{cy:g}" r="{radius:g}"/>']
        if shape.kind in ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"):
            parts.append(f'<circle{kind} cx="{cx:g}" cy="{cy:g}" r="{radius - 3.5:g}"/>')
        if shape.event:
            parts.append(_mark(marks.EVENT.get(shape.event, "M-5 5 0-5 5 5Z"), cx, cy))
        return "".join(parts)

    # texts
    def text(self, shape: Shape) -> str:
        name = self.translate(shape.name) if shape.name else ""
        if not name:
            return ""
        box = shape.box
        if shape.kind.endswith(("Event", "Gateway")):
            label = shape.label or Box(box.middle[0] - 50, box.y + box.h + 2, 100, LINE)
            above = label.y < box.y  # a translation with more lines than the French name grows away from its sign
            width = max(_signs(label), 11)
            return self.lines(name, _grown(label, wrap(name, width), [box.middle[0]]), width, "", top=True, up=above)
        width = int(box.w / IN_TASK)
        marked = len(wrap(name, width)) > (2 if shape.kind in marks.TASK else 3)
        shift = BELOW_MARK if marked else -3 if shape.called or shape.several else 0
        return self.lines(name, box, width, "", shift=shift)

    def lines(self, name: str, box: Box, width: int, kind: str, top=False, up=False, shift=0.0) -> str:
        """The wrapped name, centred in the box; with `top` from its upper border, with `up` too so as to end at the lower one."""
        wrapped = wrap(name, max(width, 4))
        first = (
            box.y + 11 - (max(LINE * len(wrapped) - box.h, 0) if up else 0)
            if top
            else box.middle[1] + 4 - LINE * (len(wrapped) - 1) / 2 + shift
        )
        x = box.middle[0]
        attribute = f' class="{kind}"' if kind else ""
        return "".join(f'<text{attribute} x="{x:g}" y="{first + LINE * k:g}">{escape(line)}</text>' for k, line in enumerate(wrapped))


def _grown(label: Box, lines: list[str], upright: list[float]) -> Box:
    """The place of a translation that is wider than the French name: it grows away from the upright line beside which it stands."""
    more = max(map(len, lines), default=0) * CHAR + 6 - label.w
    if more > 0 and any(0 <= label.x - x <= BESIDE for x in upright):
        return Box(label.x, label.y, label.w + more, label.h)
    if more > 0 and any(0 <= x - label.x - label.w <= BESIDE for x in upright):
        return Box(label.x - more, label.y, label.w + more, label.h)
    return label


def _signs(label: Box) -> int:
    """How many characters a line of a label holds; its bounds are whole pixels."""
    return round((label.w - 6) / CHAR)


def _path(points) -> str:
    (x, y), *rest = points
    steps = [f"M{x:g} {y:g}"]
    for a, b in rest:
        steps.append(f"H{a:g}" if b == y else f"V{b:g}" if a == x else f"L{a:g} {b:g}")
        x, y = a, b
    return "".join(steps)


def _way(a, b) -> tuple[float, float]:
    """Unit vector from a to b."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1
    return dx / length, dy / length


def _head(points) -> str:
    """The arrow's head, a triangle at the last point."""
    (x, y), (dx, dy) = points[-1], _way(points[-2], points[-1])
    bx, by, side = x - HEAD * dx, y - HEAD * dy, HEAD / 2
    return f"M{x:g} {y:g}L{bx - side * dy:g} {by + side * dx:g} {bx + side * dy:g} {by - side * dx:g}Z"


def _slash(points) -> str:
    """The stroke across a default flow, near its start."""
    (x, y), (dx, dy) = points[0], _way(points[0], points[1])
    mx, my = x + 10 * dx, y + 10 * dy
    return f"M{mx - 4 * dx - 4 * dy:g} {my - 4 * dy + 4 * dx:g}L{mx + 4 * dx + 4 * dy:g} {my + 4 * dy - 4 * dx:g}"


def _mark(path: str, x: float, y: float) -> str:
    return f'<path class="mark" transform="translate({x:g} {y:g})" d="{path}"/>' if path else ""
