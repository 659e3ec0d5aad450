"""Trees, flowers, mushrooms and leaves of a landscape. They stand with their foot at 0,0."""

from packctl.demo.drawing.shapes import Group, blob, curve, ellipse, line, place, polygon, rectangle
from packctl.demo.pictures.animals import shade
from packctl.demo.pictures.scenery import HIGH, WIDE, scattered


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
