"""What belongs to a holiday."""

from packctl.demo.drawing.shapes import (
    Group,
    around,
    blob,
    crescent,
    ellipse,
    faint,
    heart,
    line,
    lined,
    place,
    rectangle,
    ring,
    star,
)
from packctl.demo.pictures.animals import DARK, PINK, pair, shade
from packctl.demo.pictures.decorations import blossom, bow, confetti, garland, leaves
from packctl.demo.pictures.plants import fir
from packctl.demo.pictures.scenery import planet
from packctl.demo.pictures.science import plant
from packctl.demo.pictures.seasons import bell, candle, pumpkin, snowflake
from packctl.demo.pictures.things import RAINBOW, Thing


def festive_tree() -> Group:
    balls = tuple(
        ellipse(x, y, 17, fill=RAINBOW[k % 6])
        for k, (x, y) in enumerate(
            ((-20, -70), (34, -20), (-56, 20), (6, 44), (74, 74), (-90, 100), (-16, 112), (50, 130))
        )
    )
    return (*place(fir(0, 0, 3.1), 0, 196), *balls, star(0, -186, 46, "#f7c948"))


def present(color: str = "#5fa8e0") -> Group:
    return (
        rectangle(-150, -40, 300, 220, color),
        rectangle(-170, -80, 340, 66, shade(color, 1.12), round=8),
        rectangle(-30, -80, 60, 260, "#ef6461"),
        *place(bow("#ef6461"), 0, -110, 0.5),
    )


def lantern() -> Group:
    return (
        line([(0, -210), (0, -160)], "#8a5f3c", 9),
        rectangle(-60, -166, 120, 32, "#f7c948", round=8),
        ellipse(0, 0, 150, 140, "#e2544f"),
        *(ring(0, 0, w, "#c9433f", 7, 138) for w in (50, 104)),
        rectangle(-60, 130, 120, 32, "#f7c948", round=8),
        *(line([(x, 164), (x, 210)], "#f7c948", 8) for x in (-24, 0, 24)),
    )


def firework() -> Group:
    return tuple(
        shape
        for ring_, color in ((190, "#ef6461"), (130, "#f7d94f"), (70, "#5fa8e0"))
        for x, y in around(0, 0, ring_, ring_, 12, start=-90 + ring_)
        for shape in (line([(x * 0.62, y * 0.62), (x * 0.92, y * 0.92)], color, 11), ellipse(x, y, 9, fill=color))
    )


def ghost() -> Group:
    return (
        blob(
            [
                (0, -190),
                (120, -120),
                (140, 60),
                (150, 180),
                (90, 140),
                (40, 190),
                (-20, 146),
                (-70, 190),
                (-110, 146),
                (-150, 176),
                (-140, 40),
                (-110, -130),
            ],
            "#f4f6fb",
        ),
        *pair((ellipse(46, -60, 20, 30, DARK),)),
        ellipse(0, 16, 23, 31, DARK),
        *faint(pair((ellipse(86, -10, 21, 14, PINK),)), 0.8),
    )


def globe() -> Group:
    return (
        *planet(0, 0, 180, "#5fa8e0"),
        blob([(-120, -80), (-40, -130), (10, -80), (-30, -30), (-60, 40), (-110, 0)], "#7cc576"),
        blob([(40, -40), (120, -60), (150, 20), (90, 90), (50, 40)], "#7cc576"),
        blob([(-50, 90), (20, 80), (30, 130), (-30, 150)], "#7cc576"),
        heart(60, 120, 66, "#ef6461"),
    )


def letter_card() -> Group:
    return (
        rectangle(-190, -120, 380, 260, "#fdf3e3", round=12),
        line([(-186, -112), (0, 30), (186, -112)], "#e3cfae", 11),
        heart(0, 30, 110, "#ef6461"),
    )


def clock() -> Group:
    marks = tuple(
        line([(x * 0.82, y * 0.82), (x * 0.92, y * 0.92)], "#7a8594", 9) for x, y in around(0, 0, 160, 160, 12)
    )
    return (
        lined(ellipse(0, 0, 180, fill="#fffdf5"), "#f7c948", 26),
        *marks,
        line([(0, 0), (0, -110)], DARK, 13),
        line([(0, 0), (-14, -74)], DARK, 15),
        ellipse(0, 0, 15, fill="#ef6461"),
    )


HOLIDAY_THINGS: dict[str, dict[str, Thing]] = {
    "new-year": {"firework": firework, "clock": clock, "confetti": confetti, "lantern": lantern},
    "friendship-day": {
        "heart": lambda: (heart(0, 10, 360, "#f27aa0"),),
        "letter": letter_card,
        "bow": bow,
        "blossom": blossom,
    },
    "earth-day": {"globe": globe, "plant": plant, "leaves": leaves, "blossom": lambda: blossom("#8fd0f0")},
    "halloween": {
        "jack-o-lantern": lambda: pumpkin(True),
        "ghost": ghost,
        "candle": candle,
        "moon": lambda: (crescent(20, 0, 190, "#f7e05f"),),
    },
    "winter-holidays": {
        "festive-tree": festive_tree,
        "present": present,
        "candle": candle,
        "bell": bell,
        "snowflake": snowflake,
        "garland": garland,
    },
}
