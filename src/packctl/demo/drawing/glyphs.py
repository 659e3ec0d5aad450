"""Letters and figures as strokes, so that a picture with a letter in it needs no font. Each is drawn in a box of 100 by 140."""

from packctl.demo.drawing.shapes import Group, Point, Shape, curve, line, place, ring

_STROKES = {
    "A": "L 4,140 50,0 96,140|L 22,92 78,92",
    "B": "L 10,140 10,0|S 10,0 60,2 84,34 62,66 10,68|S 10,68 66,70 92,104 66,138 10,140",
    "C": "S 92,26 60,0 20,22 6,70 20,118 60,140 92,114",
    "D": "L 10,140 10,0|S 10,0 62,8 94,70 62,132 10,140",
    "E": "L 90,0 12,0 12,140 92,140|L 12,68 76,68",
    "F": "L 90,0 12,0 12,140|L 12,68 76,68",
    "G": "S 90,24 58,0 20,22 6,70 20,118 60,140 92,112|L 92,112 92,76 60,76",
    "H": "L 10,0 10,140|L 90,0 90,140|L 10,68 90,68",
    "I": "L 50,0 50,140|L 26,0 74,0|L 26,140 74,140",
    "J": "L 44,0 96,0|L 74,0 74,96|S 74,96 68,128 42,140 14,116",
    "K": "L 10,0 10,140|L 90,0 10,78|L 36,56 94,140",
    "L": "L 12,0 12,140 90,140",
    "M": "L 6,140 6,0 50,84 94,0 94,140",
    "N": "L 10,140 10,0 90,140 90,0",
    "O": "O 50,70 46,70",
    "P": "L 10,140 10,0|S 10,0 62,0 92,38 62,76 10,78",
    "Q": "O 50,70 46,70|L 60,100 98,142",
    "R": "L 10,140 10,0|S 10,0 62,0 92,38 62,76 10,78|L 46,78 94,140",
    "S": "S 88,22 54,0 16,20 22,56 54,70 86,88 86,122 48,140 10,118",
    "T": "L 4,0 96,0|L 50,0 50,140",
    "U": "L 8,0 8,92|S 8,92 24,132 50,140 76,132 92,92|L 92,92 92,0",
    "V": "L 4,0 50,140 96,0",
    "W": "L 0,0 24,140 50,50 76,140 100,0",
    "X": "L 6,0 94,140|L 94,0 6,140",
    "Y": "L 4,0 50,70 96,0|L 50,70 50,140",
    "Z": "L 8,0 92,0 8,140 92,140",
    "0": "O 50,70 42,70",
    "1": "L 20,30 54,0 54,140|L 24,140 84,140",
    "2": "S 10,34 34,2 74,4 88,40 60,84 10,140|L 10,140 92,140",
    "3": "S 12,22 50,0 84,26 74,58 40,68|S 40,68 82,78 90,112 56,140 10,120",
    "4": "L 70,140 70,0 6,98 96,98",
    "5": "L 84,0 20,0 14,62|S 14,62 54,50 90,84 76,128 36,140 8,122",
    "6": "S 80,8 40,24 12,70 12,104 44,140 80,126 86,92 56,68 18,88",
    "7": "L 8,0 92,0 40,140",
    "8": "O 50,34 34,33|O 50,104 42,36",
    "9": "S 20,132 60,116 88,70 88,36 56,0 20,14 14,48 44,72 82,52",
    "+": "L 10,70 90,70|L 50,30 50,110",
    "-": "L 14,70 86,70",
    "=": "L 14,50 86,50|L 14,90 86,90",
    "!": "L 50,0 50,92|L 50,136 50,138",
    "?": "S 10,34 34,2 74,4 88,36 60,66 50,96|L 50,136 50,138",
}
"""Strokes of each sign: `L` straight from point to point, `S` through all points, `O` an ellipse by its middle and its radii."""

SIGNS = tuple(_STROKES)


def glyph(sign: str, color: str, width: float = 22) -> Group:
    """One sign, its middle at 0,0."""
    return place(tuple(_stroke(text, color, width) for text in _STROKES[sign].split("|")), -50, -70)


def written(text: str, x: float, y: float, high: float, color: str, width: float = 22) -> Group:
    """Signs beside one another, `high` units high, their middle at x,y. A blank leaves room."""
    scale, step = high / 140, 128
    start = -step * (len(text) - 1) / 2
    signs = (place(glyph(sign, color, width), start + step * at) for at, sign in enumerate(text) if sign != " ")
    return place([shape for group in signs for shape in group], x, y, scale)


def _stroke(text: str, color: str, width: float) -> Shape:
    kind, *pairs = text.split()
    points: list[Point] = [(float(x), float(y)) for x, _, y in (pair.partition(",") for pair in pairs)]
    if kind == "O":
        (x, y), (rx, ry) = points
        return ring(x, y, rx, color, width, ry)
    return curve(points, color, width) if kind == "S" else line(points, color, width)
