"""How a pack came into a project."""

from packctl.project.reach import MOST_PATHS, paths_to


def test_every_path_is_found_the_shortest_first_then_by_name() -> None:
    needs = {"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": (), "e": ("d", "z"), "z": ()}
    assert paths_to("d", ["e", "a", "d", "z"], needs) == (
        (("d",), ("e", "d"), ("a", "b", "d"), ("a", "c", "d")),
        True,
    )


def test_M16_a_circle_is_gone_round_once() -> None:
    needs = {"a": ("b",), "b": ("c", "a"), "c": ("b",)}
    assert paths_to("c", ["a", "c"], needs) == ((("c",), ("a", "b", "c")), True)


def test_nothing_leads_to_what_nobody_needs() -> None:
    assert paths_to("z", ["a"], {"a": ("b",), "b": (), "z": ("a",)}) == ((), True)


def test_M17_exponentially_many_paths_are_not_all_listed() -> None:
    needs: dict[str, tuple[str, ...]] = {f"{side}{n}": (f"l{n + 1}", f"r{n + 1}") for n in range(40) for side in "lr"}
    needs |= {"l40": ("end",), "r40": ("end",)}
    found = paths_to("end", ["l0"], needs)
    assert len(found.found) == MOST_PATHS
    assert found.found[0][:3] == ("l0", "l1", "l2")
    assert not found.complete
