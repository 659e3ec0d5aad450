"""A file that continues an earlier one: what it leaves out, and what happens where the earlier one never came."""

from pathlib import Path

from tests.support.gap import Gap, kept, takes_in
from tests.support.registry import Registry


def test_an_increment_holds_what_is_new_and_names_the_file_that_it_continues(
    registry: Registry, tmp_path: Path
) -> None:
    gap = Gap.at(tmp_path, registry)
    base = gap.export()
    registry.publish("acme/icons", "1.3.0", files={"cow.md": b"# Cow\nmoo\n" * 30, "owl.md": b"# Owl\n"})
    assert gap.here.packctl("update").code == 0
    more = gap.export("more.carry", "--since", "farm.carry")
    there = gap.there()
    before = kept(there)
    refused = there.packctl("carry", "import", str(more))
    assert (refused.code, refused.error) == (3, "carry.earlier-missing")
    for words in ("more.carry continues farm.carry", "zed/lamp 1.0.0", "packctl carry import farm.carry"):
        assert words in refused.err
    assert believed(kept(there)) == believed(before)
    takes_in(there, base)  # so the order is not spoiled
    assert takes_in(there, more).out.splitlines()[-1] == "Stored   1 release, 3 files"
    assert there.packctl("ci").code == 0
    assert there.packctl("verify").code == 0


def believed(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name.endswith(("seen.json", "timestamp.json"))}
