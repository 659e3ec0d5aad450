"""Six packs of backgrounds."""

from packctl.demo.drawing.sounds import Rest, Tone, bell, repeated
from packctl.demo.making import backgrounds, since, sound, stickers
from packctl.demo.pack import Education, Needs, Pack
from packctl.demo.pictures.landscapes import NATURE, SEASONS
from packctl.demo.pictures.rooms import HOME
from packctl.demo.pictures.scenery import planet
from packctl.demo.pictures.things import Thing
from packctl.demo.pictures.towns import CITY
from packctl.demo.pictures.wonders import FANTASY, SPACE

BIRDS = [
    *repeated([Tone(2400, 3600, 0.08), Tone(3600, 2700, 0.09)], 3, 0.12),
    Rest(0.35),
    *repeated([Tone(3100, 3000, 0.05)], 5, 0.07),
]
PLANETS: dict[str, Thing] = {
    "mercury": lambda: planet(0, 0, 130, "#b8ada0", spots="#9a8f84"),
    "venus": lambda: planet(0, 0, 160, "#e8c27a", bands="#d9ae5f"),
    "earth": lambda: planet(0, 0, 166, "#4f9fe0", spots="#6fc07f"),
    "mars": lambda: planet(0, 0, 140, "#d8704a", spots="#b8563a"),
    "jupiter": lambda: planet(0, 0, 190, "#e0b48a", bands="#c98f62"),
    "saturn": lambda: planet(0, 0, 120, "#e8d29a", rings="#c9b07a", bands="#d6bd82"),
    "uranus": lambda: planet(0, 0, 160, "#9fdce0", bands="#8acdd2"),
    "neptune": lambda: planet(0, 0, 160, "#5f7fe0", spots="#4a66c4"),
}


def environments() -> tuple[Pack, ...]:
    """Where stories happen."""
    return (_nature(), _city(), _fantasy(), _seasons(), _planets(), _home())


def _nature() -> Pack:
    stream = sound(
        "stream", "Running water", [Tone(400, 300, 1.2, rough=0.95, loud=0.35, shake=0.3, shakes=3)], ("nature",)
    )
    return Pack(
        name="packs/nature-backgrounds",
        title="Nature Backgrounds",
        summary="Meadow, forest, lake, beach, desert and waterfall",
        about="Six landscapes, each as a drawing for any size and as a small picture.",
        category="environments",
        subcategory="nature",
        tags=("nature", "landscape"),
        license="CC0-1.0",
        ages=(3, 12),
        education=Education(("science",), ("tells a lake from the sea, and a forest from a desert",), ("SCIENCE",)),
        assets=(
            *since(
                "1.1.0", backgrounds(NATURE, ("nature",), best=("meadow", "mountain-lake")), ("desert", "waterfall")
            ),
            *since("1.1.0", [sound("birds", "Birds in the morning", BIRDS, ("nature",)), stream]),
        ),
        changes={
            "1.0.0": ("Meadow, forest, lake and beach",),
            "1.1.0": ("Desert and waterfall", "Birds and running water"),
        },
    )


def _city() -> Pack:
    return Pack(
        name="packs/city-scenes",
        title="City Scenes",
        summary="A street by day and by night, a park, a harbor and a market",
        about="Five places of a town. The people of Community Helpers fit in.",
        category="environments",
        subcategory="city",
        tags=("city", "street"),
        ages=(3, 12),
        education=Education(("social-studies",), ("finds one's way in a town",), ("SOCIAL_STUDIES",)),
        assets=(
            *backgrounds(CITY, ("city",), best=("street-day", "harbor")),
            sound("horn", "A ship leaves", [Tone(140, 138, 1.1, bell, rough=0.1, fade=0.6)], ("city",)),
        ),
        needs=(
            Needs(
                "packs/community-helpers",
                "^1",
                "enhances",
                assets={"assets/street-day.svg": "assets/police-officer.svg", "assets/market.svg": "assets/cook.svg"},
            ),
        ),
        changes={"1.0.0": ("Five places of a town",)},
    )


def _fantasy() -> Pack:
    return Pack(
        name="packs/fantasy-worlds",
        title="Fantasy Worlds",
        summary="A castle under a rainbow, a forest of lights, islands in the sky",
        about="Five places that are on no map.",
        category="environments",
        subcategory="fantasy",
        tags=("fantasy", "fairy-tale"),
        ages=(3, 12),
        features=("sticker_book", "ai_story", "story_adventure"),
        education=Education(("literacy",), ("says where a story happens",), ("ELA",)),
        assets=since(
            "1.1.0",
            backgrounds(FANTASY, ("fantasy",), best=("fairy-castle", "enchanted-forest")),
            ("crystal-cave", "floating-islands"),
        ),
        needs=(
            Needs(
                "packs/fairy-tale-characters", "^1", "enhances", assets={"assets/fairy-castle.svg": "assets/queen.svg"}
            ),
            Needs("packs/special-effects", "^1", optional=True, since="1.1.0"),
        ),
        changes={
            "1.0.0": ("Castle, forest and clouds",),
            "1.1.0": (
                "A cave of crystals and floating islands",
                "Works well with Special Effects, which comes along where it can",
            ),
        },
    )


def _seasons() -> Pack:
    return Pack(
        name="packs/seasonal-scenes",
        title="Seasonal Scenes",
        summary="One landscape in spring, summer, autumn and winter",
        about="What changes through the year, and what stays?",
        category="environments",
        subcategory="seasons",
        tags=("seasons", "nature", "weather"),
        ages=(3, 12),
        education=Education(("science",), ("names the four seasons in their order",), ("SCIENCE",)),
        assets=backgrounds(SEASONS, ("seasons",), best=("autumn", "winter")),
        changes={"1.0.0": ("The four seasons",)},
    )


def _planets() -> Pack:
    return Pack(
        name="packs/space-and-planets",
        title="Space & Planets",
        summary="Four views of space, and the eight planets by themselves",
        about="From the surface of the moon to the rings of a far planet. Sizes and distances are those of a picture, not of space.",
        category="environments",
        subcategory="space",
        tags=("space", "planets", "science"),
        ages=(4, 12),
        education=Education(("science",), ("names the eight planets in their order",), ("SCIENCE",)),
        assets=(
            *backgrounds(SPACE, ("space",), best=("solar-system",)),
            *since("1.1.0", stickers(PLANETS, ("space", "planets"), scale=0.95, best=("earth", "saturn"))),
        ),
        needs=(
            Needs(
                "packs/space-explorers",
                "^1",
                "enhances",
                assets={"assets/rocket-launch.svg": "assets/rocket.svg", "assets/moon-surface.svg": "assets/rover.svg"},
            ),
        ),
        changes={"1.0.0": ("Four views of space",), "1.1.0": ("The eight planets as stickers",)},
    )


def _home() -> Pack:
    bell_ = sound(
        "school-bell", "The bell of a school", repeated([Tone(1046, 1046, 0.35, bell, fade=3)], 3, 0.02), ("school",)
    )
    return Pack(
        name="packs/home-and-school",
        title="Home & School",
        summary="Living room, kitchen, bedroom, classroom and playground",
        about="Five places of every day. Family & Friends comes with it, so that somebody is at home.",
        category="environments",
        subcategory="home",
        tags=("home", "school"),
        ages=(3, 10),
        education=Education(("social-emotional",), ("tells about one's own day",), ("ELA",)),
        assets=(*backgrounds(HOME, ("home", "school"), best=("living-room", "classroom")), bell_),
        needs=(Needs("packs/family-and-friends", "^1.1"),),
        changes={"1.0.0": ("Five places of every day",)},
    )
