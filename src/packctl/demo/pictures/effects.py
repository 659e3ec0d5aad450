"""Effects: light, smoke, weather."""

from packctl.demo.drawing.shapes import (
    Group,
    arc,
    around,
    blob,
    curve,
    drop,
    ellipse,
    faint,
    lined,
    polygon,
    ring,
    star,
)
from packctl.demo.pictures.things import RAINBOW, Thing


def sparkle() -> Group:
    return tuple(
        star(x, y, r, color, points=4, inner=0.24)
        for x, y, r, color in (
            (0, 0, 170, "#fff0a8"),
            (0, 0, 110, "#ffffff"),
            (130, -120, 64, "#f7d94f"),
            (-130, 110, 76, "#f7d94f"),
            (120, 130, 44, "#fff0a8"),
            (-140, -120, 40, "#fff0a8"),
        )
    )


def burst() -> Group:
    return (
        star(0, 0, 214, "#ef6461", points=15, inner=0.66),
        star(0, 0, 168, "#f5a04c", points=15, inner=0.66, turn=8),
        star(0, 0, 120, "#f7d94f", points=15, inner=0.66),
        star(0, 0, 66, "#ffffff", points=15, inner=0.66, turn=8),
    )


def smoke() -> Group:
    return tuple(
        ellipse(x, y, r, fill=color)
        for x, y, r, color in (
            (-110, 70, 76, "#c9d3dc"),
            (110, 76, 70, "#c9d3dc"),
            (-50, -20, 92, "#dbe2e8"),
            (70, -10, 86, "#dbe2e8"),
            (0, 90, 96, "#eef2f5"),
            (10, -110, 64, "#eef2f5"),
            (-60, -116, 36, "#f7f9fb"),
        )
    )


def rainbow() -> Group:
    return (
        *(arc(0, 110, 196 - 27 * k, 180, 360, color, 27) for k, color in enumerate(RAINBOW)),
        *(
            ellipse(side + dx, 120 - dy, r, fill="#ffffff")
            for side in (-128, 128)
            for dx, dy, r in ((-40, 0, 36), (0, 22, 48), (40, 0, 36))
        ),
    )


def lightning() -> Group:
    return (
        lined(
            polygon([(30, -210), (-100, 20), (-14, 20), (-50, 210), (110, -50), (16, -50), (80, -210)], "#f7d94f"),
            "#f5a04c",
            15,
        ),
    )


def glow() -> Group:
    return (
        *(faint((ellipse(0, 0, 210 - 34 * k, fill="#fff0a8"),), 0.16 + 0.08 * k)[0] for k in range(5)),
        ellipse(0, 0, 46, fill="#ffffff"),
    )


def splash() -> Group:
    return (
        *(drop(x, y, 76, "#5fa8e0") for x, y in around(0, -20, 170, 150, 7, start=-90)),
        blob(around(0, 90, 160, 66, 9), "#8fd0f0"),
        ellipse(0, 84, 92, 32, "#c9ecfa"),
    )


def wind() -> Group:
    return (
        curve([(-200, -50), (40, -50), (120, -90), (70, -140), (20, -104)], "#a8c9e0", 21),
        curve([(-200, 20), (130, 20), (196, 60), (150, 120), (100, 84)], "#8fb8d6", 21),
        curve([(-160, 90), (0, 90), (50, 130), (10, 170), (-24, 146)], "#c4dcec", 21),
    )


def magic_swirl() -> Group:
    return (
        curve(
            [(-190, 130), (-60, 160), (90, 110), (140, 0), (60, -90), (-60, -70), (-80, 20), (0, 50), (50, 0)],
            "#a07fd6",
            23,
        ),
        *(star(x, y, r, "#f7d94f") for x, y, r in ((-190, 70, 31), (150, -90, 42), (-120, -110, 26), (30, 180, 28))),
    )


def bubbles() -> Group:
    return tuple(
        shape
        for x, y, r in ((-90, 70, 84), (80, -30, 104), (-70, -110, 56), (90, 130, 48), (-170, -20, 31), (170, -140, 28))
        for shape in (
            *faint((ellipse(x, y, r, fill="#bfe6f7"),), 0.5),
            ring(x, y, r, "#8fcdea", 7),
            arc(x, y, r * 0.7, 200, 260, "#ffffff", 9),
        )
    )


EFFECTS: dict[str, Thing] = {
    "sparkle": sparkle,
    "burst": burst,
    "smoke": smoke,
    "rainbow": rainbow,
    "lightning": lightning,
    "glow": glow,
    "splash": splash,
    "wind": wind,
    "magic-swirl": magic_swirl,
    "bubbles": bubbles,
}
