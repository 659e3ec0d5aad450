"""What several keys of a pack.toml decide together: each rule is one short function, and the table at the end names them all.

Rules run on files with faults too, so that one reading tells everything. The table says which keys a rule needs; where one of them is
wrong already, the rule is left out.
"""

from collections.abc import Callable, Mapping

from packspec import limits
from packspec.globs import Pattern
from packspec.manifest.schema import Dependency, Pack, PackFile, Plan
from packspec.money import Money
from packspec.names import PackName
from packspec.toml import Faults, Path

SHORTEST_LEASE_SECONDS = 600
PATTERN_ENTRIES = 100
"""Most entries of `[[assets]]` with a pattern: each is tried on every file. Entries that name one file are as many as fit."""


def check_together(file: PackFile, faults: Faults) -> None:
    """Adds the faults that no single key has. `file` may be the result of a conversion with faults."""
    if not isinstance(file.pack, Pack):
        return
    for rule, needs in _RULES:
        if not any(faults.at(path) for path in needs):
            rule(file, faults)


def _ages_ascend(file: PackFile, faults: Faults) -> None:
    ages = file.pack.ages
    if ages is not None and ages.max < ages.min:
        faults.add(("pack", "ages", "max"), f"is {ages.max}, less than min, which is {ages.min}")


def _own_terms_have_a_text(file: PackFile, faults: Faults) -> None:
    if file.pack.license.own and file.pack.license_file is None:
        faults.add(("pack", "license-file"), f"is required, because license names {', '.join(file.pack.license.own)}")


def _only_modules_need_python(file: PackFile, faults: Faults) -> None:
    if file.pack.python is not None and file.pack.kind != "module":
        faults.add(("pack", "python"), f"is for kind module only; this pack is of kind {file.pack.kind}")
    if file.pack.packages and file.pack.kind == "content":
        faults.add(("pack", "packages"), "is for kinds module and tool only; this pack is of kind content")


def _only_tools_are_launched(file: PackFile, faults: Faults) -> None:
    if file.tool is not None and file.pack.kind != "tool":
        faults.add(("tool",), f"is for kind tool only; this pack is of kind {file.pack.kind}")


def _nobody_needs_itself(file: PackFile, faults: Faults) -> None:
    own = file.pack.name
    for table in (("dependencies", file.dependencies), ("conflicts", file.pack.conflicts)):
        if own in table[1]:
            path = ("dependencies", str(own)) if table[0] == "dependencies" else ("pack", "conflicts", str(own))
            faults.add(path, "is this pack itself")


def dependency_faults(dependencies: Mapping[PackName, Dependency], path: Path, faults: Faults) -> None:
    """Adds what the keys of a dependency decide together; `path` is where the table of dependencies stands."""
    for name, wish in dependencies.items():
        if wish.optional and wish.kind != "requires":
            reason = f"is for kind requires only; kind {wish.kind} is never installed for its own sake"
            faults.add((*path, str(name), "optional"), reason)
        if wish.assets and wish.kind != "enhances":
            faults.add((*path, str(name), "assets"), f"is for kind enhances only; this one is of kind {wish.kind}")


def _options_of_dependencies(file: PackFile, faults: Faults) -> None:
    dependency_faults(file.dependencies, ("dependencies",), faults)


def _price_or_plans(file: PackFile, faults: Faults) -> None:
    if file.pack.price is not None and file.plans:
        faults.add(
            ("pack", "price"), "is short for one plan; [[plans]] says the same in full, so only one of them may stand"
        )
    if file.pack.price is not None:
        _amount(("pack", "price", "amount"), file.pack.price.amount, file.pack.price.currency, faults)


