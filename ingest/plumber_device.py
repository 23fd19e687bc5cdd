"""pdfminer's interpreter, taught what it leaves out (clips, transparency, inherited state), drawing onto our canvas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter
from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import literal_name

from .graphics import Bounds, Paint, Sub, intersect
from .letters import ASCENT, DESCENT, Letter, frame_point, place
from .page import Affine, Gathered, Ink, Picture, bounds_through
from .pdfium_text import is_bold_name
from .shading import Colour

WHITE = 250 / 255
DEPTH = 8


class State(PDFGraphicState):
    """The graphics state with the clip's bounds (displayed points; `None`: nothing is left) and the opacities."""

    def __init__(self, clip: Bounds | None) -> None:
        super().__init__()
        self.clip = clip
        self.fill_alpha = self.stroke_alpha = 1.0

    def copy(self) -> State:
        """An equal state of its own."""
        new = State(self.clip)
        for name in ("linewidth", "linecap", "linejoin", "miterlimit", "dash", "intent", "flatness"):
            setattr(new, name, getattr(self, name))
        new.scolor, new.scs, new.ncolor, new.ncs = self.scolor, self.scs, self.ncolor, self.ncs
        new.fill_alpha, new.stroke_alpha = self.fill_alpha, self.stroke_alpha
        return new


def visible_white(colour: Any, space: Any) -> tuple[bool, bool]:
    """(is painted, is white) of a colour in pdfminer's terms; a pattern or an unknown colour is painted."""
    name = getattr(space, "name", "DeviceGray")
    parts = list(colour) if isinstance(colour, (list, tuple)) else [colour]
    if name in ("Pattern", "Indexed") or not parts or not all(isinstance(v, (int, float)) for v in parts):
        return True, False
    if name in ("Separation", "DeviceN"):
        return True, all(v <= 1 - WHITE for v in parts)
    if name == "Lab":
        return True, parts[0] >= 99
    if len(parts) == 4:
        return True, all(v <= 1 - WHITE for v in parts)
    return True, all(v >= WHITE for v in parts)


def parts_of(colour: Any, alpha: float) -> Colour | None:
    """A colour in pdfminer's terms with its opacity, all parts from 0 to 255; `None` for a pattern."""
    parts = list(colour) if isinstance(colour, (list, tuple)) else [colour]
    if not parts or not all(isinstance(v, (int, float)) for v in parts):
        return None
    return tuple(255.0 * v for v in (*parts, alpha))


class Device(PDFTextDevice):
    """Takes what is painted to `got`."""

    def __init__(self, manager: Any, got: Gathered) -> None:
        super().__init__(manager)
        self.got = got
        self.state = State(got.canvas.page)
        self.inherited: State | None = None
        self.depth = self.order = self._mode = 0
        self._ink: tuple[Any, Ink] | None = None

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Note how this string is painted, then its letters."""
        self._mode = textstate.render
        self.order += 1
        self._ink = None
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(
        self,
        matrix: Any,
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        """One letter."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "\ufffd"
        advance = float(font.char_width(cid) * fontsize * scaling)
        if self._ink is None:
            self._ink = (None, self._new_ink(graphicstate))
        vertical = font.is_vertical()
        bold = is_bold_name(str(font.fontname))
        letter = _letter(matrix, (0.0 if vertical else advance, rise, fontsize), bold)
        if vertical:
            letter = _hung(letter, font.char_disp(cid), fontsize)
        self.got.add(text, letter, self._ink[1])
        return advance

    def _new_ink(self, state: Any) -> Ink:
        outline = self._mode in (1, 5)
        seen, white = visible_white(*((state.scolor, state.scs) if outline else (state.ncolor, state.ncs)))
        alpha = state.stroke_alpha if outline else state.fill_alpha
        visible = seen and alpha > 0 and state.clip is not None and self._mode not in (3, 7)
        return Ink(state.clip or self.got.canvas.page, visible, white, self.order)

    def paint_path(self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]) -> None:
        """One path."""
        self.order += 1
        if graphicstate.clip is None or self.ctm is None:
            return
        inside, outline = graphicstate.fill_alpha, graphicstate.stroke_alpha
        seen_fill, white_fill = visible_white(graphicstate.ncolor, graphicstate.ncs)
        seen_stroke, white_stroke = visible_white(graphicstate.scolor, graphicstate.scs)
        fill, stroke = fill and seen_fill and inside > 0, stroke and seen_stroke and outline > 0
        a, b, c, d, _, _ = self.ctm
        paint = Paint(
            fill and not white_fill,
            stroke and not white_stroke,
            graphicstate.linewidth * abs(a * d - b * c) ** 0.5,
            parts_of(graphicstate.ncolor, inside),
            parts_of(graphicstate.scolor, outline),
            fill and white_fill,
            stroke and white_stroke,
        )
        self.got.canvas.path(subs_of(path, self.ctm), paint, graphicstate.clip)

    def render_image(self, name: str, stream: Any) -> None:
        """One picture: the unit square of the current matrix."""
        self.order += 1
        clip = self.state.clip
        seen = intersect(bounds_through((0, 0, 1, 1), self.ctm), clip) if clip is not None and self.ctm else None
        if seen is None or self.state.fill_alpha <= 0:
            return
        cut = any(key in stream for key in ("SMask", "Mask", "IM", "ImageMask"))
        self.got.pictures.append(Picture(seen, self.order, not cut and self.state.fill_alpha >= 1))

    def begin_figure(self, name: str, bbox: Any, matrix: Any) -> None:
        """Nothing: forms are followed by the interpreter."""

    def end_figure(self, name: str) -> None:
        """Nothing."""


