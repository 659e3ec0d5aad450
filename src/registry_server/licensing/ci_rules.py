"""Which runs in CI may use a license: rules as they are kept, and whether a run fits one. Pure; `ci_store` keeps them."""

import msgspec

from packspec.identities.runs import Run


class CiRule(msgspec.Struct, frozen=True, kw_only=True):
    """Runs of one repository that may use a license, as it is kept.

    It is written with the repository's name, and holds for the numbers of repository and owner that its first run had: whoever gets the
    name later, or the repository, has not got the right to the license with it.
    """

    id: int
    license_id: int
    issuer: str
    repository: str
    repository_id: str
    owner_id: str
    ref: str
    pull_requests: bool
    added_by: str
    added_at: int

    @property
    def is_bound(self) -> bool:
        """Whether it holds for numbers, and no longer for a name."""
        return bool(self.repository_id and self.owner_id)

    def __str__(self) -> str:
        return f"C-{self.id}"


def why_not(rule: CiRule, run: Run) -> str:
    """Why a run may not use the license of a rule about its repository; empty where it may."""
    if rule.repository_id not in ("", run.repository_id):
        return "another repository has this name now"
    if rule.owner_id not in ("", run.owner_id):
        return "the repository has another owner now"
    if run.is_pull_request:
        return "" if rule.pull_requests else "it tests a pull request, which anybody may open"
    if rule.ref and not ref_fits(rule.ref, run.ref):
        return f"only {rule.ref} may"
    return ""


def whole_ref(pattern: str) -> str:
    """A pattern for refs as it is kept: one that does not begin with `refs/` means branches."""
    return pattern if not pattern or pattern.startswith("refs/") else f"refs/heads/{pattern}"


def ref_fits(pattern: str, ref: str) -> bool:
    """Whether a ref fits a pattern, in which `*` stands for any characters. Capitals count."""
    first, *others = pattern.split("*")
    if not others:
        return ref == pattern
    last = others.pop()
    if not ref.startswith(first) or not ref.endswith(last) or len(ref) < len(first) + len(last):
        return False
    at, end = len(first), len(ref) - len(last)
    for part in others:
        found = ref.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True
