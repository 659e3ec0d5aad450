"""Where nobody has been: fairy lands and space. Each function fills a sheet of 640 by 360."""

from packctl.demo.drawing.shapes import Fade, Group, arc, blob, ellipse, faint, line, lined, place, polygon, ring, star
from packctl.demo.pictures.animals import shade
from packctl.demo.pictures.buildings import castle
from packctl.demo.pictures.landscapes import forest
from packctl.demo.pictures.plants import meadow, mushroom, tree
from packctl.demo.pictures.scenery import cloud, hill, moon, planet, scattered, sky, stars, sun
from packctl.demo.pictures.things import Thing


def fairy_castle() -> Group:
    bow = tuple(
        arc(320, 330, 300 - 13 * k, 190, 350, color, 13)
        for k, color in enumerate(("#f27a7a", "#f5b04f", "#f7e05f", "#7fcf7f", "#6fb1e8", "#a98be0"))
    )
    return (
        *sky("#b9a7f0", "#fbd8ec"),
        *faint(bow, 0.55),
        *cloud(90, 110),
        *cloud(560, 90, 0.8),
        hill([(0, 250), (180, 226), (320, 200), (470, 230), (640, 246)], "#a5d6a0"),
        *castle(320, 216, 0.95),
        hill([(0, 296), (320, 272), (640, 300)], "#86c48f"),
        *meadow(8, 26, 300, ("#f27aa0", "#ffffff", "#f7e05f")),
    )


def enchanted_forest() -> Group:
    lights = tuple(
        shape
        for x, y, s in scattered(21, 26, (20, 90, 620, 330))
        for shape in (
            *faint((ellipse(x, y, 5 + 7 * s, fill="#fff3a8"),), 0.35),
            ellipse(x, y, 1.5 + 2 * s, fill="#fffbe0"),
        )
    )
    return (
        *sky("#2a2356", "#5a4a94"),
        *stars(9, 40, 140),
        *moon(130, 70, 30),
        *forest(("#4a3f86", "#574a96"), 14, 11, 190),
        hill([(0, 280), (320, 262), (640, 284)], "#3d5a6a"),
        *mushroom(140, 320, 1.3, "#c25fb0"),
        *mushroom(470, 330, 1.5, "#5f8fe0"),
        *mushroom(545, 336, 0.8, "#e0765f"),
        *lights,
    )


def cloud_kingdom() -> Group:
    return (
        *sky("#7fb8f5", "#fde6f0"),
        *sun(540, 70, 30),
        *castle(330, 220, 0.7, "#fdf3e3", "#6fb1e8"),
        *(
            shape
            for x, y, s in (
                (200, 250, 1.5),
                (330, 262, 1.7),
                (470, 250, 1.4),
                (80, 330, 1.3),
                (570, 330, 1.5),
                (320, 346, 1.9),
            )
            for shape in cloud(x, y, s)
        ),
        *(star(x, y, 7 + 6 * s, "#fff0a8") for x, y, s in scattered(5, 12, (20, 20, 620, 150))),
    )


def crystal_cave() -> Group:
    def crystal(x: float, y: float, s: float, color: str, turn: float) -> Group:
        return place(
            (
                polygon([(-16, 0), (-16, -70), (0, -96), (16, -70), (16, 0)], color),
                polygon([(0, 0), (0, -96), (16, -70), (16, 0)], shade(color, 0.8)),
                *faint((polygon([(-11, -6), (-11, -66), (-6, -72), (-6, -6)], "#ffffff"),), 0.6),
            ),
            x,
            y,
            s,
            turn=turn,
        )

    groups = (
        (90, 330, 1.3, "#7fd6e8", -14),
        (130, 340, 0.9, "#a98be0", 10),
        (320, 346, 1.6, "#f29ac4", 0),
        (362, 350, 1.0, "#7fd6e8", 16),
        (276, 350, 0.9, "#b9e07f", -18),
        (540, 334, 1.5, "#a98be0", 10),
        (590, 344, 1.0, "#f5d06f", 20),
        (500, 346, 0.8, "#7fd6e8", -16),
    )
    roof = tuple(
        polygon([(x - 24, -4), (x + 24, -4), (x, 40 + 60 * s)], "#3a3358")
        for x, _, s in scattered(12, 16, (10, 0, 630, 1))
    )
    return (
        *sky("#241f42", "#4a3f78"),
        ellipse(320, 230, 250, 140, Fade("#5a4f94", "#7a6ab8")),
        *roof,
        hill([(0, 300), (320, 320), (640, 296)], "#3a3358"),
        *(shape for c in groups for shape in crystal(*c)),
        *(star(x, y, 3 + 4 * s, "#ffffff", points=4, inner=0.3) for x, y, s in scattered(33, 18, (40, 60, 600, 300))),
    )


