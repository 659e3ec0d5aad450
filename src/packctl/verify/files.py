"""V5: what lies in the folder of an installed pack, against the signed tree of its release."""

from msgspec import Struct

from packctl.durable import DiskFailed, Folder
from packctl.project.files import check_files
from packctl.project.state import Receipt
from packctl.project.untouched import left_out_of
from packctl.verify.opened import Opened
from packctl.verify.result import Said
from packspec.errors import PackError, Untrusted
from packspec.lockfile import LockedPack

MOST_ERRORS = 10
"""Errors about the files of one release that are told one by one."""


class NotInstalled(Untrusted):
    """A release that should be here is not, or another one is in its place."""

    release: str
    found: str

    code = "trust.not-installed"

    def what(self) -> str:
        return f"{self.release} is not installed"

    def facts(self) -> dict[str, str]:
        return {"expected": f"{self.release} (pack.lock)", "found": self.found}

    def why(self) -> str:
        return "pack.lock changed after the last install, or somebody removed the pack"

    def fix(self) -> list[str]:
        return ["packctl install"]


class Installed(Struct, frozen=True):
    """The answer about the files of one release, how many of how many are right, and what is wrong with the others."""

    said: Said
    right: int = 0
    total: int = 0
    errors: tuple[PackError, ...] = ()


def check_installed(pack: LockedPack, receipt: Receipt | None, opened: Opened) -> Installed:
    """V5: every installed file of a release against the tree that the lock names."""
    packs, ahead = opened.packs, opened.ahead
    name = f"{pack.name} {pack.version}"
    if not (packs / pack.name).is_dir() or (receipt is not None and receipt.statement != pack.statement):
        there = str(receipt.version) if receipt is not None and (packs / pack.name).is_dir() else "nothing"
        missing = NotInstalled(name, there)
        return Installed(Said("no", "not installed", missing.code), errors=(missing,))
    tree = ahead.tree(pack.name) or opened.state.tree(pack.name)
    if tree is None or tree.digest != pack.tree:
        return Installed(Said("unchecked", "the tree of this release is not kept"))
    try:
        with Folder.open(packs) as root, root.descend(str(pack.name).split("/")) as installed:
            left_out = left_out_of(receipt, installed, tree)
            found = check_files(installed, tree, left_out=left_out, begun=ahead.begun(pack.name))
    except DiskFailed as error:
        return Installed(Said("no", "", error.code), 0, len(tree.files), (error,))
    total = len(tree.files) - len(left_out)
    if not found:
        return Installed(Said("yes"), total, total)
    errors = tuple(one.error(pack.name, name, f"{opened.folder}/{pack.name}") for one in found[:MOST_ERRORS])
    wrong = len({one.path for one in found if one.expected is not None})
    return Installed(Said("no", f"{len(found)} wrong", errors[0].code), total - wrong, total, errors)
