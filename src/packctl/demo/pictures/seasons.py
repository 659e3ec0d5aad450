"""What belongs to a season."""

from packctl.demo.drawing.shapes import (
    Group,
    around,
    blob,
    curve,
    drop,
    ellipse,
    faint,
    line,
    place,
    polygon,
    rectangle,
    ring,
    star,
)
from packctl.demo.pictures.animals import DARK, pair
from packctl.demo.pictures.plants import leaf
from packctl.demo.pictures.things import Thing


def pumpkin(face: bool = False) -> Group:
    ribs = tuple(
        ellipse(x, 40, 70, 130, color)
        for x, color in ((-120, "#e3822b"), (120, "#e3822b"), (-64, "#f0933a"), (64, "#f0933a"), (0, "#f7a24a"))
    )
    look = (
        (
            *pair((polygon([(30, 10), (90, 10), (60, -46)], "#5a3010"),)),
            polygon(
                [(-100, 60), (-50, 82), (-20, 66), (20, 86), (50, 66), (100, 60), (60, 120), (0, 136), (-60, 120)],
                "#5a3010",
            ),
        )
        if face
        else ()
    )
    return (curve([(0, -80), (10, -130), (44, -160)], "#5f8f4a", 31), *ribs, *look)


def acorn() -> Group:
    return (
        line([(0, -120), (20, -180)], "#7b5236", 21),
        blob([(-110, -40), (110, -40), (90, 90), (0, 190), (-90, 90)], "#c98a4a"),
        blob([(-140, -40), (-90, -120), (0, -140), (90, -120), (140, -40), (0, -20)], "#8a5f3c"),
    )


def big_leaf(color: str = "#d9822b") -> Group:
    return leaf(0, 0, 14, color, 20)


def umbrella() -> Group:
    return (
        curve([(0, -60), (0, 130), (36, 180), (70, 140)], "#8a5f3c", 15),
        blob(
            [
                (-200, 0),
                (-150, -130),
                (0, -190),
                (150, -130),
                (200, 0),
                (134, -24),
                (66, 0),
                (0, -24),
                (-66, 0),
                (-134, -24),
            ],
            "#ef6461",
        ),
        blob([(-66, 0), (-50, -110), (0, -190), (50, -110), (66, 0), (0, -24)], "#f7d94f"),
    )


def snowflake() -> Group:
    arm = (
        line([(0, 0), (0, -190)], "#8fc4ea", 17),
        line([(0, -120), (-48, -164)], "#8fc4ea", 15),
        line([(0, -120), (48, -164)], "#8fc4ea", 15),
        line([(0, -60), (-34, -92)], "#8fc4ea", 13),
        line([(0, -60), (34, -92)], "#8fc4ea", 13),
    )
    return tuple(shape for k in range(6) for shape in place(arm, turn=60 * k))


def mitten(color: str = "#ef6461") -> Group:
    return (
        blob([(-100, 120), (-104, -60), (-40, -180), (50, -170), (90, -60), (86, 120)], color),
        ellipse(118, 10, 40, 80, color, turn=-30),
        rectangle(-116, 110, 218, 74, "#f4f6f9", round=24),
        star(-10, -20, 54, "#ffffff", points=6, inner=0.5),
    )


def ice_cream() -> Group:
    return (
        polygon([(-90, 20), (90, 20), (0, 206)], "#e3a65a"),
        *(line([(-70 + 40 * k, 26), (-20 + 30 * k, 120 - 26 * k)], "#c98a42", 6) for k in range(4)),
        ellipse(-46, -30, 76, fill="#f29ac4"),
        ellipse(50, -30, 76, fill="#a5d6a0"),
        ellipse(0, -110, 80, fill="#fdf3d9"),
        ellipse(0, -196, 21, fill="#ef6461"),
    )


