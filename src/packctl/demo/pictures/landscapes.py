"""Landscapes: nature, and one meadow through four seasons. Each function fills a sheet of 640 by 360."""

from packctl.demo.drawing.shapes import Fade, Group, blob, curve, ellipse, faint, line, place, polygon, rectangle, star
from packctl.demo.pictures.buildings import house
from packctl.demo.pictures.plants import bare_tree, fir, leaf, meadow, mushroom, palm, tree
from packctl.demo.pictures.scenery import WIDE, cloud, hill, scattered, sky, snow, sun, water
from packctl.demo.pictures.things import Thing


def forest(leaves: tuple[str, ...], seed: int = 3, count: int = 13, top: float = 210) -> Group:
    spots = sorted(scattered(seed, count, (10, top, WIDE - 10, 312)), key=lambda spot: spot[1])
    return tuple(
        shape for x, y, part in spots for shape in tree(x, y, 0.55 + (y - top) / 150, leaves[int(part * len(leaves))])
    )


def spring_meadow() -> Group:
    return (
        *sky("#8fd3f4", "#e6f7fb"),
        *sun(540, 70),
        *cloud(150, 80),
        *cloud(380, 56, 0.7),
        hill([(0, 220), (160, 190), (340, 226), (520, 196), (640, 214)], "#a5d68a"),
        *tree(90, 232, 0.9),
        *tree(560, 230, 1.05),
        hill([(0, 262), (200, 240), (420, 266), (640, 244)], "#86c46f"),
        *meadow(5, 46, 266, ("#f27aa0", "#ffffff", "#f5c542", "#b98be0")),
    )


def deep_forest() -> Group:
    rays = tuple(polygon([(x, 0), (x + 46, 0), (x + 120, 300), (x + 30, 300)], "#fff6c9") for x in (90, 260, 420))
    return (
        *sky("#bfe3b4", "#eef7d8"),
        hill([(0, 180), (320, 160), (640, 186)], "#9ccb8a"),
        *forest(("#78b56c", "#6aa860"), 4, 12, 180),
        *faint(rays, 0.25),
        hill([(0, 288), (300, 270), (640, 292)], "#5d9a52"),
        *forest(("#4e8f4a", "#417f42"), 11, 6, 296),
        *mushroom(220, 336, 0.6),
        *mushroom(256, 342, 0.42),
        *mushroom(500, 338, 0.5),
    )


def mountain_lake() -> Group:
    peaks = tuple(
        shape
        for x, top, wide, color in ((110, 70, 170, "#8fa3bd"), (480, 50, 200, "#8fa3bd"), (290, 96, 190, "#a7b8cd"))
        for shape in (
            polygon([(x - wide, 240), (x, top), (x + wide, 240)], color),
            polygon(
                [
                    (x - wide * 0.2, top + 34 * 170 / wide),
                    (x, top),
                    (x + wide * 0.2, top + 34 * 170 / wide),
                    (x + wide * 0.07, top + 26),
                    (x - wide * 0.06, top + 40),
                ],
                "#ffffff",
            ),
        )
    )
    return (
        *sky("#7cc0ea", "#fdeed8"),
        *sun(330, 92, 30),
        *peaks,
        hill([(0, 222), (200, 232), (420, 226), (640, 234)], "#6fae7e"),
        *water(246, "#6cbbdc"),
        *(
            shape
            for x, y, s in ((50, 256, 0.8), (96, 266, 1), (560, 262, 0.9), (606, 276, 1.2), (20, 286, 1.2))
            for shape in fir(x, y, s)
        ),
    )


def beach() -> Group:
    sail = (
        polygon([(0, -60), (0, -6), (40, -6)], "#ffffff"),
        polygon([(-4, -50), (-4, -6), (-30, -6)], "#f27a6a"),
        blob([(-40, 0), (44, 0), (28, 16), (-26, 16)], "#8a5f3c"),
    )
    return (
        *sky("#6cc5ee", "#d8f2fa"),
        *sun(110, 74),
        *cloud(420, 66, 0.9),
        *cloud(560, 108, 0.6),
        *water(190, "#43b4d8"),
        *place(sail, 420, 216, 0.8),
        hill([(0, 300), (180, 262), (400, 296), (640, 270)], "#f7e3b0"),
        curve([(-10, 300), (180, 262), (400, 296), (650, 270)], "#ffffff", 5),
        *palm(560, 316, 1.25),
        *palm(606, 330, 0.95),
        star(180, 322, 15, "#f2935c"),
        *(ellipse(x, y, 7, 5, "#f9c9b8") for x, y in ((240, 334), (330, 322), (262, 340))),
    )


def desert() -> Group:
    def cactus(x: float, y: float, s: float) -> Group:
        return place(
            (
                line([(0, 0), (0, -80)], "#5fa36a", 22),
                curve([(-4, -36), (-32, -40), (-34, -66)], "#5fa36a", 15),
                curve([(4, -26), (30, -30), (32, -54)], "#5fa36a", 15),
                ellipse(0, -92, 7, fill="#f27aa0"),
            ),
            x,
            y,
            s,
        )

    return (
        *sky("#f9a65a", "#fde3b0"),
        *sun(470, 96, 46, "#fff0b8"),
        hill([(0, 210), (160, 180), (300, 214), (470, 176), (640, 210)], "#e8b06a"),
        hill([(0, 258), (220, 232), (420, 262), (640, 236)], "#f0c27e"),
        *cactus(130, 276, 1),
        *cactus(520, 292, 1.3),
        *cactus(330, 256, 0.6),
        hill([(0, 322), (260, 300), (640, 326)], "#f7d596"),
    )