def floating_islands() -> Group:
    def island(x: float, y: float, s: float) -> Group:
        return place(
            (
                blob([(-90, 0), (90, 0), (50, 50), (0, 100), (-50, 50)], "#9a7a5f"),
                blob([(-96, 4), (-60, -18), (0, -22), (60, -18), (96, 4), (0, 22)], "#8fcf7f"),
                *tree(-30, -6, 0.7),
                *tree(30, -4, 0.55, "#7fb86f"),
            ),
            x,
            y,
            s,
        )

    fall = faint((polygon([(300, 190), (322, 190), (330, 330), (292, 330)], "#8fd6f0"),), 0.8)
    return (
        *sky("#6fc0f0", "#e0f5e6"),
        *sun(90, 70, 30),
        *cloud(470, 70, 0.8),
        *cloud(160, 150, 0.6),
        *island(320, 176, 1.2),
        *fall,
        *island(110, 250, 0.7),
        *island(530, 240, 0.85),
        *cloud(80, 340, 1.3),
        *cloud(320, 346, 1.4),
        *cloud(570, 340, 1.2),
    )


def solar_system() -> Group:
    orbits = tuple(ring(-40, 180, r, "#4a5590", 1.5, r * 0.62) for r in (150, 220, 300, 390, 490, 600))
    balls = (
        (112, 168, 9, "#c9b39a", "", "", ""),
        (172, 226, 14, "#e8c27a", "", "", ""),
        (240, 118, 16, "#5fa8e0", "", "", "#7fc97f"),
        (338, 232, 13, "#d8704a", "", "", ""),
        (430, 110, 32, "#e0b48a", "", "#c98f62", ""),
        (536, 240, 25, "#e8d29a", "#c9b07a", "", ""),
        (600, 70, 16, "#9fdce0", "", "", ""),
    )
    return (
        *sky("#0d1233", "#232b63"),
        *stars(4, 80, 352),
        *orbits,
        *sun(-40, 180, 120, "#ffcf4f"),
        *(
            shape
            for x, y, r, c, rings, bands, spots in balls
            for shape in planet(x, y, r, c, rings=rings, bands=bands, spots=spots)
        ),
    )


def moon_surface() -> Group:
    craters = tuple(
        shape
        for x, y, s in sorted(scattered(19, 12, (20, 270, 620, 350)), key=lambda c: c[1])
        for shape in (
            ellipse(x, y, 14 + 30 * s, 5 + 9 * s, "#a9adb8"),
            ellipse(x, y + 2, 11 + 25 * s, 3.5 + 7 * s, "#8f94a3"),
        )
    )
    return (
        *sky("#05071c", "#1a2050"),
        *stars(31, 90, 250),
        *planet(480, 96, 60, "#4f9fe0", spots="#6fc07f"),
        hill([(0, 250), (160, 226), (360, 256), (640, 230)], "#b9bdc9"),
        hill([(0, 286), (320, 268), (640, 290)], "#c9ccd6"),
        *craters,
    )


def ringed_planet() -> Group:
    return (
        *sky("#1a1440", "#4f3a7a"),
        *stars(13, 80, 352),
        *planet(330, 180, 96, "#f0b98a", rings="#e8dcc0", bands="#dd9a6a"),
        *planet(110, 86, 26, "#8fd6c9", spots="#6fb8ab"),
        *planet(560, 290, 18, "#d98ac4"),
    )


def rocket_launch() -> Group:
    return (
        *sky("#3a5fb0", "#fbd0a8"),
        *stars(3, 24, 110),
        *cloud(90, 150, 0.7),
        *cloud(560, 130, 0.6),
        hill([(0, 300), (320, 290), (640, 302)], "#8fb07a"),
        *(line([(x, 300), (x, 120)], "#7a8594", 6) for x in (392, 424)),
        *(line([(392, y), (424, y + 28)], "#7a8594", 4) for y in range(126, 290, 30)),
        *place(rocket(), 320, 176, 0.5),
        *faint(
            tuple(
                ellipse(x, 306 - 6 * s, 30 + 22 * s, fill="#ffffff") for x, _, s in scattered(6, 12, (190, 0, 450, 1))
            ),
            0.92,
        ),
    )


def rocket() -> Group:
    """A rocket that flies upwards."""
    return (
        polygon([(-34, 150), (0, 250), (34, 150)], "#f5a83a"),
        polygon([(-18, 150), (0, 206), (18, 150)], "#fff0a8"),
        blob([(-56, 70), (-110, 140), (-104, 172), (-50, 140)], "#e2544f"),
        blob([(56, 70), (110, 140), (104, 172), (50, 140)], "#e2544f"),
        blob([(0, -220), (56, -130), (72, 0), (52, 150), (-52, 150), (-72, 0), (-56, -130)], "#f4f6f9"),
        blob([(0, -222), (38, -176), (54, -130), (0, -118), (-54, -130), (-38, -176)], "#e2544f"),
        lined(ellipse(0, -46, 34, fill="#8fd0f0"), "#8fa0ae", 11),
        ellipse(0, 56, 17, fill="#c9d3dc"),
        *faint((ellipse(-12, -58, 10, 7, "#ffffff"),), 0.9),
    )


FANTASY: dict[str, Thing] = {
    "fairy-castle": fairy_castle,
    "enchanted-forest": enchanted_forest,
    "cloud-kingdom": cloud_kingdom,
    "crystal-cave": crystal_cave,
    "floating-islands": floating_islands,
}
SPACE: dict[str, Thing] = {
    "solar-system": solar_system,
    "moon-surface": moon_surface,
    "ringed-planet": ringed_planet,
    "rocket-launch": rocket_launch,
}
