"""People, half figures that look at us: skin, hair, clothes, a hat and something in the hand. Around 0,0, about 420 high."""

from collections.abc import Callable

from msgspec import Struct

from packctl.demo.drawing.shapes import (
    Group,
    arc,
    blob,
    curve,
    ellipse,
    faint,
    line,
    polygon,
    rectangle,
    ring,
)
from packctl.demo.pictures.animals import DARK, pair, shade

SKINS = ("#fbdcc4", "#f1c39c", "#d69c6e", "#a9714b", "#7b4a2f", "#5a3625")


class Person(Struct, frozen=True):
    """What a person looks like. `mood` is a row of `_MOODS`; `hat` and `item` are shapes, painted over hair and clothes."""

    skin: str
    hair: str
    style: str
    clothes: str
    hat: Group = ()
    item: Group = ()
    over: Group = ()
    mood: str = "happy"
    glasses: bool = False
    beard: str = ""


def person(look: Person) -> Group:
    """The person, from the hair behind to what is in the hand."""
    back, front = _STYLES[look.style](look.hair)
    return (
        *back,
        *body(look.skin, look.clothes),
        *look.over,
        *head(look.skin, look.mood),
        *(_beard(look.beard) if look.beard else ()),
        *front,
        *(_glasses() if look.glasses else ()),
        *look.hat,
        *look.item,
    )


def body(skin: str, clothes: str) -> Group:
    """Neck, shoulders and arms."""
    return (
        rectangle(-26, 0, 52, 60, shade(skin, 0.92)),
        blob([(0, 44), (76, 56), (118, 110), (128, 206), (0, 212), (-128, 206), (-118, 110), (-76, 56)], clothes),
        *pair((curve([(92, 112), (84, 160), (92, 206)], shade(clothes, 0.86), 6),)),
        blob([(-36, 44), (0, 82), (36, 44), (0, 52)], shade(skin, 0.92)),
    )


def head(skin: str, mood: str) -> Group:
    """Ears, head and face."""
    return (
        *pair((ellipse(98, -66, 20, 26, shade(skin, 0.93)),)),
        blob([(0, -168), (76, -146), (100, -74), (78, 2), (0, 34), (-78, 2), (-100, -74), (-76, -146)], skin),
        *face(mood),
        line([(-3, -52), (2, -38)], shade(skin, 0.78), 7),
    )


def face(mood: str, color: str = DARK) -> Group:
    """Eyes, brows, cheeks and mouth of a mood."""
    return (*faint(pair((ellipse(64, -26, 20, 13, "#f08a8a"),)), 0.5), *_MOODS[mood](color))


def _open_eyes(color: str, size: float = 12) -> Group:
    return pair((ellipse(38, -70, size, size * 1.3, color), ellipse(34, -76, size * 0.35, fill="#ffffff")))


def _brows(color: str, inner: float, outer: float) -> Group:
    return pair((curve([(20, inner), (40, (inner + outer) / 2 - 5), (60, outer)], color, 7),))


def _happy(color: str) -> Group:
    return (*_open_eyes(color), *_brows(color, -102, -104), arc(0, -26, 34, 25, 155, color, 7))


def _laughing(color: str) -> Group:
    mouth = (
        blob([(-40, -18), (0, -12), (40, -18), (22, 16), (0, 22), (-22, 16)], "#8e3b46"),
        ellipse(0, 12, 17, 8, "#f08a8a"),
    )
    return (*pair((arc(38, -62, 16, 200, 340, color, 7),)), *_brows(color, -106, -104), *mouth)


def _sad(color: str) -> Group:
    tear = (ellipse(54, -38, 7, 11, "#8fd0f0"),)
    return (*_open_eyes(color), *_brows(color, -112, -96), arc(0, 26, 30, 215, 325, color, 7), *tear)


def _angry(color: str) -> Group:
    return (*_open_eyes(color), *_brows(color, -90, -110), line([(-24, 0), (24, 0)], color, 7))


def _surprised(color: str) -> Group:
    return (*_open_eyes(color, 15), *_brows(color, -114, -112), ellipse(0, 0, 16, 21, "#8e3b46"))


def _scared(color: str) -> Group:
    wave = curve([(-36, 2), (-20, -8), (0, 4), (20, -8), (36, 2)], color, 7)
    return (*_open_eyes(color, 15), *_brows(color, -116, -98), wave)


def _sleepy(color: str) -> Group:
    return (*pair((arc(38, -76, 16, 20, 160, color, 7),)), ellipse(0, -2, 12, 9, "#8e3b46"))


def _proud(color: str) -> Group:
    return (
        *pair((arc(38, -62, 16, 200, 340, color, 7),)),
        *_brows(color, -108, -102),
        arc(0, -30, 40, 20, 160, color, 7),
    )


