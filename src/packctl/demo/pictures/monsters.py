"""Friendly monsters: a round body, some eyes, some horns, a smile. Around 0,0, about 400 high."""

from msgspec import Struct

from packctl.demo.drawing.shapes import Group, Point, arc, around, blob, curve, ellipse, faint, line, polygon, star
from packctl.demo.pictures.animals import DARK, PINK, pair, shade


class Monster(Struct, frozen=True):
    """What a monster looks like."""

    color: str
    form: str
    eyes: int
    top: str
    teeth: int = 2
    spots: bool = False
    arms: str = "down"


def monster(look: Monster) -> Group:
    """The monster."""
    dark = shade(look.color)
    points = _FORMS[look.form]
    feet = pair((ellipse(56, 190, 46, 24, dark),))
    raised = look.arms == "up"
    arm = curve([(110, 40), (168, 0 if raised else 80), (184, -70 if raised else 140)], look.color, 30)
    hand = ellipse(186, -78 if raised else 146, 26, fill=dark)
    spots = tuple(
        ellipse(x, y, r, fill=dark)
        for x, y, r in ((-80, 96, 17), (-52, 130, 10), (84, 70, 14), (70, 118, 19), (-92, 40, 9))
    )
    return (
        *_TOPS[look.top](dark),
        *feet,
        *pair((arm, hand)),
        blob(list(points), look.color),
        ellipse(0, 116, 70, 62, shade(look.color, 1.16)),
        *(spots if look.spots else ()),
        *_eyes(look.eyes),
        *_mouth(look.teeth),
        *faint(pair((ellipse(88, -6, 20, 13, PINK),)), 0.8),
    )


def _eyes(count: int) -> Group:
    places = {1: ((0, -60, 54),), 2: ((-48, -60, 38), (48, -60, 38)), 3: ((-66, -48, 30), (0, -84, 34), (66, -48, 30))}[
        count
    ]
    return tuple(
        shape
        for x, y, r in places
        for shape in (
            ellipse(x, y, r, fill="#ffffff"),
            ellipse(x, y + 2, r * 0.52, fill=DARK),
            ellipse(x - r * 0.2, y - r * 0.2, r * 0.18, fill="#ffffff"),
        )
    )


def _mouth(teeth: int) -> Group:
    mouth = blob([(-62, 10), (0, 20), (62, 10), (36, 56), (0, 66), (-36, 56)], "#8e3b46")
    white = tuple(
        polygon([(x - 12, 18), (x + 12, 18), (x, 36)], "#ffffff") for x in ((0,) if teeth == 1 else (-24, 24))
    )
    return (
        (mouth, ellipse(0, 54, 24, 10, "#f08a8a"), *(white if teeth else ()))
        if teeth
        else (arc(0, 0, 44, 25, 155, DARK, 7),)
    )


_FORMS: dict[str, tuple[Point, ...]] = {
    "egg": ((0, -180), (92, -130), (130, 20), (110, 150), (0, 200), (-110, 150), (-130, 20), (-92, -130)),
    "pear": ((0, -170), (70, -140), (86, -40), (140, 90), (100, 190), (-100, 190), (-140, 90), (-86, -40), (-70, -140)),
    "round": tuple(around(0, 20, 150, 172, 10)),
    "box": ((-116, -150), (0, -162), (116, -150), (132, 20), (116, 186), (0, 198), (-116, 186), (-132, 20)),
    "cloud": tuple(
        (x * (1.08 if k % 2 else 0.93), y * (1.08 if k % 2 else 0.93) + 20)
        for k, (x, y) in enumerate(around(0, 0, 140, 166, 18))
    ),
}


def _horns(_: str) -> Group:
    return pair((blob([(44, -140), (66, -214), (100, -228), (96, -176), (92, -124)], "#fbf0d4"),))


def _antennae(color: str) -> Group:
    return pair((curve([(36, -150), (50, -206), (80, -222)], color, 11), ellipse(84, -226, 18, fill="#f5c542")))


def _tuft(color: str) -> Group:
    return tuple(curve([(x * 0.4, -150), (x, -210), (x * 1.5, -222)], color, 17) for x in (-44, -16, 16, 44))


def _fins(color: str) -> Group:
    return tuple(polygon([(x - 28, -136), (x, -216 + abs(x) * 0.6), (x + 28, -136)], color) for x in (-62, 0, 62))


def _ears(color: str) -> Group:
    return pair((ellipse(96, -150, 46, 58, color, turn=24), ellipse(96, -148, 26, 36, PINK, turn=24)))


def _star(color: str) -> Group:
    return (line([(0, -150), (0, -206)], color, 11), star(0, -220, 34, "#f5c542"))


_TOPS = {"horns": _horns, "antennae": _antennae, "tuft": _tuft, "fins": _fins, "ears": _ears, "star": _star}

MONSTERS: dict[str, Monster] = {
    "bobble": Monster("#7cc6a4", "egg", 1, "horns"),
    "pim": Monster("#b58be0", "pear", 2, "antennae", 1, True),
    "grumbo": Monster("#f2a65a", "box", 3, "tuft", arms="up"),
    "fizz": Monster("#f27aa0", "cloud", 2, "star", 0),
    "momo": Monster("#6fb1e8", "round", 2, "ears", 2, True, "up"),
    "zilla": Monster("#a3c95b", "pear", 3, "fins", 2, True),
    "tuff": Monster("#e86f6f", "cloud", 1, "horns", 1, arms="up"),
    "nubbin": Monster("#5fc4c9", "box", 2, "antennae", 0, True),
}
