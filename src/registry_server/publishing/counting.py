"""Which keys of a publisher count for what would be logged now."""

from packspec.names import PackName
from packspec.signing.publisher import Chain, CountingKeys, keys_that_count
from registry_server.call import Call
from registry_server.index import actions as index
from registry_server.log import actions as log
from registry_server.publishers import actions as publishers


def counting_keys(call: Call, pack: PackName) -> tuple[Chain, CountingKeys]:
    """The roots of a pack's publisher, and which keys count for a release of it that would be logged now."""
    chain = publishers.chain(call, pack.publisher)
    waits = index.trust_for_next(call).policy.waits
    return chain, keys_that_count(chain, log.size(call), call.now, pack, waits)