def _shy(color: str) -> Group:
    eyes = pair((ellipse(40, -64, 11, 14, color), ellipse(44, -70, 4, fill="#ffffff")))
    return (
        *eyes,
        *_brows(color, -104, -98),
        *faint(pair((ellipse(64, -28, 26, 17, "#f06a6a"),)), 0.55),
        arc(0, -12, 18, 20, 160, color, 6),
    )


def _calm(color: str) -> Group:
    return (*pair((arc(38, -76, 16, 20, 160, color, 7),)), arc(0, -20, 24, 30, 150, color, 6))


_MOODS: dict[str, Callable[[str], Group]] = {
    "happy": _happy,
    "laughing": _laughing,
    "sad": _sad,
    "angry": _angry,
    "surprised": _surprised,
    "scared": _scared,
    "sleepy": _sleepy,
    "proud": _proud,
    "shy": _shy,
    "calm": _calm,
}
MOODS = tuple(_MOODS)

Hair = tuple[Group, Group]
"""What is behind the head, and what is in front of it."""


def _cap_of_hair(color: str) -> Group:
    return (
        blob(
            [
                (-104, -70),
                (-98, -140),
                (-50, -184),
                (0, -192),
                (50, -184),
                (98, -140),
                (104, -70),
                (84, -112),
                (30, -132),
                (-20, -124),
                (-80, -112),
            ],
            color,
        ),
    )


def _short(color: str) -> Hair:
    return (), _cap_of_hair(color)


def _long(color: str) -> Hair:
    return (
        blob(
            [
                (0, -190),
                (104, -150),
                (128, -40),
                (124, 90),
                (70, 110),
                (-70, 110),
                (-124, 90),
                (-128, -40),
                (-104, -150),
            ],
            color,
        ),
    ), _cap_of_hair(color)


def _bun(color: str) -> Hair:
    return (ellipse(0, -206, 44, 40, shade(color, 0.9)),), _cap_of_hair(color)


def _tails(color: str) -> Hair:
    return pair(
        (blob([(96, -110), (150, -90), (166, 0), (136, 50), (112, -10)], color), ellipse(104, -100, 13, fill="#e85d75"))
    ), _cap_of_hair(color)


def _curls(color: str) -> Hair:
    places = (
        (-100, -50),
        (-112, -100),
        (-88, -150),
        (-46, -186),
        (4, -198),
        (54, -184),
        (92, -148),
        (112, -100),
        (100, -50),
    )
    return tuple(ellipse(x, y, 40, fill=color) for x, y in places), tuple(
        ellipse(x, y, 32, fill=color) for x, y in ((-70, -140), (-28, -158), (20, -160), (66, -140))
    )


def _spiky(color: str) -> Hair:
    tips = (
        (-104, -84),
        (-124, -140),
        (-84, -136),
        (-82, -196),
        (-40, -164),
        (-14, -220),
        (14, -166),
        (66, -204),
        (70, -146),
        (122, -150),
        (104, -84),
        (60, -126),
        (0, -118),
        (-60, -126),
    )
    return (), (polygon(list(tips), color),)


def _bald(color: str) -> Hair:
    return pair((ellipse(94, -92, 16, 36, color),)), ()


def _bob(color: str) -> Hair:
    return (blob([(0, -190), (104, -150), (126, -50), (112, 24), (-112, 24), (-126, -50), (-104, -150)], color),), (
        *_cap_of_hair(color),
        blob([(-92, -118), (0, -136), (92, -118), (84, -100), (0, -108), (-84, -100)], color),
    )


def _scarf(color: str) -> Hair:
    """A head scarf."""
    return (
        blob([(0, -196), (110, -150), (130, -40), (120, 80), (0, 120), (-120, 80), (-130, -40), (-110, -150)], color),
    ), (
        blob(
            [(-102, -60), (-92, -144), (0, -196), (92, -144), (102, -60), (72, -126), (0, -150), (-72, -126)],
            shade(color, 1.08),
        ),
    )


_STYLES: dict[str, Callable[[str], Hair]] = {
    "short": _short,
    "long": _long,
    "bun": _bun,
    "tails": _tails,
    "curls": _curls,
    "spiky": _spiky,
    "bald": _bald,
    "bob": _bob,
    "scarf": _scarf,
}


def _glasses() -> Group:
    return (*pair((ring(38, -70, 27, "#d8a53a", 7),)), line([(-12, -72), (12, -72)], "#d8a53a", 7))


def _beard(color: str) -> Group:
    return (
        blob([(-92, -40), (-60, -14), (0, -22), (60, -14), (92, -40), (84, 30), (0, 84), (-84, 30)], color),
        ellipse(0, 4, 24, 9, "#8e3b46"),
    )
