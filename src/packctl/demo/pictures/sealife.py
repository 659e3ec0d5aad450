"""Animals of the sea, around 0,0, about 400 wide."""

from collections.abc import Callable

from packctl.demo.drawing.shapes import (
    Group,
    arc,
    around,
    blob,
    curve,
    ellipse,
    faint,
    line,
    lined,
    place,
    polygon,
    star,
)
from packctl.demo.pictures.animals import DARK, PINK, eyes, pair, shade


def _eye(x: float, y: float, size: float = 22) -> Group:
    """One eye, seen from the side."""
    return (
        ellipse(x, y, size, fill="#ffffff"),
        ellipse(x - size * 0.2, y + 2, size * 0.62, fill=DARK),
        ellipse(x - size * 0.4, y - 4, size * 0.22, fill="#ffffff"),
    )


def fish(color: str, stripe: str, stripes: int = 2) -> Group:
    """A fish that swims to the left."""
    bands = tuple(
        curve([(-30 + 70 * k, -88 + 18 * k), (-10 + 70 * k, 0), (-30 + 70 * k, 88 - 18 * k)], stripe, 30)
        for k in range(stripes)
    )
    return (
        blob([(120, 0), (210, -100), (196, 0), (210, 100)], stripe),
        blob([(-40, -100), (40, -158), (90, -70)], stripe),
        blob([(-20, 96), (30, 140), (60, 80)], stripe),
        blob([(-190, 10), (-120, -80), (0, -110), (110, -56), (150, 0), (110, 56), (0, 110), (-120, 86)], color),
        *bands,
        blob([(-60, 20), (0, 10), (20, 56), (-40, 66)], shade(color, 0.88)),
        *_eye(-116, -22),
        arc(-166, 22, 18, -20, 80, DARK, 5),
    )


def whale() -> Group:
    """A blue whale with its fountain."""
    water = tuple(curve([(-60, -120), (-60 + dx, -190), (-60 + 2 * dx, -170)], "#8fd0f0", 12) for dx in (-34, 34))
    return (
        *water,
        blob([(120, 0), (170, -60), (220, -120), (236, -70), (214, -30), (250, -10), (210, 30), (150, 70)], "#4c86c6"),
        blob(
            [(-220, 10), (-190, -90), (-60, -130), (90, -90), (170, 0), (120, 90), (-30, 120), (-180, 100)], "#4c86c6"
        ),
        blob([(-214, 40), (-110, 62), (30, 70), (120, 80), (-20, 122), (-180, 102)], "#dbeefa"),
        *(curve([(-170 + 50 * k, 68 + 4 * k), (-150 + 50 * k, 92 + 3 * k)], "#b5d6ea", 6) for k in range(5)),
        blob([(-30, 70), (40, 130), (0, 160), (-50, 110)], "#3c72b0"),
        *_eye(-136, -10, 18),
        arc(-186, 26, 26, 10, 70, DARK, 5),
    )


def octopus() -> Group:
    """An octopus that waves."""
    arms = tuple(
        curve(
            [
                (30 * k, 40),
                (52 * k, 120 + 8 * abs(k)),
                (64 * k + 12, 176 - 10 * abs(k)),
                (74 * k - 16, 200 - 22 * abs(k)),
            ],
            "#b464c4" if k % 2 else "#c77ad6",
            34,
        )
        for k in (-3, -2, -1, 0, 1, 2, 3)
    )
    head = blob(
        [(0, -190), (100, -150), (128, -50), (96, 40), (0, 70), (-96, 40), (-128, -50), (-100, -150)], "#c77ad6"
    )
    spots = tuple(ellipse(x, y, r, fill="#b464c4") for x, y, r in ((-60, -130, 15), (-20, -152, 10), (72, -112, 13)))
    return (
        *arms,
        head,
        *spots,
        *faint(pair((ellipse(76, 0, 20, 13, PINK),)), 0.8),
        *eyes(-36, 44, 18),
        arc(0, 0, 24, 20, 160, DARK, 5),
    )


def crab() -> Group:
    """A crab with both claws up."""
    claw = (
        curve([(110, 40), (176, 10), (180, -60)], "#e2563f", 26),
        blob([(150, -80), (136, -150), (176, -184), (180, -130), (200, -184), (226, -140), (206, -78)], "#e2563f"),
    )
    legs = tuple(curve([(100, 70 + 26 * k), (170, 80 + 34 * k), (196, 124 + 30 * k)], "#c94530", 18) for k in range(3))
    stalk = (
        line([(44, -40), (50, -100)], "#e2563f", 14),
        ellipse(50, -108, 26, fill="#ffffff"),
        ellipse(48, -106, 15, fill=DARK),
        ellipse(43, -113, 5, fill="#ffffff"),
    )
    shell = blob(
        [(-150, 40), (-100, -50), (0, -74), (100, -50), (150, 40), (100, 110), (0, 128), (-100, 110)], "#ee6a50"
    )
    return (
        *pair((*legs, *claw, *stalk)),
        shell,
        *faint(pair((ellipse(86, 40, 20, 13, "#ffd0c0"),)), 0.8),
        arc(0, 30, 40, 25, 155, DARK, 6),
    )


