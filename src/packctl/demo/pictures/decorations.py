"""Ribbons, frames, flowers and stars to put around a picture."""

from packctl.demo.drawing.shapes import (
    Group,
    around,
    blob,
    curve,
    drop,
    ellipse,
    faint,
    heart,
    line,
    place,
    polygon,
    rectangle,
    star,
)
from packctl.demo.pictures.animals import shade
from packctl.demo.pictures.things import RAINBOW, Thing


def bunting() -> Group:
    flags = tuple(
        polygon([(x - 36, y), (x + 36, y), (x, y + 84)], color)
        for x, y, color in zip((-164, -98, -33, 33, 98, 164), (-44, -14, 0, 0, -14, -44), RAINBOW, strict=True)
    )
    return (*flags, curve([(-210, -66), (-100, -14), (0, 2), (100, -14), (210, -66)], "#8a6a4a", 8))


def ribbon(color: str = "#ef6461") -> Group:
    end = (
        polygon([(110, -16), (214, -16), (180, 34), (214, 84), (110, 84)], shade(color, 0.8)),
        polygon([(110, 84), (150, 84), (110, 54)], shade(color, 0.6)),
    )
    return (
        *end,
        *place(end, flip=True),
        rectangle(-150, -46, 300, 100, color),
        *faint((line([(-130, -30), (130, -30)], "#ffffff", 5),), 0.6),
    )


def frame(color: str = "#e3b23c") -> Group:
    corners = tuple(
        shape
        for x, y in ((-160, -160), (160, -160), (160, 160), (-160, 160))
        for shape in (ellipse(x, y, 34, fill=color), ellipse(x, y, 17, fill="#ef6461"))
    )
    sides = ((-160, -160, 160, -160), (160, -160, 160, 160), (160, 160, -160, 160), (-160, 160, -160, -160))
    return (
        *(line([(a, b), (c, d)], color, 30) for a, b, c, d in sides),
        *(line([(a, b), (c, d)], shade(color, 1.25), 8) for a, b, c, d in sides),
        *corners,
    )


def bow(color: str = "#f27aa0") -> Group:
    wing = (
        blob([(0, 0), (60, -90), (170, -100), (190, 0), (170, 84), (60, 70)], color),
        blob([(30, 0), (90, -40), (150, -40), (150, 30), (90, 36)], shade(color, 0.85)),
        blob([(10, 20), (60, 190), (110, 170), (50, 20)], shade(color, 0.92)),
    )
    return (*wing, *place(wing, flip=True), rectangle(-34, -44, 68, 88, shade(color, 1.1), round=22))


def garland() -> Group:
    bulbs = tuple(
        shape
        for k, (x, y) in enumerate(((-170, -40), (-110, 6), (-40, 30), (40, 30), (110, 6), (170, -40)))
        for shape in (rectangle(x - 9, y - 10, 18, 18, "#5f6f5f"), drop(x, y + 40, 64, RAINBOW[k]))
    )
    return (curve([(-210, -80), (-110, 0), (0, 30), (110, 0), (210, -80)], "#4d7f4a", 9), *bulbs)


def blossom(color: str = "#f29ac4") -> Group:
    return (
        *(ellipse(x, y, 74, fill=color) for x, y in around(0, 0, 104, 104, 6)),
        *faint(tuple(ellipse(x, y, 34, fill="#ffffff") for x, y in around(0, 0, 112, 112, 6)), 0.4),
        ellipse(0, 0, 66, fill="#f7d94f"),
    )


def leaves() -> Group:
    pairs = tuple(ellipse(34, -110 + 70 * k, 62, 26, "#7cc576" if k % 2 else "#63ac5e", turn=-28) for k in range(4))
    return (
        curve([(0, 200), (0, 20), (0, -170)], "#4d8f4a", 11),
        *place(pairs, 26),
        *place(place(pairs, 26), flip=True),
        ellipse(0, -180, 24, 46, "#7cc576"),
    )


def confetti() -> Group:
    spots = [(x * r, y * r) for r in (0.35, 0.62, 0.9) for x, y in around(0, 0, 200, 200, 11, start=-90 + 40 * r)]
    return tuple(
        place(
            (rectangle(-13, -6, 26, 12, RAINBOW[k % 6], round=3),)
            if k % 3
            else (ellipse(0, 0, 10, fill=RAINBOW[k % 6]),),
            x,
            y,
            turn=37 * k,
        )[0]
        for k, (x, y) in enumerate(spots)
    )


def border() -> Group:
    return (
        *(
            curve(
                [(-216 + 72 * k, 0), (-198 + 72 * k, -24), (-180 + 72 * k, 0), (-162 + 72 * k, 24), (-144 + 72 * k, 0)],
                "#7cc576",
                9,
            )
            for k in range(6)
        ),
        *(heart(-180 + 72 * k, -48, 34, RAINBOW[k]) for k in range(6)),
    )


DECOR: dict[str, Thing] = {
    "bunting": bunting,
    "ribbon": ribbon,
    "frame": frame,
    "bow": bow,
    "garland": garland,
    "blossom": blossom,
    "leaves": leaves,
    "confetti": confetti,
    "border": border,
    "heart": lambda: (heart(0, 10, 360, "#ef6461"), *faint((ellipse(-90, -70, 44, 28, "#ffffff", turn=-40),), 0.5)),
    "gold-star": lambda: (star(0, 10, 200, "#f7c948"), *faint((star(0, 10, 120, "#ffffff"),), 0.35)),
}
