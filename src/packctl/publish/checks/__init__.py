"""What is looked for before a pack is built: one file per check, and the table of them all.

A check sees the whole subject and gives findings, each with its place. Errors stop a build; warnings stop it with `--strict` alone. The
registry repeats all of it on the archive (docs/spec/checks.md).
"""

from collections.abc import Callable, Iterable, Sequence

from packctl.publish.checks import assets, contents, empty, listings, names, project_tables, scripts
from packctl.publish.checks.subject import Subject
from packspec.checks import Finding, Level
from packspec.errors import Invalid, Where

__all__ = ["CHECKS", "ChecksFailed", "Subject", "place_of", "refuse", "run_checks"]

CHECKS: tuple[Callable[[Subject], Iterable[Finding]], ...] = (
    names.check,
    project_tables.check,
    assets.check,
    listings.check,
    scripts.check,
    empty.check,
    contents.check,
)
"""In the order in which findings are told; the one that reads every file is last."""
_SHOWN = 30


class ChecksFailed(Invalid):
    """Findings stop a build. Holds those that do; with `strict` warnings are among them."""

    findings: tuple[Finding, ...]
    strict: bool = False

    code = "publish.checks-failed"

    def what(self) -> str:
        count = len(self.findings)
        return f"{count} {'finding' if count == 1 else 'findings'} must be put right before the pack can be built"

    def facts(self) -> dict[str, str]:
        told: dict[str, str] = {}
        for finding in self.findings[:_SHOWN]:
            label = place_of(finding) or "pack"
            text = f"{finding.text} [{finding.code}]"
            told[label] = f"{told[label]}; {text}" if label in told else text
        more = len(self.findings) - _SHOWN
        return told | ({"and": f"{more} more; --json lists all"} if more > 0 else {})

    def why(self) -> str:
        if self.strict and all(finding.level is not Level.ERROR for finding in self.findings):
            return "--strict makes warnings count as errors"
        return "the registry would refuse it, and what was published could not be taken back"

    def fix(self) -> list[str]:
        codes = sorted({finding.code for finding in self.findings})
        return ["put them right and run the command again", *(f"packctl explain {code}" for code in codes[:3])]

    def where(self) -> Where | None:
        first = self.findings[0]
        return Where(first.path, first.line) if first.path else None


def place_of(finding: Finding) -> str:
    """Where it is, for people: `assets/cow.svg`, `pack.toml:12`, or empty for the pack as a whole."""
    return f"{finding.path}:{finding.line}" if finding.line else finding.path


def run_checks(subject: Subject) -> list[Finding]:
    """All findings: those of collecting first, then check by check."""
    return [*subject.collected.findings, *(finding for check in CHECKS for finding in check(subject))]


def refuse(findings: Sequence[Finding], *, strict: bool = False) -> None:
    """Raises ChecksFailed if one of the findings is an error, or with `strict` a warning."""
    stopping = (Level.ERROR, Level.WARNING) if strict else (Level.ERROR,)
    found = tuple(finding for finding in findings if finding.level in stopping)
    if found:
        raise ChecksFailed(found, strict)
