"""Two packs for the time of the year: the season that it is, and the holiday that comes next."""

from packctl.demo.drawing.sounds import Tone, bell, repeated
from packctl.demo.making import sound, spoken, stickers, tune
from packctl.demo.pack import Education, Needs, Pack
from packctl.demo.pictures.holidays import HOLIDAY_THINGS
from packctl.demo.pictures.seasons import SEASON_THINGS

SEASONS = ((3, 1, "spring"), (6, 1, "summer"), (9, 1, "autumn"), (12, 1, "winter"))
"""Month and day on which a season begins, by the calendar of the weather, in the northern half of the world."""
HOLIDAYS = (
    (1, 1, "new-year"),
    (2, 14, "friendship-day"),
    (4, 22, "earth-day"),
    (10, 31, "halloween"),
    (12, 25, "winter-holidays"),
)
"""Holidays that have the same day every year."""


def season_on(month: int, day: int) -> str:
    """The season of a day."""
    begun = [name for first, since, name in SEASONS if (first, since) <= (month, day)]
    return begun[-1] if begun else SEASONS[-1][2]


def holiday_after(month: int, day: int) -> str:
    """The next holiday on or after a day; after the last one of a year comes the first of the next."""
    coming = [name for first, on, name in HOLIDAYS if (first, on) >= (month, day)]
    return coming[0] if coming else HOLIDAYS[0][2]


def seasonal(month: int, day: int) -> tuple[Pack, ...]:
    """The two packs on a day."""
    return (_season(season_on(month, day)), _holiday(holiday_after(month, day)))


def _season(season: str) -> Pack:
    things = SEASON_THINGS[season]
    melody = {
        "spring": "E G A G E D C-",
        "summer": "G G A G E E D-",
        "autumn": "A G E D E D C-",
        "winter": "E E E- E E E- E G C D E--",
    }[season]
    return Pack(
        name="packs/current-season",
        title=f"Current Season: {spoken(season)}",
        summary=f"What belongs to {season}: four pictures and a tune",
        about=f"A small pack for {season}. It brings the landscape and the decorations along.",
        category="seasonal",
        subcategory=season,
        tags=("seasons", season),
        ages=(3, 10),
        education=Education(("science",), (f"knows what belongs to {season}",), ("SCIENCE",)),
        assets=(
            *stickers(things, ("seasons", season), scale=0.95, best=tuple(things)[:2]),
            tune(f"{season}-tune", f"A tune for {season}", melody),
        ),
        needs=(Needs("packs/seasonal-scenes", "^1"), Needs("packs/decorative-elements", "^1")),
        changes={"1.0.0": (f"Four pictures of {season}",)},
    )


def _holiday(holiday: str) -> Pack:
    things = HOLIDAY_THINGS[holiday]
    name = spoken(holiday)
    bells = sound(
        "bells",
        "Bells",
        repeated([Tone(1568, 1568, 0.22, bell, fade=2), Tone(1318, 1318, 0.22, bell, fade=2)], 3, 0),
        ("music",),
    )
    return Pack(
        name="packs/upcoming-holiday",
        title=f"Upcoming Holiday: {name}",
        summary=f"{name}: {', '.join(spoken(thing).lower() for thing in tuple(things)[:3])} and more",
        about="For cards, invitations and stories around the feast. Many families keep other ones; there is a pack for each in its time.",
        category="seasonal",
        subcategory="holidays",
        tags=("holidays", holiday),
        ages=(3, 12),
        education=Education(("social-studies",), ("tells what people do on that day",), ("SOCIAL_STUDIES",)),
        assets=(*stickers(things, ("holidays",), scale=0.95, best=tuple(things)[:2]), bells),
        needs=(Needs("packs/decorative-elements", "^1.1"), Needs("packs/special-effects", "^1")),
        changes={"1.0.0": (f"{spoken(str(len(things)))} pictures and bells",)},
    )
