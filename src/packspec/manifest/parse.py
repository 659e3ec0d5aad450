"""`parse_manifest`: the bytes of a pack.toml to a Manifest, or all of its faults."""

import msgspec

from packspec import facts
from packspec.facts import Facts
from packspec.manifest.checks import check_together
from packspec.manifest.faults import ManifestFaults, read_toml
from packspec.manifest.schema import PROJECT_TABLES, PackFile
from packspec.money import Money
from packspec.toml import Fault, Faults, Lines, convert


class Manifest(PackFile, frozen=True, kw_only=True):
    """What a pack.toml says about a pack, checked. Made by `parse_manifest` only."""

    project_tables: tuple[str, ...] = ()
    """Which tables of a project stand in the same file, in the order of the alphabet."""
    lines: Lines = Lines()
    """On which line each key stands, for findings of later checks."""

    @property
    def title(self) -> str:
        """The title; the second half of the name where none is given."""
        return self.pack.title or self.pack.name.name

    @property
    def price(self) -> Money | None:
        """The price of the short form `[pack] price`."""
        price = self.pack.price
        return Money.parse(price.amount, price.currency) if price else None

    @property
    def paid(self) -> bool:
        """Whether a license must be held: a price above zero, or plans of which none is free."""
        if self.plans:
            return all(plan.kind != "free" for plan in self.plans)
        return self.price is not None and self.price.minor > 0

    def facts(self) -> Facts:
        """What a resolver reads of this release, as it is signed (docs/spec/facts.md)."""
        pack = self.pack
        return Facts(
            kind=pack.kind,
            dependencies=tuple(
                facts.Dependency(pack=name, range=wish.version, kind=wish.kind, optional=wish.optional)
                for name, wish in sorted(self.dependencies.items())
            ),
            conflicts=tuple(
                facts.ConflictWith(pack=name, range=range) for name, range in sorted(pack.conflicts.items())
            ),
            hosts={str(host): str(range) for host, range in pack.hosts.items()},
            packages=tuple(str(package) for package in pack.packages),
            features=tuple(str(feature) for feature in pack.features),
            python=None if pack.python is None else str(pack.python),
            ages=None if pack.ages is None else facts.Ages(min=pack.ages.min, max=pack.ages.max),
            early_access=None if pack.early_access is None else pack.early_access.seconds,
            category=pack.category if self.paid or pack.early_access else None,
        )


def parse_manifest(data: bytes, *, strict: bool) -> Manifest:
    """Reads the pack.toml of a pack. Raises ManifestFaults with every fault that can be found, and no other.

    `strict` (a source folder, an upload): keys that we do not know are faults. Otherwise (the pack.toml of a release) they are ignored,
    because a newer packctl may have built it. Tables of a project are not read here.
    """
    text = read_toml(data, "pack.toml")
    if "pack" not in text.values:
        raise ManifestFaults((Fault("pack", "is required: this file describes no pack"),))
    faults = Faults()
    made = convert(text.values, PackFile, faults, strict=strict)
    check_together(made, faults)
    if faults:
        raise ManifestFaults(faults.listed(text.lines))
    return Manifest(
        **{field: getattr(made, field) for field in msgspec.structs.asdict(made)},
        project_tables=tuple(table for table in PROJECT_TABLES if table in text.values),
        lines=text.lines,
    )
