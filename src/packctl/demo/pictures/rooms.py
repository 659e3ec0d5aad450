"""Rooms of a home and of a school, and the playground. Each function fills a sheet of 640 by 360."""

from packctl.demo.drawing.shapes import (
    Fade,
    Group,
    blob,
    curve,
    ellipse,
    faint,
    line,
    place,
    polygon,
    rectangle,
    ring,
    star,
)
from packctl.demo.pictures.animals import animal
from packctl.demo.pictures.plants import tree
from packctl.demo.pictures.scenery import WIDE, cloud, hill, scattered, sky, sun
from packctl.demo.pictures.things import Thing
from packctl.demo.pictures.zoo import ANIMALS


def _room(wall: str, floor: str) -> Group:
    return (
        rectangle(0, 0, WIDE, 250, wall),
        rectangle(0, 250, WIDE, 110, floor),
        rectangle(0, 244, WIDE, 9, "#ffffff"),
    )


def _window(x: float, y: float) -> Group:
    return (
        rectangle(x, y, 110, 96, "#ffffff", round=4),
        rectangle(x + 7, y + 7, 96, 82, Fade("#8fd0f4", "#e6f7fb")),
        *cloud(x + 60, y + 46, 0.4),
        rectangle(x + 52, y, 6, 96, "#ffffff"),
        rectangle(x, y + 45, 110, 6, "#ffffff"),
    )


def living_room() -> Group:
    sofa = (
        rectangle(-110, -76, 220, 60, "#5f8fb8", round=16),
        rectangle(-130, -54, 40, 54, "#5481a8", round=12),
        rectangle(90, -54, 40, 54, "#5481a8", round=12),
        rectangle(-96, -40, 92, 30, "#77a4cb", round=8),
        rectangle(4, -40, 92, 30, "#77a4cb", round=8),
        *(line([(x, 0), (x, 8)], "#6b4a32", 9) for x in (-100, 100)),
    )
    lamp = (
        line([(0, 0), (0, -130)], "#6b5a4a", 5),
        polygon([(-34, -122), (-22, -170), (22, -170), (34, -122)], "#f7d98a"),
        ellipse(0, 2, 26, 6, "#6b5a4a"),
    )
    frame = (
        rectangle(-34, -26, 68, 52, "#c99b5f"),
        rectangle(-28, -20, 56, 40, "#d9f0fb"),
        polygon([(-28, 20), (-6, -8), (10, 12), (18, 4), (28, 20)], "#7fb86f"),
    )
    return (
        *_room("#f3dfc4", "#c99468"),
        *_window(70, 60),
        *place(frame, 330, 96),
        ellipse(340, 322, 210, 26, "#e8b8a8"),
        *place(sofa, 350, 300),
        *place(lamp, 560, 300),
        *place(animal(ANIMALS["cat"]), 470, 290, 0.16),
    )


def kitchen() -> Group:
    cupboards = tuple(
        shape
        for k in range(5)
        for shape in (
            rectangle(20 + 122 * k, 196, 116, 100, "#e8f0e6", round=4),
            ellipse(124 + 122 * k, 240, 4, fill="#8fa08f"),
        )
    )
    pot = (
        rectangle(-34, -34, 68, 36, "#d8544a", round=8),
        rectangle(-40, -38, 80, 8, "#b8443c", round=4),
        *faint(tuple(curve([(x, -46), (x + 7, -62), (x, -78)], "#ffffff", 4) for x in (-12, 6)), 0.9),
    )
    return (
        *_room("#d3e8ea", "#e0c9a0"),
        *(
            rectangle(40 * c + (20 if r % 2 else 0), 120 + 18 * r, 38, 16, "#e9f5f6")
            for r in range(3)
            for c in range(-1, 17)
        ),
        *_window(260, 16),
        *cupboards,
        rectangle(10, 184, 620, 14, "#b98a5a"),
        *place(pot, 120, 182),
        rectangle(470, 92, 116, 204, "#f4f6f8", round=8),
        line([(484, 160), (484, 190)], "#9aa5b0", 6),
        line([(470, 150), (586, 150)], "#c9d3dc", 4),
        *(ellipse(x, 178, 11, fill=c) for x, c in ((372, "#f29f3d"), (392, "#d8434f"), (382, "#8fbf5f"))),
    )


