"""`packctl terms`: the license terms of every installed pack, and whether the policy allows them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, many, write_table
from packspec.errors import AgainstPolicy, Where

if TYPE_CHECKING:
    from packctl.project.signed import SignedPack
    from packspec.policy import Policy

EXAMPLES = ("packctl terms", "packctl terms --policy", "packctl terms --plain")


class TermsNotAllowed(AgainstPolicy):
    """A pack is installed whose license terms the policy does not allow."""

    release: str
    license: str
    allowed: tuple[str, ...]
    direct: bool = False
    """Whether pack.toml itself asks for it."""
    line: int = 0

    code = "policy.terms-not-allowed"

    def what(self) -> str:
        return f"the terms of {self.release} are not allowed: {self.license}"

    def facts(self) -> dict[str, str]:
        return {"allowed": ", ".join(self.allowed) or "none"}

    def why(self) -> str:
        return "licenses in [policy] of your config.toml and of pack.toml lists what may be used here; what both list counts"

    def fix(self) -> list[str]:
        pack = self.release.rpartition(" ")[0]
        return [
            f"packctl remove {pack}" if self.direct else "packctl list --tree",
            "or add the license to [policy] licenses",
        ]

    def where(self) -> Where | None:
        return Where("pack.lock", self.line) if self.line else None


class PackTerms(msgspec.Struct, frozen=True):
    """The terms of one installed pack, an SPDX expression. `allowed` is null where no policy lists licenses.

    `text` is the file that holds own terms (`LicenseRef-...`), as a path from the project; empty if there is none.
    """

    name: str
    version: str
    license: str
    allowed: bool | None = None
    text: str = ""


class Terms(msgspec.Struct, frozen=True):
    """The terms of the installed packs, by name. `policy` lists the licenses that are allowed; null: all are."""

    packs: list[PackTerms]
    policy: list[str] | None = None


def run(
    session: Session,
    policy: Annotated[
        bool, typer.Option("--policy", help="Fail with exit 10 if the policy does not allow one of them")
    ] = False,
) -> Outcome[Terms]:
    """Show the license terms of every installed pack.

    They are what the publishers signed and pack.lock recorded. With --policy they are held against `licenses` of [policy], in your
    config.toml and in pack.toml. Asks nobody.
    """
    from packctl.install.recovery import recovered
    from packctl.project.find import find_project
    from packctl.project.signed import signed_packs

    place, rules = find_project(session.folder), session.rules
    folder = str(rules.install.dir)
    recovered(session, place.folder, folder)
    lock = place.require_lock()
    found = list(signed_packs(place, folder, lock))
    shown = [_terms(one, rules.policy, folder) for one in found]
    allowed = None if rules.policy.licenses is None else sorted(map(str, rules.policy.licenses))
    direct = {wish.pack for wish in place.read_project().wishes()}
    errors = [
        TermsNotAllowed(
            f"{pack.locked.name} {pack.locked.version}",
            one.license,
            tuple(allowed or ()),
            pack.locked.name in direct,
            lock.line_of(pack.locked.name, "license"),
        )
        for one, pack in zip(shown, found, strict=True)
        if policy and one.allowed is False
    ]
    if policy and allowed is None:
        session.console.say("No [policy] lists licenses, so all terms are allowed")
    return Outcome(Terms(shown, allowed), errors=tuple(errors))


def _terms(one: "SignedPack", policy: "Policy", folder: str) -> PackTerms:
    pack = one.locked
    allowed = None if policy.licenses is None else policy.allows_terms(pack.license)
    file = one.manifest.pack.license_file if one.manifest and pack.license.own else None
    text = f"{folder}/{pack.name}/{file}" if file else ""
    return PackTerms(str(pack.name), str(pack.version), str(pack.license), allowed, text)


def text(result: Terms, console: Console) -> None:
    """A row per pack; whether it is allowed stands in a word where a policy says something about it."""
    if not result.packs:
        console.say("No packs are installed here")
        return
    judged, own = result.policy is not None, any(one.text for one in result.packs)
    columns = [Column("NAME", whole=True), Column("VERSION", whole=True), Column("TERMS")]
    columns += [Column("ALLOWED", whole=True)] if judged else []
    columns += [Column("TEXT", whole=True)] if own else []
    write_table(columns, (_row(one, judged, own) for one in result.packs), console)
    kinds = len({one.license for one in result.packs})
    told = "under the same terms" if kinds == 1 else f"under {kinds} different terms"
    console.say(f"{many(len(result.packs), 'pack')} {told}")


def _row(one: PackTerms, judged: bool, own: bool) -> tuple[str, ...]:
    cells: tuple[str, ...] = (one.name, one.version, one.license)
    cells += (_word(one.allowed),) if judged else ()
    return (*cells, one.text) if own else cells


def _word(allowed: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[allowed]


def plain(result: Terms) -> Iterator[tuple[str, ...]]:
    """Name, version, terms, whether they are allowed (yes, no, or empty without a policy), file of own terms."""
    for one in result.packs:
        yield one.name, one.version, one.license, _word(one.allowed), safe(one.text)
