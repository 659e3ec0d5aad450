"""Lifting a yank: a signed document about the statement that the registry's log has for a release."""

from packctl.trust.proofs import Claim
from packctl.trust.registry import TrustedRegistry
from packspec.digests import Digest
from packspec.index.missing import NoSuchRelease
from packspec.names import ReleaseName
from packspec.signing import dsse
from packspec.signing.dsse import Envelope
from packspec.signing.keys import Signer
from packspec.signing.restore import PAYLOAD_TYPE, Restore, make_restore


def logged_statement(registry: TrustedRegistry, name: ReleaseName) -> Digest:
    """The digest of the statement that was logged for a release. Raises NoSuchPack, NoSuchRelease, and the fault of a release that fails.

    It comes from the proven log entry, so that a registry cannot have another release lifted in this one's place.
    """
    index = registry.index(name.pack)
    if index.find(name.version.without_build()) is None:
        newest = str(index.releases[0].version) if index.releases else ""
        raise NoSuchRelease(str(name.pack), str(name.version), newest)
    verdict = registry.prove([Claim(name.pack, name.version)])[0].verdict
    if verdict.leaf is None:
        verdict.require()
        raise NoSuchRelease(str(name.pack), str(name.version))
    return verdict.leaf.statement


def signed_restore(statement: Digest, signer: Signer, at: int) -> Envelope:
    """The document that lifts the yank. `at` is in seconds, UTC."""
    payload = make_restore(Restore(v=1, statement=statement, restores="yank", at=at))
    return dsse.sign(payload, PAYLOAD_TYPE, [signer])
