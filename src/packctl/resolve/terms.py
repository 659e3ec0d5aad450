"""Terms: a set of states of one name, as the bits of an int (docs/spec/resolver.md).

A name is either left out (bit 0) or chosen at one of its n versions (bits 1 to n, ascending). All versions are known once a name is met, so
sets are exact: intersection is `&`, union `|`, complement `^` with all states, emptiness `== 0`. Whatever a range means, prereleases
included, is decided when its bits are made; the solver never looks at a version again.
"""

from typing import TypeAlias

States: TypeAlias = int
"""A set of states of one name."""

LEFT_OUT: States = 1
"""The name is not in the solution."""


def all_states(versions: int) -> States:
    """Every state of a name with that many versions."""
    return (2 << versions) - 1


def chosen(position: int) -> States:
    """Chosen at the version at `position` (from 0, ascending)."""
    return 2 << position


def any_version(versions: int) -> States:
    """Chosen, at whatever version."""
    return all_states(versions) ^ LEFT_OUT


def span(low: int, high: int) -> States:
    """Chosen at a version from position `low` on and before `high`; empty if there is none."""
    return (2 << high) - (2 << low) if low < high else 0


def positions(states: States) -> list[int]:
    """The positions of the versions in `states`, ascending."""
    found, states = [], states >> 1
    while states:
        lowest = states & -states
        found.append(lowest.bit_length() - 1)
        states ^= lowest
    return found


def is_wanted(states: States) -> bool:
    """Whether the name must be chosen, since being left out is not among `states`."""
    return not states & LEFT_OUT
