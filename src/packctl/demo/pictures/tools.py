"""Things on a desk, and strokes of a brush. Each function gives a group around 0,0, about 400 wide."""

from packctl.demo.drawing.shapes import (
    Group,
    arc,
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
from packctl.demo.pictures.animals import DARK, PINK, shade
from packctl.demo.pictures.things import RAINBOW, Thing


def at_angle(group: Group, turn: float) -> Group:
    return place(group, turn=turn)


def pencil(color: str = "#f5c542") -> Group:
    return at_angle(
        (
            rectangle(-34, -150, 68, 250, color),
            rectangle(-11, -150, 22, 250, shade(color, 1.12)),
            polygon([(-34, 100), (34, 100), (0, 190)], "#f3d9b0"),
            polygon([(-12, 158), (12, 158), (0, 190)], DARK),
            rectangle(-34, -176, 68, 28, "#c9d3dc"),
            rectangle(-34, -206, 68, 34, PINK, round=12),
        ),
        35,
    )


def crayon(color: str) -> Group:
    return at_angle(
        (
            rectangle(-40, -120, 80, 260, color, round=6),
            rectangle(-40, -84, 80, 170, shade(color, 0.82)),
            blob([(-30, -120), (-16, -186), (16, -186), (30, -120)], color),
            curve([(-24, -10), (-8, -26), (8, 4), (24, -10)], shade(color, 1.2), 9),
        ),
        -30,
    )


def brush(color: str = "#5fa8e0") -> Group:
    return at_angle(
        (
            blob([(-17, -206), (17, -206), (22, 20), (-22, 20)], "#c97a3f"),
            rectangle(-26, 14, 52, 66, "#c9d3dc"),
            line([(-26, 34), (26, 34)], "#9aa7b3", 5),
            blob([(-26, 78), (26, 78), (34, 130), (4, 200), (-30, 132)], color),
        ),
        40,
    )


def palette() -> Group:
    spots = tuple(
        ellipse(x, y, 31, fill=color)
        for (x, y), color in zip(
            ((-126, 20), (-116, -62), (-44, -116), (44, -116), (116, -62), (134, 22)), RAINBOW, strict=True
        )
    )
    return (
        blob(
            [
                (-190, 20),
                (-150, -110),
                (0, -164),
                (150, -110),
                (196, 20),
                (140, 110),
                (60, 86),
                (10, 130),
                (-60, 150),
                (-150, 120),
            ],
            "#e3b782",
        ),
        *spots,
        ellipse(20, 40, 32, 25, "#f7efe2"),
    )


def scissors() -> Group:
    blade = (line([(-10, 30), (56, -186)], "#b9c5cf", 25), line([(-10, 30), (54, -182)], "#dfe6ec", 8))
    handle = (ring(-56, 124, 48, "#ef6461", 26, 60, turn=24),)
    return (*blade, *place(blade, flip=True), *handle, *place(handle, flip=True), ellipse(0, 10, 14, fill="#7a8594"))


def paint_tube(color: str = "#7cc576") -> Group:
    return at_angle(
        (
            polygon([(-70, -170), (70, -170), (52, 100), (-52, 100)], "#f4f6f9"),
            polygon([(-63, -70), (63, -70), (55, 50), (-55, 50)], color),
            rectangle(-78, -186, 156, 24, "#c9d3dc", round=6),
            rectangle(-22, 98, 44, 36, "#7a8594"),
            blob([(-14, 134), (16, 134), (34, 180), (4, 206), (-30, 184)], color),
        ),
        25,
    )


def ruler() -> Group:
    marks = tuple(
        line([(-180 + 24 * k, -40), (-180 + 24 * k, -40 + (34 if k % 5 == 0 else 20))], "#8a6a3a", 5) for k in range(16)
    )
    return at_angle((rectangle(-200, -44, 400, 88, "#f7d98a", round=8), *marks), -25)


def eraser() -> Group:
    return at_angle(
        (
            rectangle(-150, -64, 300, 128, PINK, round=22),
            rectangle(-60, -64, 210, 128, "#5fa8e0", round=10),
            rectangle(-60, -24, 210, 48, "#ffffff"),
        ),
        -20,
    )


def sketchbook() -> Group:
    rings_ = tuple(arc(-150 + 33 * k, -150, 16, 150, 390, "#7a8594", 7) for k in range(10))
    return (
        rectangle(-180, -140, 360, 310, "#5fa8e0", round=12),
        rectangle(-166, -140, 332, 296, "#fffdf5"),
        star(0, 0, 60, "#f7d94f"),
        curve([(-90, 90), (-30, 60), (30, 100), (100, 66)], "#7cc576", 11),
        *rings_,
    )


def stroke(color: str, form: int) -> Group:
    """A brush stroke to put behind a title."""
    wave = (
        ((-180, 30), (-90, -30), (10, 20), (100, -26), (180, 10)),
        ((-180, 40), (-60, -10), (60, -20), (180, -50)),
        ((-170, -60), (170, -70), (-160, 0), (170, -4), (-150, 62), (150, 60)),
    )[form]
    return (
        curve(list(wave), color, 62),
        *faint(
            (
                curve([(x, y - 13) for x, y in wave], shade(color, 1.25), 9),
                curve([(x + 6, y + 14) for x, y in wave], shade(color, 0.85), 7),
            ),
            0.7,
        ),
    )


ART: dict[str, Thing] = {
    "pencil": pencil,
    "crayon-red": lambda: crayon("#ef6461"),
    "crayon-blue": lambda: crayon("#5fa8e0"),
    "brush": brush,
    "palette": palette,
    "scissors": scissors,
    "paint-tube": paint_tube,
    "ruler": ruler,
    "eraser": eraser,
    "sketchbook": sketchbook,
}
STROKES: dict[str, Thing] = {
    "stroke-wave": lambda: stroke("#ef6461", 0),
    "stroke-sweep": lambda: stroke("#5fa8e0", 1),
    "stroke-scribble": lambda: stroke("#7cc576", 2),
}
