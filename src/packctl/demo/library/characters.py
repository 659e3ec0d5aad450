"""Eight packs of characters."""

from packctl.demo.drawing.shapes import Group, polygon, rectangle, star
from packctl.demo.drawing.sounds import Rest, Tone, reed, repeated, sine
from packctl.demo.making import redrawn, since, sound, stickers, teaching
from packctl.demo.pack import Asset, Education, Pack
from packctl.demo.pictures.animals import animal
from packctl.demo.pictures.dinosaurs import DINOSAURS
from packctl.demo.pictures.hats import (
    bubble_helmet,
    cap,
    chef,
    coat,
    crown,
    flowers,
    helmet,
    pointed_hat,
    stripes,
    suit,
    wand,
)
from packctl.demo.pictures.monsters import MONSTERS, monster
from packctl.demo.pictures.people import SKINS, Person, person
from packctl.demo.pictures.science import SPACE_THINGS
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
    return (_farm(), _ocean(), _dinosaurs(), _fairy_tales(), _helpers(), _space(), _monsters(), _family())


def creature(name: str) -> Thing:
    """An animal of the zoo."""
    return lambda: animal(ANIMALS[name])


def voice(name: str, *, folder: str = "sounds/") -> Asset:
    """The sound of an animal."""
    return sound(name, f"{name.capitalize()}, one call", VOICES[name], ("animals", name), folder=folder)


def _people(table: dict[str, Person]) -> dict[str, Thing]:
    return {name: _one(look) for name, look in table.items()}


def _one(look: Person) -> Thing:
    return lambda: person(look)


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


def _fairy_tales() -> Pack:
    table = {
        "princess": Person(SKINS[2], "#3a2a20", "long", "#f27aa0", crown(), wand()),
        "prince": Person(SKINS[0], "#c98a3a", "short", "#4f6fb5", crown("#dfe6ec")),
        "queen": Person(SKINS[4], "#1e1816", "bun", "#8f4fa8", crown()),
        "king": Person(SKINS[1], "#b8b8b8", "short", "#b5452f", crown(), beard="#d8d8d8"),
        "wizard": Person(SKINS[1], "#f0f0f0", "long", "#5a4a9f", pointed_hat("#4a3f9f"), wand(), beard="#f0f0f0"),
        "witch": Person(SKINS[3], "#7a3f8f", "long", "#3f7f5f", pointed_hat("#2f5f4a"), mood="laughing"),
        "fairy": Person(SKINS[0], "#f0a24e", "tails", "#a5d6a0", flowers(), wand(), mood="proud"),
        "knight": Person(SKINS[5], "#1e1816", "short", "#9aa7b3", over=_shield()),
    }
    pictures = stickers(_people(table), ("people", "fairy-tale"), scale=0.85, down=14, best=("princess", "wizard"))
    calmer = Person(SKINS[3], "#7a3f8f", "long", "#3f7f5f", pointed_hat("#2f5f4a", "#f29ac4"), mood="happy")
    return Pack(
        name="packs/fairy-tale-characters",
        title="Fairy Tale Characters",
        summary="Princess and prince, wizard and witch, and who else lives in a fairy tale",
        about="Eight people from long ago and far away. None of them is evil; the story decides.",
        category="characters",
        subcategory="people",
        tags=("fairy-tale", "people", "fantasy"),
        features=("sticker_book", "ai_story", "story_adventure"),
        education=Education(("literacy",), ("tells a story with a beginning and an end",), ("ELA",)),
        assets=redrawn("1.0.1", pictures, "witch", lambda: person(calmer), scale=0.85, down=14),
        changes={
            "1.0.0": ("Eight characters",),
            "1.0.1": ("The witch smiles instead of laughing: small children were afraid of her",),
        },
    )


def _shield() -> Group:
    return (
        rectangle(-70, 96, 140, 90, "#c9d3dc", round=20),
        polygon([(-30, 104), (30, 104), (30, 140), (0, 176), (-30, 140)], "#ef6461"),
        star(0, 132, 18, "#f7d94f"),
    )


