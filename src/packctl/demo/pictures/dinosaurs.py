"""Dinosaurs, seen from the side, walking to the left. Around 0,0, about 420 wide."""

from packctl.demo.drawing.shapes import Group, arc, blob, curve, ellipse, faint, line, place, polygon
from packctl.demo.pictures.animals import DARK, PINK, shade


def _eye(x: float, y: float) -> Group:
    return (
        ellipse(x, y, 19, fill="#ffffff"),
        ellipse(x - 4, y + 2, 12, fill=DARK),
        ellipse(x - 8, y - 3, 4, fill="#ffffff"),
    )


def _legs(color: str, xs: tuple[float, ...], top: float = 90, width: float = 52) -> Group:
    """Legs like columns, with toes."""
    return tuple(
        shape
        for x in xs
        for shape in (
            line([(x, top), (x, 170)], color, width),
            *(ellipse(x - 16 + 16 * toe, 192, 7, 6, "#fff3d8") for toe in range(3)),
        )
    )


def long_neck(color: str = "#6fae7e") -> Group:
    """Brachiosaurus: a neck like a crane."""
    dark = shade(color)
    return (
        *_legs(dark, (-4, 96)),
        curve([(110, 60), (180, 70), (226, 30)], color, 46),
        ellipse(228, 24, 18, fill=color),
        *_legs(color, (-50, 60)),
        ellipse(20, 60, 136, 86, color),
        curve([(-70, 50), (-120, -40), (-120, -130)], color, 62),
        ellipse(-138, -158, 66, 44, color),
        ellipse(40, 104, 84, 34, shade(color, 1.18)),
        *(ellipse(x, y, 13, fill=dark) for x, y in ((10, 4), (50, -2), (86, 18), (-26, 22))),
        *_eye(-142, -170),
        arc(-164, -152, 24, 20, 110, DARK, 5),
        *faint((ellipse(-122, -140, 15, 10, PINK),), 0.8),
    )


def plated(color: str = "#e39a4f") -> Group:
    """Stegosaurus: plates along its back, spikes at its tail."""
    places = ((-96, -20, 34, -30), (-50, -62, 46, -16), (8, -84, 56, 0), (68, -70, 50, 16), (118, -32, 38, 30))
    plates = tuple(
        shape
        for x, y, size, turn in places
        for shape in place((polygon([(-size * 0.6, 20), (0, -size), (size * 0.6, 20)], "#c25f3c"),), x, y, turn=turn)
    )
    spikes = tuple(
        polygon([(196 + 16 * k, 66 - 20 * k), (226 + 6 * k, 20 - 26 * k), (214 + 14 * k, 70 - 20 * k)], "#f6e7c8")
        for k in range(2)
    )
    return (
        *_legs(shade(color), (-52, 100)),
        *spikes,
        curve([(110, 60), (170, 80), (224, 46)], color, 40),
        *plates,
        *_legs(color, (-86, 66)),
        blob([(-140, 70), (-90, -10), (10, -56), (110, -6), (150, 70), (90, 120), (-80, 126)], color),
        ellipse(10, 100, 96, 34, shade(color, 1.16)),
        ellipse(-162, 60, 58, 44, color),
        *_eye(-172, 46),
        arc(-186, 66, 22, 20, 110, DARK, 5),
        *faint((ellipse(-142, 76, 14, 10, PINK),), 0.8),
    )


def three_horns(color: str = "#7c9cc9") -> Group:
    """Triceratops: three horns and a collar."""
    dark = shade(color)
    collar = blob([(-90, -130), (-20, -110), (10, -30), (-20, 60), (-90, 70)], shade(color, 0.75))
    horns = (
        polygon([(-120, -50), (-190, -150), (-90, -70)], "#fbf2dc"),
        polygon([(-150, -40), (-232, -110), (-128, -66)], "#fbf2dc"),
        polygon([(-196, 4), (-226, -50), (-170, -14)], "#fbf2dc"),
    )
    studs = tuple(ellipse(x, y, 11, fill="#fbf2dc") for x, y in ((-70, -124), (-26, -104), (2, -56), (4, 0), (-16, 48)))
    return (
        *_legs(dark, (20, 140)),
        curve([(150, 60), (210, 90), (232, 130)], color, 40),
        *_legs(color, (-20, 106)),
        ellipse(70, 60, 130, 84, color),
        ellipse(70, 104, 92, 32, shade(color, 1.18)),
        collar,
        *studs,
        blob([(-226, 30), (-180, -34), (-110, -60), (-60, -10), (-80, 70), (-170, 74)], color),
        *horns,
        polygon([(-232, 20), (-244, 50), (-204, 54)], "#e9b44c"),
        *_eye(-140, -8),
        arc(-170, 30, 26, 20, 100, DARK, 5),
        *faint((ellipse(-112, 34, 16, 11, PINK),), 0.8),
    )


