"""Where people are: streets, a harbor, a park, a market. Each function fills a sheet of 640 by 360."""

from packctl.demo.drawing.shapes import (
    Group,
    blob,
    curve,
    ellipse,
    faint,
    line,
    place,
    polygon,
    rectangle,
)
from packctl.demo.pictures.buildings import house, tower
from packctl.demo.pictures.landscapes import forest
from packctl.demo.pictures.scenery import WIDE, cloud, hill, moon, sky, stars, sun, water
from packctl.demo.pictures.things import Thing


def _street(lit: bool) -> Group:
    colors = (
        ("#e8a87c", "#85b8cb", "#d6c38a", "#b38bc2", "#e58a8a", "#8fb98f", "#9aa5c4")
        if not lit
        else ("#4a4f7a", "#3f5a78", "#5a5a6a", "#54467a", "#6a4a5e", "#46606a", "#4e5480")
    )
    shapes = tuple(
        shape
        for k, color in enumerate(colors)
        for shape in tower(6 + 91 * k, 82, (150, 210, 120, 240, 170, 200, 140)[k], color, lit=lit)
    )
    lamps = tuple(
        shape
        for x in (90, 330, 570)
        for shape in (
            line([(x, 318), (x, 250)], "#4a5560", 5),
            *(faint((ellipse(x, 246, 26, fill="#ffe08a"),), 0.4) if lit else ()),
            ellipse(x, 246, 9, fill="#ffe9a8"),
        )
    )
    road = (
        rectangle(0, 300, WIDE, 60, "#6b7280"),
        rectangle(0, 298, WIDE, 10, "#c9cdd2"),
        *(rectangle(20 + 90 * k, 332, 46, 5, "#f4f4f4") for k in range(7)),
    )
    return (*shapes, *road, *lamps)


def _car(color: str) -> Group:
    return (
        blob([(-64, -4), (-58, -26), (-34, -30), (-20, -50), (26, -50), (42, -28), (64, -22), (66, -4)], color),
        blob([(-26, -30), (-16, -45), (0, -46), (0, -30)], "#d9f0fb"),
        blob([(6, -30), (6, -46), (22, -45), (34, -30)], "#d9f0fb"),
        *(
            shape
            for x in (-36, 36)
            for shape in (ellipse(x, -3, 14, fill="#333a44"), ellipse(x, -3, 6, fill="#c9d3dc"))
        ),
    )


def city_day() -> Group:
    return (
        *sky("#8fd0f4", "#e9f6fc"),
        *sun(560, 60, 32),
        *cloud(120, 60, 0.8),
        *cloud(360, 44, 0.6),
        *_street(False),
        *place(_car("#e2544f"), 210, 326),
        *place(_car("#f5c542"), 460, 350, flip=True),
    )


def city_night() -> Group:
    return (
        *sky("#141b3d", "#3a4478"),
        *stars(2, 60, 160),
        *moon(560, 62),
        *_street(True),
        *place(_car("#4fa3d8"), 260, 328),
    )


def park() -> Group:
    bench = (
        rectangle(-50, -34, 100, 9, "#a8713a", round=3),
        rectangle(-50, -52, 100, 8, "#a8713a", round=3),
        *(line([(x, 0), (x, -50)], "#4a5560", 6) for x in (-40, 40)),
    )
    fountain = (
        *faint(tuple(curve([(0, -90), (d * 0.7, -108), (d, -44)], "#8fd0f0", 6) for d in (-46, -24, 24, 46)), 0.9),
        rectangle(-7, -90, 14, 70, "#b9c1c9"),
        blob([(-64, -30), (64, -30), (46, 0), (-46, 0)], "#cfd6dc"),
        ellipse(0, -30, 62, 9, "#8fd0f0"),
    )
    return (
        *sky("#9fdaf5", "#eefaf2"),
        *cloud(500, 70, 0.8),
        *(shape for k in range(5) for shape in tower(40 + 120 * k, 76, 90 + 24 * (k % 3), "#b9c9d6", foot=200)),
        hill([(0, 206), (320, 192), (640, 208)], "#9bd08a"),
        *forest(("#63ac5e", "#79bb66"), 6, 8, 214),
        hill([(0, 300), (320, 280), (640, 300)], "#86c46f"),
        blob([(250, 372), (300, 300), (330, 262), (352, 262), (362, 300), (400, 372)], "#ecdcb6"),
        *place(fountain, 340, 286, 0.8),
        *place(bench, 150, 332),
        *place(bench, 520, 330),
    )