def _letter(matrix: Affine, metrics: tuple[float, float, float], bold: bool) -> Letter:
    """The place of a letter whose text matrix (to displayed points) and (advance, rise, size) are given."""
    a, b, c, d, e, f = matrix
    advance, rise, size = metrics
    direction = round(math.degrees(math.atan2(b, a)) / 90) * 90 % 360
    along = math.hypot(a, b)
    height = abs(a * d - b * c) / along if along else math.hypot(c, d)
    x, y = c * rise + e, d * rise + f
    start, base = frame_point(x, y, direction)
    end, _ = frame_point(x + a * advance, y + b * advance, direction)
    return place("", (min(start, end), max(start, end)), base, abs(size) * height or 1.0, (direction, bold))


def _hung(letter: Letter, shift: Any, size: float) -> Letter:
    """A letter of vertical writing, whose origin is over its middle."""
    vx, vy = shift
    em = letter.size
    left = letter.a0 - (0.5 if vx is None else vx / 1000) * em
    base = letter.bottom - DESCENT * em + vy / 1000 * em
    return letter._replace(a0=left, a1=left + em, top=base - ASCENT * em, bottom=base + DESCENT * em)


def subs_of(path: Sequence[Any], m: Any) -> list[Sub]:
    """pdfminer's path, `m` applied, as subpaths."""
    a, b, c, d, e, f = m
    subs: list[Sub] = []
    points: list[tuple[float, float]] = []
    curves: set[int] = set()
    closed = False
    for op, *numbers in path:
        if op == "m" and points:
            subs.append(Sub(points, closed, frozenset(curves)))
            points, curves, closed = [], set(), False
        if op == "h":
            closed = True
            continue
        if op == "v" and points:  # the first control point is where the pen stands
            curves.add(len(points))
            points.append(points[-1])
        elif op == "y":  # the second is the end
            numbers = [*numbers[:2], *numbers[2:], *numbers[2:]]
        for k in range(0, len(numbers) - 1, 2):
            if op in "cvy":
                curves.add(len(points))
            x, y = numbers[k], numbers[k + 1]
            points.append((a * x + c * y + e, b * x + d * y + f))
    if points:
        subs.append(Sub(points, closed, frozenset(curves)))
    return subs


