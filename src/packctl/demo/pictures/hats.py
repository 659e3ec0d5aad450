"""What people wear and hold: hats, helmets, suits, a wand."""

from packctl.demo.drawing.shapes import (
    Group,
    blob,
    curve,
    ellipse,
    faint,
    line,
    lined,
    place,
    polygon,
    rectangle,
    ring,
    star,
)
from packctl.demo.pictures.animals import pair, shade


def cap(color: str, badge: str = "") -> Group:
    """A cap with a peak; `badge` is the color of a star on it."""
    top = blob([(-104, -118), (-92, -178), (0, -206), (92, -178), (104, -118)], color)
    peak = blob([(-104, -122), (0, -138), (104, -122), (116, -102), (0, -118), (-116, -102)], shade(color, 0.75))
    return (top, peak, *((star(0, -164, 24, badge),) if badge else ()))


def helmet(color: str) -> Group:
    """A hard hat."""
    return (
        blob([(-108, -112), (-92, -184), (0, -214), (92, -184), (108, -112)], color),
        rectangle(-16, -212, 32, 96, shade(color, 0.85), round=12),
        rectangle(-126, -124, 252, 22, shade(color, 0.9), round=11),
    )


def chef() -> Group:
    """A cook's hat."""
    puffs = tuple(ellipse(x, y, r, fill="#ffffff") for x, y, r in ((-64, -206, 44), (0, -224, 54), (64, -206, 44)))
    return (*puffs, rectangle(-84, -196, 168, 70, "#ffffff", round=8), line([(-80, -132), (80, -132)], "#d9e0e6", 6))


def crown(color: str = "#f5c542") -> Group:
    """A crown with three stones."""
    points = [(-80, -140), (-92, -216), (-44, -178), (0, -228), (44, -178), (92, -216), (80, -140)]
    return (
        polygon(points, color),
        *(ellipse(x, -156, 9, fill=c) for x, c in ((-46, "#e85d75"), (0, "#4c9be8"), (46, "#6fbf73"))),
    )


def pointed_hat(color: str, dots: str = "#f5c542") -> Group:
    """A wizard's hat."""
    stars = tuple(star(x, y, r, dots) for x, y, r in ((-14, -214, 13), (22, -176, 11), (-36, -162, 10)))
    return (
        polygon([(-84, -134), (18, -286), (84, -134)], color),
        ellipse(0, -134, 128, 22, shade(color, 0.85)),
        *stars,
    )


def flowers() -> Group:
    """A wreath."""
    colors = ("#f27aa0", "#f5c542", "#ffffff", "#b98be0")
    return tuple(
        shape
        for k in range(7)
        for x, y in ((-84 + 28 * k, -150 - 24 * (1 - ((k - 3) / 3) ** 2)),)
        for shape in (ellipse(x, y, 17, fill=colors[k % 4]), ellipse(x, y, 6, fill="#f29f3d"))
    )


def bubble_helmet() -> Group:
    """The helmet of a space suit: clear glass and a collar."""
    glass = lined(ellipse(0, -70, 146, 142, "#cfeaf8"), "#f4f7fa", 14)
    return (
        *faint((glass,), 0.22),
        ring(0, -70, 146, "#eef3f7", 14, 142),
        *faint((curve([(-100, -130), (-70, -168), (-30, -188)], "#ffffff", 12),), 0.9),
    )


def suit() -> Group:
    """The front of a space suit."""
    return (
        rectangle(-54, 110, 108, 66, "#c9d3dc", round=12),
        *(ellipse(-28 + 28 * k, 130, 9, fill=color) for k, color in enumerate(("#e85d75", "#f5c542", "#6fbf73"))),
        line([(-36, 156), (36, 156)], "#8fa0ae", 8),
        blob([(-70, 44), (0, 74), (70, 44), (0, 40)], "#b9c5cf"),
    )


def wand() -> Group:
    """A magic wand in a hand."""
    return (
        line([(150, 180), (178, 40)], "#8a6a4a", 11),
        star(182, 20, 34, "#f5c542"),
        ellipse(150, 176, 20, fill="#f1c39c"),
    )


def held(thing: Group, skin: str) -> Group:
    """A thing and the hand that holds it, to our right."""
    return (*place(thing, 140, 120), ellipse(132, 172, 22, fill=skin))


def coat(color: str) -> Group:
    """An open coat over the clothes."""
    return (*pair((blob([(30, 52), (96, 62), (124, 120), (130, 208), (40, 212)], color),)),)


def stripes(color: str) -> Group:
    """Two reflecting stripes across the chest."""
    return tuple(line([(-104, y), (104, y)], color, 14) for y in (130, 168))
