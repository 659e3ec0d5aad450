"""What landscapes are put together from: skies, hills, trees, houses. Sheets are 640 by 360; things stand with their foot at 0,0."""

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
    line,
    place,
    polygon,
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


def tree(x: float, y: float, scale: float = 1, leaves: str = "#5fa85a", trunk: str = "#8a5f3c") -> Group:
    """A leafy tree."""
    crown = tuple(
        ellipse(dx, dy, r, fill=color)
        for dx, dy, r, color in (
            (-26, -72, 30, shade(leaves)),
            (26, -72, 30, shade(leaves)),
            (0, -100, 38, leaves),
            (-16, -78, 26, leaves),
            (20, -82, 26, shade(leaves, 1.1)),
        )
    )
    return place((polygon([(-9, 0), (-6, -60), (6, -60), (9, 0)], trunk), *crown), x, y, scale)


def fir(x: float, y: float, scale: float = 1, color: str = "#3f7d5a", snow: bool = False) -> Group:
    """A fir, with snow on its branches if wanted."""
    tiers = tuple(
        polygon([(-w, top + 46), (0, top), (w, top + 46)], color if k % 2 == 0 else shade(color, 1.12))
        for k, (w, top) in enumerate(((46, -62), (38, -92), (28, -122)))
    )
    white = tuple(
        polygon(
            [(-w * 0.42, top + 20), (0, top - 1), (w * 0.42, top + 20), (w * 0.14, top + 15), (-w * 0.12, top + 22)],
            "#ffffff",
        )
        for w, top in ((46, -62), (38, -92), (28, -122))
    )
    return place((rectangle(-7, -20, 14, 22, "#7b5236"), *tiers, *(white if snow else ())), x, y, scale)


def bare_tree(x: float, y: float, scale: float = 1, color: str = "#6e5646") -> Group:
    """A tree without leaves."""
    branches = (
        ((0, -50), (-30, -90)),
        ((0, -60), (28, -104)),
        ((-16, -72), (-14, -104)),
        ((14, -82), (40, -86)),
        ((0, -70), (2, -118)),
    )
    return place(
        (polygon([(-9, 0), (-4, -76), (4, -76), (9, 0)], color), *(line([a, b], color, 6) for a, b in branches)),
        x,
        y,
        scale,
    )


def palm(x: float, y: float, scale: float = 1) -> Group:
    """A palm."""
    fronds = tuple(
        blob(
            [(10, -112), (10 + dx * 0.5, -132 + dy * 0.4), (10 + dx, -112 + dy), (10 + dx * 0.45, -112 + dy * 0.6)],
            "#4f9d5d",
        )
        for dx, dy in ((-72, 14), (-52, -34), (0, -58), (54, -34), (74, 16))
    )
    return place(
        (
            curve([(0, 0), (-6, -50), (10, -110)], "#a5794b", 12),
            *fronds,
            ellipse(2, -106, 8, fill="#7b5236"),
            ellipse(18, -104, 8, fill="#7b5236"),
        ),
        x,
        y,
        scale,
    )


def flower(x: float, y: float, scale: float, color: str) -> Group:
    """A flower on its stalk."""
    petals = tuple(ellipse(dx, -26 + dy, 6.5, fill=color) for dx, dy in ((0, -8), (8, -2), (5, 7), (-5, 7), (-8, -2)))
    return place((line([(0, 0), (0, -22)], "#4d8f4a", 3), *petals, ellipse(0, -26, 5, fill="#f7c948")), x, y, scale)


def meadow(seed: int, count: int, top: float, colors: tuple[str, ...]) -> Group:
    """Flowers all over the ground below `top`, larger in front."""
    places = sorted(scattered(seed, count, (12, top, WIDE - 12, HIGH - 6)), key=lambda item: item[1])
    return tuple(
        shape
        for x, y, part in places
        for shape in flower(x, y, 0.35 + 0.7 * (y - top) / (HIGH - top), colors[int(part * len(colors))])
    )