def turtle() -> Group:
    """A sea turtle from above, on its way to the left."""
    flipper = (
        blob([(-50, 60), (-90, 150), (-40, 196), (-10, 110)], "#7fb069"),
        blob([(90, 70), (140, 130), (110, 150), (60, 96)], "#7fb069"),
    )
    plates = tuple(
        lined(polygon(around(x, y, 38, 34, 6), "#c9a464"), "#8a6a3a", 5)
        for x, y in ((-20, 0), (54, -36), (54, 36), (-4, -66), (-4, 66), (-86, -30), (-86, 30))
    )
    upper = place(flipper, turn=0)
    mirrored = place(place(flipper, flip=True), turn=180)
    return (
        *upper,
        *mirrored,
        blob([(120, 0), (190, -14), (190, 14)], "#7fb069"),
        ellipse(-168, 0, 52, 42, "#7fb069"),
        lined(ellipse(0, 0, 142, 112, "#a98147"), "#8a6a3a", 8),
        *plates,
        *(
            shape
            for y in (-18, 18)
            for shape in (ellipse(-184, y, 11, fill=DARK), ellipse(-187, y - 4, 4, fill="#ffffff"))
        ),
        arc(-196, 0, 14, 120, 240, DARK, 4),
    )


def jellyfish() -> Group:
    """A jellyfish with its veil."""
    threads = tuple(
        curve([(x, 20), (x + 18, 80), (x - 14, 130), (x + 14, 190)], "#f3a6cf" if index % 2 else "#e889bd", 12)
        for index, x in enumerate((-96, -58, -20, 20, 58, 96))
    )
    bell = blob(
        [
            (0, -170),
            (110, -120),
            (146, 0),
            (110, 34),
            (56, 18),
            (0, 36),
            (-56, 18),
            (-110, 34),
            (-146, 0),
            (-110, -120),
        ],
        "#f7bcdc",
    )
    return (
        *threads,
        bell,
        *faint((ellipse(-50, -104, 34, 20, "#ffffff", turn=-30),), 0.8),
        *eyes(-36, 40),
        arc(0, -16, 18, 20, 160, DARK, 5),
    )


def starfish() -> Group:
    """A starfish."""
    tips, notches = around(0, 0, 206, 206, 5), around(0, 0, 92, 92, 5, start=-54)
    body = blob([point for pair_ in zip(tips, notches, strict=True) for point in pair_], "#f4a259")
    spots = tuple(
        ellipse(x, y, 11, fill="#dd8338")
        for part in (0.45, 0.62, 0.76)
        for x, y in around(0, 0, 206 * part, 206 * part, 5)
    )
    return (body, *spots, *eyes(-14, 34), arc(0, 18, 22, 20, 160, DARK, 5))


def seahorse() -> Group:
    """A seahorse."""
    fin = tuple(line([(70, 0), (130, -34 + 24 * k)], "#f6d36b", 14) for k in range(5))
    return (
        *fin,
        curve([(20, 120), (40, 170), (10, 206), (-30, 190), (-20, 160), (0, 172)], "#e8b33c", 26),
        blob([(30, -100), (86, -20), (74, 70), (30, 150), (-10, 130), (-20, 40), (-40, -40)], "#f2c14e"),
        *(curve([(-14, y), (20, y + 12), (46, y)], "#dca235", 7) for y in (10, 46, 82)),
        blob([(-30, -190), (50, -180), (84, -120), (40, -72), (-30, -84), (-60, -130)], "#f2c14e"),
        blob([(-40, -140), (-130, -116), (-150, -96), (-130, -80), (-40, -96)], "#f2c14e"),
        *(star(x, y, 22, "#e8b33c", points=3) for x, y in ((0, -202), (40, -196), (74, -170))),
        *_eye(-6, -134, 20),
    )


def shark() -> Group:
    """A friendly shark."""
    return (
        blob([(140, -10), (216, -120), (190, -10), (214, 70), (150, 40)], "#8fa3b3"),
        polygon([(-20, -80), (40, -170), (70, -70)], "#8fa3b3"),
        blob([(-220, -6), (-130, -80), (20, -92), (150, -30), (170, 6), (60, 66), (-110, 84)], "#a3b6c5"),
        blob([(-206, 20), (-120, 34), (40, 34), (130, 26), (50, 68), (-110, 84)], "#eef4f8"),
        polygon([(-40, 50), (20, 140), (40, 50)], "#8fa3b3"),
        *(line([(-40 + 22 * k, -26), (-46 + 22 * k, 14)], "#7f93a4", 6) for k in range(3)),
        *_eye(-140, -22, 18),
        curve([(-196, 34), (-160, 52), (-110, 44)], DARK, 6),
        *(polygon([(-176 + 22 * k, 46), (-166 + 22 * k, 50), (-172 + 22 * k, 60)], "#ffffff") for k in range(3)),
    )


def snail() -> Group:
    """A sea snail in its house."""
    spiral = tuple(
        arc(40, -20, radius, start, start + 180, "#b8743a", 10)
        for radius, start in ((78, 180), (56, 0), (36, 180), (16, 0))
    )
    return (
        blob([(-190, 60), (-160, 10), (-120, 50), (0, 90), (150, 96), (206, 132), (-60, 140), (-170, 130)], "#f2d0a4"),
        *(curve([(-160, 30), (-176 + 44 * k, -40)], "#f2d0a4", 12) for k in range(2)),
        *(ellipse(-176 + 44 * k, -46, 15, fill=DARK) for k in range(2)),
        lined(ellipse(40, -10, 122, 116, "#e09a56"), "#b8743a", 8),
        *spiral,
        arc(-170, 70, 18, 20, 130, DARK, 5),
    )


SEA: dict[str, Callable[[], Group]] = {
    "clownfish": lambda: fish("#f58442", "#fdf3e7"),
    "blue-tang": lambda: fish("#3f7fd0", "#f6d04a", 1),
    "whale": whale,
    "octopus": octopus,
    "crab": crab,
    "turtle": turtle,
    "jellyfish": jellyfish,
    "starfish": starfish,
    "seahorse": seahorse,
    "shark": shark,
    "sea-snail": snail,
}
