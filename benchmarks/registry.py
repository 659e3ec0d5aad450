"""A registry of the work, signed and logged like any other: the static side of one. Reading is timed, so it is made without the API."""

import io
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.work import Files
from registry_server.index import ceremony
from tests.support.published import Publication
from tests.support.registry import Clock, make_world

PUBLISHER = "acme"


def make_registry(site: Path, packs: Mapping[str, Files]) -> str:
    """Publishes version 1.0.0 of every pack, and writes the static side into `site`. The digest of the registry's root."""
    with tempfile.TemporaryDirectory() as folder:
        world = make_world(Path(folder), Clock(int(time.time())), io.StringIO())
        begun = ceremony.begin(world, "benchmark.test", Path(folder) / "offline")
        publication = Publication(world, Path(folder) / "offline")
        publication.reviewer("kim")
        publication.publisher(PUBLISHER)
        for name, files in packs.items():
            publication.publish(f"{PUBLISHER}/{name}", "1.0.0", files)
        for path in world.public.paths():
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            (site / path).write_bytes(world.public.read(path) or b"")
        world.close()
    return str(begun.root.labelled)
