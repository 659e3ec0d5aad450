"""Codes of the room `policy`: a rule says no to everybody."""

CODES = {
    "policy.client-too-old": (
        "A signed document carries a format number that this packctl does not know. Fields that may be overlooked are added without a new "
        "number, so a new number means that overlooking the change would be unsafe. Upgrade packctl."
    ),
    "policy.release-recalled": (
        "The registry has called this release back with action stop, with the reason given: it must not be installed, even if it is "
        "locked. Where it is installed it stays until you remove it; packctl audit --fix moves it away and proposes the replacement. No "
        "setting hides a recall."
    ),
    "policy.release-yanked": (
        "Its publisher took this release back. Projects that have it in pack.lock keep it and can install it again; nobody else gets it, "
        "also not by naming the version. Choose another version, or take over the pack.lock of a project that has it."
    ),
    "policy.safety-too-low": (
        "[policy] min-safety of your config.toml or of pack.toml asks for a safety level: none, pending, attested (its publisher signed a "
        "declaration, which the reviewers cite) or certified (the reviewers vouch for it themselves). A release has the lowest level among "
        "its approvals, for ever. New ones below it are never chosen; this one was locked before the rule, or by other means. Update to a "
        "release that has the level, or lower the rule."
    ),
    "policy.terms-not-allowed": (
        "The policy lists the licenses that may be used, in [policy] licenses of your config.toml, of pack.toml, or of both, and the "
        "terms of an installed pack need one that is not on it. Of MIT OR Apache-2.0 one side must be listed, of MIT AND CC-BY-4.0 "
        "both. Where both files have a list, a license counts only if both name it."
    ),
    "policy.exception-expired": (
        "[[audit.ignore]] of pack.toml accepts a finding of packctl audit until a day, and this one's day is over. That fails, whether "
        "the finding is still there or not, so that somebody looks again. Take the exception out, or give it a later day and a reason "
        "that still holds."
    ),
    "policy.exception-unused": (
        "A note of packctl audit: an exception in pack.toml covers no finding. What it was made for is gone; or its path is not a way "
        "by which the pack comes in (packctl why NAME lists them all, and each must be covered); or its code is that of an error, which "
        "nothing hides."
    ),
}