def bedroom() -> Group:
    bed = (
        rectangle(-130, -92, 26, 92, "#a8713a", round=6),
        rectangle(-116, -50, 240, 44, "#ffffff", round=8),
        rectangle(-50, -58, 176, 52, "#8f7fd0", round=10),
        ellipse(-84, -58, 36, 17, "#f4f6f8"),
        rectangle(112, -60, 20, 60, "#a8713a", round=6),
        *(star(x, -32, 9, "#f7e05f") for x in (-20, 24, 68)),
    )
    return (
        *_room("#c9d0ee", "#b08a6a"),
        *(star(x, y, 4 + 5 * s, "#f7f0c0") for x, y, s in scattered(8, 14, (250, 14, 620, 120))),
        *_window(90, 50),
        ellipse(360, 330, 190, 22, "#e3c4d8"),
        *place(bed, 400, 316),
        *place(animal(ANIMALS["bear"]), 150, 310, 0.2),
        rectangle(40, 250, 60, 60, "#c99b6a"),
    )


def classroom() -> Group:
    desk = (
        rectangle(-46, -46, 92, 10, "#d9a866", round=3),
        *(line([(x, 0), (x, -38)], "#7a8594", 5) for x in (-38, 38)),
        rectangle(-14, -54, 26, 8, "#e2544f"),
    )
    board = (
        rectangle(160, 40, 320, 146, "#8a6a4a", round=4),
        rectangle(170, 50, 300, 126, "#3f6f5f"),
        *(ring(220 + 52 * k, 100, 15, "#f4f8f4", 4) for k in range(2)),
        star(330, 100, 20, "#f7e05f"),
        polygon([(368, 116), (384, 84), (400, 116)], "#f29ac4"),
        line([(200, 146), (420, 146)], "#f4f8f4", 4),
        rectangle(186, 182, 60, 6, "#d9c4a8"),
    )
    return (
        *_room("#f5eccb", "#cfa878"),
        *board,
        *_window(20, 50),
        *_window(512, 50),
        *(
            shape
            for x, y, s in ((120, 300, 1), (320, 296, 1), (520, 300, 1), (210, 348, 1.2), (430, 348, 1.2))
            for shape in place(desk, x, y, s)
        ),
    )


def playground() -> Group:
    slide = (
        line([(-60, 0), (-60, -110)], "#7a8594", 8),
        line([(-30, 0), (-30, -110)], "#7a8594", 8),
        *(line([(-60, y), (-30, y)], "#7a8594", 5) for y in (-22, -46, -70, -94)),
        curve([(-46, -112), (0, -84), (60, -20), (108, -6)], "#e2544f", 19),
    )
    swing = (
        *(
            line([(x, 0), (x + d, -130)], "#4f8fb8", 8)
            for x, d in ((-70, 22), (-26, -22), (26 + 44, 22), (70 + 44, -22))
        ),
        line([(-48, -128), (92, -128)], "#4f8fb8", 9),
        *(line([(x, -126), (x + 6, -36)], "#8a7a6a", 3) for x in (0, 34)),
        rectangle(-2, -38, 46, 8, "#f5c542"),
    )
    return (
        *sky("#8fd3f4", "#eafaf0"),
        *sun(90, 64, 32),
        *cloud(430, 70, 0.9),
        hill([(0, 226), (320, 206), (640, 230)], "#a0d486"),
        *tree(40, 244, 1.1),
        *tree(600, 250, 1.2),
        hill([(0, 280), (320, 268), (640, 284)], "#86c46f"),
        blob([(300, 330), (420, 300), (560, 316), (600, 344), (440, 356)], "#f3dfa8"),
        *place(slide, 430, 326, 1.1),
        *place(swing, 160, 330, 1),
    )


HOME: dict[str, Thing] = {
    "living-room": living_room,
    "kitchen": kitchen,
    "bedroom": bedroom,
    "classroom": classroom,
    "playground": playground,
}
