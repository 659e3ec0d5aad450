"""Publishers whose owners lost their keys."""

from pathlib import Path
from typing import Annotated

import typer

from registry_server.commands.documents import Output, prepare_document, read_named
from registry_server.commands.shell import Data, registry


def reset(
    name: Annotated[str, typer.Argument(metavar="PUBLISHER", help="Whose owner keys are all lost.")],
    root: Annotated[Path, typer.Argument(metavar="FILE", help="What packctl publisher recover has written.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; public for ever.")],
    output: Output,
    data: Data = None,
) -> None:
    """Prepare a reset: other owners for a publisher, signed by the offline keys instead of the owners before.

    Put in force by `keys publish`, it is announced in the public log. After the delay of trust/policy.json (7 days) the new owners come
    into force by themselves, unless somebody signs a change with the old keys before. Whoever knows the old keys must accept the new ones
    by name. Make sure, by other means than the registry, that whoever asks is who they say.
    """
    from packspec.names import PublisherName
    from packspec.signing.dsse import Envelope
    from registry_server.owners.resets import plan_reset

    envelope = Envelope.parse(read_named(root))
    with registry(data, may_lack_keys=True) as world:
        changes = plan_reset(world, PublisherName.parse(name), envelope, reason)
        prepare_document(world, changes, output)
