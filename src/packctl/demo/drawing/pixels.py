"""Painting: shapes become pixels, and pixels a PNG (W3C PNG, third edition: color type 6, 8 bits, no filter). Standard library only.

A shape is cut into lines four times as fine as the rows of the picture. On each of them it covers stretches whose ends count in parts of a
pixel, so edges are smooth. Between edges a row is filled as one piece, which is what makes this fast enough without a library.

The pixels are the same on every machine; the bytes of the file depend on the build of zlib, like those of every DEFLATE stream.
"""

import math
import struct
import zlib
from collections.abc import Iterable, Iterator

from packctl.demo.drawing.shapes import Fade, Point, Shape

FINE = 4
"""Lines in each row of pixels."""


def paint(shapes: Iterable[Shape], width: int, height: int, scale: float) -> bytes:
    """The PNG of `shapes`, `scale` pixels for each unit; what nothing covers is transparent."""
    picture = _Picture(width, height)
    for shape in shapes:
        opacity = shape.opacity
        if shape.fill is not None:
            polygons = [[(x * scale, y * scale) for x, y in outline.points()] for outline in shape.outlines]
            picture.fill(polygons, shape.fill, opacity)
        if shape.line is not None:
            for outline in shape.outlines:
                points = [(x * scale, y * scale) for x, y in outline.points()]
                picture.fill(list(_stroke(points, shape.width * scale, outline.closed)), shape.line, opacity)
    return encode(picture.rows, width, height)


def encode(rows: Iterable[bytes | bytearray], width: int, height: int) -> bytes:
    """A PNG from rows of red, green, blue and opacity, a byte each."""
    lines = b"".join(b"\0" + row for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pieces = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in pieces)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


class _Picture:
    """Rows of pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows = [bytearray(4 * width) for _ in range(height)]

    def fill(self, polygons: list[list[Point]], paint: str | Fade, opacity: float) -> None:
        """Fills where the polygons wind around, like SVG's rule `nonzero`."""
        top, bottom = min(y for points in polygons for _, y in points), max(y for points in polygons for _, y in points)
        lines = _crossings(polygons, self.height * FINE)
        rows = sorted({line // FINE for line in lines})
        for row in rows:
            color = _color_at(paint, (row + 0.5 - top) / max(bottom - top, 1))
            covered = [
                stretch for line in range(row * FINE, row * FINE + FINE) for stretch in _stretches(lines.get(line, []))
            ]
            for start, end, part in _runs(covered, self.width):
                self._blend(self.rows[row], start, end, color, part * opacity)

    @staticmethod
    def _blend(row: bytearray, start: int, end: int, color: tuple[int, int, int], part: float) -> None:
        if part > 0.998:
            row[4 * start : 4 * end] = bytes((*color, 255)) * (end - start)
            return
        for at in range(4 * start, 4 * end, 4):
            below = row[at + 3] / 255 * (1 - part)
            whole = part + below
            for channel in range(3):
                row[at + channel] = round((color[channel] * part + row[at + channel] * below) / whole)
            row[at + 3] = round(255 * whole)


def _crossings(polygons: list[list[Point]], lines: int) -> dict[int, list[tuple[float, int]]]:
    """For each fine line the places where an edge crosses it, with +1 for an edge that goes down and -1 for one that goes up."""
    found: dict[int, list[tuple[float, int]]] = {}
    for points in polygons:
        for (x0, y0), (x1, y1) in zip(points, [*points[1:], points[0]], strict=True):
            way = 1
            if y0 > y1:
                x0, y0, x1, y1, way = x1, y1, x0, y0, -1
            first, last = max(0, math.ceil(y0 * FINE - 0.5)), min(lines, math.ceil(y1 * FINE - 0.5))
            if first < last:
                slope = (x1 - x0) / (y1 - y0)
                for line in range(first, last):
                    found.setdefault(line, []).append((x0 + ((line + 0.5) / FINE - y0) * slope, way))
    return found


def _stretches(crossings: list[tuple[float, int]]) -> Iterator[tuple[float, float]]:
    """From where to where a fine line lies inside."""
    winding, start = 0, 0.0
    for x, way in sorted(crossings):
        if winding == 0:
            start = x
        winding += way
        if winding == 0 and x > start:
            yield start, x


def _runs(stretches: list[tuple[float, float]], width: int) -> Iterator[tuple[int, int, float]]:
    """First pixel, end and coverage of pieces of a row whose pixels are all covered alike."""
    partial: dict[int, float] = {}
    change: dict[int, int] = {}
    for start, end in stretches:
        start, end = max(0.0, start), min(float(width), end)
        if start >= end:
            continue
        first, last = int(start), int(end)
        if first == last:
            partial[first] = partial.get(first, 0) + end - start
            continue
        partial[first] = partial.get(first, 0) + first + 1 - start
        partial[last] = partial.get(last, 0) + end - last
        change[first + 1] = change.get(first + 1, 0) + 1
        change[last] = change.get(last, 0) - 1
    places = sorted({*partial, *change, *(at + 1 for at in partial)})
    whole = 0
    for at, after in zip(places, [*places[1:], width], strict=False):
        whole += change.get(at, 0)
        part = (whole + partial.get(at, 0)) / FINE
        if part > 0.002 and at < width:
            yield at, min(after, width), min(1.0, part)


def _stroke(points: list[Point], width: float, closed: bool) -> Iterator[list[Point]]:
    """A line with a width: a quadrilateral for each stretch and a round joint at each point, all wound the same way."""
    half = max(width, 0.6) / 2
    ends = [*points[1:], points[0]] if closed else points[1:]
    for (x0, y0), (x1, y1) in zip(points, ends, strict=False):
        length = math.hypot(x1 - x0, y1 - y0)
        if length < 1e-6:
            continue
        nx, ny = (y1 - y0) / length * half, -(x1 - x0) / length * half
        yield [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)]
    steps = 8 if half < 4 else 14
    turns = [(half * math.cos(2 * math.pi * k / steps), half * math.sin(2 * math.pi * k / steps)) for k in range(steps)]
    for x, y in points:
        yield [(x + dx, y + dy) for dx, dy in turns]


def _color_at(paint: str | Fade, part: float) -> tuple[int, int, int]:
    if isinstance(paint, str):
        return _rgb(paint)
    part = max(0.0, min(1.0, part))
    top, bottom = _rgb(paint.top), _rgb(paint.bottom)
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
    return red, green, blue


def _rgb(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)
