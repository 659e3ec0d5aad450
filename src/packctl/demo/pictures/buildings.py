"""Houses, towers and a castle. They stand with their foot at 0,0."""

from packctl.demo.drawing.shapes import Group, Shape, blob, ellipse, line, place, polygon, rectangle
from packctl.demo.pictures.animals import shade


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
