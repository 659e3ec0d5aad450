"""Options and arguments that several commands share: declared once, so that they are spelled and explained the same everywhere."""

from typing import Annotated

import typer

from packspec.reasons import DEPRECATION_REASONS, REASONS, REJECTION_REASONS

Names = Annotated[list[str], typer.Argument(metavar="NAME", help="Packs, as publisher/name")]
"""One or more names of packs, as text: the command makes them PackNames, so that all faults are told in our words."""

Group = Annotated[
    list[str] | None, typer.Option("--group", metavar="GROUP", help="This group of dependencies; may be repeated")
]
"""Groups of dependencies."""

Prereleases = Annotated[bool, typer.Option("--pre", help="Prereleases count as releases, for this command")]
"""Lifts the rule about prereleases."""

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done and do nothing")]
"""Look, do not act."""

Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help=f"Why: {', '.join(REASONS)}")]
"""Why a release is yanked or recalled."""

DeprecationReason = Annotated[
    str, typer.Option("--reason", metavar="CODE", help=f"Why: {', '.join(DEPRECATION_REASONS[:-1])}")
]
"""Why a release is deprecated."""

RejectionReason = Annotated[str, typer.Option("--reason", metavar="CODE", help=f"Why: {', '.join(REJECTION_REASONS)}")]
"""Why a submission is turned down."""

Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="A sentence for people")]
"""Free text beside a decision."""

Action = Annotated[
    str, typer.Option("--action", metavar="ACTION", help="warn tells everybody who has it, stop refuses it as well")
]
"""How strong a recall is."""

Replacement = Annotated[
    str, typer.Option("--replacement", metavar="VERSION", help="The version of this pack to take instead")
]
"""What a recall proposes."""

Rehearse = Annotated[bool, typer.Option("--rehearse", help="Say who would be hit and do nothing")]
"""A recall that is only looked at."""

Confirm = Annotated[
    str, typer.Option("--confirm", metavar="NAME@VERSION", help="The release once more, where nobody can be asked")
]
"""The answer to the question that wants the name typed."""

Key = Annotated[
    str | None, typer.Option("--key", metavar="KEY", help="Sign with this key: its name, id or file, or agent:COMMENT")
]
"""Which private key."""

LicenseName = Annotated[str, typer.Argument(metavar="NAME", help="A pack, or a license such as L-12")]
"""Which license, as its holder names it."""

LicenseId = Annotated[str, typer.Argument(metavar="LICENSE", help="Its id, such as L-12")]
"""Which license, as whoever issued it names it."""

LicenseReason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for the license's history")]
"""Free text that a license keeps."""

MachineLabel = Annotated[str, typer.Option("--label", metavar="TEXT", help="What the list of machines calls this one")]
"""A name for a machine that takes a place."""

Domain = Annotated[
    str, typer.Option("--domain", metavar="DOMAIN", help="Where the pack will be shown, if the plan names domains")
]
"""Where the pack of a license is shown."""

PackFolder = Annotated[
    str | None, typer.Argument(metavar="DIR", help="The folder of the pack; by default the one you are in, or above it")
]
"""Where a pack is made."""
