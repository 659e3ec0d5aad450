"""Shapes: what every picture of the demo is made of. A shape is outlines of straight and curved pieces, with a fill or a line.

Coordinates are those of SVG: x to the right, y down. A group is a tuple of shapes, painted in order; `place` moves, scales and turns it.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

Point: TypeAlias = tuple[float, float]


class Fade(Struct, frozen=True):
    """A fill that goes from one color at the top of the shape to another at its bottom."""

    top: str
    bottom: str


Paint: TypeAlias = str | Fade
"""A color as `#rrggbb`, or a fade between two."""


class Outline(Struct, frozen=True):
    """One line: where it begins, and its pieces. A piece of one point is straight, one of three is a cubic curve with two handles."""

    start: Point
    pieces: tuple[tuple[Point, ...], ...]
    closed: bool = True

    def through(self, move: Callable[[Point], Point]) -> "Outline":
        """The same line with every point moved."""
        return Outline(move(self.start), tuple(tuple(map(move, piece)) for piece in self.pieces), self.closed)

    def points(self) -> Iterator[Point]:
        """The line as a polygon, each curve in eight to twenty-four steps."""
        yield self.start
        here = self.start
        for piece in self.pieces:
            if len(piece) == 3:
                a, b, end = piece
                steps = min(24, 8 + int(math.dist(here, end) / 12))
                yield from (_on_curve(here, a, b, end, step / steps) for step in range(1, steps))
            here = piece[-1]
            yield here


def _on_curve(start: Point, a: Point, b: Point, end: Point, t: float) -> Point:
    s = 1 - t
    w = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
    return (
        w[0] * start[0] + w[1] * a[0] + w[2] * b[0] + w[3] * end[0],
        w[0] * start[1] + w[1] * a[1] + w[2] * b[1] + w[3] * end[1],
    )


class Shape(Struct, frozen=True):
    """Outlines painted at once. `fill` None: not filled; `line` is the color of a stroke `width` wide with round ends."""

    outlines: tuple[Outline, ...]
    fill: Paint | None = None
    line: str | None = None
    width: float = 0
    opacity: float = 1

    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of the outlines."""
        points = [point for outline in self.outlines for point in outline.points()]
        xs, ys = [x for x, _ in points], [y for _, y in points]
        return min(xs), min(ys), max(xs), max(ys)


Group: TypeAlias = tuple[Shape, ...]


def place(
    group: Iterable[Shape], x: float = 0, y: float = 0, scale: float = 1, *, turn: float = 0, flip: bool = False
) -> Group:
    """The group scaled, mirrored left to right, turned by `turn` degrees clockwise around 0,0, then moved by x,y."""
    cos, sin = math.cos(math.radians(turn)) * scale, math.sin(math.radians(turn)) * scale
    side = -1 if flip else 1

    def move(point: Point) -> Point:
        px, py = point[0] * side, point[1]
        return (px * cos - py * sin + x, px * sin + py * cos + y)

    return tuple(
        replace(shape, outlines=tuple(outline.through(move) for outline in shape.outlines), width=shape.width * scale)
        for shape in group
    )


def faint(group: Iterable[Shape], opacity: float) -> Group:
    """The group, seen through."""
    return tuple(replace(shape, opacity=shape.opacity * opacity) for shape in group)


_ROUND = 0.5523
"""Length of a handle, as a part of the radius, that makes four cubic curves a circle."""


def ellipse(
    x: float, y: float, rx: float, ry: float | None = None, fill: Paint = "#000000", *, turn: float = 0
) -> Shape:
    """An ellipse around x,y; a circle where `ry` is left out."""
    ry = rx if ry is None else ry
    hx, hy = rx * _ROUND, ry * _ROUND
    outline = Outline(
        (rx, 0),
        (
            ((rx, hy), (hx, ry), (0, ry)),
            ((-hx, ry), (-rx, hy), (-rx, 0)),
            ((-rx, -hy), (-hx, -ry), (0, -ry)),
            ((hx, -ry), (rx, -hy), (rx, 0)),
        ),
    )
    return place((Shape((outline,), fill),), x, y, turn=turn)[0]


def rectangle(x: float, y: float, width: float, height: float, fill: Paint, *, round: float = 0) -> Shape:
    """A rectangle with its top left corner at x,y, its corners rounded with radius `round`."""
    if not round:
        return polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill)
    r, k, right, bottom = round, round * (1 - _ROUND), x + width, y + height
    outline = Outline(
        (x + r, y),
        (
            ((right - r, y),),
            ((right - k, y), (right, y + k), (right, y + r)),
            ((right, bottom - r),),
            ((right, bottom - k), (right - k, bottom), (right - r, bottom)),
            ((x + r, bottom),),
            ((x + k, bottom), (x, bottom - k), (x, bottom - r)),
            ((x, y + r),),
            ((x, y + k), (x + k, y), (x + r, y)),
        ),
    )
    return Shape((outline,), fill)


