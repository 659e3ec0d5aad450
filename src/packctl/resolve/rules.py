"""The constraints that are built in: a release's state, its age, the policy, the host (docs/spec/resolver.md).

Each rule looks once at what is wanted and makes a constraint of it, or none where nothing is demanded.
"""

from collections.abc import Callable

from packctl.resolve.constraint import Constraint
from packctl.resolve.wanted import Candidate, Wanted
from packspec.hosts import BadRequirement, Needs, fits
from packspec.moments import moment
from packspec.names import PackName
from packspec.policy import Safety
from packspec.terms import Terms


def constraints_of(wanted: Wanted) -> tuple[Constraint, ...]:
    """Every constraint, in order: the first that excludes a release is told. Those from outside come last."""
    made = (rule(wanted) for rule in _RULES)
    return (*(constraint for constraint in made if constraint is not None), *wanted.constraints)


def _state(wanted: Wanted) -> Constraint:
    """I7: recalled never, yanked only if locked."""
    locked = wanted.locked

    def excludes(pack: PackName, release: Candidate) -> str | None:
        if release.state == "published":
            return None
        because = f" ({release.reason})" if release.reason else ""
        if release.state == "recalled" and not release.only_warns:
            return f"was recalled{because}"
        if release.state in ("yanked", "recalled") and locked.get(pack) != release.version:
            return f"was {release.state}{because}"
        return None

    return excludes


def _published_later(wanted: Wanted) -> Constraint | None:
    as_of = wanted.as_of
    if as_of is None:
        return None
    told = f"was published after {moment(as_of)}"
    return lambda _pack, release: told if release.at > as_of else None


def _pack_allowed(wanted: Wanted) -> Constraint | None:
    policy = wanted.policy
    if policy.allow is None and policy.deny is None:
        return None
    told = "is not among the packs that [policy] allows"
    return lambda pack, _release: None if policy.allows_pack(pack) else told


def _license(wanted: Wanted) -> Constraint | None:
    policy = wanted.policy
    if policy.licenses is None:
        return None

    def excludes(_pack: PackName, release: Candidate) -> str | None:
        try:
            allowed = policy.allows_terms(Terms.parse(release.license))
        except ValueError:
            allowed = False  # terms that we cannot read, nobody has allowed
        return None if allowed else f"has the terms {release.license}, which [policy] does not allow"

    return excludes


def _safety(wanted: Wanted) -> Constraint | None:
    policy = wanted.policy
    if policy.min_safety is None:
        return None

    def excludes(_pack: PackName, release: Candidate) -> str | None:
        safety = Safety(release.safety) if release.safety in set(Safety) else Safety.NONE
        if policy.allows_safety(safety):
            return None
        return f"has safety {release.safety}, and [policy] asks for {policy.min_safety}"

    return excludes


def _ages(wanted: Wanted) -> Constraint | None:
    within = wanted.policy.ages
    if within is None:
        return None

    def excludes(_pack: PackName, release: Candidate) -> str | None:
        ages = release.facts.ages
        if wanted.policy.allows_ages(ages):
            return None
        made_for = "names no ages" if ages is None else f"is made for ages {ages.min} to {ages.max}"
        return f"{made_for}, and [policy] asks for {within.min} to {within.max}"

    return excludes


def _age_of_release(wanted: Wanted) -> Constraint | None:
    policy, now = wanted.policy, _moment(wanted)
    if policy.min_age is None:
        return None
    told = f"is younger than {policy.min_age} (min-age of [policy])"
    return lambda _pack, release: None if policy.allows_age_of_release(now - release.at) else told


def _early_access(wanted: Wanted) -> Constraint:
    now, locked, has_early = _moment(wanted), wanted.locked, wanted.has_early

    def excludes(pack: PackName, release: Candidate) -> str | None:
        early = release.facts.early_access
        if early is None or now >= release.at + early or locked.get(pack) == release.version:
            return None
        return None if has_early(pack, release) else "is in early access"

    return excludes


def _moment(wanted: Wanted) -> int:
    """What ages are counted to."""
    return wanted.now if wanted.as_of is None else wanted.as_of


def _itself(_wanted: Wanted) -> Constraint:
    def excludes(pack: PackName, release: Candidate) -> str | None:
        for dependency in release.facts.dependencies:
            if dependency.pack == pack:
                return "depends on itself"
        return None

    return excludes


def _host(wanted: Wanted) -> Constraint:
    host = wanted.host

    def excludes(_pack: PackName, release: Candidate) -> str | None:
        facts = release.facts
        if not (facts.hosts or facts.python or facts.packages or facts.features):
            return None
        try:
            misfit = fits(Needs.parse(facts.hosts, facts.python, facts.packages, facts.features), host)
        except BadRequirement as error:
            return f"names something around it that cannot be read: {error}"
        return None if misfit is None else f"needs {misfit.needs}, and [host] has {misfit.there}"

    return excludes


_RULES: tuple[Callable[[Wanted], Constraint | None], ...] = (
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
