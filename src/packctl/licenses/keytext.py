"""Where a license key comes from: a file, stdin, a prompt without echo, or the environment of a CI run. Never an argument."""

from typing import TYPE_CHECKING

from packctl.durable import read_named
from packspec.licenses.keys import LicenseKey

if TYPE_CHECKING:
    from packctl.session import Session

KEY_BYTES = 4096


def given_key(session: "Session") -> LicenseKey | None:
    """The key of PACKCTL_LICENSE_FILE or PACKCTL_LICENSE, if one is set. Raises BadLicenseKey, NoSuchFile, DiskFailed."""
    settings = session.settings
    if settings.license_file:
        return _parse(read_named(session.folder / settings.license_file, KEY_BYTES, "PACKCTL_LICENSE_FILE"))
    return LicenseKey.parse(settings.license.reveal()) if settings.license else None


def asked_key(session: "Session", file: str) -> LicenseKey:
    """The key in `file`, on stdin (`-`), or typed by the person. Raises BadLicenseKey, NoSuchFile, NeedsAnswer."""
    if file == "-":
        return LicenseKey.parse(session.ask.secret_from_stdin("the license key", "--key-file -"))
    if file:
        return _parse(read_named(session.folder / file, KEY_BYTES, "--key-file"))
    return LicenseKey.parse(session.ask.secret("License key (not shown)", option="--key-file FILE"))


def _parse(data: bytes) -> LicenseKey:
    return LicenseKey.parse(data.decode("utf-8", "replace").strip().partition("\n")[0])
