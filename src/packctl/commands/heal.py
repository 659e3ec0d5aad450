"""`packctl heal`: fetches damaged or missing files again, those and no others."""

from typing import Annotated

import typer

from packctl.install.heal import Healed, MendedFile
from packctl.outcome import Notice, Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.progress import megabytes
from packctl.ui.table import Column, table_lines

EXAMPLES = ("packctl heal", "packctl heal acme/farm-animals")


def run(
    session: Session,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="Packs, as publisher/name; by default all")
    ] = None,
) -> Outcome[Healed]:
    """Fetch damaged or missing files again.

    Every installed file is read and compared with what its publisher signed, and so is the copy in the store. What is wrong comes from the
    store where it is good, else from the registry: those files and no others. A file that you changed, or that belongs to no pack, cannot
    be told from a damaged one; it is kept in packs/.packctl/kept. Without network whatever is whole on this machine is mended. Proofs that
    verify needs are mended, too.
    """
    from packctl.install.heal import heal
    from packspec.names import PackName

    result = heal(session, frozenset(PackName.parse(name) for name in names or ()))
    for path in result.kept:
        session.warn(Notice("install.kept", "a file of yours was in the way; it was kept", {"file": path}))
    return Outcome(result)


def text(result: Healed, console: Console) -> None:
    """Each file that was mended and how, then one line that sums them up."""
    if console.quiet:
        return
    files = 0
    for pack in result.packs:
        console.line(f"~ {safe(pack.name)} {pack.version}")
        rows = [(one.path, _how(one)) for one in pack.files]
        for line in table_lines([Column(whole=True), Column()], rows, console.width, indent=4):
            console.line(line)
        files += len(pack.files)
    if result.proofs:
        console.line(f"~ {_count(result.proofs, 'proof')} for verify: gone or damaged; fetched again")
    console.say(_summary(result, files))


def _how(one: MendedFile) -> str:
    match one.was, one.now:
        case "foreign", _:
            return "is no file of the pack; moved away"
        case "damaged", _:
            return "damaged in the store; put right from the project"
        case was, "store":
            return f"{was}; put right from the store"
        case was, _:
            return f"{was}; fetched again"


def _summary(result: Healed, files: int) -> str:
    looked = f"{_count(result.files, 'file')} of {_count(result.releases, 'pack')}"
    if not result.packs and not result.proofs:
        return f"Nothing to mend: {looked} are as pack.lock says"
    fetched = f"fetched {megabytes(result.bytes_fetched)}" if result.bytes_fetched else "no file was fetched"
    mended = [_count(files, "file")] if files else [_count(len(result.packs), "pack")] if result.packs else []
    mended += [_count(result.proofs, "proof")] if result.proofs else []
    return f"Mended {' and '.join(mended)}, {fetched}; looked at {looked} in {result.seconds:.1f} s"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
