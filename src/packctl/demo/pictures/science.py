"""Things of science, and of space."""

from packctl.demo.drawing.glyphs import written
from packctl.demo.drawing.shapes import (
    Group,
    arc,
    blob,
    curve,
    ellipse,
    faint,
    line,
    lined,
    place,
    polygon,
    rectangle,
    ring,
)
from packctl.demo.pictures.animals import DARK, shade
from packctl.demo.pictures.scenery import planet
from packctl.demo.pictures.things import RAINBOW, Thing
from packctl.demo.pictures.tools import at_angle
from packctl.demo.pictures.wonders import rocket


def atom() -> Group:
    return (
        *(
            ring(0, 0, 190, color, 10, 72, turn=turn)
            for color, turn in (("#5fa8e0", 0), ("#7cc576", 60), ("#f5a04c", 120))
        ),
        ellipse(0, 0, 42, fill="#ef6461"),
        ellipse(190, 0, 19, fill="#5fa8e0"),
        ellipse(-95, -164, 19, fill="#7cc576"),
        ellipse(95, -164, 19, fill="#f5a04c"),
    )


def magnet() -> Group:
    return (
        curve([(-110, -130), (-110, 20), (-70, 110), (0, 140), (70, 110), (110, 20), (110, -130)], "#ef6461", 78),
        *(rectangle(x - 39, -186, 78, 80, "#c9d3dc") for x in (-110, 110)),
        line([(0, -150), (0, -186)], "#f7d94f", 9),
        line([(-30, -130), (-44, -170)], "#f7d94f", 9),
        line([(30, -130), (44, -170)], "#f7d94f", 9),
    )


def gear(color: str = "#8fa3b3") -> Group:
    teeth = tuple(place((rectangle(-30, -206, 60, 70, color, round=8),), turn=45 * k)[0] for k in range(8))
    return (
        *teeth,
        ellipse(0, 0, 158, fill=color),
        ellipse(0, 0, 104, fill=shade(color, 1.2)),
        ellipse(0, 0, 46, fill="#f4f6f9"),
    )


def flask() -> Group:
    return (
        polygon(
            [(-40, -190), (40, -190), (40, -60), (150, 150), (120, 190), (-120, 190), (-150, 150), (-40, -60)],
            "#dff1f8",
        ),
        polygon([(-84, 30), (84, 30), (150, 150), (120, 190), (-120, 190), (-150, 150)], "#7cc576"),
        rectangle(-56, -204, 112, 28, "#b9d6e0", round=12),
        *(ellipse(x, y, r, fill="#d3f0c9") for x, y, r in ((-40, 110, 17), (30, 140, 22), (50, 70, 13), (-10, 60, 9))),
    )


def lens() -> Group:
    return (
        line([(70, 70), (180, 180)], "#8a5f3c", 50),
        lined(ellipse(-40, -40, 130, fill="#dff1f8"), "#5f7080", 26),
        *faint((arc(-40, -40, 92, 190, 250, "#ffffff", 15),), 0.9),
    )


def bulb() -> Group:
    return (
        *(
            line([(x * 176, -30 + y * 176), (x * 210, -30 + y * 210)], "#f5a04c", 15)
            for x, y in ((-1, 0), (1, 0), (0, -0.86), (-0.72, -0.66), (0.72, -0.66))
        ),
        ellipse(0, -30, 130, fill="#f7e05f"),
        rectangle(-58, 76, 116, 70, "#9aa7b3", round=14),
        line([(-50, 106), (50, 106)], "#7a8594", 9),
        ellipse(0, 156, 34, 20, "#7a8594"),
        curve([(-44, 70), (-30, -20), (0, 20), (30, -20), (44, 70)], "#f5a04c", 9),
    )


def plant() -> Group:
    return (
        polygon([(-90, 90), (90, 90), (64, 200), (-64, 200)], "#c9764a"),
        rectangle(-104, 70, 208, 40, "#b5653c", round=8),
        curve([(0, 80), (-6, -20), (0, -110)], "#4d8f4a", 15),
        ellipse(-66, -20, 70, 32, "#7cc576", turn=24),
        ellipse(66, -50, 70, 32, "#63ac5e", turn=-24),
        ellipse(0, -140, 34, 62, "#7cc576"),
    )


