"""What every landscape begins with: a sky and what is in it, hills, water, snow. Sheets are 640 by 360."""

from collections.abc import Iterator

from packctl.demo.drawing.shapes import (
    Fade,
    Group,
    Point,
    Shape,
    blob,
    curve,
    ellipse,
    faint,
    place,
    rectangle,
    ring,
    star,
)
from packctl.demo.pictures.animals import shade

WIDE, HIGH = 640, 360


def scattered(seed: int, count: int, box: tuple[float, float, float, float]) -> Iterator[tuple[float, float, float]]:
    """`count` places in left, top, right, bottom, each with a number from 0 to 1; the same for the same seed, without a random source."""
    state = seed * 2_654_435_761 % 2**32
    for _ in range(count):
        drawn = []
        for _ in range(3):
            state = (state * 1_664_525 + 1_013_904_223) % 2**32
            drawn.append(state / 2**32)
        left, top, right, bottom = box
        yield left + (right - left) * drawn[0], top + (bottom - top) * drawn[1], drawn[2]


def sky(top: str, bottom: str) -> Group:
    """The whole sheet."""
    return (rectangle(0, 0, WIDE, HIGH, Fade(top, bottom)),)


def sun(x: float, y: float, radius: float = 40, color: str = "#ffd75e") -> Group:
    """The sun with its glow."""
    return (
        *faint((ellipse(x, y, radius * 1.6, fill=color), ellipse(x, y, radius * 1.3, fill=color)), 0.3),
        ellipse(x, y, radius, fill=color),
    )


def moon(x: float, y: float, radius: float = 36) -> Group:
    """A full moon with its seas."""
    seas = tuple(
        ellipse(x + dx * radius, y + dy * radius, r * radius, fill="#e3dfc4")
        for dx, dy, r in ((-0.3, -0.25, 0.24), (0.35, 0.15, 0.18), (-0.1, 0.45, 0.14))
    )
    return (*faint((ellipse(x, y, radius * 1.5, fill="#fdf9e3"),), 0.2), ellipse(x, y, radius, fill="#fdf9e3"), *seas)


def stars(seed: int, count: int, bottom: float = 220) -> Group:
    """Small stars all over the upper sky."""
    return tuple(
        star(x, y, 3 + 4 * size, "#fffbe0", points=4, inner=0.35)
        if size > 0.75
        else ellipse(x, y, 0.8 + 1.4 * size, fill="#fffbe0")
        for x, y, size in scattered(seed, count, (8, 8, WIDE - 8, bottom))
    )


def cloud(x: float, y: float, scale: float = 1, color: str = "#ffffff") -> Group:
    """A cloud with a flat foot."""
    puffs = tuple(
        ellipse(dx, dy, r, fill=color) for dx, dy, r in ((-46, -8, 24), (-16, -24, 32), (22, -20, 28), (50, -6, 20))
    )
    return place((*puffs, rectangle(-66, -16, 134, 32, color, round=16)), x, y, scale)


def hill(points: list[Point], paint: str | Fade) -> Shape:
    """Ground under a rolling line from left to right."""
    line_ = curve([(-40, points[0][1]), *points, (WIDE + 40, points[-1][1])], "#000000", 1).outlines[0]
    corners: tuple[tuple[Point, ...], ...] = (((WIDE + 40, HIGH + 10),), ((-40, HIGH + 10),))
    return Shape((type(line_)(line_.start, (*line_.pieces, *corners)),), paint)


def water(top: float, color: str = "#5fb4d8") -> Group:
    """A lake or sea from `top` down, with light on it."""
    glints = tuple(
        curve([(x, y), (x + 12, y - 3), (x + 26, y)], "#ffffff", 2)
        for x, y, _ in scattered(7, 16, (10, top + 14, WIDE - 40, HIGH - 10))
    )
    return (rectangle(0, top, WIDE, HIGH - top, Fade(color, shade(color, 0.75))), *faint(glints, 0.7))


def planet(
    x: float, y: float, radius: float, color: str, *, rings: str = "", bands: str = "", spots: str = ""
) -> Group:
    """A planet: with rings, bands or spots."""
    shapes: list[Shape] = [ellipse(x, y, radius, fill=color)]
    if bands:
        shapes += [
            curve(
                [(x - radius * w, y + radius * dy), (x, y + radius * (dy + 0.08)), (x + radius * w, y + radius * dy)],
                bands,
                radius * 0.12,
            )
            for dy, w in ((-0.45, 0.82), (0.05, 0.93), (0.5, 0.78))
        ]
    if spots:
        shapes += [
            ellipse(x + dx * radius, y + dy * radius, r * radius, fill=spots)
            for dx, dy, r in ((-0.35, -0.3, 0.24), (0.38, -0.1, 0.17), (-0.1, 0.42, 0.2), (0.3, 0.5, 0.1))
        ]
    shapes += faint(
        (ellipse(x - radius * 0.35, y - radius * 0.4, radius * 0.36, radius * 0.24, "#ffffff", turn=-35),), 0.3
    )
    if rings:
        shapes += [ring(x, y, radius * 1.75, rings, radius * 0.16, radius * 0.42, turn=-14)]
        cap = blob(
            [
                (x - radius, y),
                (x - radius * 0.7, y - radius * 0.72),
                (x, y - radius),
                (x + radius * 0.7, y - radius * 0.72),
                (x + radius, y - radius * 0.2),
                (x, y + radius * 0.02),
            ],
            color,
        )
        shapes += [cap]
    return tuple(shapes)


def snow(seed: int, count: int = 60) -> Group:
    """Falling flakes."""
    return tuple(
        ellipse(x, y, 1.5 + 2.5 * size, fill="#ffffff") for x, y, size in scattered(seed, count, (0, 0, WIDE, HIGH))
    )