def _plans_are_whole(file: PackFile, faults: Faults) -> None:
    seen: set[str] = set()
    for position, plan in enumerate(file.plans):
        here = ("plans", position)
        if plan.id in seen:
            faults.add((*here, "id"), f"{plan.id!r} stands twice")
        seen.add(plan.id)
        if (plan.amount is None) != (plan.currency is None):
            faults.add(
                (*here, "currency" if plan.currency is None else "amount"),
                "is required: amount and currency stand together",
            )
        elif plan.amount is not None and plan.currency is not None:
            _amount((*here, "amount"), plan.amount, plan.currency, faults)
        if plan.kind in ("subscription", "trial") and plan.duration is None:
            faults.add((*here, "duration"), f"is required for kind {plan.kind}")
        _plan_of_its_kind(plan, here, faults)


def _plan_of_its_kind(plan: Plan, here: Path, faults: Faults) -> None:
    if plan.kind == "trial" and plan.unit != "account":
        faults.add((*here, "unit"), "is account for kind trial")
    if plan.kind != "trial" and plan.counts_from != "purchase":
        faults.add((*here, "counts-from"), f"is for kind trial only; this plan is of kind {plan.kind}")
    if plan.kind == "custom" and plan.contact is None:
        faults.add((*here, "contact"), "is required for kind custom: it says whom to ask")
    if plan.kind == "custom" and plan.amount is not None:
        faults.add((*here, "amount"), "is for plans that can be bought; kind custom says whom to ask")
    for key, time in (
        ("duration", plan.duration),
        ("updates", plan.updates),
        ("lease", plan.lease),
        ("grace", plan.grace),
    ):
        if time is not None and time.seconds > limits.LONGEST_PLAN_SECONDS:
            faults.add((*here, key), f"is {time}, longer than 100 years")
    if plan.lease is not None and plan.lease.seconds < SHORTEST_LEASE_SECONDS:
        faults.add((*here, "lease"), f"is {plan.lease}; a lease lasts {SHORTEST_LEASE_SECONDS // 60} minutes at least")


def _amount(path: Path, amount: str, currency: str, faults: Faults) -> None:
    try:
        Money.parse(amount, currency)
    except ValueError as error:
        faults.add(path, str(error))


def _contents_once(file: PackFile, faults: Faults) -> None:
    seen: set[str] = set()
    for position, content in enumerate(file.contents):
        if content.ref in seen:
            faults.add(("contents", position, "ref"), f"{content.ref[:80]!r} stands twice")
        seen.add(content.ref)


def _asset_entries(file: PackFile, faults: Faults) -> None:
    patterns = 0
    for position, entry in enumerate(file.assets):
        if not isinstance(entry.path, Pattern):
            continue
        patterns += not entry.path.is_path
        if patterns > PATTERN_ENTRIES:
            faults.add(
                ("assets", position, "path"),
                f"is pattern number {patterns}; at most {PATTERN_ENTRIES} entries may have one",
            )
            return
        if entry.variants and not entry.path.is_path:
            faults.add(("assets", position, "variants"), "needs a path that names one file")


def _features_are_declared(file: PackFile, faults: Faults) -> None:
    declared = file.pack.features
    if not declared:
        return
    for position, entry in enumerate(file.assets):
        for place, feature in enumerate(entry.features or ()):
            if feature not in declared:
                faults.add(("assets", position, "features", place), f"{feature} is not among the features of [pack]")


_RULES: tuple[tuple[Callable[[PackFile, Faults], None], tuple[Path, ...]], ...] = (
    (_ages_ascend, (("pack", "ages"),)),
    (_own_terms_have_a_text, (("pack", "license"), ("pack", "license-file"))),
    (_only_modules_need_python, (("pack", "kind"),)),
    (_only_tools_are_launched, (("pack", "kind"),)),
    (_nobody_needs_itself, (("pack", "name"),)),
    (_options_of_dependencies, ()),
    (_price_or_plans, (("pack", "price"),)),
    (_plans_are_whole, ()),
    (_contents_once, (("contents",),)),
    (_asset_entries, ()),
    (_features_are_declared, (("pack", "features"),)),
)