def watermelon() -> Group:
    half = [(x, y) for x, y in around(0, -40, 200, 200, 24, start=0)[:13]]
    return (
        polygon(half, "#4d9f5a"),
        polygon([(x * 0.91, -40 + (y + 40) * 0.91) for x, y in half], "#e8f3d3"),
        polygon([(x * 0.84, -40 + (y + 40) * 0.84) for x, y in half], "#ef6461"),
        *(drop(x, y, 31, DARK) for x, y in ((-90, 20), (-30, 50), (40, 40), (100, 0), (0, 100), (-50, 0))),
    )


def sunglasses() -> Group:
    return (
        *pair(
            (
                blob([(20, -50), (170, -56), (180, 20), (110, 74), (40, 50)], "#3b4450"),
                *faint((line([(60, -20), (110, -34)], "#ffffff", 11),), 0.8),
            )
        ),
        line([(-30, -34), (30, -34)], "#ef6461", 19),
    )


def tulip(color: str = "#ef6461") -> Group:
    return (
        curve([(0, 200), (0, 60), (0, -20)], "#4d8f4a", 17),
        ellipse(-56, 110, 26, 96, "#63ac5e", turn=-24),
        ellipse(56, 120, 26, 86, "#7cc576", turn=24),
        blob([(-90, -140), (-44, -90), (0, -170), (44, -90), (90, -140), (80, -20), (0, 30), (-80, -20)], color),
    )


def butterfly() -> Group:
    wing = (
        blob([(10, -20), (90, -170), (200, -130), (180, -10)], "#a07fd6"),
        blob([(10, 0), (150, 10), (160, 120), (70, 150)], "#f29ac4"),
        ellipse(136, -94, 31, fill="#f7d94f"),
        ellipse(106, 78, 23, fill="#f7d94f"),
    )
    return (
        *wing,
        *place(wing, flip=True),
        ellipse(0, 0, 23, 110, "#5a4a6a"),
        *pair((curve([(6, -100), (30, -160), (56, -176)], "#5a4a6a", 9),)),
    )


def nest() -> Group:
    return (
        *(ellipse(x, 10, 50, 66, color) for x, color in ((-70, "#8fd0f0"), (70, "#f7d98a"), (0, "#f4c4d6"))),
        blob([(-190, 30), (190, 30), (140, 140), (0, 170), (-140, 140)], "#a8794a"),
        *(
            curve(
                [(-170 + 30 * k, 50 + 12 * (k % 3)), (-60 + 30 * k, 70 + 16 * (k % 2)), (30 + 14 * k, 54)], "#8a5f3c", 9
            )
            for k in range(8)
        ),
    )


def candle() -> Group:
    return (
        *faint((ellipse(0, -130, 84, fill="#fff0a8"),), 0.5),
        drop(0, -130, 110, "#f5a04c"),
        drop(0, -116, 62, "#fff0a8"),
        rectangle(-50, -70, 100, 240, "#ef6461", round=10),
        blob([(-50, -64), (50, -64), (50, -20), (24, -34), (0, 10), (-24, -30), (-50, -10)], "#f7a3a0"),
        ellipse(0, 176, 124, 26, "#f7c948"),
    )


def bell() -> Group:
    return (
        ring(0, -176, 24, "#c98f2a", 13),
        blob([(-140, 110), (-96, 40), (-80, -90), (0, -156), (80, -90), (96, 40), (140, 110), (0, 126)], "#f7c948"),
        ellipse(0, 112, 140, 24, "#e3a82c"),
        ellipse(0, 146, 34, fill="#c98f2a"),
        *faint((curve([(-50, 30), (-44, -60), (-10, -110)], "#ffffff", 15),), 0.7),
    )


SEASON_THINGS: dict[str, dict[str, Thing]] = {
    "spring": {"tulip": tulip, "butterfly": butterfly, "nest": nest, "umbrella": umbrella},
    "summer": {"ice-cream": ice_cream, "watermelon": watermelon, "sunglasses": sunglasses, "butterfly": butterfly},
    "autumn": {"pumpkin": pumpkin, "acorn": acorn, "maple-leaf": big_leaf, "umbrella": umbrella},
    "winter": {"snowflake": snowflake, "mitten": mitten, "candle": candle, "bell": bell},
}