def harbor() -> Group:
    ship = (
        rectangle(-30, -64, 60, 34, "#f4f6f8"),
        *(ellipse(x, -47, 6, fill="#4f86b0") for x in (-16, 0, 16)),
        rectangle(-8, -92, 20, 30, "#e2544f"),
        polygon([(-84, -32), (92, -32), (66, 10), (-66, 10)], "#2f4f7f"),
    )
    light = (
        polygon([(-20, 0), (-13, -120), (13, -120), (20, 0)], "#ffffff"),
        *(
            polygon(
                [
                    (-18.5 + k * 2.3, -30 - 34 * k),
                    (-17 + k * 2.3, -48 - 34 * k),
                    (17 - k * 2.3, -48 - 34 * k),
                    (18.5 - k * 2.3, -30 - 34 * k),
                ],
                "#e2544f",
            )
            for k in range(3)
        ),
        rectangle(-12, -140, 24, 20, "#ffe08a"),
        polygon([(-18, -138), (0, -160), (18, -138)], "#2f4f7f"),
    )
    return (
        *sky("#8ecdf0", "#fbeede"),
        *sun(120, 80, 34),
        *cloud(420, 60),
        *(
            shape
            for k in range(4)
            for shape in house(330 + 84 * k, 214, 0.72, ("#f5d68a", "#e8a0a0", "#a8cfe8", "#cfe3a8")[k], "#c2604a")
        ),
        hill([(0, 226), (220, 218), (400, 206), (640, 210)], "#8f9aa5"),
        *water(230, "#4f9fc4"),
        *place(light, 90, 250),
        *place(ship, 300, 296, 1.1),
    )


def market() -> Group:
    def stall(x: float, color: str, fruit: str) -> Group:
        roof = tuple(
            polygon(
                [
                    (-70 + 28 * k, -120),
                    (-42 + 28 * k, -120),
                    (-42 + 28 * k, -92),
                    (-56 + 28 * k, -84),
                    (-70 + 28 * k, -92),
                ],
                color if k % 2 == 0 else "#ffffff",
            )
            for k in range(5)
        )
        return place(
            (
                *(line([(dx, 0), (dx, -96)], "#8a6a4a", 7) for dx in (-62, 62)),
                rectangle(-70, -48, 140, 48, "#c99b6a"),
                *(ellipse(-54 + 18 * k, -54 - 5 * (k % 2), 11, fill=fruit) for k in range(7)),
                *roof,
            ),
            x,
            320,
            1,
        )

    return (
        *sky("#a8dcf4", "#f7f3e6"),
        *(
            shape
            for k in range(4)
            for shape in house(
                80 + 160 * k,
                250,
                1.15,
                ("#f7e0c4", "#e6c9b0", "#f3d9d0", "#dce6d0")[k],
                ("#b5654a", "#8a5f7a", "#b5654a", "#5f7a8a")[k],
            )
        ),
        rectangle(0, 246, WIDE, 114, "#d9cdb8"),
        *stall(130, "#e2544f", "#f29f3d"),
        *stall(320, "#4f9fc4", "#d8434f"),
        *stall(510, "#6fae5f", "#f5c542"),
    )


CITY: dict[str, Thing] = {
    "street-day": city_day,
    "street-night": city_night,
    "park": park,
    "harbor": harbor,
    "market": market,
}
