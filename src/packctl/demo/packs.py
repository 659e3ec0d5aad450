"""The packs of the story: small, of three publishers, with just those versions and ranges that the story is about.

- `acme/farm-animals` needs `packs/base-shapes` and `birdsong/sounds-animals`, which needs `birdsong/audio-core`: one `add` installs four.
- `acme/story-kit` 3 wants `audio-core` 2, `sounds-animals` 3 wants 0.9: that cannot be had together, and 4.0.2 is the way out.
- `sounds-animals` 3.2.0 differs from 3.0.1 in a few files: what an update fetches.
- `farm-animals` 2.1.0 has a noise in it that 2.1.1 has not: what a recall is for.
- `farm-animals-pro` costs money, `sirens` is rejected, `night-songs` waits for a reviewer.
"""

from msgspec.structs import replace

from packctl.demo.drawing.sounds import Rest, Tone, bell, reed, repeated
from packctl.demo.library.characters import FARM, creature, voice
from packctl.demo.making import backgrounds, redrawn, since, sound, stickers
from packctl.demo.pack import Asset, Education, Needs, Pack
from packctl.demo.pictures.animals import animal, shade
from packctl.demo.pictures.bubbles import BUBBLES
from packctl.demo.pictures.forms import FORMS
from packctl.demo.pictures.landscapes import NATURE
from packctl.demo.pictures.zoo import ANIMALS


def story_packs() -> dict[str, Pack]:
    """All packs of the story by name."""
    packs = (
        base_shapes(),
        audio_core(),
        sounds_animals(),
        farm_animals(),
        farm_animals_pro(),
        story_kit(),
        sirens(),
        night_songs(),
    )
    return {pack.name: pack for pack in packs}


def base_shapes() -> Pack:
    """The shapes that others build on."""
    return Pack(
        name="packs/base-shapes",
        title="Base Shapes",
        summary="Circles, stars and ten more shapes that other packs build on",
        about="Plain shapes of one color each.",
        category="educational",
        subcategory="math",
        tags=("shapes",),
        license="CC0-1.0",
        ages=(0, 18),
        assets=stickers(FORMS, ("shapes",), scale=0.95, best=("circle", "star")),
        changes={"1.4.2": ("Rounder corners",)},
    )


def audio_core() -> Pack:
    """The sounds that other packs of sounds build on."""
    base = [
        sound("click", "A click", [Tone(1800, 900, 0.03, rough=0.5)]),
        sound("chime", "A chime", [Tone(1046, 1046, 0.15, bell, fade=1), Tone(1568, 1568, 0.5, bell, fade=3)]),
        sound("silence", "Almost nothing", [Tone(40, 40, 0.2, loud=0.02)]),
    ]
    return Pack(
        name="birdsong/audio-core",
        title="Audio Core",
        summary="Click, chime and rest: what other packs of sounds build on",
        about="Short sounds for the beginning and the end of something.",
        category="sounds",
        tags=("sounds",),
        license="MIT",
        ages=(0, 18),
        assets=(
            *base,
            *since(
                "2.0.0",
                [
                    sound(
                        "fanfare",
                        "A fanfare",
                        [Tone(523, 523, 0.16, reed), Tone(659, 659, 0.16, reed), Tone(784, 784, 0.5, reed, fade=1)],
                    )
                ],
            ),
        ),
        changes={
            "0.9.4": ("Click, chime and rest",),
            "2.0.0": ("A fanfare", "All sounds at the same loudness; programs that set their own have to be changed"),
        },
    )


def sounds_animals() -> Pack:
    """Voices of animals. 3.2.0 has one more, and a chick that sounds better."""
    names = tuple(name for name in FARM if name not in ("rabbit",))
    voices = [voice(name, folder="") for name in names if name not in ("goat", "chick")]
    old = replace(voice("chick", folder=""), until="3.2.0")
    better = sound(
        "chick",
        "Chick, three short calls",
        [Tone(2600, 3100, 0.09), Rest(0.08), Tone(2700, 3200, 0.09), Rest(0.08), Tone(2500, 3300, 0.14, fade=0.9)],
        ("animals", "chick"),
        folder="",
    )
    return Pack(
        name="birdsong/sounds-animals",
        title="Sounds of Animals",
        summary="What the animals of the farm say",
        about="Ten calls and more, each below two seconds.",
        category="sounds",
        subcategory="animals",
        tags=("sounds", "animals", "farm"),
        license="CC0-1.0",
        ages=(3, 10),
        assets=(
            *voices,
            old,
            replace(better, since="3.2.0"),
            replace(voice("goat", folder=""), since="3.2.0"),
            replace(voice("owl", folder=""), since="4.0.2"),
        ),
        needs=(
            Needs("birdsong/audio-core", "^0.9", until="4.0.2"),
            Needs("birdsong/audio-core", "^2.0", since="4.0.2"),
        ),
        changes={
            "3.0.1": ("Ten animals",),
            "3.2.0": ("A goat", "The chick no longer sounds like a door"),
            "4.0.2": ("An owl", "Needs Audio Core 2"),
        },
    )


