"""Four packs of people: from fairy tales, at work, in space and at home."""

from packctl.demo.drawing.shapes import Group, polygon, rectangle, star
from packctl.demo.drawing.sounds import Rest, Tone, reed, repeated
from packctl.demo.making import redrawn, since, sound, stickers
from packctl.demo.pack import Education, Pack
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
from packctl.demo.pictures.people import SKINS, Person, person
from packctl.demo.pictures.science import SPACE_THINGS
from packctl.demo.pictures.things import Thing


def _people(table: dict[str, Person]) -> dict[str, Thing]:
    return {name: _one(look) for name, look in table.items()}


def _one(look: Person) -> Thing:
    return lambda: person(look)


def fairy_tales() -> Pack:
    """Eight people from long ago."""
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


def helpers() -> Pack:
    """Eight people at work."""
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


def space() -> Pack:
    """A crew and what it flies with."""
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


def family() -> Pack:
    """Twelve people at home."""
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