def thermometer() -> Group:
    return (
        rectangle(-40, -206, 80, 330, "#f4f6f9", round=40),
        ellipse(0, 130, 72, fill="#f4f6f9"),
        ellipse(0, 130, 50, fill="#ef6461"),
        rectangle(-15, -90, 30, 220, "#ef6461"),
        *(line([(48, -160 + 44 * k), (80, -160 + 44 * k)], "#7a8594", 8) for k in range(6)),
    )


def circuit() -> Group:
    wire = line([(-150, 130), (-150, -70), (0, -70), (150, -70), (150, 130), (60, 130)], "#3f6f5f", 13)
    return (
        wire,
        line([(-60, 130), (-150, 130)], "#3f6f5f", 13),
        rectangle(-66, 90, 132, 80, "#5fa8e0", round=12),
        rectangle(60, 112, 22, 36, "#f7c948"),
        *written("+", 34, 130, 34, "#ffffff", 30),
        *written("-", -34, 130, 34, "#ffffff", 30),
        *place(bulb(), 0, -130, 0.42),
    )


def rocket_thing() -> Group:
    return at_angle(place(rocket(), 0, 0, 0.88), 25)


SCIENCE: dict[str, Thing] = {
    "atom": atom,
    "magnet": magnet,
    "gear": gear,
    "flask": flask,
    "magnifying-glass": lens,
    "light-bulb": bulb,
    "plant": plant,
    "thermometer": thermometer,
    "circuit": circuit,
}


def satellite() -> Group:
    panel = (
        rectangle(60, -50, 150, 100, "#4f7fc4"),
        *(line([(60 + 50 * k, -50), (60 + 50 * k, 50)], "#a8c9f0", 5) for k in range(1, 3)),
        line([(60, 0), (210, 0)], "#a8c9f0", 5),
    )
    return at_angle(
        (
            *panel,
            *place(panel, flip=True),
            rectangle(-56, -80, 112, 160, "#d9dfe6", round=14),
            blob([(-60, -100), (60, -100), (30, -150), (-30, -150)], "#f4f6f9"),
            line([(0, -150), (0, -190)], "#7a8594", 8),
            ellipse(0, -196, 13, fill="#ef6461"),
            ellipse(0, 0, 32, fill="#f7c948"),
        ),
        -20,
    )


def rover() -> Group:
    wheels = tuple(
        shape
        for x in (-130, 0, 130)
        for shape in (ellipse(x, 140, 54, fill="#4a5560"), ellipse(x, 140, 24, fill="#c9d3dc"))
    )
    return (
        rectangle(-170, 20, 340, 84, "#e8ecf0", round=18),
        *wheels,
        rectangle(-190, -10, 300, 34, "#4f7fc4", round=8),
        line([(100, 20), (120, -110)], "#9aa7b3", 15),
        rectangle(70, -166, 110, 66, "#f4f6f9", round=16),
        ellipse(100, -132, 17, fill=DARK),
        ellipse(148, -132, 17, fill=DARK),
        line([(-130, -10), (-150, -130)], "#9aa7b3", 9),
        ellipse(-152, -140, 20, fill="#ef6461"),
    )


def saucer() -> Group:
    lights = tuple(ellipse(-140 + 70 * k, 56, 15, fill=RAINBOW[k]) for k in range(5))
    return (
        *faint((polygon([(-70, 80), (70, 80), (140, 210), (-140, 210)], "#fff0a8"),), 0.5),
        blob([(-100, 0), (-70, -100), (0, -130), (70, -100), (100, 0)], "#bfe6f7"),
        ellipse(0, -40, 44, 50, "#8fcf7f"),
        *(shape for x in (-18, 18) for shape in (ellipse(x, -54, 11, 15, DARK),)),
        arc(0, -36, 15, 20, 160, DARK, 5),
        ellipse(0, 30, 206, 62, "#9aa7b3"),
        ellipse(0, 14, 206, 50, "#c9d3dc"),
        *lights,
    )


SPACE_THINGS: dict[str, Thing] = {
    "rocket": rocket_thing,
    "satellite": satellite,
    "rover": rover,
    "saucer": saucer,
    "planet": lambda: planet(0, 0, 150, "#f0b98a", rings="#e8dcc0", bands="#dd9a6a"),
}
