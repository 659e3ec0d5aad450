"""Licenses, where somebody at the machine is needed: taking in what a registry outside has reserved for this closed network."""

from pathlib import Path
from typing import Annotated

import typer

from registry_server.actor import TERMINAL
from registry_server.commands.documents import read_named
from registry_server.commands.shell import Data, registry, say


def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The pool, as packctl license export wrote it.")],
    holder: Annotated[str, typer.Option("--holder", metavar="ACCOUNT", help="Who holds the license here.")],
    keys: Annotated[
        Path,
        typer.Option(
            "--keys", metavar="FILE", help="trust/license-keys.json of the registry outside, from a verified copy."
        ),
    ],
    data: Data = None,
) -> None:
    """Take in places that a registry outside has reserved for this closed network.

    They become a license of ACCOUNT, whose key is printed once, for as many machines and as long as the pool says. The same file again
    changes nothing.
    """
    from packspec.licenses.jwk import KeySet
    from registry_server.accounts.actions import find_person
    from registry_server.call import call_of
    from registry_server.licensing.closed import take_pool
    from registry_server.licensing.refusals import NoSuchHolder

    text, trusted = read_named(file).decode("ascii", "replace"), KeySet.parse(read_named(keys))
    with registry(data) as world, call_of(world, TERMINAL).writing() as call:
        member = find_person(call.db, holder)
        if member is None:
            raise NoSuchHolder(holder)
        outcome = take_pool(call, text, trusted, member.account_id)
    license = outcome.license
    if outcome.key is None:
        say([f"nothing to do: this pool is {license}, a license of {holder}"])
        return
    typer.echo(outcome.key)
    say(
        [
            f"{license} covers {license.plan.max_instances} machines of {holder}. The key above is shown once. On each machine:",
            f"  packctl license activate {license.pack_key}",
        ]
    )
