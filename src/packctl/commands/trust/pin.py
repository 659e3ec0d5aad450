"""`packctl trust pin`: says once which root a registry has."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packspec.digests import Digest

EXAMPLES = (
    "packctl trust pin https://registry.example --root sha256:5f0c41be9d0cc2a107a1d44be8c1e6f25f0c41be9d0cc2a107a1d44be8c1e6f2",
    "packctl trust pin https://registry.example --root-file root.json",
)


class Done(msgspec.Struct, frozen=True):
    """What was pinned. `version` is the number of that root in the registry's chain; 0 with --offline, when it was not looked at."""

    address: str
    root: str
    version: int
    changed: bool


def run(
    session: Session,
    url: Annotated[str, typer.Argument(metavar="URL", help="The registry's address, or its alias")],
    root: Annotated[str, typer.Option("--root", metavar="sha256:...", help="The digest of one of its roots")] = "",
    root_file: Annotated[str, typer.Option("--root-file", metavar="FILE", help="One of its roots, as a file")] = "",
) -> Outcome[Done]:
    """Pin a registry's root by its digest.

    Any root of the registry's chain will do: its operator publishes the digest somewhere else than on the registry. The registry is asked
    whether it has that root, unless --offline is given. Without a digest a terminal shows the registry's own first root and asks.
    """
    from packctl.trust.pinning import pin

    address = _address(session, url)
    version, digest, changed = pin(session, address, _named(session, root, root_file))
    return Outcome(Done(address, digest.labelled, version, changed))


def text(result: Done, console: Console) -> None:
    """What is trusted from now on."""
    where = f"root {result.version}, " if result.version else ""
    verb = "Pinned" if result.changed else "Already pinned"
    console.line(f"{verb} {safe(result.address)}: {where}{result.root}")


def _address(session: Session, url: str) -> str:
    from packctl.registry.choose import NoRegistry
    from packctl.trust.roots import plain_address
    from packspec.labels import Label

    if "://" in url:
        return plain_address(url)
    found = session.rules.registries.get(Label(url))
    if found is None:
        raise NoRegistry(url)
    return plain_address(str(found.url))


def _named(session: Session, root: str, root_file: str) -> "Digest | None":
    from packctl.durable import read_named
    from packctl.trust.chain import check_own
    from packctl.usage import BadValue
    from packspec import limits
    from packspec.digests import Digest
    from packspec.errors import PackError

    if root and root_file:
        raise BadValue("--root-file", root_file, "one of --root and --root-file")
    if root_file:
        data = read_named(session.folder / root_file, limits.TUF_ROOT_BYTES)
        try:
            check_own(data)
        except PackError as error:
            raise BadValue("--root-file", root_file, "a registry's root as the registry has it") from error
        return Digest.of(data)
    return Digest.parse_labelled(root) if root else None
