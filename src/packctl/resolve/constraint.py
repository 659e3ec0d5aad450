"""What may forbid releases, beside what releases say of each other: one interface for rules that are there and rules that come.

A constraint speaks of one release by itself (its terms, its age, its host, a license), a limit of releases together (room, seats). Both
become incompatibilities of the same solver, so they decide together with all ranges and are told in the same proof
(docs/spec/resolver.md).
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from packspec.names import PackName

if TYPE_CHECKING:
    from packctl.resolve.wanted import Candidate


class Constraint(Protocol):
    """A function that says why a release cannot be used, as what follows its name in a sentence (`has the terms X, which ...`); else None.

    It is asked once for each release of each pack that is met. Equal arguments give equal answers.
    """

    def __call__(self, pack: PackName, release: "Candidate", /) -> str | None:
        """The reason, if there is one."""
        ...


class Clash(Struct, frozen=True):
    """Releases that a limit does not allow together.

    `packs` names them, each with a test: which versions of the pack are as bad as the one that was chosen, itself among them. The more
    versions it names, the fewer are tried. `why` follows their names in a sentence: `together need 1.2 GB, and there is 1 GB`.
    """

    packs: "Mapping[PackName, Callable[[Candidate], bool]]"
    why: str


class Limit(Protocol):
    """A function that says what is wrong with a choice; None if nothing is.

    It is asked with the release that is about to be chosen and all that are. What is wrong with some releases must be wrong with more of
    them, too. Equal arguments give equal answers.
    """

    def __call__(self, chosen: "Mapping[PackName, Candidate]", /) -> Clash | None:
        """What cannot go together, if anything."""
        ...
