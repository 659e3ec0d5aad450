"""A drawing: shapes on a sheet, written as SVG (exact, small) or as PNG (painted by `packctl.demo.drawing.pixels`)."""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from msgspec import Struct

from packctl.demo.drawing.shapes import Fade, Group, Outline, Point, Shape


class Drawing(Struct, frozen=True):
    """A picture `width` by `height`, with a title for people who cannot see it. Without a background it is transparent."""

    title: str
    shapes: Group
    width: int = 512
    height: int = 512

    def svg(self) -> bytes:
        """The drawing as SVG 1.1: paths and gradients, nothing that acts or fetches."""
        fades = sorted(
            {shape.fill for shape in self.shapes if isinstance(shape.fill, Fade)}, key=lambda f: (f.top, f.bottom)
        )
        names = {fade: f"fade{number}" for number, fade in enumerate(fades, 1)}
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
            f'viewBox="0 0 {self.width} {self.height}" role="img">',
            f"  <title>{escape(self.title)}</title>",
        ]
        if names:
            lines += ["  <defs>", *(f"    {_gradient(name, fade)}" for fade, name in names.items()), "  </defs>"]
        lines += [f"  {_path(shape, names)}" for shape in self.shapes]
        return ("\n".join([*lines, "</svg>"]) + "\n").encode()

    def png(self, scale: float = 0.5) -> bytes:
        """The drawing as PNG, `scale` pixels for each unit."""
        from packctl.demo.drawing.pixels import paint

        return paint(self.shapes, round(self.width * scale), round(self.height * scale), scale)


def sticker(title: str, *groups: Iterable[Shape]) -> Drawing:
    """A drawing of 512 by 512 without a background."""
    return Drawing(title, tuple(shape for group in groups for shape in group))


def scene(title: str, *groups: Iterable[Shape]) -> Drawing:
    """A drawing of 640 by 360 that fills its sheet."""
    return Drawing(title, tuple(shape for group in groups for shape in group), 640, 360)


def _gradient(name: str, fade: Fade) -> str:
    return (
        f'<linearGradient id="{name}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="{fade.top}"/>'
        f'<stop offset="1" stop-color="{fade.bottom}"/></linearGradient>'
    )


def _path(shape: Shape, names: dict[Fade, str]) -> str:
    data = " ".join(_data(outline) for outline in shape.outlines)
    if isinstance(shape.fill, Fade):
        fill = f"url(#{names[shape.fill]})"
    else:
        fill = shape.fill or "none"
    more = ""
    if shape.line:
        stroke = f'stroke={quoteattr(shape.line)} stroke-width="{_number(shape.width)}"'
        more += f' {stroke} stroke-linecap="round" stroke-linejoin="round"'
    if shape.opacity < 1:
        more += f' opacity="{_number(shape.opacity)}"'
    return f'<path d="{data}" fill="{fill}"{more}/>'


def _data(outline: Outline) -> str:
    parts = [f"M{_pair(outline.start)}"]
    for piece in outline.pieces:
        parts.append(("C" if len(piece) == 3 else "L") + " ".join(map(_pair, piece)))
    return "".join(parts) + ("Z" if outline.closed else "")


def _pair(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(value: float) -> str:
    """One decimal is a fifth of a pixel on the largest screens; two for opacities and thin strokes."""
    text = f"{value:.1f}" if abs(value) >= 2 else f"{value:.2f}"
    text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
