"""Eight packs of characters: animals and monsters, drawn here, and people."""

from packctl.demo.drawing.sounds import Rest, Tone, reed, repeated, sine
from packctl.demo.library.people import fairy_tales, family, helpers, space
from packctl.demo.making import since, sound, stickers, teaching
from packctl.demo.pack import Asset, Education, Pack
from packctl.demo.pictures.animals import animal
from packctl.demo.pictures.dinosaurs import DINOSAURS
from packctl.demo.pictures.monsters import MONSTERS, monster
from packctl.demo.pictures.sealife import SEA
from packctl.demo.pictures.things import Thing
from packctl.demo.pictures.zoo import ANIMALS

FARM = ("cow", "pig", "sheep", "hen", "chick", "horse", "duck", "rabbit", "goat", "donkey", "dog", "cat")
VOICES: dict[str, list[Tone | Rest]] = {
    "cow": [Tone(150, 190, 0.3, reed, rough=0.08), Tone(190, 120, 0.9, reed, shake=0.01, rough=0.1, fade=0.8)],
    "pig": repeated([Tone(180, 120, 0.16, reed, rough=0.5)], 3, 0.09),
    "sheep": [Tone(380, 340, 0.7, reed, shake=0.06, shakes=9, fade=0.6)],
    "hen": [
        *repeated([Tone(520, 470, 0.07, reed, rough=0.2)], 3, 0.08),
        Rest(0.05),
        Tone(500, 820, 0.3, reed, rough=0.2, fade=0.5),
    ],
    "chick": repeated([Tone(2600, 3300, 0.07), Tone(3300, 2500, 0.06)], 4, 0.11),
    "horse": [Tone(900, 520, 0.9, reed, shake=0.09, shakes=13, rough=0.15, fade=0.9)],
    "duck": repeated([Tone(340, 270, 0.15, reed, rough=0.25, fade=1)], 3, 0.1),
    "goat": [Tone(460, 400, 0.6, reed, shake=0.09, shakes=11, fade=0.5)],
    "donkey": repeated([Tone(680, 900, 0.3, reed, rough=0.2), Tone(300, 220, 0.34, reed, rough=0.25)], 2, 0.05),
    "dog": repeated([Tone(420, 190, 0.14, reed, rough=0.35, fade=1)], 2, 0.16),
    "cat": [Tone(560, 820, 0.25, reed), Tone(820, 420, 0.5, reed, fade=0.7)],
    "owl": [Tone(360, 340, 0.3, sine), Rest(0.14), Tone(370, 300, 0.6, sine, shake=0.01)],
}
"""What an animal says."""


def characters() -> tuple[Pack, ...]:
    """Animals, people and others."""
    return (_farm(), _ocean(), _dinosaurs(), fairy_tales(), helpers(), space(), _monsters(), family())


def creature(name: str) -> Thing:
    """An animal of the zoo."""
    return lambda: animal(ANIMALS[name])


def voice(name: str, *, folder: str = "sounds/") -> Asset:
    """The sound of an animal."""
    return sound(name, f"{name.capitalize()}, one call", VOICES[name], ("animals", name), folder=folder)


def _farm() -> Pack:
    pictures = stickers(
        {name: creature(name) for name in FARM}, ("animals", "farm"), scale=0.95, best=("cow", "hen", "horse")
    )
    taught = teaching(pictures, lambda asset: ("animal names",) if asset.type == "sticker" else ())
    return Pack(
        name="packs/animal-friends",
        title="Animal Friends",
        summary="Twelve animals of the farm that look at you, with the voices of six",
        about="Round and friendly, made for sticker books and for stories that are read aloud.",
        category="characters",
        subcategory="animals",
        tags=("animals", "farm", "friends"),
        ages=(3, 7),
        education=Education(
            ("literacy", "science"), ("names twelve animals", "knows what they say"), ("ELA", "SCIENCE")
        ),
        assets=(
            *since("1.1.0", taught, ("goat", "donkey", "dog", "cat")),
            *since("1.2.0", map(voice, ("cow", "pig", "sheep", "hen", "duck", "dog"))),
        ),
        changes={
            "1.0.0": ("Eight animals of the farm",),
            "1.1.0": ("Goat, donkey, dog and cat",),
            "1.2.0": ("Voices of cow, pig, sheep, hen, duck and dog",),
        },
    )


