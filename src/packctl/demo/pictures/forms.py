"""Plain shapes and blots of color."""

from packctl.demo.drawing.shapes import (
    Group,
    around,
    blob,
    crescent,
    ellipse,
    faint,
    heart,
    lined,
    polygon,
    rectangle,
    star,
)
from packctl.demo.pictures.things import Thing

FORMS: dict[str, Thing] = {
    "circle": lambda: (ellipse(0, 0, 190, fill="#ef6461"),),
    "square": lambda: (rectangle(-170, -170, 340, 340, "#5fa8e0", round=10),),
    "triangle": lambda: (polygon([(0, -180), (200, 160), (-200, 160)], "#f7c948"),),
    "rectangle": lambda: (rectangle(-200, -120, 400, 240, "#7cc576", round=10),),
    "oval": lambda: (ellipse(0, 0, 200, 130, "#a07fd6"),),
    "diamond": lambda: (polygon([(0, -200), (150, 0), (0, 200), (-150, 0)], "#f5a04c"),),
    "pentagon": lambda: (polygon(around(0, 10, 196, 196, 5), "#5fc4c9"),),
    "hexagon": lambda: (polygon(around(0, 0, 196, 196, 6), "#f27aa0"),),
    "star": lambda: (star(0, 14, 206, "#f7c948"),),
    "heart": lambda: (heart(0, 10, 370, "#ef6461"),),
    "crescent": lambda: (crescent(20, 0, 190, "#8f9fd6"),),
    "cross": lambda: (
        polygon(
            [
                (-66, -190),
                (66, -190),
                (66, -66),
                (190, -66),
                (190, 66),
                (66, 66),
                (66, 190),
                (-66, 190),
                (-66, 66),
                (-190, 66),
                (-190, -66),
                (-66, -66),
            ],
            "#7cc576",
        ),
    ),
}
COLORS = {
    "red": "#ef6461",
    "orange": "#f5a04c",
    "yellow": "#f7d94f",
    "green": "#7cc576",
    "blue": "#5fa8e0",
    "purple": "#a07fd6",
    "pink": "#f29ac4",
    "brown": "#a8714a",
    "black": "#33373d",
    "white": "#ffffff",
    "gray": "#9aa7b3",
}


def blot(color: str) -> Group:
    """A blot of paint."""
    edge = [
        (x * (1.1 if k % 2 else 0.86), y * (1.1 if k % 2 else 0.86))
        for k, (x, y) in enumerate(around(0, 0, 170, 160, 14))
    ]
    form = blob(edge, color)
    return (
        (lined(form, "#c9d3dc", 9) if color == "#ffffff" else form),
        *faint((ellipse(-60, -64, 40, 24, "#ffffff", turn=-35),), 0.5),
        ellipse(150, 150, 24, fill=color),
        ellipse(-176, 120, 17, fill=color),
    )