def king(color: str = "#7db35c") -> Group:
    """Tyrannosaurus: a big head, short arms, and a smile."""
    dark = shade(color)
    teeth = tuple(
        polygon([(-190 + 26 * k, -70), (-176 + 26 * k, -70), (-183 + 26 * k, -54)], "#ffffff") for k in range(5)
    )
    return (
        curve([(60, 40), (140, 80), (220, 60)], color, 58),
        line([(50, 90), (70, 180)], dark, 62),
        line([(70, 186), (36, 190)], dark, 34),
        blob([(-60, -90), (40, -60), (100, 40), (80, 130), (0, 150), (-60, 80)], color),
        ellipse(-10, 70, 50, 72, shade(color, 1.2), turn=-12),
        line([(0, 100), (0, 180)], color, 66),
        line([(0, 186), (-36, 190)], color, 36),
        blob([(-210, -110), (-170, -176), (-70, -190), (0, -140), (0, -70), (-70, -40), (-190, -50)], color),
        blob([(-196, -66), (-110, -60), (-60, -66), (-90, -36), (-170, -34)], "#8e3b46"),
        *teeth,
        curve([(-50, 20), (-92, 26), (-104, 50)], dark, 20),
        *_eye(-112, -128),
        ellipse(-186, -120, 6, fill=DARK),
        *(ellipse(x, y, 10, fill=dark) for x, y in ((50, -10), (76, 26), (40, 30), (-20, -160))),
    )


def winged(color: str = "#c77b9b") -> Group:
    """Pteranodon: not a dinosaur by the book, but nobody leaves it out."""
    wing = blob([(20, -20), (120, -120), (220, -130), (180, -40), (190, 40), (100, 20), (60, 60)], shade(color, 0.85))
    return (
        *place((wing,), flip=False),
        *place((wing,), flip=True),
        ellipse(0, 30, 50, 96, color),
        ellipse(0, 50, 32, 66, shade(color, 1.2)),
        polygon([(10, -120), (96, -184), (44, -86)], "#e9b44c"),
        ellipse(0, -96, 54, 46, color),
        polygon([(-30, -84), (-150, -64), (-20, -60)], "#e9b44c"),
        *_eye(-14, -104),
        *(line([(x, 110), (x - 6, 150)], "#e9b44c", 12) for x in (-20, 20)),
        *faint((ellipse(20, -78, 15, 10, PINK),), 0.8),
    )


def sail(color: str = "#d1605e") -> Group:
    """Spinosaurus: a sail on its back."""
    dark = shade(color)
    fan = blob([(-70, -20), (-40, -120), (40, -170), (120, -120), (140, 0), (40, 20)], "#f2b84b")
    ribs = tuple(
        line([(x, 0), (x + bend, top)], "#d9952c", 7)
        for x, bend, top in ((-40, -4, -92), (0, 6, -134), (40, 6, -146), (80, 8, -124), (112, 4, -80))
    )
    return (
        fan,
        *ribs,
        curve([(110, 70), (180, 100), (230, 80)], color, 46),
        *_legs(dark, (90,), 100, 56),
        *_legs(color, (30,), 100, 60),
        blob([(-90, 10), (20, -20), (140, 40), (130, 110), (20, 130), (-70, 90)], color),
        ellipse(30, 100, 80, 28, shade(color, 1.18)),
        curve([(-70, 40), (-110, 0), (-110, -50)], color, 60),
        blob([(-232, -50), (-160, -90), (-90, -104), (-60, -60), (-100, -20), (-210, -24)], color),
        curve([(-220, -36), (-170, -42), (-120, -34)], DARK, 5),
        curve([(-60, 90), (-92, 110), (-96, 134)], dark, 20),
        *_eye(-112, -72),
    )


def egg(color: str = "#f4ead2") -> Group:
    """An egg with somebody looking out."""
    crack = [(-110, 20), (-74, -16), (-36, 24), (0, -20), (38, 24), (76, -14), (110, 22)]
    return (
        blob([(0, -120), (80, -60), (96, 40), (60, 120), (-60, 120), (-96, 40), (-80, -60)], "#8cc39a"),
        *(
            shape
            for side in (-36, 36)
            for shape in (ellipse(side, -30, 17, 20, DARK), ellipse(side - 6, -38, 6, fill="#ffffff"))
        ),
        *faint((ellipse(-62, 2, 15, 10, PINK), ellipse(62, 2, 15, 10, PINK)), 0.9),
        polygon([*crack, (112, 80), (84, 160), (40, 196), (-40, 196), (-84, 160), (-112, 80)], color),
        *(ellipse(x, y, r, fill="#d9c49a") for x, y, r in ((-60, 90, 15), (10, 130, 19), (66, 80, 13), (-20, 66, 9))),
    )


DINOSAURS = {
    "brachiosaurus": long_neck,
    "stegosaurus": plated,
    "triceratops": three_horns,
    "tyrannosaurus": king,
    "pteranodon": winged,
    "spinosaurus": sail,
    "dinosaur-egg": egg,
}
