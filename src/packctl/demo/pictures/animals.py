"""Animals of land and farm: one animal that sits and looks at us, in many coats, ears, noses and tails. Around 0,0, about 440 high."""

from collections.abc import Callable

from msgspec import Struct

from packctl.demo.drawing.shapes import Group, Shape, arc, blob, curve, ellipse, faint, lined, place, polygon

DARK = "#2f2a2a"
PINK = "#f6a5b0"


class Animal(Struct, frozen=True):
    """What an animal looks like. `extra` is painted last, for what only this one has."""

    coat: str
    belly: str
    ears: str = "round"
    nose: str = "muzzle"
    nose_color: str = "#5b4038"
    tail: str = "none"
    inner_ear: str = PINK
    feet: str = ""
    patches: Group = ()
    extra: Group = ()
    wings: bool = False


def pair(group: Group) -> Group:
    """The group and its mirror image."""
    return (*group, *place(group, flip=True))


def eyes(y: float = -80, apart: float = 46, size: float = 15) -> Group:
    """Two dark eyes, each with a light in it."""
    one = (
        ellipse(apart, y, size, size * 1.25, DARK),
        ellipse(apart - size * 0.28, y - size * 0.5, size * 0.36, fill="#ffffff"),
        ellipse(apart + size * 0.35, y + size * 0.5, size * 0.16, fill="#ffffff"),
    )
    other = place(one, -2 * apart)
    return (*one, *other)


def cheeks(y: float = -42, apart: float = 80) -> Group:
    """Two rosy spots."""
    return faint(pair((ellipse(apart, y, 20, 13, PINK),)), 0.6)


def smile(y: float = -25, wide: float = 26, color: str = DARK) -> Shape:
    """A mouth."""
    return arc(0, y - wide * 0.5, wide, 25, 155, color, 5)


def animal(look: Animal) -> Group:
    """The animal, from its tail to its whiskers."""
    feet = look.feet or look.coat
    body: Group = (
        blob([(0, -60), (85, 10), (112, 110), (88, 190), (0, 212), (-88, 190), (-112, 110), (-85, 10)], look.coat),
        ellipse(0, 118, 66, 82, look.belly),
    )
    limbs = pair((ellipse(58, 200, 44, 24, feet),))
    arms = (
        ()
        if look.wings
        else pair((ellipse(84, 96, 25, 56, feet, turn=14), lined(ellipse(80, 140, 21, 15, feet), shade(feet), 3)))
    )
    wings = pair((blob([(92, 10), (150, 70), (138, 150), (96, 122)], shade(look.coat)),)) if look.wings else ()
    head: Group = (
        blob([(0, -182), (88, -158), (126, -80), (92, -4), (0, 18), (-92, -4), (-126, -80), (-88, -158)], look.coat),
    )
    return (
        *_TAILS[look.tail](look),
        *limbs,
        *body,
        *arms,
        *wings,
        *_EARS[look.ears](look),
        *head,
        *look.patches,
        *cheeks(),
        *eyes(),
        *_NOSES[look.nose](look),
        *look.extra,
    )


def shade(color: str, by: float = 0.85) -> str:
    """The color darker; lighter with `by` above 1."""
    parts = (min(255, round(int(color[at : at + 2], 16) * by)) for at in (1, 3, 5))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _round_ears(look: Animal) -> Group:
    return pair((ellipse(98, -160, 42, fill=look.coat), ellipse(98, -160, 24, fill=look.inner_ear)))


def _pointed_ears(look: Animal) -> Group:
    return pair(
        (
            blob([(38, -150), (92, -236), (110, -222), (124, -108)], look.coat),
            blob([(62, -150), (94, -210), (104, -200), (108, -128)], look.inner_ear),
        )
    )


def _long_ears(look: Animal) -> Group:
    return pair((ellipse(54, -226, 30, 84, look.coat, turn=10), ellipse(54, -222, 15, 62, look.inner_ear, turn=10)))


def _floppy_ears(look: Animal) -> Group:
    return pair((blob([(80, -166), (140, -150), (162, -70), (134, -16), (104, -60)], shade(look.coat)),))