def farm_animals() -> Pack:
    """The pack that everybody wants."""
    pictures = stickers({name: creature(name) for name in FARM}, ("animals", "farm"), scale=0.95, best=("cow", "hen"))
    brown = replace(ANIMALS["hen"], coat="#b5784a", belly=shade("#b5784a", 1.2))
    loud = sound(
        "barn", "The barn door", [Tone(90, 1900, 0.5, reed, rough=0.9), Tone(1900, 1900, 0.4, reed)], ("farm",)
    )
    soft = sound("barn", "The barn door", [Tone(90, 160, 0.5, reed, rough=0.5, loud=0.3, fade=1)], ("farm",))
    return Pack(
        name="acme/farm-animals",
        title="Farm Animals",
        summary="Hand-drawn animals of the farm in SVG and PNG",
        about="Twelve animals, drawn by hand, if one takes numbers for hands.",
        category="characters",
        subcategory="animals",
        tags=("animals", "farm"),
        ages=(3, 6),
        education=Education(("literacy", "math"), ("counts to ten", "names eight animals"), ("ELA", "MATH")),
        assets=(
            *since(
                "2.1.0",
                redrawn("2.1.0", pictures, "hen", lambda: animal(brown), scale=0.95),
                ("rabbit", "goat", "donkey", "dog", "cat"),
            ),
            replace(loud, since="2.1.0", until="2.1.1"),
            replace(soft, since="2.1.1"),
        ),
        needs=(Needs("packs/base-shapes", "^1.2"), Needs("birdsong/sounds-animals", "^3 || ^4", since="2.1.0")),
        changes={
            "2.0.1": ("Seven animals",),
            "2.1.0": (
                "Rabbit, goat, donkey, dog and cat",
                "A brown hen",
                "The barn door can be heard, and the animals with it",
            ),
            "2.1.1": ("The barn door is quiet now",),
        },
    )


def farm_animals_pro() -> Pack:
    """The one that costs money."""
    moving: list[Asset] = [
        *stickers(
            {
                f"{name}-pro": creature(name)
                for name in ("cow", "pig", "fox", "owl", "bear", "deer", "hedgehog", "mouse")
            },
            ("animals",),
            scale=0.95,
            best=("fox-pro",),
        )
    ]
    return Pack(
        name="acme/farm-animals-pro",
        title="Farm Animals Pro",
        summary="Eight more animals, for those who buy them",
        about="The animals of the wood come to visit.",
        category="characters",
        subcategory="animals",
        tags=("animals", "farm", "wood"),
        license="LicenseRef-acme",
        ages=(3, 6),
        own_terms="# Terms of Farm Animals Pro\n\nUse these pictures in what you make while you hold a license for them.\n",
        assets=tuple(moving),
        needs=(
            Needs("acme/farm-animals", "^2"),
            Needs(
                "birdsong/sounds-animals",
                ">=3",
                "enhances",
                assets={"assets/cow-pro.svg": "cow.wav", "assets/pig-pro.svg": "pig.wav"},
            ),
        ),
        price="12.00",
        changes={"1.3.0": ("Eight animals",)},
    )


def story_kit() -> Pack:
    """Scenes and bubbles to tell a story with. Its version 3 does not go with old sounds."""
    scenes = {name: NATURE[name] for name in ("meadow", "forest")}
    return Pack(
        name="acme/story-kit",
        title="Story Kit",
        summary="Scenes, speech bubbles and a sound to begin with",
        about="All one needs to tell a short story.",
        category="creative-tools",
        subcategory="stories",
        tags=("stories", "comics"),
        ages=(4, 10),
        features=("sticker_book", "ai_story", "story_adventure"),
        assets=(
            *stickers(
                {f"bubble-{name}": BUBBLES[name] for name in ("round", "thought", "shout", "idea")},
                ("comics",),
                scale=0.95,
            ),
            *backgrounds(scenes, ("nature",), best=("meadow",)),
        ),
        needs=(
            Needs("birdsong/audio-core", "^0.9", until="3.1.0"),
            Needs("birdsong/audio-core", "^2.0", since="3.1.0"),
        ),
        changes={"2.7.1": ("Two scenes and four bubbles",), "3.1.0": ("Begins with the fanfare of Audio Core 2",)},
    )


def sirens() -> Pack:
    """The one that a reviewer does not let through."""
    return Pack(
        name="birdsong/sirens",
        title="Sirens",
        summary="Sirens as loud as they really are",
        about="Fire engines and ambulances at full loudness.",
        category="sounds",
        tags=("sounds", "loud"),
        license="CC0-1.0",
        ages=(3, 6),
        assets=(
            sound(
                "siren",
                "A siren",
                repeated([Tone(880, 1400, 0.35, reed), Tone(1400, 880, 0.35, reed)], 2, 0),
                ("loud",),
                folder="",
            ),
        ),
        changes={"1.0.0": ("Two turns of a siren",)},
    )


def night_songs() -> Pack:
    """The one that waits in the queue at the end."""
    crickets = sound(
        "crickets",
        "Crickets",
        repeated([Tone(4200, 4300, 0.03), Tone(4300, 4200, 0.03)], 9, 0.05),
        ("night",),
        folder="",
    )
    return Pack(
        name="packs/night-songs",
        title="Night Songs",
        summary="An owl, crickets, and then it is quiet",
        about="For the last page of a story.",
        category="sounds",
        subcategory="animals",
        tags=("sounds", "night"),
        license="CC0-1.0",
        ages=(3, 10),
        assets=(voice("owl", folder=""), crickets),
        needs=(Needs("birdsong/audio-core", "^2.0"),),
        changes={"1.0.0": ("An owl and crickets",)},
    )
