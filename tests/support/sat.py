"""A second opinion on resolutions: a scenario as clauses for a SAT solver. Shares no line with the resolver, only ranges and versions."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pysat.card import CardEnc
from pysat.formula import IDPool
from pysat.solvers import Solver

from packspec.ranges import Range
from packspec.versions import Version

LICENSES: Mapping[str, Callable[[set[str]], bool]] = {
    "MIT": lambda allowed: "MIT" in allowed,
    "CC-BY-4.0": lambda allowed: "CC-BY-4.0" in allowed,
    "MIT OR GPL-3.0-only": lambda allowed: bool(allowed & {"MIT", "GPL-3.0-only"}),
    "MIT AND CC-BY-4.0": lambda allowed: allowed >= {"MIT", "CC-BY-4.0"},
    "GPL-3.0-only AND (MIT OR CC-BY-4.0)": lambda allowed: (
        "GPL-3.0-only" in allowed and bool(allowed & {"MIT", "CC-BY-4.0"})
    ),
}
"""The terms that random worlds use, each with what it means."""
SAFETY = ("none", "pending", "attested", "certified")
DAY = 86_400


class Wish(NamedTuple):
    """One line of the root."""

    pack: str
    range: str
    kind: str = "requires"
    optional: bool = False


def wishes_of(root: Mapping[str, Any]) -> list[Wish]:
    """Those of the root and of its groups."""
    tables = [root.get("dependencies", {}), *root.get("groups", {}).values()]
    return [_wish(pack, said) for table in tables for pack, said in table.items()]


def _wish(pack: str, said: Any) -> Wish:
    if isinstance(said, str):
        return Wish(pack, said)
    return Wish(pack, said["version"], said.get("kind", "requires"), said.get("optional", False))


class Oracle:
    """The clauses of a scenario, wishes not included."""

    def __init__(
        self, data: Mapping[str, Any], forbidden: Callable[[str, str], bool] = lambda pack, version: False
    ) -> None:
        self.root: Mapping[str, Any] = data["root"]
        self.packs: Mapping[str, Mapping[str, Mapping[str, Any]]] = data["packs"]
        self._pool = IDPool()
        self.clauses: list[list[int]] = []
        for pack, releases in self.packs.items():
            chosen = [self.chosen(pack, version) for version in releases]
            self.clauses += [[-one, -other] for n, one in enumerate(chosen) for other in chosen[:n]]
            for version, release in releases.items():
                here = self.chosen(pack, version)
                if self._excluded(pack, version, release) or forbidden(pack, version):
                    self.clauses.append([-here])
                for name, said in release.get("dependencies", {}).items():
                    need = _wish(name, said)
                    if not need.optional:
                        self.clauses += [[-here, *clause] for clause in self.of(need)]
                for name, text in release.get("conflicts", {}).items():
                    for other in self.packs.get(name, {}):
                        if Range.parse(text).allows(Version.parse(other), True):
                            self.clauses.append([-here, -self.chosen(name, other)])

    def chosen(self, pack: str, version: str) -> int:
        """The variable that says that this release is in the solution."""
        number: int = self._pool.id((pack, version))
        return number

    def of(self, wish: Wish) -> list[list[int]]:
        """What a wish says."""
        text = self.root.get("overrides", {}).get(wish.pack, wish.range)
        inside = {v: self._matches(wish.pack, Range.parse(text), v) for v in self.packs.get(wish.pack, {})}
        if wish.kind == "requires":
            return [[self.chosen(wish.pack, version) for version, fits in inside.items() if fits]]
        return [[-self.chosen(wish.pack, version)] for version, fits in inside.items() if not fits]

    def at_most(self, count: int, releases: Iterable[tuple[str, str]]) -> None:
        """No more than `count` of these."""
        literals = [self.chosen(*release) for release in releases]
        if count < len(literals):
            self.clauses += CardEnc.atmost(literals, count, vpool=self._pool).clauses

    def solvable(self, wishes: Iterable[Wish], more: Iterable[list[int]] = ()) -> bool:
        """Whether there is a solution with these required wishes and limits."""
        with Solver(name="cadical153") as solver:
            for clause in (*self.clauses, *(clause for wish in wishes for clause in self.of(wish)), *more):
                if not clause:
                    return False
                solver.add_clause(clause)
            return bool(solver.solve())

    def holds(self, wishes: Iterable[Wish], solution: Mapping[str, str]) -> bool:
        """Whether a choice is right: these releases and no others."""
        exactly = [
            [self.chosen(pack, version) * (1 if solution.get(pack) == version else -1)]
            for pack, releases in self.packs.items()
            for version in releases
        ]
        known = all(version in self.packs[pack] for pack, version in solution.items())
        return known and self.solvable(wishes, exactly)

    def _matches(self, pack: str, wanted: Range, text: str) -> bool:
        version = Version.parse(text)
        if self.root.get("pre") or (version.is_prerelease and self.root.get("locked", {}).get(pack) == text):
            return wanted.allows(version, True)
        return wanted.allows(version)

    def _excluded(self, pack: str, version: str, release: Mapping[str, Any]) -> bool:
        root, policy = self.root, self.root.get("policy", {})
        is_locked = root.get("locked", {}).get(pack) == version
        now, at = root.get("at", root.get("now", 0)), release.get("at", 0)
        app = root.get("host", {}).get("apps", {}).get("storybook")
        wanted_app = release.get("hosts", {}).get("storybook")
        return any(
            [
                release.get("recalled"),
                release.get("yanked") and not is_locked,
                at > root.get("at", at),
                pack in policy.get("deny", ()),
                "ages" in policy and not _within(release.get("ages"), policy["ages"]),
                "licenses" in policy and not LICENSES[release["license"]](set(policy["licenses"])),
                SAFETY.index(release.get("safety", "certified")) < SAFETY.index(policy.get("min-safety", "none")),
                now - at < int(policy.get("min-age", "0d").removesuffix("d")) * DAY,
                "early-access" in release and now < at + DAY and not is_locked,
                pack in release.get("dependencies", {}),
                app and wanted_app and not int(wanted_app.removeprefix("<")) > int(app),
            ]
        )


def _within(ages: Mapping[str, int] | None, wanted: Mapping[str, int]) -> bool:
    return ages is not None and wanted["min"] <= ages["min"] and ages["max"] <= wanted["max"]
