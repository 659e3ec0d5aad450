"""Signatures of witnesses for a checkpoint of ours: asked of all at once, each within its time (docs/spec/witness.md).

A witness that does not answer costs a publication at most its time; too few of them and it waits, with the state before still served.
"""

import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import httpx

from packspec.errors import PackError, Unavailable
from packspec.log.checkpoint import SignedNote
from packspec.log.note import BadNote
from packspec.log.proofs import consistency_proof
from packspec.log.tiles import VerifiedTree
from packspec.log.witnessing import ADD_CHECKPOINT, AddCheckpoint, cosignatures
from packspec.trustfiles import LogTrust
from registry_server.world import World

ANSWER_BYTES = 16 * 1024
OTHERS_SECONDS = 0.5
"""How long the others are waited for once enough have signed."""


class QuorumMissing(Unavailable):
    """Too few witnesses have signed the next checkpoint, so nothing is published until they do."""

    needed: int
    found: int
    reasons: Mapping[str, str]

    code = "log.quorum-missing"
    retry_after_seconds = 60

    def what(self) -> str:
        return f"{self.found} of {self.needed} witnesses have signed, so nothing new can be shown"

    def operator_facts(self) -> dict[str, str]:
        return dict(self.reasons)

    def why(self) -> str:
        return "clients ask for the signatures of independent witnesses; what was decided is kept, and shown once they are here"

    def fix(self) -> list[str]:
        return ["try again in a minute; if it stays, tell the registry's operator"]


def cosigned(world: World, trust: LogTrust, tree: VerifiedTree, note: SignedNote) -> SignedNote:
    """`note`, of `tree`, with the signatures of the witnesses that `trust` names. Raises QuorumMissing."""
    urls = world.settings.trust.witnesses.split()
    reasons: dict[str, str] = {}
    if trust.witnesses and urls:
        note, reasons = _gather(world, urls, trust, tree, note)
    have = len(note.valid_signers(trust.witnesses))
    if have < trust.quorum:
        reasons = reasons or {"witnesses": "REGISTRY_TRUST_WITNESSES names too few addresses"}
        raise QuorumMissing(trust.quorum, have, reasons)
    return note


def _gather(
    world: World, urls: list[str], trust: LogTrust, tree: VerifiedTree, note: SignedNote
) -> tuple[SignedNote, dict[str, str]]:
    reasons: dict[str, str] = {}
    seconds = world.settings.trust.witness_seconds
    ends = time.monotonic() + (seconds if trust.quorum else OTHERS_SECONDS)
    pool = ThreadPoolExecutor(len(urls), thread_name_prefix="witness")
    waiting = {pool.submit(_ask, world, url, tree, note, seconds): url for url in urls}
    while waiting and (left := ends - time.monotonic()) > 0:
        done, _ = wait(waiting, left, FIRST_COMPLETED)
        for one in done:
            url = waiting.pop(one)
            try:
                note = cosignatures(note, one.result(), trust.witnesses)
            except (PackError, httpx.HTTPError, OSError, ValueError) as error:
                reasons[url] = str(error)[:200] or type(error).__name__
        if len(note.valid_signers(trust.witnesses)) >= trust.quorum:
            ends = min(ends, time.monotonic() + OTHERS_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    reasons |= dict.fromkeys(waiting.values(), f"no answer within {seconds} s")
    for url, reason in sorted(reasons.items()):
        world.log.line("witness-missing", witness=url, reason=reason)
    return note, reasons


class WitnessRefuses(Unavailable):
    """A witness does not sign."""

    url: str
    status: int
    reason: str

    code = "log.witness-refuses"

    def what(self) -> str:
        return f"the witness {self.url} answers {self.status}: {self.reason}"

    def fix(self) -> list[str]:
        return ["ask whoever runs it; its log says what was asked"]


_SAID = {
    400: "it does not read what was asked",
    403: "it does not know the key of this log",
    404: "it does not trust this log",
    409: "it has signed more of this log than there is here, or another history of it",
    422: "it does not see that the log only grew",
}


def _ask(world: World, url: str, tree: VerifiedTree, note: SignedNote, seconds: int) -> bytes:
    """One witness's lines. It says by 409 what it signed last; then it gets the proof from there.

    Raises WitnessRefuses, BadNote, and what httpx does.
    """
    target = f"{url.rstrip('/')}/{ADD_CHECKPOINT}"
    known = world.witnessed.get(url, 0)
    with httpx.Client(timeout=seconds, trust_env=False, follow_redirects=False) as client:
        for _ in range(3):  # what was remembered, what it says, and once more where another process was faster
            proof = consistency_proof(known, tree.size, tree.read_hashes) if 0 < known < tree.size else []
            asked = AddCheckpoint(known, tuple(proof), note).encode()
            with client.stream("POST", target, content=asked) as response:
                answer = _read(response)
            if response.status_code == httpx.codes.OK:
                world.witnessed[url] = tree.size
                return answer
            size = answer.decode("ascii", "replace").strip()
            if response.status_code != httpx.codes.CONFLICT or not size.isdecimal() or int(size) == known:
                break
            known = int(size)
            if known > tree.size:
                break
    raise WitnessRefuses(url, response.status_code, _SAID.get(response.status_code, "it does not sign now"))


def _read(response: httpx.Response) -> bytes:
    found = b""
    for chunk in response.iter_bytes():
        found += chunk
        if len(found) > ANSWER_BYTES:
            raise BadNote("cosignature", f"more than {ANSWER_BYTES} bytes")
    return found