def _helpers() -> Pack:
    table = {
        "firefighter": Person(SKINS[4], "#1e1816", "curls", "#c8452f", helmet("#e2544f"), over=stripes("#f5f0a0")),
        "police-officer": Person(SKINS[3], "#2f2420", "short", "#3f6fb5", cap("#2f4f8f", "#f5c542")),
        "cook": Person(SKINS[1], "#6b4326", "bob", "#f4f6f9", chef()),
        "doctor": Person(SKINS[5], "#1e1816", "bun", "#7fc4c9", over=coat("#f4f6f9"), glasses=True),
        "builder": Person(SKINS[2], "#3a2a20", "short", "#f29f3d", helmet("#f5c542"), over=stripes("#f5f0a0")),
        "teacher": Person(SKINS[0], "#b8602f", "long", "#6f8fb5", glasses=True, mood="proud"),
        "mail-carrier": Person(SKINS[2], "#1e1816", "tails", "#e3b23c", cap("#c98f2a"), mood="laughing"),
        "gardener": Person(SKINS[1], "#c9c9c9", "short", "#5f9f5a", flowers(), beard="#d8d8d8"),
    }
    pictures = stickers(_people(table), ("people", "work"), scale=0.88, down=10, best=("firefighter", "doctor"))
    siren = sound(
        "siren",
        "A fire engine passes",
        repeated([Tone(440, 440, 0.32, reed, loud=0.5), Tone(587, 587, 0.32, reed, loud=0.5)], 2, 0),
        ("work",),
    )
    return Pack(
        name="packs/community-helpers",
        title="Community Helpers",
        summary="Eight people whose work everybody needs",
        about="Who brings the letters, who puts out fires? Women and men of many kinds at work.",
        category="characters",
        subcategory="people",
        tags=("people", "work", "professions"),
        education=Education(("social-studies",), ("names eight professions",), ("SOCIAL_STUDIES",)),
        assets=(*since("1.1.0", pictures, ("mail-carrier", "gardener")), *since("1.1.0", [siren])),
        changes={
            "1.0.0": ("Six professions",),
            "1.1.0": ("Mail carrier and gardener", "A siren, softer than a real one"),
        },
    )


def _space() -> Pack:
    looks = {
        "pilot": ("#1e1816", "short", 3, "happy"),
        "scientist": ("#c98a3a", "tails", 0, "laughing"),
        "engineer": ("#1e1816", "curls", 4, "proud"),
        "captain": ("#7a7a7a", "bob", 2, "happy"),
    }
    crew = {
        name: Person(SKINS[skin], hair, style, "#eef3f7", bubble_helmet(), over=suit(), mood=mood)
        for name, (hair, style, skin, mood) in looks.items()
    }
    pictures = stickers(_people(crew), ("space", "people"), scale=0.88, best=("captain",))
    beeps = sound(
        "radio",
        "Voices from the radio",
        repeated([Tone(1200, 1200, 0.08), Rest(0.05), Tone(900, 900, 0.1), Rest(0.04), Tone(1500, 1500, 0.06)], 2, 0.2),
        ("space",),
    )
    launch = sound(
        "launch",
        "A rocket starts",
        [Tone(60, 220, 1.4, rough=0.8, loud=0.9), Tone(220, 500, 0.8, rough=0.7, fade=2.5)],
        ("space",),
    )
    return Pack(
        name="packs/space-explorers",
        title="Space Explorers",
        summary="A crew of four, their rocket, a rover, a satellite and a visitor",
        about="Four people in space suits and all they need to leave for another planet.",
        category="characters",
        subcategory="space",
        tags=("space", "people", "adventure"),
        ages=(4, 10),
        features=("sticker_book", "ai_story", "story_adventure"),
        education=Education(("science",), ("knows what a satellite and a rover are for",), ("SCIENCE",)),
        assets=(*pictures, *stickers(SPACE_THINGS, ("space",), scale=0.9, best=("rocket",)), beeps, launch),
        changes={"1.0.0": ("A crew, a rocket and five more things",)},
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


def _family() -> Pack:
    table = {
        "mother": Person(SKINS[3], "#1e1816", "long", "#e3822b"),
        "father": Person(SKINS[3], "#1e1816", "short", "#4f8f8a", beard="#1e1816"),
        "girl": Person(SKINS[3], "#1e1816", "tails", "#f7c948", mood="laughing"),
        "boy": Person(SKINS[3], "#1e1816", "curls", "#6fb1e8"),
        "grandmother": Person(SKINS[0], "#dcdcdc", "bun", "#a07fd6", glasses=True),
        "grandfather": Person(SKINS[0], "#e8e8e8", "bald", "#7a8a5a", glasses=True, beard="#e8e8e8"),
        "aunt": Person(SKINS[1], "#b8602f", "bob", "#7cc576"),
        "uncle": Person(SKINS[5], "#1e1816", "short", "#ef6461", mood="proud"),
        "friend-in-scarf": Person(SKINS[2], "#3c8f8a", "scarf", "#e2a0b0"),
        "friend-with-curls": Person(SKINS[4], "#3a2318", "curls", "#f29ac4", mood="laughing"),
        "friend-with-glasses": Person(SKINS[1], "#2f2420", "spiky", "#5fa8e0", glasses=True),
        "baby": Person(SKINS[2], "#6b4326", "bald", "#fdf3d9", mood="surprised"),
    }
    pictures = stickers(_people(table), ("people", "family"), scale=0.92, best=("girl", "grandmother"))
    return Pack(
        name="packs/family-and-friends",
        title="Family & Friends",
        summary="Twelve people, young and old, of many kinds",
        about="Mothers, uncles, friends: whoever belongs to one's own story is here, or looks much like it.",
        category="characters",
        subcategory="people",
        tags=("people", "family", "friends", "diversity"),
        ages=(3, 10),
        education=Education(("social-emotional",), ("tells who belongs to a family",), ("SOCIAL_STUDIES",)),
        assets=since("1.1.0", pictures, ("friend-in-scarf", "friend-with-curls", "friend-with-glasses", "baby")),
        changes={"1.0.0": ("Eight people of two families",), "1.1.0": ("Three friends and a baby",)},
    )