def waterfall() -> Group:
    return (
        *sky("#9bd7ef", "#e8f8ee"),
        polygon([(0, 40), (230, 60), (250, 300), (0, 320)], "#8b8f98"),
        polygon([(640, 30), (400, 60), (390, 300), (640, 320)], "#7e828b"),
        rectangle(236, 62, 168, 214, Fade("#d8f1fb", "#8fcdea")),
        *faint(tuple(line([(x, 70), (x, 262)], "#ffffff", 7) for x in (258, 290, 330, 366)), 0.8),
        *water(268, "#58b0d4"),
        *faint(tuple(ellipse(x, 274, 34, 16, "#ffffff") for x in (250, 300, 350, 396)), 0.8),
        *tree(80, 110, 0.8),
        *tree(170, 92, 0.7),
        *tree(520, 92, 0.9),
        *fir(594, 96, 0.8),
    )


def spring() -> Group:
    return (
        *spring_meadow(),
        *(
            shape
            for x, y, s in scattered(44, 22, (0, 130, 640, 330))
            for shape in faint((ellipse(x, y, 3 + 2 * s, 2 + s, "#f9b8d0"),), 0.9)
        ),
    )


def summer() -> Group:
    kite = (
        polygon([(0, -34), (22, 0), (0, 40), (-22, 0)], "#f2545f"),
        line([(0, -34), (0, 40)], "#ffffff", 2),
        line([(-22, 0), (22, 0)], "#ffffff", 2),
        curve([(0, 40), (12, 70), (-6, 96), (8, 120)], "#8a6a4a", 2),
    )
    return (
        *sky("#45b0ee", "#d9f3fb"),
        *sun(110, 80, 46),
        *cloud(400, 70),
        hill([(0, 230), (180, 204), (380, 232), (640, 208)], "#b9d66f"),
        *house(480, 236, 0.95, "#fdf3e3", "#d8604a"),
        *tree(560, 244, 1.3),
        *tree(60, 250, 1.2),
        hill([(0, 276), (320, 256), (640, 280)], "#cfe07a"),
        *place(kite, 290, 100, 1, turn=20),
        *meadow(15, 24, 286, ("#f7d94f", "#ffffff", "#f2545f")),
    )


def autumn() -> Group:
    colors = ("#d9822b", "#c8552f", "#e3b23c", "#b5452f")
    leaves = tuple(
        shape
        for x, y, s in scattered(27, 44, (0, 30, 640, 352))
        for shape in leaf(x, y, 0.7 + 0.7 * s, colors[int(s * 4)], 360 * s)
    )
    return (
        *sky("#f0cfa0", "#fbeed6"),
        *sun(520, 90, 36, "#fff0c0"),
        hill([(0, 222), (160, 196), (360, 228), (640, 200)], "#cfa75a"),
        *forest(colors, 5, 11, 212),
        hill([(0, 300), (320, 284), (640, 304)], "#b98a44"),
        *leaves,
    )


def winter() -> Group:
    man = (
        ellipse(0, -30, 36, fill="#ffffff"),
        ellipse(0, -82, 26, fill="#ffffff"),
        *(ellipse(x, -88, 3.4, fill="#333a44") for x in (-9, 9)),
        polygon([(0, -82), (26, -76), (0, -74)], "#f2873a"),
        *(ellipse(0, y, 3.4, fill="#333a44") for y in (-44, -30)),
        rectangle(-28, -66, 56, 9, "#d8434f", round=4),
        line([(20, -62), (28, -36)], "#d8434f", 9),
        rectangle(-24, -108, 48, 7, "#333a44", round=3),
        rectangle(-16, -134, 32, 30, "#333a44"),
    )
    return (
        *sky("#a9c9e8", "#eef5fb"),
        hill([(0, 216), (180, 190), (380, 222), (640, 196)], "#dfeaf4"),
        *house(470, 244, 1, "#c98a6a", "#ffffff", lit=True),
        *(
            shape
            for x, y, s in ((60, 250, 1.1), (110, 262, 0.8), (590, 262, 1.2), (380, 238, 0.7))
            for shape in fir(x, y, s, snow=True)
        ),
        *bare_tree(250, 256, 1.1),
        hill([(0, 280), (320, 262), (640, 284)], "#f7fbff"),
        *place(man, 200, 340, 1.05),
        *snow(17),
    )


NATURE: dict[str, Thing] = {
    "meadow": spring_meadow,
    "forest": deep_forest,
    "mountain-lake": mountain_lake,
    "beach": beach,
    "desert": desert,
    "waterfall": waterfall,
}
SEASONS: dict[str, Thing] = {"spring": spring, "summer": summer, "autumn": autumn, "winter": winter}
