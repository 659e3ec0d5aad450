"""Checks one release with `cryptography` and the standard library alone: AUTHENTIC, APPROVED, LOGGED and every file of its archive.

    python verify.py NAME@VERSION ARCHIVE PACKPROOF TRUST-FOLDER ROOTS-FOLDER

Written from docs/spec, whose chapters stand in the docstrings. CURRENT is left to a TUF client, which also fetches what is in the folders.
"""

import base64
import hashlib
import io
import json
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

OURS = "application/vnd.packctl.{}.v1+json"


def need(claim, why):
    if not claim:
        raise ValueError(why)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def b64(text):
    return base64.b64decode(text, validate=True)


def read(data):
    """canonical.md: decoded, encoded again, compared."""
    value = json.loads(data, parse_float=lambda text: need(False, f"the number {text}"))
    again = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    need(again == data and value.get("v", 1) == 1, "JSON that is not canonical, or a newer kind of document")
    return value


def keys_of(rows, threshold=1):
    """keys.md: P-256 keys by key id, each in its one DER form and listed once."""
    form, found = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo), {}
    for row in rows:
        key = serialization.load_der_public_key(b64(row["key"]))
        is_p256 = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
        need(is_p256 and key.public_bytes(*form) == b64(row["key"]), "a key of another kind or form")
        found[sha256(b64(row["key"]))] = key
    need(1 <= threshold <= len(found) == len(rows), "a key listed twice, or a threshold out of reach")
    return found


def signers(envelope, kind, keys):
    """dsse.md: the ids of the keys that signed."""
    need(envelope["payloadType"] == kind, f"a payload of type {envelope['payloadType']}")
    payload, found = b64(envelope["payload"]), set()
    signed = f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload
    for one in envelope["signatures"]:
        with suppress(KeyError, InvalidSignature):
            keys[one["keyid"]].verify(b64(one["sig"]), signed, ec.ECDSA(hashes.SHA256()))
            found.add(one["keyid"])
    return found


def signed_by(note, verifier, kind):
    """checkpoint.md: whether a log (kind 1) or witness (kind 4) signed the note. A wrong signature of it is an error."""
    text, _, lines = note.rpartition("\n\n")
    name, number, raw = verifier.split("+", 2)
    key_id = hashlib.sha256(f"{name}\n".encode() + b64(raw)).digest()[:4]
    need(b64(raw)[0] == kind and key_id.hex() == number, "a verifier key of another form")
    rows = [line.split(" ") for line in lines.splitlines()]
    own = [b64(end)[4:] for dash, who, end in rows if (dash, who, b64(end)[:4]) == ("—", name, key_id)]
    for signature in own:
        head = f"cosignature/v1\ntime {int.from_bytes(signature[:-64], 'big')}\n" if kind == 4 else ""
        ed25519.Ed25519PublicKey.from_public_bytes(b64(raw)[1:]).verify(signature[-64:], f"{head}{text}\n".encode())
    return bool(own)


def logged(proof, trust):
    """packproof.md, checkpoint.md, proofs.md: the entry is in the log that its checkpoint signs. Its index, and the witnesses."""
    path, _, note = proof["proof"].partition("\n\n")
    head, line, *siblings = path.split("\n")
    origin, size, root = note.partition("\n\n")[0].split("\n")
    index, size = int(line.removeprefix("index ")), int(size)
    need(head == "c2sp.org/tlog-proof@v1" and origin == trust["origin"], "a proof of another log")
    signing = [row for row in trust["keys"] if signed_by(note, row["key"], 1)]
    need(any(size <= row.get("until", size) for row in signing), "no signature of the log")
    witnesses = sum(signed_by(note, key, 4) for key in trust["witnesses"])
    need(witnesses >= trust["quorum"], "too few witnesses")
    inner = (index ^ (size - 1)).bit_length()
    need(0 <= index < size and len(siblings) == inner + (index >> inner).bit_count(), "a log proof of another length")
    node = hashlib.sha256(b"\0" + proof["leaf"].encode()).digest()
    for place, sibling in enumerate(map(b64, siblings)):
        is_left = place >= inner or index >> place & 1
        node = hashlib.sha256(b"\1" + (sibling + node if is_left else node + sibling)).digest()
    need(node == b64(root), "the entry is not in the log")
    return index, witnesses


def chain(folder, publisher, policy):
    """publisher-root.md, Chain; publisher-document.md says when each root came. A chain with a reset is refused here."""
    roots = []
    for number, row in enumerate(read((folder / "publisher.json").read_bytes())["roots"], 1):
        envelope, leaf = read((folder / f"{number}.root.json").read_bytes()), read(row["leaf"].encode())
        root, digest = read(b64(envelope["payload"])), sha256(b64(envelope["payload"]))
        said, last = {"publisher": publisher, "version": number}, roots[-1] if roots else {"root": root}
        need((said | {"type": "root", "root": digest}).items() <= leaf.items(), f"root {number} is not the logged one")
        said |= {"previous": last["digest"]} if roots else {}
        need(said.items() <= root.items(), f"root {number} does not follow the one before")
        for signing in (last["root"]["owners"], root["owners"]):
            who = signers(envelope, OURS.format("publisher-root"), keys_of(signing["keys"], signing["threshold"]))
            need(len(who) >= signing["threshold"], f"root {number} is not signed by enough owners")
        keys = keys_of([*root["owners"]["keys"], *root["release"]["keys"]], root["release"]["threshold"])
        wait = next((rule["seconds"] for rule in reversed(policy["cooldowns"]) if rule["from"] <= row["log"]), 259_200)
        roots.append({"root": root, "digest": digest, "index": row["log"], "counts": leaf["at"] + wait, "keys": keys})
    return roots