def _ocean() -> Pack:
    pictures = stickers(SEA, ("animals", "sea"), scale=0.95, best=("whale", "octopus"))
    splash = sound(
        "splash",
        "Something jumps",
        [Tone(300, 900, 0.08, rough=0.6), Tone(900, 200, 0.5, rough=0.9, fade=3)],
        ("water",),
    )
    return Pack(
        name="packs/ocean-creatures",
        title="Ocean Creatures",
        summary="Fish, whale, octopus and other friends from the sea",
        about="Who lives where it is deep, and who lives in the shallows? Eleven animals to sort and to tell about.",
        category="characters",
        subcategory="animals",
        tags=("animals", "sea", "ocean"),
        ages=(3, 8),
        education=Education(("science",), ("names animals of the sea", "tells fish from other animals"), ("SCIENCE",)),
        assets=(*since("1.1.0", pictures, ("shark", "sea-snail")), *since("1.1.0", [splash])),
        changes={"1.0.0": ("Nine animals of the sea",), "1.1.0": ("A shark and a sea snail", "The sound of a splash")},
    )


def _dinosaurs() -> Pack:
    roar = sound(
        "roar",
        "A roar, not too loud",
        [Tone(120, 210, 0.3, reed, rough=0.35), Tone(210, 70, 0.9, reed, rough=0.45, fade=1.2)],
        ("dinosaurs",),
    )
    step = sound("steps", "Heavy steps", repeated([Tone(70, 45, 0.22, rough=0.2, fade=4)], 4, 0.25), ("dinosaurs",))
    return Pack(
        name="packs/dinosaur-adventures",
        title="Dinosaur Adventures",
        summary="Six dinosaurs, an egg that hatches, a roar and heavy steps",
        about="Long necks, plates and three horns: dinosaurs to meet in a story, none of them hungry.",
        category="characters",
        subcategory="dinosaurs",
        tags=("dinosaurs", "adventure"),
        ages=(4, 9),
        features=("sticker_book", "ai_story", "story_adventure"),
        education=Education(("science",), ("knows six dinosaurs by their names",), ("SCIENCE",), ("K_2", "GRADE_3_5")),
        assets=(*stickers(DINOSAURS, ("dinosaurs",), scale=0.95, best=("tyrannosaurus", "triceratops")), roar, step),
        changes={"1.0.0": ("Six dinosaurs and an egg",)},
    )


def _monsters() -> Pack:
    table: dict[str, Thing] = {name: _monster(name) for name in MONSTERS}
    giggle = sound(
        "giggle", "A giggle", repeated([Tone(700, 980, 0.08, reed), Tone(980, 720, 0.07, reed)], 5, 0.04), ("monsters",)
    )
    return Pack(
        name="packs/friendly-monsters",
        title="Friendly Monsters",
        summary="Eight monsters that nobody has to be afraid of",
        about="One eye or three, horns or ears: they only want to play. Not scary, tested at bedtime.",
        category="characters",
        subcategory="monsters",
        tags=("monsters", "friends", "fantasy"),
        ages=(3, 6),
        education=Education(("social-emotional",), ("talks about being afraid",), ("ELA",)),
        assets=(
            *since("1.1.0", stickers(table, ("monsters",), scale=0.95, best=("bobble", "momo")), ("tuff", "nubbin")),
            *since("1.1.0", [giggle]),
        ),
        changes={
            "1.0.0": ("Bobble, Pim, Grumbo, Fizz, Momo and Zilla",),
            "1.1.0": ("Tuff and Nubbin join", "They giggle"),
        },
    )


def _monster(name: str) -> Thing:
    return lambda: monster(MONSTERS[name])
