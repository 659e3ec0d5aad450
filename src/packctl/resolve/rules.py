"""What rules a release out before any wish is looked at: its state, its age, the policy, the host (docs/spec/resolver.md)."""

from collections.abc import Callable

from packctl.resolve.wanted import Candidate, Wanted
from packspec.hosts import BadRequirement, Needs, fits
from packspec.names import PackName
from packspec.policy import Safety
from packspec.terms import Terms


def exclusion(pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    """Why a release cannot be used, as what follows its name in a sentence; None if it can. The first reason, in this order, is told."""
    for rule in _RULES:
        why = rule(pack, release, wanted)
        if why is not None:
            return why
    return None


def _state(pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    """I7: recalled never, yanked only if locked."""
    because = f" ({release.reason})" if release.reason else ""
    if release.state == "recalled" and not release.only_warns:
        return f"was recalled{because}"
    if release.state in ("yanked", "recalled") and wanted.locked.get(pack) != release.version:
        return f"was {release.state}{because}"
    return None


def _published_later(_pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    return "was published later" if wanted.as_of is not None and release.at > wanted.as_of else None


def _pack_allowed(pack: PackName, _release: Candidate, wanted: Wanted) -> str | None:
    return None if wanted.policy.allows_pack(pack) else "is not among the packs that [policy] allows"


def _license(_pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    if wanted.policy.licenses is None:
        return None
    try:
        allowed = wanted.policy.allows_terms(Terms.parse(release.license))
    except ValueError:
        allowed = False  # terms that we cannot read, nobody has allowed
    return None if allowed else f"has the terms {release.license}, which [policy] does not allow"


def _safety(_pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    safety = Safety(release.safety) if release.safety in set(Safety) else Safety.NONE
    if wanted.policy.allows_safety(safety):
        return None
    return f"has safety {release.safety}, and [policy] asks for {wanted.policy.min_safety}"


def _ages(_pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    within, ages = wanted.policy.ages, release.facts.ages
    if within is None or wanted.policy.allows_ages(ages):
        return None
    made_for = "names no ages" if ages is None else f"is made for ages {ages.min} to {ages.max}"
    return f"{made_for}, and [policy] asks for {within.min} to {within.max}"


def _age_of_release(_pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    now = wanted.now if wanted.as_of is None else wanted.as_of
    if wanted.policy.allows_age_of_release(now - release.at):
        return None
    return f"is younger than {wanted.policy.min_age} (min-age of [policy])"


def _early_access(pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    early = release.facts.early_access
    now = wanted.now if wanted.as_of is None else wanted.as_of
    if early is None or pack in wanted.early_access or wanted.locked.get(pack) == release.version:
        return None
    return "is in early access" if now < release.at + early else None


def _host(_pack: PackName, release: Candidate, wanted: Wanted) -> str | None:
    facts = release.facts
    if not (facts.hosts or facts.python or facts.packages or facts.features):
        return None
    try:
        misfit = fits(Needs.parse(facts.hosts, facts.python, facts.packages, facts.features), wanted.host)
    except BadRequirement as error:
        return f"names something around it that cannot be read: {error}"
    return None if misfit is None else f"needs {misfit.needs}, and [host] has {misfit.there}"


def _itself(pack: PackName, release: Candidate, _wanted: Wanted) -> str | None:
    depends = any(dependency.pack == pack for dependency in release.facts.dependencies)
    return "depends on itself" if depends else None


_RULES: tuple[Callable[[PackName, Candidate, Wanted], str | None], ...] = (
    _state,
    _published_later,
    _pack_allowed,
    _license,
    _safety,
    _ages,
    _age_of_release,
    _early_access,
    _itself,
    _host,
)
