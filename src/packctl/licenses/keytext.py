"""Where a license key comes from: a file, stdin, a prompt without echo, or the environment of a CI run. Never an argument."""

from pathlib import Path
from typing import TYPE_CHECKING

from packctl.durable import read_named
from packspec.licenses.keys import BadLicenseKey, LicenseKey

if TYPE_CHECKING:
    from packctl.session import Session

KEY_BYTES = 4096


def given_key(session: "Session") -> LicenseKey | None:
    """The key of PACKCTL_LICENSE_FILE or PACKCTL_LICENSE, if one is set. Raises BadLicenseKey, NoSuchFile, DiskFailed."""
    settings = session.settings
    if settings.license_file:
        return _read(session.folder / settings.license_file, "PACKCTL_LICENSE_FILE")
    return _parse(settings.license.reveal(), "PACKCTL_LICENSE") if settings.license else None


def variable_of_key(session: "Session") -> str:
    """The name of the variable that `given_key` has the key from."""
    return "PACKCTL_LICENSE_FILE" if session.settings.license_file else "PACKCTL_LICENSE"


def asked_key(session: "Session", file: str) -> LicenseKey:
    """The key in `file`, on stdin (`-`), or typed by the person. Raises BadLicenseKey, NoSuchFile, NeedsAnswer."""
    if file == "-":
        return LicenseKey.parse(session.ask.secret_from_stdin("the license key", "--key-file -"))
    if file:
        return _read(session.folder / file, "--key-file")
    return LicenseKey.parse(session.ask.secret("License key (not shown)", option="--key-file FILE"))


def _read(path: Path, source: str) -> LicenseKey:
    text = read_named(path, KEY_BYTES, source).decode("utf-8-sig", "replace")  # an editor may have put a mark in front
    return _parse(text.strip().partition("\n")[0], source)


def _parse(text: str, source: str) -> LicenseKey:
    try:
        return LicenseKey.parse(text)
    except BadLicenseKey as error:
        raise BadLicenseKey(error.reason, source) from None
