"""Speech bubbles, white inside, with room for a word."""

from packctl.demo.drawing.glyphs import glyph
from packctl.demo.drawing.shapes import Group, arc, ellipse, heart, line, lined, place, polygon, rectangle, star
from packctl.demo.pictures.things import Thing

_INK = "#3b4450"


def _bubble(outline: Group, inside: Group = ()) -> Group:
    return (*(lined(shape, _INK, 11) for shape in outline), *inside)


def bubble_round() -> Group:
    return (
        *_bubble((polygon([(-90, 90), (-130, 196), (-10, 116)], "#ffffff"), ellipse(0, -20, 204, 146, "#ffffff"))),
        polygon([(-84, 84), (-118, 172), (-14, 104)], "#ffffff"),
    )


def bubble_box() -> Group:
    return (
        *_bubble(
            (
                polygon([(40, 90), (110, 196), (120, 90)], "#ffffff"),
                rectangle(-204, -150, 408, 256, "#ffffff", round=44),
            )
        ),
        polygon([(47, 84), (106, 174), (114, 84)], "#ffffff"),
    )


def bubble_thought() -> Group:
    spots = ((-120, -50, 84), (-40, -104, 92), (70, -96, 94), (140, -20, 78), (60, 50, 88), (-70, 50, 92))
    tail = ((-120, 150, 32), (-164, 196, 18))
    return (
        *_bubble(tuple(ellipse(x, y, r, fill="#ffffff") for x, y, r in (*spots, *tail))),
        *(ellipse(x, y, r - 5, fill="#ffffff") for x, y, r in spots),
        ellipse(0, -30, 110, 70, "#ffffff"),
    )


def bubble_shout() -> Group:
    return (
        *_bubble((star(0, -10, 214, "#fff3a8", points=13, inner=0.72),)),
        *place(glyph("!", "#ef6461", 34), 0, -10, 1.2),
    )


def bubble_whisper() -> Group:
    dashes = tuple(arc(0, -20, 196, 12 * k, 12 * k + 6, _INK, 9) for k in range(30))
    return (
        ellipse(0, -20, 196, fill="#f4f6f9"),
        *dashes,
        *(ellipse(-70 + 70 * k, -20, 17, fill="#9aa7b3") for k in range(3)),
    )


def bubble_question() -> Group:
    return (*bubble_round(), *place(glyph("?", "#5fa8e0", 26), 0, -20, 1.3))


def bubble_love() -> Group:
    return (*bubble_box(), heart(0, -18, 170, "#ef6461"))


def bubble_music() -> Group:
    notes = tuple(
        shape
        for x in (-56, 50)
        for shape in (ellipse(x, 50, 31, 24, _INK, turn=-18), line([(x + 26, 46), (x + 26, -86)], _INK, 13))
    )
    return (*bubble_box(), *notes, line([(-30, -86), (76, -86)], _INK, 26))


def bubble_idea() -> Group:
    lamp = (
        ellipse(0, -40, 62, fill="#f7d94f"),
        rectangle(-28, 14, 56, 44, "#9aa7b3", round=8),
        *(
            line([(x * 84, -40 + y * 84), (x * 108, -40 + y * 108)], "#f5a04c", 9)
            for x, y in ((-1, 0), (1, 0), (0, -1), (-0.7, -0.7), (0.7, -0.7))
        ),
    )
    return (*bubble_thought(), *place(lamp, 10, -10, 0.8))


def bubble_sleep() -> Group:
    return (
        *bubble_thought(),
        *(
            shape
            for k in range(3)
            for shape in place(glyph("Z", "#a07fd6", 26), -70 + 74 * k, 20 - 46 * k, 0.5 + 0.16 * k)
        ),
    )


BUBBLES: dict[str, Thing] = {
    "round": bubble_round,
    "box": bubble_box,
    "thought": bubble_thought,
    "shout": bubble_shout,
    "whisper": bubble_whisper,
    "question": bubble_question,
    "love": bubble_love,
    "music": bubble_music,
    "idea": bubble_idea,
    "sleep": bubble_sleep,
}
