"""What is printed when the demo stays up: the address, tokens, and one line to paste."""

import shlex
import sys
from collections.abc import Iterator

from packctl.demo.stage import Stage

REVIEWER = ("PACKCTL_REGISTRY", "PACKCTL_TRUST_ROOT", "PACKCTL_TOKEN_FILE", "PACKCTL_DATA_DIR", "PACKCTL_CACHE_DIR")
"""What makes a command the reviewer's: the registry, who they are, and where their key lies."""
LOGINS = (("customer", "lee"), ("publisher", "mia"), ("reviewer and admin", "kim"))


def invitation(stage: Stage, submission: str) -> Iterator[str]:
    """Lines for somebody who wants to look around."""
    url, root = stage.values["url"], stage.values["root"]
    yield f"The registry is at {url}, on this machine only. Its root: {root}"
    yield ""
    width = max(len(role) for role, _ in LOGINS)
    for role, who in LOGINS:
        yield f"  {role:<{width}}  {who}  {stage.values[f'token-{who}']}"
    yield ""
    yield "A project of your own, in an empty folder:"
    yield f"  export PACKCTL_REGISTRY={url} PACKCTL_TRUST_ROOT={root}"
    yield f"  {packctl()} init"
    yield f"  {packctl()} add packs/animal-friends"
    yield ""
    yield f"{submission} waits for a decision. As the reviewer, in another terminal:"
    yield f"  {as_reviewer(stage)} {packctl()} approve {submission}"
    yield ""
    yield f"Keys, packs and the registry's data are in {stage.folder}. Ctrl-C stops it."


def packctl() -> str:
    """How the client is started by whoever reads this: as a command of this Python, which works in every folder."""
    return f"{shlex.quote(sys.executable)} -m packctl"


def as_reviewer(stage: Stage) -> str:
    """Variables that make a command the reviewer's."""
    environ = stage.environment("kim")
    return " ".join(f"{name}={shlex.quote(environ[name])}" for name in REVIEWER)
