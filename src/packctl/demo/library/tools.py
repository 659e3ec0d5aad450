"""Four packs to draw with."""

from packctl.demo.drawing.sounds import Tone, bell, repeated
from packctl.demo.making import since, sound, stickers
from packctl.demo.pack import Education, Pack
from packctl.demo.pictures.bubbles import BUBBLES
from packctl.demo.pictures.decorations import DECOR
from packctl.demo.pictures.effects import EFFECTS
from packctl.demo.pictures.tools import ART, STROKES


def tools() -> tuple[Pack, ...]:
    """What one makes pictures with."""
    return (_art(), _decor(), _bubbles(), _effects())


def _art() -> Pack:
    return Pack(
        name="packs/art-supplies",
        title="Art Supplies",
        summary="Pencil, brush, palette and seven more things, and strokes to put behind a title",
        about="A desk to draw at, in pictures.",
        category="creative-tools",
        subcategory="drawing",
        tags=("art", "drawing", "brushes"),
        ages=(3, 12),
        features=("sticker_book",),
        education=Education(("art",), ("names ten things on a desk",), ("ART",)),
        assets=(
            *stickers(ART, ("art",), scale=0.95, best=("palette", "brush")),
            *since("1.1.0", stickers(STROKES, ("art", "brushes"))),
        ),
        changes={"1.0.0": ("Ten things on a desk",), "1.1.0": ("Three strokes of a brush",)},
    )


def _decor() -> Pack:
    return Pack(
        name="packs/decorative-elements",
        title="Decorative Elements",
        summary="Ribbons, frames, flowers, confetti and stars",
        about="What makes a page look like a feast. Seasonal packs build on it.",
        category="creative-tools",
        subcategory="decoration",
        tags=("decoration", "frames", "party"),
        ages=(3, 12),
        features=("sticker_book",),
        education=Education(("art",), ("frames and decorates a page",), ("ART",)),
        assets=since(
            "1.1.0", stickers(DECOR, ("decoration",), scale=0.95, best=("bunting", "blossom")), ("border", "garland")
        ),
        changes={"1.0.0": ("Nine decorations",), "1.1.0": ("A border and a garland",)},
    )


def _bubbles() -> Pack:
    return Pack(
        name="packs/speech-bubbles",
        title="Speech Bubbles",
        summary="Ten bubbles to speak, think, shout, whisper and sleep in",
        about="White inside, so that words fit. Put them beside anybody.",
        category="creative-tools",
        subcategory="comics",
        tags=("comics", "speech", "bubbles"),
        ages=(4, 12),
        features=("sticker_book", "ai_story"),
        education=Education(("literacy",), ("writes what somebody says",), ("ELA",)),
        assets=stickers(
            {f"bubble-{name}": draw for name, draw in BUBBLES.items()},
            ("comics",),
            scale=0.95,
            best=("bubble-round", "bubble-idea"),
        ),
        changes={"1.0.0": ("Ten bubbles",)},
    )


def _effects() -> Pack:
    pop = sound(
        "pop", "A bubble bursts", [Tone(600, 1400, 0.05), Tone(300, 200, 0.04, rough=0.5, fade=3)], ("effects",)
    )
    whoosh = sound(
        "whoosh",
        "Something flies past",
        [Tone(300, 1200, 0.35, rough=0.85, loud=0.6), Tone(1200, 400, 0.4, rough=0.85, loud=0.6, fade=3)],
        ("effects",),
    )
    chime = sound(
        "chime",
        "Magic happens",
        [
            *repeated([Tone(1046, 1046, 0.1, bell, fade=1), Tone(1318, 1318, 0.1, bell, fade=1)], 2, 0),
            Tone(2093, 2093, 0.6, bell, fade=3),
        ],
        ("effects", "magic"),
    )
    return Pack(
        name="packs/special-effects",
        title="Special Effects",
        summary="Sparkle, smoke, rainbow, lightning and six more, with sounds",
        about="For the moment when something happens.",
        category="creative-tools",
        subcategory="effects",
        tags=("effects", "magic", "weather"),
        ages=(3, 12),
        features=("sticker_book", "ai_story", "story_adventure"),
        education=Education(("art",), ("shows wind, light and magic in a picture",), ("ART",)),
        assets=(
            *stickers(EFFECTS, ("effects",), scale=0.95, best=("sparkle", "rainbow")),
            *since("1.1.0", [pop, whoosh, chime]),
        ),
        changes={"1.0.0": ("Ten effects",), "1.1.0": ("A pop, a whoosh and a chime",)},
    )
