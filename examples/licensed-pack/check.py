"""Checks a license of packctl with a JOSE library and nothing else. Written from docs/spec/licenses.md."""

import base64
import json
import sys
import time
import zlib
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import KeySet


def signed(text: str, typ: str, keys: KeySet) -> dict[str, Any]:
    """The claims of a signed text: by one of the registry's license keys, with ES256, and of this type."""
    found = jws.deserialize_compact(text, keys, algorithms=["ES256"])
    if found.headers().get("typ") != typ or set(found.headers()) != {"alg", "typ", "kid"}:
        raise ValueError(f"this is no {typ}")
    claims: dict[str, Any] = json.loads(found.payload)
    return claims


def check(token: str, status_list: str, keys: KeySet, registry: str, pack: str, now: int) -> dict[str, Any]:
    """The license in a token: of this registry, for this pack, in its time, not revoked. Raises ValueError or JoseError if it is not."""
    claims = signed(token, "packctl-license+jwt", keys)
    lic, place = claims["lic"], claims["status"]["status_list"]["idx"]
    if (claims["iss"], claims["aud"], lic.get("pack")) != (registry, registry, pack):
        raise ValueError("it is for something else")
    ends = min(claims["exp"], lic.get("ends", claims["exp"]) + lic.get("grace_s", 0))
    if not max(claims["nbf"] - 600, lic["starts"] - 600) <= now < ends:
        raise ValueError("it does not count now")
    packed = signed(status_list, "statuslist+jwt", keys)["status_list"]["lst"]
    bits = zlib.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    if bits[place >> 3] >> (place & 7) & 1:
        raise ValueError("it was revoked")
    return dict(lic)


if __name__ == "__main__":
    folder, registry, pack = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    token, status, known = (
        (folder / name).read_text().strip() for name in ("token", "status-list", "license-keys.json")
    )
    try:
        lic = check(token, status, KeySet.import_key_set(json.loads(known)), registry, pack, int(time.time()))
    except (JoseError, ValueError, LookupError) as error:
        sys.exit(f"no: {error}")
    print(f"yes: {lic['plan']}, {', '.join(lic.get('features', [])) or 'no further features'}")
