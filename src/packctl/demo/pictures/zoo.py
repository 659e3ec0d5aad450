"""Eighteen animals: what each looks like, and what only it has."""

from packctl.demo.drawing.shapes import Group, blob, curve, ellipse, star
from packctl.demo.pictures.animals import DARK, Animal, pair


def _horns(color: str) -> Group:
    return pair((blob([(46, -166), (74, -226), (104, -236), (92, -196), (84, -160)], color),))


def _whiskers() -> Group:
    return pair(
        (curve([(52, -38), (92, -46), (120, -44)], DARK, 3), curve([(52, -28), (92, -26), (116, -18)], DARK, 3))
    )


def _mane(color: str) -> Group:
    return (
        blob([(-30, -190), (0, -214), (34, -188), (26, -140), (40, -112), (6, -124), (-22, -112), (-18, -150)], color),
    )


_WOOL: Group = tuple(
    ellipse(x, y, 40, fill="#fbf7ee") for x, y in ((-84, -150), (-44, -180), (0, -190), (44, -180), (84, -150))
)
_FLEECE: Group = tuple(
    ellipse(x, y, 40, fill="#fbf7ee")
    for x, y in (
        (-92, 30),
        (92, 30),
        (-112, 90),
        (112, 90),
        (-102, 150),
        (102, 150),
        (-60, 10),
        (60, 10),
        (0, 30),
        (-40, 70),
        (40, 70),
        (0, 110),
    )
)
_COMB: Group = tuple(ellipse(x, y, r, fill="#d8362f") for x, y, r in ((-34, -186, 24), (0, -204, 28), (34, -186, 24)))
_WATTLE: Group = (ellipse(-10, 4, 11, 20, "#d8362f"), ellipse(10, 4, 11, 20, "#d8362f"))
_COW_SPOTS: Group = (
    blob([(44, -172), (100, -146), (112, -70), (66, -50), (26, -96)], "#4a3c38"),
    blob([(-88, 20), (-50, 30), (-62, 84), (-104, 86)], "#4a3c38"),
    blob([(70, 140), (106, 120), (96, 176), (70, 184)], "#4a3c38"),
)

ANIMALS: dict[str, Animal] = {
    "cow": Animal(
        "#fbfaf6",
        "#f4ece0",
        "side",
        "broad",
        "#f2b6ac",
        "tuft",
        patches=_COW_SPOTS,
        extra=_horns("#e8dcc0"),
        feet="#4a3c38",
    ),
    "pig": Animal("#f7b3bd", "#fbccd2", "pointed", "snout", "#ee8fa0", "curly", inner_ear="#ee8fa0"),
    "sheep": Animal("#e9dccb", "#fbf7ee", "side", "muzzle", "#6b5a52", patches=(*_FLEECE, *_WOOL), feet="#6b5a52"),
    "hen": Animal(
        "#f3ead8",
        "#fffaf0",
        "none",
        "beak",
        "#f2a33a",
        "feathers",
        feet="#f2a33a",
        wings=True,
        extra=(*_COMB, *_WATTLE),
    ),
    "chick": Animal(
        "#fbd84b",
        "#fdeb9b",
        "none",
        "beak",
        "#f2952e",
        feet="#f2952e",
        wings=True,
        extra=(
            curve([(0, -180), (-8, -206), (-22, -214)], "#f0c22e", 8),
            curve([(0, -180), (6, -210), (20, -216)], "#f0c22e", 8),
        ),
    ),
    "horse": Animal("#b5784a", "#cf9a6c", "horse", "broad", "#dcb08a", "bushy", extra=_mane("#5a3822"), feet="#5a3822"),
    "goat": Animal(
        "#efe9de",
        "#fbf8f2",
        "side",
        "muzzle",
        "#7a685c",
        extra=(*_horns("#b9a583"), blob([(-18, 4), (18, 4), (0, 56)], "#d8cdbb")),
    ),
    "duck": Animal("#fdf6e3", "#ffffff", "none", "bill", "#f5a02c", "feathers", feet="#f5a02c", wings=True),
    "dog": Animal(
        "#d8a15e", "#f5e4c8", "floppy", "muzzle", "#3a2c28", "thin", patches=(ellipse(48, -82, 40, 46, "#a8713a"),)
    ),
    "cat": Animal(
        "#f0a24e",
        "#fdeedd",
        "pointed",
        "muzzle",
        "#e07a7a",
        "thin",
        extra=_whiskers(),
        patches=tuple(curve([(x, -176), (x * 0.8, -150), (x * 0.9, -130)], "#c97a2a", 9) for x in (-26, 0, 26)),
    ),
    "rabbit": Animal("#d9cfc6", "#f7f3ee", "long", "muzzle", "#e79aa6", "puff", extra=_whiskers()),
    "donkey": Animal("#9a948f", "#c9c4bf", "long", "broad", "#e3ded8", "tuft", extra=_mane("#4d4845"), feet="#5f5a56"),
    "mouse": Animal("#b8b3bd", "#e6e2e8", "round", "muzzle", "#e58a99", "thin", extra=_whiskers()),
    "fox": Animal("#e8743b", "#fdf1e4", "pointed", "muzzle", "#3a2c28", "bushy", inner_ear="#5a2f1c", feet="#5a2f1c"),
    "owl": Animal(
        "#9b7653",
        "#e6d2b4",
        "pointed",
        "beak",
        "#f2b33a",
        wings=True,
        inner_ear="#7c5b3d",
        feet="#f2b33a",
        patches=pair((ellipse(46, -82, 46, fill="#efdfc4"),)),
    ),
    "bear": Animal("#8d5f3c", "#d3a67a", "round", "muzzle", "#3a2c28", "puff", inner_ear="#d3a67a"),
    "deer": Animal(
        "#c48a58",
        "#efd9bd",
        "side",
        "muzzle",
        "#3a2c28",
        "puff",
        feet="#6b4326",
        extra=pair(
            (curve([(40, -170), (62, -220), (48, -252)], "#7a5533", 13), curve([(60, -214), (96, -238)], "#7a5533", 12))
        ),
        patches=tuple(
            ellipse(x, y, 9, fill="#f3e3cd") for x, y in ((-92, 60), (-80, 96), (92, 60), (80, 30), (-70, 30))
        ),
    ),
    "hedgehog": Animal(
        "#e3bd94",
        "#f7e6d0",
        "round",
        "muzzle",
        "#3a2c28",
        inner_ear="#c9976a",
        patches=(
            blob(
                [(0, -196), (78, -176), (118, -108), (70, -132), (0, -142), (-70, -132), (-118, -108), (-78, -176)],
                "#6b4a35",
            ),
            *(
                star(x, y, 30, "#6b4a35", points=7)
                for x, y in ((-92, -150), (-48, -182), (0, -194), (48, -182), (92, -150))
            ),
        ),
    ),
}
