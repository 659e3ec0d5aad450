"""Ways out of a conflict: one wish of the project relaxed, and everything solved again with it (docs/spec/resolver.md).

Nothing is guessed: a way out is told only if a solution with exactly its range was found just now. Only wishes that the proof names are
tried, because a proof that does without a wish holds whatever that wish says.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from packctl.resolve.reasons import Asked
from packctl.resolve.refusals import GaveUp, NoSolution
from packctl.resolve.run import Resolution, Resolver
from packctl.resolve.solver import Stopped
from packctl.resolve.terms import positions
from packctl.resolve.wanted import Wish
from packspec.errors import PackError
from packspec.ranges import Range, caret
from packspec.versions import Version

SECONDS = 1.5
"""How long ways out are looked for, in all."""
MOST = 3
"""How many are told."""

ANY = Range.parse("*")


class Way(Struct, frozen=True):
    """A wish, the range that helps in the place of its own, and what comes of it."""

    wish: Wish
    range: Range
    found: Resolution
    change: tuple[int, int, bool]
    """How large the change is: which number of the version moves (1 the last), by how much, and whether it goes down."""


class Ways(Struct, frozen=True):
    """At most `MOST`, the smallest change first, of so many that were tried. `all_tried` is false if time was over before the rest."""

    found: tuple[Way, ...]
    tried: int
    all_tried: bool = True


def ways_out(
    resolver: Resolver,
    wishes: Sequence[Wish],
    refusal: NoSolution,
    may_go_on: Callable[[], bool],
    question: Wish | None = None,
) -> Ways:
    """Relaxes each wish of the proof by itself; a `question` is one more that stays. `may_go_on` says whether there is time left."""

    def solve(wish: Wish, wanted: Range) -> Resolution:
        relaxed = [replace(one, range=wanted) if one == wish else one for one in wishes]
        return resolver.resolve(relaxed, may_go_on, question)

    found: list[Way] = []
    taking_part = [fact.wish for fact in refusal.proof.facts if isinstance(fact, Asked)]
    tried, all_tried = 0, True
    for wish in sorted(set(taking_part) & set(wishes), key=lambda wish: (wish.pack, wish.file, wish.group)):
        if not _wider(resolver, wish):
            continue
        tried += 1
        try:
            way = _relaxed(resolver, wish, question, solve)
        except Stopped:
            all_tried = False
            break
        except PackError:  # an index on the way cannot be read, or it takes too many steps: no way out
            continue
        if way is not None:
            found.append(way)
    return Ways(tuple(sorted(found, key=lambda way: (way.change, way.wish.pack))[:MOST]), tried, all_tried)


def _relaxed(
    resolver: Resolver, wish: Wish, question: Wish | None, solve: Callable[[Wish, Range], Resolution]
) -> Way | None:
    """Any version first, to see which is chosen; then the range that is told, because a range chooses too."""
    for wide in _wider(resolver, wish):
        try:
            chosen = solve(wish, wide).packs.get(wish.pack)
            if question is not None and question.pack == wish.pack:
                told = question.range
            else:
                told = wide if chosen is None else short_range(chosen.version)
            found = solve(wish, told)
        except (NoSolution, GaveUp):
            continue
        return Way(wish, told, found, _change(resolver, wish, found))
    return None


def _wider(resolver: Resolver, wish: Wish) -> list[Range]:
    """What a wish could ask for instead: any release, else the newest prerelease, which must be named."""
    if wish.pack in resolver.overridden:
        return []
    versions = [candidate.version for candidate in resolver.known(wish.pack).candidates]
    newest = [caret(version) for version in versions[-1:] if version.is_prerelease]
    return newest if wish.range.text.strip() in ("", "*") else [ANY, *newest]


def short_range(version: Version) -> Range:
    """The shortest caret range that means what people mean by it: `^4` for 4.0.2, `^0.9` for 0.9.4."""
    if version.is_prerelease:
        return caret(version)
    if version.major:
        return Range.parse(f"^{version.major}")
    return Range.parse(f"^0.{version.minor}" if version.minor else f"^0.0.{version.patch}")


def _change(resolver: Resolver, wish: Wish, found: Resolution) -> tuple[int, int, bool]:
    """From the nearest version that the wish would have had."""
    chosen = found.packs.get(wish.pack)
    known = resolver.known(wish.pack)
    before = [known.candidates[position].version for position in positions(known.matching(wish.range))]
    if chosen is None or not before:
        return 4, 0, False
    after = chosen.version
    return min(_step(one, after) for one in before)


def _step(before: Version, after: Version) -> tuple[int, int, bool]:
    numbers = zip((3, 2, 1), before.key[:3], after.key[:3], strict=True)
    which, old, new = next((row for row in numbers if row[1] != row[2]), (0, 0, 0))
    return which, abs(new - old), after < before
