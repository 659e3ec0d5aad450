"""`Reachable`: in which order the addresses of one registry are asked, its own and its mirrors' (docs/spec/transfer.md, Mirrors)."""

from collections.abc import Sequence

from packctl.registry.network import Origin


class Reachable:
    """What one command learns of who answers. An address that did not is asked last from then on, so that it is waited for once.

    Safe for threads: all that happens is that an origin is added.
    """

    def __init__(self) -> None:
        self._silent: set[Origin] = set()

    def order(self, addresses: Sequence[str]) -> list[str]:
        """The addresses as they are asked: in their own order, the silent ones last."""
        if len(addresses) == 1:
            return [*addresses]
        return sorted(addresses, key=self.is_silent)

    def is_silent(self, address: str) -> bool:
        """Whether nothing came from there."""
        return Origin.parse(address) in self._silent

    def failed(self, address: str) -> None:
        """Nothing came from there, though it was asked more than once."""
        self._silent.add(Origin.parse(address))
