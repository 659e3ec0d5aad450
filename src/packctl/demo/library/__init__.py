"""The launch library: 25 packs of the publisher `packs`, eight of characters, six of environments, five to learn with, four to draw with,
two for the time of the year. Which season is current and which holiday comes next is decided by the demo's date, not by a clock.
"""

from collections.abc import Iterator

from packctl.demo.library.characters import characters
from packctl.demo.library.educational import educational
from packctl.demo.library.environments import environments
from packctl.demo.library.seasonal import seasonal
from packctl.demo.library.tools import tools
from packctl.demo.pack import Pack, Release

DATE = (2026, 11, 20)
"""The day of the demo: year, month, day."""


def launch_library() -> tuple[Pack, ...]:
    """All 25, those that others need first."""
    month, day = DATE[1:]
    packs = (*characters(), *educational(), *tools(), *environments(), *seasonal(month, day))
    return tuple(sorted(packs, key=lambda pack: _depth(pack, {one.name: one for one in packs})))


def releases(*, newest: bool = False) -> Iterator[Release]:
    """Every release of the library, or the newest one of each pack, drawn one by one in an order in which they can be published."""
    for pack in launch_library():
        for version in pack.versions[-1:] if newest else pack.versions:
            yield pack.release(version)


def _depth(pack: Pack, known: dict[str, Pack]) -> int:
    return max(
        (
            1 + _depth(known[needs.pack], known)
            for needs in pack.needs
            if needs.kind == "requires" and not needs.optional
        ),
        default=0,
    )