def _side_ears(look: Animal) -> Group:
    return pair((ellipse(138, -122, 46, 25, look.coat, turn=-18), ellipse(138, -121, 28, 13, look.inner_ear, turn=-18)))


def _horse_ears(look: Animal) -> Group:
    return pair(
        (
            blob([(44, -158), (66, -238), (80, -236), (98, -146)], look.coat),
            blob([(58, -158), (70, -218), (78, -216), (86, -152)], look.inner_ear),
        )
    )


def _muzzle(look: Animal) -> Group:
    return (
        ellipse(0, -34, 54, 40, look.belly),
        blob([(0, -60), (22, -56), (12, -38), (0, -33), (-12, -38), (-22, -56)], look.nose_color),
        curve([(-26, -20), (-12, -12), (0, -24), (12, -12), (26, -20)], DARK, 5),
    )


def _snout(look: Animal) -> Group:
    holes = pair((ellipse(17, -42, 8, 12, shade(look.nose_color, 0.7)),))
    return (ellipse(0, -42, 50, 35, look.nose_color), *holes, arc(0, -14, 26, 25, 155, DARK, 5))


def _broad(look: Animal) -> Group:
    """The nose of a cow, a horse, a donkey."""
    holes = pair((ellipse(30, -40, 9, 11, shade(look.nose_color, 0.65)),))
    return (ellipse(0, -30, 82, 46, look.nose_color), *holes, arc(0, -30, 36, 30, 150, shade(look.nose_color, 0.5), 5))


def _beak(look: Animal) -> Group:
    color = look.nose_color
    return (
        blob([(0, -26), (26, -38), (12, -16), (0, -8), (-12, -16), (-26, -38)], shade(color, 0.8)),
        polygon([(-32, -48), (0, -66), (32, -48), (0, -28)], color),
    )


def _bill(look: Animal) -> Group:
    color = look.nose_color
    return (
        ellipse(0, -24, 52, 15, shade(color, 0.8)),
        ellipse(0, -38, 60, 18, color),
        *pair((ellipse(12, -42, 4, 3, shade(color, 0.6)),)),
    )


def _curly(look: Animal) -> Group:
    return (curve([(100, 160), (140, 150), (150, 118), (128, 110), (124, 134), (152, 142)], shade(look.coat), 12),)


def _tuft(look: Animal) -> Group:
    return (
        curve([(96, 150), (150, 150), (176, 90)], look.coat, 16),
        ellipse(178, 78, 18, 28, look.nose_color, turn=20),
    )


def _bushy(look: Animal) -> Group:
    return (
        blob([(90, 180), (150, 178), (196, 110), (172, 40), (140, 70), (128, 130)], look.coat),
        ellipse(172, 66, 20, 30, look.belly),
    )


def _thin(look: Animal) -> Group:
    return (curve([(96, 180), (160, 176), (168, 120), (192, 84)], look.coat, 22),)


def _puff(look: Animal) -> Group:
    return (ellipse(112, 168, 34, fill=look.belly),)


def _feathers(look: Animal) -> Group:
    return tuple(
        ellipse(118 + 10 * step, 96 - 26 * step, 20, 66, shade(look.coat, 0.9 - 0.1 * step), turn=58 - 22 * step)
        for step in range(3)
    )


def _nothing(_: Animal) -> Group:
    return ()


_EARS: dict[str, Callable[[Animal], Group]] = {
    "round": _round_ears,
    "pointed": _pointed_ears,
    "long": _long_ears,
    "floppy": _floppy_ears,
    "side": _side_ears,
    "horse": _horse_ears,
    "none": _nothing,
}
_NOSES: dict[str, Callable[[Animal], Group]] = {
    "muzzle": _muzzle,
    "snout": _snout,
    "broad": _broad,
    "beak": _beak,
    "bill": _bill,
}
_TAILS: dict[str, Callable[[Animal], Group]] = {
    "none": _nothing,
    "curly": _curly,
    "tuft": _tuft,
    "bushy": _bushy,
    "thin": _thin,
    "puff": _puff,
    "feathers": _feathers,
}