def polygon(points: Sequence[Point], fill: Paint) -> Shape:
    """Straight lines around `points`."""
    return Shape((Outline(points[0], tuple((point,) for point in points[1:])),), fill)


def blob(points: Sequence[Point], fill: Paint) -> Shape:
    """A round form that goes through all `points`."""
    return Shape((_smooth(points, closed=True),), fill)


def line(points: Sequence[Point], color: str, width: float) -> Shape:
    """Straight strokes from point to point."""
    return Shape((Outline(points[0], tuple((point,) for point in points[1:]), False),), None, color, width)


def curve(points: Sequence[Point], color: str, width: float) -> Shape:
    """A stroke that bends through all `points`."""
    return Shape((_smooth(points, closed=False),), None, color, width)


def ring(
    x: float, y: float, radius: float, color: str, width: float, ry: float | None = None, *, turn: float = 0
) -> Shape:
    """The stroke of an ellipse."""
    return replace(ellipse(x, y, radius, ry, turn=turn), fill=None, line=color, width=width)


def lined(shape: Shape, color: str, width: float) -> Shape:
    """The shape with a stroke around it."""
    return replace(shape, line=color, width=width)


def _smooth(points: Sequence[Point], *, closed: bool) -> Outline:
    """The curve of Catmull and Rom: every handle lies along the line between the neighbors."""
    count = len(points)

    def at(index: int) -> Point:
        return points[index % count] if closed else points[max(0, min(count - 1, index))]

    pieces = []
    for index in range(count if closed else count - 1):
        before, start, end, after = at(index - 1), at(index), at(index + 1), at(index + 2)
        a = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        b = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        pieces.append((a, b, end))
    return Outline(points[0], tuple(pieces), closed)


def around(x: float, y: float, rx: float, ry: float, count: int, *, start: float = -90) -> list[Point]:
    """`count` points evenly on an ellipse, the first at `start` degrees (-90 is the top)."""
    angles = (math.radians(start + 360 * index / count) for index in range(count))
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def star(
    x: float, y: float, radius: float, fill: Paint, *, points: int = 5, inner: float = 0.45, turn: float = 0
) -> Shape:
    """A star; `inner` is the part of the radius at which its notches lie."""
    tips = around(x, y, radius, radius, points, start=turn - 90)
    notches = around(x, y, radius * inner, radius * inner, points, start=turn - 90 + 180 / points)
    return polygon([point for pair in zip(tips, notches, strict=True) for point in pair], fill)


def heart(x: float, y: float, size: float, fill: Paint) -> Shape:
    """A heart, `size` wide and high, around x,y."""
    s = size / 2
    outline = Outline(
        (x, y + s),
        (
            ((x - 0.4 * s, y + 0.6 * s), (x - s, y + 0.2 * s), (x - s, y - 0.3 * s)),
            ((x - s, y - 0.95 * s), (x - 0.2 * s, y - 1.05 * s), (x, y - 0.45 * s)),
            ((x + 0.2 * s, y - 1.05 * s), (x + s, y - 0.95 * s), (x + s, y - 0.3 * s)),
            ((x + s, y + 0.2 * s), (x + 0.4 * s, y + 0.6 * s), (x, y + s)),
        ),
    )
    return Shape((outline,), fill)


def drop(x: float, y: float, size: float, fill: Paint) -> Shape:
    """A drop, its tip up, `size` high."""
    s = size / 2
    bottom = ((x + 0.62 * s, y + 0.72 * s), (x + 0.3 * s, y + s), (x, y + s))
    left = ((x - 0.3 * s, y + s), (x - 0.62 * s, y + 0.72 * s), (x - 0.62 * s, y + 0.4 * s))
    right = ((x + 0.2 * s, y - 0.4 * s), (x + 0.62 * s, y), (x + 0.62 * s, y + 0.4 * s))
    back = ((x - 0.62 * s, y), (x - 0.2 * s, y - 0.4 * s), (x, y - s))
    return Shape((Outline((x, y - s), (right, bottom, left, back)),), fill)


def crescent(x: float, y: float, radius: float, fill: Paint) -> Shape:
    """A moon, open to the right."""
    r = radius
    outer = [(x + r * math.cos(a), y + r * math.sin(a)) for a in _angles(50, 310, 16)]
    inner = [(x + 0.42 * r + 0.78 * r * math.cos(a), y + 0.78 * r * math.sin(a)) for a in _angles(282, 78, 14)]
    return polygon([*outer, *inner], fill)


def _angles(first: float, last: float, steps: int) -> list[float]:
    return [math.radians(first + (last - first) * step / steps) for step in range(steps + 1)]


def arc(x: float, y: float, radius: float, first: float, last: float, color: str, width: float) -> Shape:
    """A stroke along a circle, from `first` to `last` degrees clockwise; 0 is to the right."""
    return curve([(x + radius * math.cos(a), y + radius * math.sin(a)) for a in _angles(first, last, 10)], color, width)