def house(x: float, y: float, scale: float, wall: str, roof: str, *, lit: bool = False) -> Group:
    """A small house with a door and two windows."""
    glass = "#ffe08a" if lit else "#bfe3f5"
    windows = tuple(
        shape
        for dx in (-36, 14)
        for shape in (rectangle(dx, -58, 22, 22, "#ffffff"), rectangle(dx + 3, -55, 16, 16, glass))
    )
    return place(
        (
            rectangle(28, -122, 14, 34, shade(roof, 0.8)),
            rectangle(-52, -76, 104, 76, wall),
            polygon([(-64, -72), (0, -124), (64, -72)], roof),
            rectangle(-10, -34, 20, 34, shade(roof, 0.75), round=3),
            ellipse(5, -16, 2, fill="#ffe08a"),
            *windows,
        ),
        x,
        y,
        scale,
    )


def tower(x: float, wide: float, high: float, color: str, *, lit: bool = False, foot: float = 300) -> Group:
    """An office building with rows of windows."""
    glass = "#ffe08a" if lit else shade(color, 1.3)
    rows = int((high - 20) // 22)
    columns = int((wide - 10) // 18)
    margin = (wide - columns * 18 + 7) / 2
    windows = tuple(
        rectangle(
            x + margin + 18 * column,
            foot - high + 12 + 22 * row,
            11,
            13,
            shade(color, 0.8) if lit and (row * 5 + column * 3 + int(x)) % 4 == 0 else glass,
        )
        for row in range(rows)
        for column in range(columns)
    )
    return (rectangle(x, foot - high, wide, high, color), *windows)


def castle(x: float, y: float, scale: float, wall: str = "#e3d3ec", roof: str = "#9a6fc4") -> Group:
    """A castle with four towers and flags."""
    parts: list[Shape] = []
    for dx, wide, high in ((-96, 40, 120), (56, 40, 120), (-48, 34, 170), (14, 34, 170)):
        color = wall if high < 150 else shade(wall, 0.93)
        parts += [
            rectangle(dx, -high, wide, high, color),
            polygon([(dx - 8, -high), (dx + wide / 2, -high - 56), (dx + wide + 8, -high)], roof),
        ]
        top = (dx + wide / 2, -high - 56)
        parts += [
            line([top, (top[0], top[1] - 20)], "#6b5a52", 3),
            polygon([(top[0], top[1] - 20), (top[0] + 20, top[1] - 14), (top[0], top[1] - 8)], "#f27aa0"),
        ]
        parts += [ellipse(dx + wide / 2, -high + 34, 7, 11, "#6f5a8a")]
    gate = (
        rectangle(-60, -96, 120, 96, wall),
        *(rectangle(-60 + 20 * k, -108, 12, 14, wall) for k in range(6)),
        blob([(-24, 0), (-22, -44), (0, -60), (22, -44), (24, 0)], "#7b5236"),
    )
    return place((*parts, *gate), x, y, scale)


def mushroom(x: float, y: float, scale: float, color: str = "#e2544f") -> Group:
    """A toadstool."""
    dots = tuple(ellipse(dx, dy, r, fill="#ffffff") for dx, dy, r in ((-18, -50, 7), (6, -62, 8), (24, -46, 6)))
    return place(
        (
            blob([(-12, 0), (-10, -40), (10, -40), (12, 0)], "#fbf0dc"),
            blob([(-44, -34), (-30, -64), (0, -78), (30, -64), (44, -34), (0, -28)], color),
            *dots,
        ),
        x,
        y,
        scale,
    )


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


def leaf(x: float, y: float, size: float, color: str, turn: float) -> Group:
    """A fallen leaf."""
    return place(
        (
            blob([(0, -10), (7, -2), (4, 8), (0, 11), (-4, 8), (-7, -2)], color),
            line([(0, -6), (0, 16)], shade(color, 0.75), 1.6),
        ),
        x,
        y,
        size,
        turn=turn,
    )