class Interpreter(PDFPageInterpreter):
    """Keeps clips and opacities, gives forms the state they are called in."""

    device: Device
    graphicstate: State

    def init_state(self, ctm: Any) -> None:
        """Start a content stream."""
        super().init_state(ctm)
        given, self.device.inherited = self.device.inherited, None
        self.graphicstate = given or State(self.device.got.canvas.page)
        if given is None:
            self.graphicstate.linewidth = 1.0
        self._clipping = False

    def do_W(self) -> None:  # noqa: N802
        """Clip with the current path once it is painted."""
        self._clipping = True

    def do_W_a(self) -> None:  # noqa: N802
        """The same, even-odd."""
        self._clipping = True

    def _painted(self, name: str) -> None:
        path = list(self.curpath) if self._clipping else []
        getattr(PDFPageInterpreter, name)(self)
        if not self._clipping:
            return
        self._clipping = False
        points = [p for sub in subs_of(path, self.ctm) for p in sub.points]
        clip = self.graphicstate.clip
        if clip is not None and points:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            self.graphicstate.clip = intersect(clip, (min(xs), min(ys), max(xs), max(ys)))

    def do_n(self) -> None:
        """End the path."""
        self._painted("do_n")

    def do_S(self) -> None:  # noqa: N802
        """Stroke."""
        self._painted("do_S")

    def do_f(self) -> None:
        """Fill."""
        self._painted("do_f")

    def do_F(self) -> None:  # noqa: N802
        """Fill, by its old name, which pdfminer leaves out."""
        self._painted("do_f")

    def do_f_a(self) -> None:
        """Fill, even-odd."""
        self._painted("do_f_a")

    def do_B(self) -> None:  # noqa: N802
        """Fill and stroke."""
        self._painted("do_B")

    def do_B_a(self) -> None:  # noqa: N802
        """Fill and stroke, even-odd."""
        self._painted("do_B_a")

    def do_w(self, linewidth: Any) -> None:
        """Line width in user space: it is the matrix at the time of painting that counts."""
        if isinstance(linewidth, (int, float)):
            self.graphicstate.linewidth = float(linewidth)

    def do_gs(self, name: Any) -> None:
        """Opacities, line width."""
        states = dict_value(self.resources.get("ExtGState", {}))
        state = resolve1(states.get(literal_name(name)))
        if not isinstance(state, dict):
            return
        for key, slot in (("ca", "fill_alpha"), ("CA", "stroke_alpha")):
            value = resolve1(state.get(key))
            if isinstance(value, (int, float)):
                setattr(self.graphicstate, slot, float(value))
        width = resolve1(state.get("LW"))
        if isinstance(width, (int, float)):
            self.do_w(width)

    def do_Do(self, name: Any) -> None:  # noqa: N802
        """A form (in the state it is called in) or a picture."""
        device = self.device
        if device.depth >= DEPTH:
            return
        xobject = resolve1(self.xobjmap.get(literal_name(name)))
        inner = self.graphicstate.copy()
        form = xobject is not None and literal_name(xobject.get("Subtype", "")) == "Form"
        if form:
            inner.clip = self._form_clip(xobject, inner.clip)
            device.inherited = inner
        device.state = self.graphicstate
        device.depth += 1
        try:
            super().do_Do(name)
        finally:
            device.depth -= 1
            device.inherited = None
            device.set_ctm(self.ctm)

    def _form_clip(self, form: Any, clip: Bounds | None) -> Bounds | None:
        box = [resolve1(v) for v in resolve1(form.get("BBox")) or ()]
        matrix = [resolve1(v) for v in resolve1(form.get("Matrix")) or (1, 0, 0, 1, 0, 0)]
        if clip is None or len(box) != 4 or len(matrix) != 6:
            return clip
        inner = bounds_through((box[0], box[1], box[2], box[3]), tuple(matrix))
        return intersect(clip, bounds_through(inner, self.ctm))

    def do_EI(self, obj: Any) -> None:  # noqa: N802
        """A picture inside the stream."""
        self.device.state = self.graphicstate
        super().do_EI(obj)


def draw(manager: Any, page: Any, to_display: Affine, got: Gathered) -> None:
    """Paint pdfminer's `page` onto `got`."""
    device = Device(manager, got)
    Interpreter(manager, device).render_contents(page.resources, page.contents, ctm=to_display)
