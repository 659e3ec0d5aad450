"""What only the registry can tell of a pack before it is handed in: whether what it needs is there, and whether that leads back to it.

Warnings and notes alone: a pack may come later, or from another registry, and a circle of packs can be installed.
"""

from packctl.registry.client import RegistryClient
from packspec.checks import Finding, Level
from packspec.errors import NotFound
from packspec.manifest import Manifest
from packspec.names import PackName
from packspec.protocol.catalog import SHOW, AskPack, PackView
from packspec.ranges import Range

MOST_PACKS = 40
"""So many packs are asked about; a larger circle goes unnoticed."""


def look_up(client: RegistryClient, manifest: Manifest) -> list[Finding]:
    """Asks about the dependencies, each once. Raises what a call raises, but not where a pack is missing."""
    own, lines = manifest.pack.name, manifest.lines
    catalog = _Catalog(client)
    found = []
    for name, wish in manifest.dependencies.items():
        line = lines.of(("dependencies", str(name)))
        if text := catalog.fault(name, wish.version):
            found.append(
                Finding(code="publish.dependency", level=Level.WARNING, text=text, path="pack.toml", line=line)
            )
        elif path := catalog.way_back(own, name):
            text = f"it needs itself: {' needs '.join(map(str, (own, *path)))}; such a circle can be installed"
            found.append(
                Finding(
                    code="publish.dependency-circle", level=Level.NOTE, text=text[:1_000], path="pack.toml", line=line
                )
            )
    return found


class _Catalog:
    """Packs as the catalog shows them, each asked for once."""

    def __init__(self, client: RegistryClient) -> None:
        self._client = client
        self._known: dict[PackName, PackView | None] = {}

    def find(self, name: PackName) -> PackView | None:
        if name not in self._known:
            if len(self._known) >= MOST_PACKS:
                return None
            try:
                self._known[name] = self._client.call(SHOW, AskPack(publisher=name.publisher, name=name.name))
            except NotFound:
                self._known[name] = None
        return self._known[name]

    def fault(self, name: PackName, wanted: Range) -> str:
        """Why a dependency could not be had from here now; empty if it could."""
        view = self.find(name)
        if view is None:
            return f"it needs {name}, which is not published here"
        there = [one.version for one in view.releases if one.state in ("published", "deprecated")]
        if any(wanted.allows(version) for version in there):
            return ""
        newest = f"; the newest is {there[0]}" if there else ""
        return f"it needs {name} {wanted}, and no such version is published here{newest}"

    def way_back(self, own: PackName, start: PackName) -> list[PackName]:
        """The shortest way from `start` to `own` along the needs of latest releases, both included; empty if there is none."""
        ways, seen = [[start]], {start}
        while ways:
            way = ways.pop(0)
            view = self.find(way[-1])
            for need in _names(view) if view else ():
                if need == own:
                    return [*way, own]
                if need not in seen:
                    seen.add(need)
                    ways.append([*way, need])
        return []


def _names(view: PackView) -> list[PackName]:
    """What a pack needs, by name. The registry's texts are read carefully: what is no name leads nowhere."""
    found = []
    for need in view.needs:
        try:
            found.append(PackName.parse(need.partition(" ")[0]))
        except ValueError:
            continue
    return found
