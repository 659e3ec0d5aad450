"""How assets are made from pictures and sounds: one line for each in a pack's description."""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from msgspec.structs import replace

from packctl.demo.drawing.shapes import Group, place
from packctl.demo.drawing.sheet import Drawing, scene, sticker
from packctl.demo.drawing.sounds import Rest, Tone, melody, wav
from packctl.demo.pack import Asset
from packctl.demo.pictures.things import Thing


def spoken(name: str) -> str:
    """A file's name as a title: `blue-tang` gives `Blue tang`."""
    return name.replace("-", " ").capitalize()


def drawn(draw: Thing, title: str, scale: float = 1, down: float = 0) -> Callable[[], Drawing]:
    """A sheet of 512 by 512 with the picture in its middle."""
    return cache(lambda: sticker(title, place(draw(), 256, 256 + down, scale)))


def stickers(
    table: Mapping[str, Thing], tags: tuple[str, ...], *, scale: float = 1, down: float = 0, best: Iterable[str] = ()
) -> tuple[Asset, ...]:
    """An SVG for each row of `table`; those of `best` stand out and have a PNG as well. A row's name is a tag of its own."""
    made: list[Asset] = []
    for order, (name, draw) in enumerate(table.items(), 1):
        sheet = drawn(draw, spoken(name), scale, down)
        own = tuple(dict.fromkeys((*tags, *name.split("-"))))
        asset = Asset(f"assets/{name}.svg", spoken(name), cache(_svg(sheet)), tags=own, order=order)
        if name in best:
            small = f"png/{name}.png"
            made.append(replace(asset, highlight=True, essential=True, low=small))
            made.append(Asset(small, f"{spoken(name)}, 192 pixels", cache(_png(sheet, 0.375)), tags=own))
        else:
            made.append(asset)
    return tuple(made)


def backgrounds(table: Mapping[str, Thing], tags: tuple[str, ...], *, best: Iterable[str] = ()) -> tuple[Asset, ...]:
    """An SVG for each landscape of `table`, and a PNG of 240 by 135 as its small variant."""
    made: list[Asset] = []
    for order, (name, draw) in enumerate(table.items(), 1):
        sheet = cache(_scene(draw, spoken(name)))
        own = tuple(dict.fromkeys((*tags, *name.split("-"))))
        small = f"png/{name}.png"
        chosen = name in best
        made.append(
            Asset(
                f"assets/{name}.svg",
                spoken(name),
                cache(_svg(sheet)),
                "background",
                own,
                order=order,
                highlight=chosen,
                essential=chosen,
                low=small,
            )
        )
        made.append(Asset(small, f"{spoken(name)}, 240 by 135", cache(_png(sheet, 0.375)), "background", own))
    return tuple(made)


def sound(
    name: str, title: str, parts: Iterable[Tone | Rest], tags: tuple[str, ...] = (), *, folder: str = "sounds/"
) -> Asset:
    """A WAV of tones."""
    kept = tuple(parts)
    return Asset(f"{folder}{name}.wav", title, cache(lambda: wav(kept)), "sound", tags)


def tune(name: str, title: str, notes: str, beat: float = 0.22) -> Asset:
    """A WAV of a melody."""
    return Asset(f"sounds/{name}.wav", title, cache(lambda: melody(notes, beat)), "sound", ("music",))


def since(version: str, assets: Iterable[Asset], names: Iterable[str] | None = None) -> tuple[Asset, ...]:
    """The assets, those with one of these file names (without ending; None: all) from `version` on."""
    wanted = None if names is None else frozenset(names)
    return tuple(
        replace(asset, since=version) if wanted is None or _stem(asset.path) in wanted else asset for asset in assets
    )


def redrawn(
    version: str, assets: Iterable[Asset], name: str, draw: Thing, *, scale: float = 1, down: float = 0
) -> tuple[Asset, ...]:
    """The assets, of which one looks different from `version` on."""
    told: list[Asset] = []
    for asset in assets:
        if asset.path == f"assets/{name}.svg":
            sheet = drawn(draw, asset.title, scale, down)
            told += [replace(asset, until=version), replace(asset, make=cache(_svg(sheet)), since=version)]
        else:
            told.append(asset)
    return tuple(told)


def teaching(assets: Iterable[Asset], what: Callable[[Asset], tuple[str, ...]]) -> tuple[Asset, ...]:
    """The assets, each with what it teaches."""
    return tuple(replace(asset, teaches=what(asset)) for asset in assets)


def _stem(path: str) -> str:
    return path.rpartition("/")[2].rpartition(".")[0]


def _svg(sheet: Callable[[], Drawing]) -> Callable[[], bytes]:
    return lambda: sheet().svg()


def _png(sheet: Callable[[], Drawing], scale: float) -> Callable[[], bytes]:
    return lambda: sheet().png(scale)


def _scene(draw: Thing, title: str) -> Callable[[], Drawing]:
    return lambda: scene(title, draw())


def of(group: Group) -> Thing:
    """A picture that is drawn already."""
    return lambda: group
