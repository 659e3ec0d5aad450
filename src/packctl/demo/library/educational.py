"""Five packs to learn with."""

from msgspec.structs import replace

from packctl.demo.drawing.glyphs import written
from packctl.demo.drawing.shapes import Group, ellipse, rectangle
from packctl.demo.drawing.sounds import Tone, bell, repeated
from packctl.demo.library.characters import FARM
from packctl.demo.making import of, since, sound, stickers, teaching, tune
from packctl.demo.pack import Asset, Education, Needs, Pack
from packctl.demo.pictures.forms import COLORS, FORMS, blot
from packctl.demo.pictures.people import MOODS, SKINS, Person, person
from packctl.demo.pictures.science import SCIENCE
from packctl.demo.pictures.things import RAINBOW, Thing

SAID = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def educational() -> tuple[Pack, ...]:
    """Numbers, letters, shapes, feelings, science."""
    return (_numbers(), _alphabet(), _shapes(), _feelings(), _science())


def _number_card(number: int) -> Group:
    """The number, and as many dots below it, five in a row."""
    color = RAINBOW[number % 6]
    dots = tuple(
        ellipse(-112 + 56 * (k % 5), 96 + 40 * (k // 5) - (20 if number > 15 else 0), 17, fill=color)
        for k in range(number)
    )
    return (rectangle(-220, -220, 440, 440, "#fffdf5", round=44), *written(str(number), 0, -70, 190, color, 26), *dots)


def _numbers() -> Pack:
    cards = stickers(
        {f"number-{number:02}": of(_number_card(number)) for number in range(21)},
        ("numbers", "counting"),
        best=("number-01", "number-07"),
    )
    named = tuple(replace(card, title=_number_title(card)) for card in cards)
    counts = tuple(
        sound(
            f"count-{number:02}",
            f"Counting to {SAID[number]}",
            repeated([Tone(523, 523, 0.16, bell, fade=2)], number, 0.18),
            ("counting",),
        )
        for number in range(1, 11)
    )
    taught = teaching(named, lambda card: (f"the number {SAID[_number_of(card)]}",))
    later = tuple(f"number-{number:02}" for number in range(11, 21))
    return Pack(
        name="packs/numbers-and-counting",
        title="Numbers & Counting",
        summary="The numbers from 0 to 20, each with as many dots, and sounds to count along",
        about="A card for each number. The dots stand in rows of five, so that a hand helps.",
        category="educational",
        subcategory="math",
        tags=("numbers", "counting", "math"),
        ages=(3, 6),
        education=Education(("math",), ("counts to twenty", "knows the numbers from 0 to 20"), ("MATH",)),
        assets=(*since("1.1.0", taught, later), *since("1.2.0", counts)),
        needs=(
            Needs("packs/shapes-and-colors", "^1"),
            Needs(
                "packs/animal-friends",
                "^1",
                "enhances",
                assets={f"assets/number-{k:02}.svg": f"assets/{name}.svg" for k, name in enumerate(FARM[:8], 1)},
            ),
        ),
        changes={
            "1.0.0": ("The numbers from 0 to 10",),
            "1.1.0": ("On to 20",),
            "1.2.0": ("Sounds to count along, up to ten",),
        },
    )


def _number_of(card: Asset) -> int:
    return int(card.path.rpartition("-")[2].partition(".")[0])


def _number_title(card: Asset) -> str:
    number = _number_of(card)
    return f"{number}, {SAID[number]}" if card.path.endswith(".svg") else f"{number}, 192 pixels"


def _letter_card(letter: str) -> Group:
    color = RAINBOW[LETTERS.index(letter) % 6]
    return (
        rectangle(-220, -220, 440, 440, color, round=44),
        rectangle(-190, -190, 380, 380, "#fffdf5", round=30),
        *written(letter, 0, 0, 250, color, 24),
    )


def _alphabet() -> Pack:
    cards = stickers(
        {f"letter-{letter.lower()}": of(_letter_card(letter)) for letter in LETTERS},
        ("letters", "alphabet"),
        best=("letter-a", "letter-s"),
    )
    taught = teaching(cards, lambda card: (f"the letter {_letter(card)}",))
    song = tune("abc", "A tune to the alphabet", "C C G G A A G- F F E E D D C- G G F F E E D- G G F F E E D-")
    first = {name[0]: name for name in reversed(FARM)}
    return Pack(
        name="packs/alphabet-fun",
        title="Alphabet Fun",
        summary="A card for each letter from A to Z, and a tune to sing them to",
        about="Letters of plain strokes, as one writes them. With Animal Friends many of them have an animal.",
        category="educational",
        subcategory="reading",
        tags=("letters", "alphabet", "reading"),
        ages=(3, 7),
        education=Education(("literacy",), ("knows the letters", "finds the first letter of a word"), ("ELA",)),
        assets=(*taught, *since("1.1.0", [song])),
        needs=(
            Needs(
                "packs/animal-friends",
                "^1.1",
                "enhances",
                assets={f"assets/letter-{letter}.svg": f"assets/{name}.svg" for letter, name in sorted(first.items())},
            ),
        ),
        changes={"1.0.0": ("Twenty-six letters",), "1.1.0": ("A tune to sing them to",)},
    )


def _letter(card: Asset) -> str:
    return card.path.rpartition("-")[2].partition(".")[0].upper()


def _shapes() -> Pack:
    forms = teaching(
        stickers(FORMS, ("shapes",), scale=0.95, best=("circle", "triangle")), lambda asset: ("names of shapes",)
    )
    colors: dict[str, Thing] = {f"color-{name}": of(blot(color)) for name, color in COLORS.items()}
    blots = teaching(stickers(colors, ("colors",), scale=0.95, best=("color-red",)), lambda asset: ("names of colors",))
    return Pack(
        name="packs/shapes-and-colors",
        title="Shapes & Colors",
        summary="Twelve shapes and eleven colors",
        about="Plain shapes to sort, to count and to build pictures from. Other packs build on it.",
        category="educational",
        subcategory="math",
        tags=("shapes", "colors", "math"),
        license="CC0-1.0",
        ages=(3, 6),
        education=Education(("math", "art"), ("names twelve shapes", "names eleven colors"), ("MATH", "ART")),
        assets=(*since("1.1.0", forms, ("crescent", "cross", "hexagon", "pentagon")), *blots),
        changes={"1.0.0": ("Eight shapes and eleven colors",), "1.1.0": ("Pentagon, hexagon, crescent and cross",)},
    )


def _feelings() -> Pack:
    faces: dict[str, Thing] = {}
    for at, mood in enumerate(MOODS):
        look = Person(
            SKINS[at % 6],
            ("#3a2a20", "#1e1816", "#b8602f")[at % 3],
            ("short", "curls", "long", "tails", "bob")[at % 5],
            RAINBOW[at % 6],
            mood=mood,
        )
        faces[mood] = of(person(look))
    chord = sound(
        "feeling-calm",
        "Three calm notes",
        [Tone(262, 262, 0.5, bell, fade=2), Tone(330, 330, 0.5, bell, fade=2), Tone(392, 392, 0.9, bell, fade=2.5)],
        ("music",),
    )
    return Pack(
        name="packs/emotions-and-feelings",
        title="Emotions & Feelings",
        summary="Ten faces: happy, sad, angry, scared and six more",
        about="How does somebody look who is proud, and how do you? Faces to talk about.",
        category="educational",
        subcategory="feelings",
        tags=("feelings", "emotions", "faces"),
        ages=(3, 9),
        education=Education(("social-emotional",), ("names ten feelings", "sees how others feel"), ("SOCIAL_STUDIES",)),
        assets=(
            *teaching(
                stickers(faces, ("feelings", "people"), scale=0.92, best=("happy", "surprised")),
                lambda asset: ("names of feelings",),
            ),
            chord,
        ),
        needs=(Needs("packs/family-and-friends", "^1", optional=True),),
        changes={"1.0.0": ("Ten faces",)},
    )


def _science() -> Pack:
    click = sound(
        "switch", "A switch", [Tone(1800, 900, 0.03, rough=0.6), Tone(300, 200, 0.05, rough=0.4, fade=3)], ("science",)
    )
    return Pack(
        name="packs/stem-basics",
        title="STEM Basics",
        summary="Magnet, gear, circuit, plant: nine things to find out with",
        about="Things of a small laboratory, to plan an experiment and to tell how it went.",
        category="educational",
        subcategory="science",
        tags=("science", "technology", "math"),
        ages=(5, 10),
        features=("sticker_book", "ai_story", "story_adventure"),
        education=Education(
            ("science", "math"),
            ("names the parts of a circuit", "tells how a plant grows"),
            ("SCIENCE", "MATH"),
            ("K_2", "GRADE_3_5"),
        ),
        assets=(*stickers(SCIENCE, ("science",), scale=0.95, best=("atom", "circuit")), click),
        needs=(Needs("packs/shapes-and-colors", "^1.1"),),
        changes={"1.0.0": ("Nine things and a switch",)},
    )
