"""The key that signs: which one of this machine's, and how it is opened.

A person names it with `--key`, a script with PACKCTL_SIGNING_KEY_FILE. Without either it is the only key here, in a file or in an ssh
agent, that may sign what is to be signed: a machine that holds an owner key and a release key needs no option for a release.
"""

from collections.abc import Collection
from pathlib import Path

from packctl.durable import read_named
from packctl.keyring import KeyRing
from packctl.keys import AskPassphrase, HeldKey, NoSuchKey, SeveralKeys
from packctl.session import Session
from packctl.usage import BadValue
from packspec.errors import Denied, Invalid
from packspec.signing.keys import PublicKey, Signer

PASSPHRASE_OPTION = "--passphrase-file FILE, or --no-passphrase"  # noqa: S105  (how to say it, not what it is)
_TRIES = 3
_PASSPHRASE_BYTES = 4096


class NoFittingKey(Denied):
    """None of this machine's keys may sign this, or the one that was named may not."""

    purpose: str
    """What the key would have to be: `a release key of acme`."""
    named: str
    fitting: tuple[str, ...]
    """Keys that may, by name and fingerprint."""

    code = "publish.no-fitting-key"

    def what(self) -> str:
        return f"{self.named} is not {self.purpose}" if self.named else f"no key on this machine is {self.purpose}"

    def facts(self) -> dict[str, str]:
        return {"may sign": ", ".join(self.fitting) or "nobody"}

    def why(self) -> str:
        return "the registry and every client would refuse a signature of another key"

    def fix(self) -> list[str]:
        return ["packctl key list", "sign on the machine that holds one of these keys, or name its file with --key"]


class PassphrasesDiffer(Invalid):
    """The passphrase was typed differently the second time."""

    code = "cli.passphrases-differ"

    def what(self) -> str:
        return "the two passphrases are not the same"

    def why(self) -> str:
        return "nobody could open the key if the passphrase were mistyped"

    def fix(self) -> list[str]:
        return ["run the command again"]


def new_passphrase(session: Session, name: str, file: str, *, none: bool) -> str | None:
    """The passphrase for a new key; None for a key in the open, which `none` or an answer asks for.

    Raises NeedsAnswer, Declined, PassphrasesDiffer, BadValue, NoSuchFile, DiskFailed.
    """
    if none:
        return None
    if file:
        found = passphrase_from(session.folder / file, lambda key: None)(name)
        if not found:
            raise BadValue("--passphrase-file", file, "a file whose first line is the passphrase")
        return found
    first = session.ask.secret(f"Passphrase for {name}", option=PASSPHRASE_OPTION)
    if not first:
        session.ask.must_confirm(
            f"Keep {name} without a passphrase, readable by whoever gets the file?", option="--no-passphrase"
        )
        return None
    if session.ask.secret("The same again", option=PASSPHRASE_OPTION) != first:
        raise PassphrasesDiffer
    return first


def find_key(
    session: Session,
    named: str | None,
    may_sign: Collection[PublicKey] | None,
    purpose: str,
    counting: Collection[PublicKey] = (),
) -> HeldKey:
    """The key to sign with. `may_sign` are the keys that may, None where that is not known; `purpose` says what they are.

    Of several that nobody named, one that is `counting` now goes before one that has to wait.

    Raises NoSuchKey, SeveralKeys, NoFittingKey, KeyReadable, KeyFileDamaged, DiskFailed.
    """
    keys = KeyRing(session)
    asked = named or session.settings.signing_key_file or None
    if asked is not None or may_sign is None:
        found = keys.find(asked)
        if may_sign is not None and found.public not in may_sign:
            raise NoFittingKey(purpose, shown(found), _fingerprints(may_sign))
        return found
    here = keys.list()
    if not here:
        raise NoSuchKey("", keys.files.folder, ())
    fitting = [key for key in here if key.public in may_sign]
    if not fitting:
        raise NoFittingKey(purpose, "", _fingerprints(may_sign))
    fitting = [key for key in fitting if key.public in counting] or fitting
    if len(fitting) > 1:
        raise SeveralKeys(tuple(key.name for key in fitting))
    return fitting[0]


def open_key(session: Session, key: HeldKey) -> Signer:
    """What signs with it. On a terminal a wrong passphrase may be typed again.

    Raises PassphraseWrong, KeyFileDamaged, NeedsAnswer.
    """
    from packspec.signing.keyfile import PassphraseWrong

    named = session.settings.signing_passphrase_file
    file = session.folder / named if named else None
    ask = passphrase_from(file, lambda name: session.ask.secret("Passphrase", option="PACKCTL_SIGNING_PASSPHRASE_FILE"))
    for _ in range(_TRIES - 1):
        try:
            return key.open(ask)
        except PassphraseWrong:
            if file or not session.console.attended:
                raise
            session.console.say("That is not the passphrase")
    return key.open(ask)


def passphrase_from(file: Path | None, ask: AskPassphrase) -> AskPassphrase:
    """Takes the passphrase from the first line of `file` if one is named, else asks. Raises NoSuchFile, NotAFile, DiskFailed."""
    if file is None:
        return ask

    def read(name: str) -> str:
        text = read_named(file, _PASSPHRASE_BYTES).decode("utf-8", "surrogateescape")
        return text.split("\n")[0].rstrip("\r")

    return read


def shown(key: HeldKey) -> str:
    """A key for people: its name and fingerprint."""
    return f"{key.name} ({key.public.fingerprint})"


def _fingerprints(keys: Collection[PublicKey]) -> tuple[str, ...]:
    return tuple(key.fingerprint for key in keys)
