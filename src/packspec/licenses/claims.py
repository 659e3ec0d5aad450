"""Between a license and the claims of its tokens: what the registry writes of it, and what a reader gets back for `may_use`."""

from packspec.licenses.plans import Plan
from packspec.licenses.status import LicenseFacts
from packspec.licenses.token import Right as Claims
from packspec.licenses.use import Right


def claims_of(plan: Plan, facts: LicenseFacts, quantity: int, seq: int) -> Claims:
    """`lic` of a token: the license as it is now."""
    right = Right.of(plan, facts.starts_at)
    return Claims(
        kind=plan.kind,
        plan=plan.id,
        pack=right.pack,
        covers=right.covers,
        versions=right.versions,
        updates_until=right.updates_until,
        starts=facts.starts_at,
        ends=facts.ends_at,
        trial_until=facts.trial_until,
        cancel_at=facts.cancel_at,
        past_due_since=facts.past_due_since,
        grace_s=facts.grace_s,
        freshness=plan.freshness,
        max_instances=plan.machines(quantity),
        max_users=plan.persons(quantity),
        max_ci=plan.ci_runs(quantity),
        domains=right.domains,
        features=right.features,
        seq=seq,
    )


def right_of(claims: Claims) -> Right:
    """Which releases the license of a token is for."""
    return Right(
        pack=claims.pack,
        covers=claims.covers,
        versions=claims.versions,
        updates_until=claims.updates_until,
        features=claims.features,
        domains=claims.domains,
    )


def facts_of(claims: Claims, revoked_at: int | None = None) -> LicenseFacts:
    """What the status follows from, as the token tells it; `revoked_at` where a status list says so."""
    return LicenseFacts(
        starts_at=claims.starts,
        ends_at=claims.ends,
        grace_s=claims.grace_s,
        trial_until=claims.trial_until,
        cancel_at=claims.cancel_at,
        past_due_since=claims.past_due_since,
        revoked_at=revoked_at,
    )