def release_keys(roots, index, at, pack):
    """publisher-root.md, Which keys count: those keys, the threshold, and the number of the root in force."""
    newest = max(place for place, one in enumerate(roots) if one["index"] <= index)
    oldest = max((place for place, one in enumerate(roots[: newest + 1]) if one["counts"] <= at), default=0)
    stolen = {row["key"] for one in roots for row in one["root"]["compromised"] if row["since"] <= index}
    force = [one["root"]["release"] for one in roots[oldest : newest + 1]]
    each = [{sha256(b64(row["key"])) for row in one["keys"] if pack in row.get("packs", [pack])} for one in force]
    keys = {key_id: roots[newest]["keys"][key_id] for key_id in set.intersection(*each) - stolen}
    return keys, max(one["threshold"] for one in force), newest + 1


def approved(proof, claim, roots, reviewers, index):
    """approval.md, Who approved."""
    force = [row for row in reviewers["sets"] if row["from"] <= index][-1]
    keys, threshold = keys_of(force["keys"], force["threshold"]), force["threshold"]
    stolen = {row["key"] for row in reviewers["compromised"] if row["since"] <= index}
    said = {"decision": "approved", "statement": sha256(b64(proof["statement"]["payload"]))}
    said |= {"archive": claim["archive"]["sha256"], "pack": claim["pack"], "version": claim["version"]}
    found = set()
    for envelope in proof["approvals"]:
        who = signers(envelope, OURS.format("approval"), keys).difference(stolen, *(one["keys"] for one in roots))
        if who and said.items() <= read(b64(envelope["payload"])).items():
            found |= who
    need(len(found) >= threshold, f"{len(found)} of {threshold} reviewers")
    return f"{len(found)}/{threshold}"


def files(data, claim):
    """tree.md: every file is unpacked, and the tree made again. The archive's own digest is signed, so its layout is the publisher's."""
    need({"sha256": sha256(data), "size": len(data)} == claim["archive"], "another archive")
    lines = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for one in archive.infolist():
            digest, offset = sha256(archive.read(one)), one.header_offset + 30 + len(one.filename.encode())
            lines.append(f"{digest} {one.file_size} {one.compress_size} {offset} {one.filename}\n")
        unpacked = sum(one.file_size for one in archive.infolist())
    tree = f"packtree/v1 {len(lines)} {unpacked}\n{''.join(lines)}".encode()
    need({"sha256": sha256(tree), "size": len(tree)} == claim["tree"], "another tree")
    return f"{len(lines)} of {claim['files']}"


def check(release, archive, packproof, trust_folder, roots_folder):
    """verdict.md, R1 to R6 and R9. Gives each question with what stands behind its yes; the first no is raised."""
    trust = {name: read((Path(trust_folder) / f"{name}.json").read_bytes()) for name in ("log", "reviewers", "policy")}
    proof, (pack, _, version) = read(Path(packproof).read_bytes()), release.partition("@")
    publisher, _, short = pack.partition("/")
    index, witnesses = logged(proof, trust["log"])
    leaf, payload = read(proof["leaf"].encode()), b64(proof["statement"]["payload"])
    said = {"type": "publish", "pack": pack, "version": version, "publisher": publisher, "statement": sha256(payload)}
    said["approvals"] = [sha256(b64(one["payload"])) for one in proof["approvals"]]
    need(said.items() <= leaf.items(), "the entry is about something else")
    yield "LOGGED", f"entry {index}, witnesses {witnesses}"
    roots = chain(Path(roots_folder), publisher, trust["policy"])
    keys, threshold, number = release_keys(roots, index, leaf["at"], short)
    count = len(signers(proof["statement"], "application/vnd.in-toto+json", keys))
    need(count >= threshold, f"{count} of {threshold} signatures of {publisher}")
    statement = read(payload)
    said = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "urn:packctl:release:v1"}
    need(said.items() <= statement.items(), "a statement of another kind")
    claim, [subject] = statement["predicate"], statement["subject"]
    said = {"v": 1, "pack": pack, "version": version, "publisher": publisher, "anchor": roots[0]["digest"]}
    need(said.items() <= claim.items() and subject["name"] == release, "a statement about something else")
    need(subject["digest"]["sha256"] == claim["archive"]["sha256"] == leaf["archive"], "another archive than logged")
    yield "AUTHENTIC", f"{publisher}, root {number}"
    yield "APPROVED", approved(proof, claim, roots, trust["reviewers"], index)
    yield "FILES", files(Path(archive).read_bytes(), claim)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    try:
        for question, answer in check(*sys.argv[1:]):
            print(f"{question:<9}  yes ({answer})")
    except (InvalidSignature, ValueError, LookupError, TypeError, zipfile.BadZipFile) as error:
        sys.exit(f"no: {error or 'a signature is wrong'}")
