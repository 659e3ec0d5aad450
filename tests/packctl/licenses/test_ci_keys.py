"""The key of a run in CI, as people get it wrong: the variable is named, the key never shown, and all that is missing is told at once."""

import os
from pathlib import Path

import pytest

from packspec.protocol.licenses import Issued
from tests.packctl.licenses.conftest import Store


@pytest.fixture(scope="module")
def sold(store: Store) -> Issued:
    return store.issue()


def run(store: Store, data: bytes | None, **environ: str) -> tuple[int, str]:
    """A run that needs acme/pro, with this key file or these variables."""
    person = store.person(
        "ci", CI="true", BUILD_ID="7", **({} if data is None else {"PACKCTL_LICENSE_FILE": "key.txt"}), **environ
    )
    if data is not None:
        (person.here / "key.txt").write_bytes(data)
    ended = person.runs("add", "acme/pro")
    assert not (person.data / "licenses").exists(), "neither a place nor a device key"
    return ended.code, ended.out + ended.err


@pytest.mark.parametrize("form", ["{}", "\ufeff{}", "\r\n{}\r\n", "  {}  \nwhat else stands there", "{0}\n"])
def test_a_key_file_is_read_as_editors_write_it(store: Store, sold: Issued, form: str) -> None:
    code, said = run(store, form.format(sold.key).encode(), PACKCTL_LICENSE="not looked at")
    assert (code, f"licensed acme/pro by {sold.license.id} (ci" in said) == (0, True), said


@pytest.mark.parametrize("wrong", ["  ", "{0}0", "{0}\n{0}", '"{0}"', "x" * 5000, "\u2603\x1b[31m"])
def test_a_key_with_a_fault_is_told_with_its_variable_and_not_shown(store: Store, sold: Issued, wrong: str) -> None:
    text = wrong.format(sold.key)
    code, said = run(store, None, PACKCTL_LICENSE=text)
    assert (code, "error[licensing.malformed-key]" in said, " PACKCTL_LICENSE\n" in said) == (2, True, True), said
    assert sold.key[:11] not in said and "\x1b" not in said


@pytest.mark.parametrize(
    ("data", "code", "error"),
    [
        (b"", 2, "licensing.malformed-key"),
        (bytes(range(256)), 2, "licensing.malformed-key"),
        (b"A" * 5000, 1, "install.too-large"),
    ],
)
def test_a_file_that_holds_no_key_is_told(store: Store, data: bytes, code: int, error: str) -> None:
    ended, said = run(store, data)
    assert (ended, f"error[{error}]" in said, "key.txt" in said or "PACKCTL_LICENSE_FILE" in said) == (
        code,
        True,
        True,
    ), said


@pytest.mark.parametrize(
    ("name", "error"), [("missing", "cli.no-such-file"), (".", "cli.not-a-file"), (os.devnull, "cli.not-a-file")]
)
def test_what_is_no_file_is_told(store: Store, name: str, error: str) -> None:
    code, said = run(store, None, PACKCTL_LICENSE_FILE=name)
    assert (code in (2, 3), f"error[{error}]" in said) == (True, True), said


def test_a_variable_that_nothing_reads_is_told(store: Store, sold: Issued) -> None:
    code, said = run(store, None, PACKCTL_LICENSE_KEY=sold.key)
    assert (code, "nothing reads PACKCTL_LICENSE_KEY" in said, "did you mean PACKCTL_LICENSE?" in said) == (
        7,
        True,
        True,
    )
    assert sold.key not in said


def test_a_key_for_other_packs_says_so_and_every_pack_without_a_license_is_told_at_once(
    store: Store, sold: Issued
) -> None:
    person = store.person("ci", CI="true", BUILD_ID="7", PACKCTL_LICENSE=sold.key)
    manifest = Path(person.here / "pack.toml")
    manifest.write_text('[dependencies]\n"acme/tune" = "*"\n')
    one = person.runs("install")
    assert (one.code, "error[licensing.key-for-others]" in one.err, "the key in PACKCTL_LICENSE" in one.err) == (
        7,
        True,
        True,
    )
    manifest.write_text('[dependencies]\n"acme/tune" = "*"\n"acme/extra" = "*"\n"acme/pro" = "*"\n')
    all_ = person.runs("install")
    assert (all_.code, "error[licensing.missing]: 2 packs" in all_.err) == (7, True), all_.err
    assert ("acme/tune" in all_.err, "acme/extra" in all_.err, "acme/pro  " in all_.err) == (True, True, False)


def test_the_key_of_a_license_that_was_revoked_is_told(store: Store) -> None:
    gone = store.issue()
    store.revoke(gone)
    code, said = run(store, None, PACKCTL_LICENSE=gone.key)
    assert (code, "error[licensing.revoked]" in said) == (7, True), said
