"""The keys of a registry: what ends when, and ceremonies with the offline keys."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry_server.commands.at_hand import KEYS_HELP, passphrase_for, private_keys, public_key
from registry_server.commands.documents import (
    FileThere,
    Output,
    confirm,
    prepare_document,
    read_document,
    tell,
    write_named,
)
from registry_server.commands.shell import Data, chance, registry, say

if TYPE_CHECKING:
    from registry_server.index.offline.document import CeremonyDocument


_MADE_BY = ("registry-server keys generate FILE", "packctl key export agent:COMMENT")
"""What prints the public half of an offline key."""


class KeyRole(StrEnum):
    """Whose keys can be replaced."""

    TIMESTAMP = "timestamp"
    SNAPSHOT = "snapshot"
    BINS = "bins"
    LOG = "log"
    LICENSE = "license"
    OFFLINE = "offline"


def status(data: Data = None) -> int:
    """Show what ends when, which keys sign, and what somebody should do about them.

    What the offline keys sign is a warning from 60 days before its end and an error from 14; then the exit code is 1.
    """
    from registry_server.index.offline.ends import look

    with registry(data, may_lack_keys=True) as world:
        found = look(world)
    width = max(len(one.name) for one in found)
    for one in found:
        typer.echo(f"{one.state:<7}  {one.name:<{width}}  {one.text}")
    if any(one.state != "ok" and one.name in ("root", "targets", "index") for one in found):
        say(["Next:", "  registry-server keys ceremony --output FILE"])
    return int(any(one.state == "error" for one in found))


def generate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the key goes: on a medium of its own.")],
    no_passphrase: Annotated[bool, typer.Option("--no-passphrase", help="Leave the key unsealed in its file.")] = False,
) -> None:
    """Make an offline key, on the machine where it will be used. The public half is printed; the server needs no more."""
    from packspec.signing.keyfile import NONCE_BYTES, SALT_BYTES, seal
    from packspec.signing.keys import SEED_BYTES, PrivateKey

    if file.exists():
        raise FileThere(str(file))
    passphrase = None if no_passphrase else passphrase_for(str(file), is_new=True)
    key = PrivateKey.from_seed("p256", chance(SEED_BYTES))
    salt, nonce = chance(SALT_BYTES), chance(NONCE_BYTES)
    write_named(file, seal(key, passphrase, salt, nonce))
    typer.echo(key.public.base64)
    say(
        [
            f"{key.public.fingerprint} is in {file}. On the server, with its public half as KEY:",
            "  registry-server keys rotate offline --add KEY",
        ]
    )


def ceremony(
    output: Output,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", metavar="KEY", help="A witness that counts from now on.", show_default=False),
    ] = None,
    drop_witness: Annotated[
        list[str] | None,
        typer.Option("--drop-witness", metavar="NAME", help="One that counts no more.", show_default=False),
    ] = None,
    quorum: Annotated[
        int | None,
        typer.Option("--quorum", min=0, metavar="N", help="How many witnesses must sign.", show_default=False),
    ] = None,
    withdraw_license_key: Annotated[
        list[str] | None,
        typer.Option("--withdraw-license-key", metavar="KEY", help="One that counts no more.", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Prepare what the offline keys shall sign: root, targets and index for another year, or other witnesses and license keys.

    Carry the document to each machine with an offline key, `keys sign` it there, and bring the copies back to `keys publish`.
    """
    from registry_server.index.offline.preparing import Changes, witness_key

    changes = Changes(
        add_witnesses=tuple(map(witness_key, witness or ())),
        remove_witnesses=tuple(drop_witness or ()),
        quorum=quorum,
        withdraw_license_keys=tuple(withdraw_license_key or ()),
    )
    with registry(data, may_lack_keys=True) as world:
        prepare_document(world, changes, output)


def rotate(
    role: Annotated[
        list[KeyRole], typer.Argument(metavar="ROLE...", help="timestamp, snapshot, bins, log, license, or offline.")
    ],
    output: Output,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="PUBLIC-KEY", help="An offline key that comes.", show_default=False),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="KEY", help="One that goes: its fingerprint.", show_default=False),
    ] = None,
    threshold: Annotated[
        int | None, typer.Option("--threshold", min=1, metavar="N", help="How many must sign.", show_default=False)
    ] = None,
    data: Data = None,
) -> None:
    """Prepare other keys: new online keys, made here, or other offline keys. As `ceremony`, it changes nothing by itself.

    Online keys may be lost or stolen; the offline keys say which count. After a theft give them all new keys at once.
    """
    from registry_server.index.offline.preparing import Changes

    if (KeyRole.OFFLINE in role) != bool(add or remove or threshold):
        raise typer.BadParameter(
            "offline goes with --add, --remove or --threshold, and they with it", param_hint="ROLE"
        )
    changes = Changes(
        online=tuple(dict.fromkeys(one.value for one in role if one is not KeyRole.OFFLINE)),
        add_offline=tuple(public_key(one, *_MADE_BY) for one in add or ()),
        remove_offline=tuple(remove or ()),
        threshold=threshold,
    )
    with registry(data, may_lack_keys=True) as world:
        prepare_document(world, changes, output)


def sign(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The document; it is written again with the signatures.")
    ],
    keys: Annotated[str, typer.Option("--keys", metavar="DIR", help=KEYS_HELP)],
    digest: Annotated[
        str,
        typer.Option(
            "--digest", metavar="DIGEST", help="What a person has looked at, for scripts.", show_default=False
        ),
    ] = "",
) -> None:
    """Sign a ceremony document, on a machine with an offline key. Needs no data folder and no network.

    Shows what would change and asks. Whoever signs compares the digest with those who sign elsewhere.
    """
    from registry_server.index.offline import signing
    from registry_server.index.offline.checking import check_parts

    document = read_document(file)
    found = private_keys(keys)
    check_parts(document, str(file))
    tell(document)
    if not signing.is_known(document, found):
        say(
            [
                f"None of these keys has signed root {document.root_before.version}: compare the digest with somebody whose key has."
            ]
        )
    confirm(document, digest)
    signed = signing.sign(document, found, keys)
    write_named(file, signed.encode())
    _tell_missing(signed)


def publish(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The document, or its copies from several machines.")
    ],
    data: Data = None,
) -> None:
    """Put in force what the offline keys have signed. It works while the registry is being served, and may be repeated."""
    from registry_server.index.offline.entering import enter
    from registry_server.owners.resets import announce

    first, *others = [(path, read_document(path)) for path in files]
    document = first[1]
    for path, other in others:
        document = document.joined(other, str(path))
    with registry(data, may_lack_keys=True) as world:
        made = enter(world, document, str(first[0]), announce)
    typer.echo(f"in force: {', '.join(made)}" if made else "nothing to do: it is in force")


def _tell_missing(document: "CeremonyDocument") -> None:
    from registry_server.index.offline.signing import missing

    needs = missing(document)
    typer.echo("signed; still missing: " + "; ".join(map(str, needs)) if needs else "signed by enough keys")


def log_key(data: Data = None) -> None:
    """Print the key of the log as witnesses and auditors take it: NAME+ID+KEY. After a rotation the new one comes first."""
    from registry_server.index.actions import current_trust

    with registry(data, may_lack_keys=True) as world:
        for row in sorted(current_trust(world).log.keys, key=lambda one: one.until is not None):
            typer.echo(str(row.key))
