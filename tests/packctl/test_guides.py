"""The guides do what they say."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from packspec.signing.keys import PublicKey
from registry_server.index.reviewers import add_reviewer
from tests.packctl.conftest import Farm, Offered
from tests.support import guide
from tests.support.person import Person, person_of

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"


def beginner(registry: Offered, here: Path, name: str) -> Person:
    """Somebody with nothing but a token in a file."""
    here.mkdir()
    (here / "token.txt").write_text(registry.words[name] + "\n")
    return Person(here, here / "data", {})


def test_the_guide_on_publishing_leads_from_nothing_to_the_queue(registry: Offered, tmp_path: Path) -> None:
    words = registry.variables()
    people = {
        "": beginner(registry, tmp_path / "mia", "mia"),
        "ada": person_of(words, tmp_path / "ada", tmp_path / "ada" / "data", "ada"),
    }
    guide.run(GUIDES / "publish.md", people, words["registry"])


def test_the_guide_on_reviewing_leads_from_a_key_to_a_release(
    registry: Offered, acme: Mapping[str, str], tmp_path: Path
) -> None:
    words = registry.variables()
    mia = person_of(words, tmp_path / "mia", acme["acme_keys"], "mia")
    assert mia.runs("new", "acme/farm-animals").code == 0
    assert mia.runs("publish", "farm-animals", "--yes").code == 0
    kim = beginner(registry, tmp_path / "kim", "kim")
    kim = Person(kim.here, kim.data, {"PACKCTL_REGISTRY": words["registry"]})

    page = tmp_path / "review.md"
    text = (GUIDES / "review.md").read_text("utf-8").replace("sha256:9d41...e6", words["pin"])
    first, second = text.split("## Decide")
    page.write_text(first, "utf-8")
    guide.run(page, {"": kim}, words["registry"])
    key = PublicKey.parse((kim.here / "kim.pub").read_text().strip())
    world = registry.registry.world
    add_reviewer(world, Path(world.folder.root).parent / "offline-keys", "kim", key)
    page.write_text(second, "utf-8")
    guide.run(page, {"": kim}, words["registry"])


def user(farm: Farm, here: Path, **environ: str) -> Person:
    """Somebody on a fresh machine, who knows the registry and its root."""
    here.mkdir()
    known = {"PACKCTL_REGISTRY": farm.registry.url, "PACKCTL_TRUST_ROOT": farm.pin}
    return Person(here, here / "machine" / "data", {**known, "PACKCTL_CONCURRENCY": "1", **environ})


def wants_lamp(person: Person) -> Person:
    """With a project that asks for zed/lamp."""
    (person.here / "pack.toml").write_text('[dependencies]\n"zed/lamp" = "^1"\n')
    return person


def test_the_guide_on_using_packs_leads_from_an_empty_folder_to_newer_files(farm: Farm, tmp_path: Path) -> None:
    page = tmp_path / "use-packs.md"
    page.write_text((GUIDES / "use-packs.md").read_text("utf-8").replace("sha256:9d41...e6", farm.pin), "utf-8")
    guide.run(page, {"": user(farm, tmp_path / "tom", PACKCTL_REGISTRY="", PACKCTL_TRUST_ROOT="")}, farm.registry.url)


def test_the_guide_on_ci_installs_on_a_runner(farm: Farm, tmp_path: Path) -> None:
    text = (GUIDES / "ci.md").read_text("utf-8")
    mine, runner = text.split("## The runner")
    tom = wants_lamp(user(farm, tmp_path / "tom"))
    page = tmp_path / "ci.md"
    page.write_text(mine, "utf-8")
    guide.run(page, {"": tom}, farm.registry.url)
    page.write_text(runner, "utf-8")
    guide.run(page, {"": replace(tom, environ={**tom.environ, "CI": "true"})}, farm.registry.url)


def test_the_guide_on_working_without_network_needs_none(farm: Farm, tmp_path: Path) -> None:
    guide.run(GUIDES / "offline.md", {"": wants_lamp(user(farm, tmp_path / "tom"))}, farm.registry.url)


def test_the_guide_on_recalls_leads_from_a_rehearsal_to_the_end_of_one(
    farm: Farm, recallers: Mapping[str, str], tmp_path: Path
) -> None:
    lee = wants_lamp(user(farm, tmp_path / "lee"))
    assert lee.runs("install").code == 0
    kim = user(farm, tmp_path / "kim", PACKCTL_TOKEN=recallers["kim"])
    people = {
        "mia": user(farm, tmp_path / "mia", PACKCTL_TOKEN=recallers["acme"]),
        "lee": lee,
        "kim": replace(kim, data=Path(recallers["kim_keys"])),
    }
    guide.run(GUIDES / "recall.md", people, farm.registry.url)


def buyer(sales: Mapping[str, str], here: Path, **environ: str) -> Person:
    """Somebody on a fresh machine, who knows the registry that sells packs, and its root."""
    here.mkdir()
    (here / "pack.toml").write_text("")
    known = {"PACKCTL_REGISTRY": sales["registry"], "PACKCTL_TRUST_ROOT": sales["pin"], "PACKCTL_CONCURRENCY": "1"}
    return Person(here, here / "machine" / "data", {**known, **environ})


def test_the_guide_on_selling_a_pack_leads_from_a_license_to_its_end(sales: Mapping[str, str], tmp_path: Path) -> None:
    acme, tom = buyer(sales, tmp_path / "acme", PACKCTL_TOKEN=sales["acme"]), buyer(sales, tmp_path / "tom")
    people = {"": acme, "tom": tom, "boss": buyer(sales, tmp_path / "boss", PACKCTL_TOKEN=sales["boss"])}

    def sent(step: guide.Step) -> None:
        if step.command.endswith("> key.txt"):
            (tom.here / "key.txt").write_text((acme.here / "key.txt").read_text())

    guide.run(GUIDES / "sell-a-pack.md", people, sales["registry"], sent)


def test_the_guide_on_offline_machines_brings_pack_and_license(sales: Mapping[str, str], tmp_path: Path) -> None:
    home = buyer(sales, tmp_path / "home", PACKCTL_TOKEN=sales["mia"])
    away = buyer(sales, tmp_path / "away", PACKCTL_OFFLINE="1")
    (home.here / "pack.toml").write_text('[dependencies]\n"acme/pro" = "^2"\n')

    def carried(step: guide.Step) -> None:
        for here, there in ((home.here, away.here), (away.here, home.here)):
            for name in ("pack.toml", "pack.lock", "farm.carry", "farm.request", "farm.license", "farm.receipt"):
                if (here / name).exists() and (name not in ("pack.toml", "pack.lock") or here == home.here):
                    (there / name).write_bytes((here / name).read_bytes())

    guide.run(GUIDES / "offline-machines.md", {"": home, "away": away}, sales["registry"], carried)


def test_the_guide_on_licenses_in_ci_needs_one_variable_or_none(ci_sales: Mapping[str, str], tmp_path: Path) -> None:
    text = (GUIDES / "ci-licenses.md").read_text("utf-8").replace("registry.example/log", "registry.test/log")
    with_key, rest = text.split("## No secret at all")
    without, when_it_fails = rest.split("## When it fails")
    page = tmp_path / "page.md"
    (tmp_path / "key.txt").write_text(ci_sales["key"])
    runner = buyer(ci_sales, tmp_path / "runner", CI="true")
    (runner.here / "pack.toml").write_text('[dependencies]\n"acme/pro" = "^2"\n')
    assert runner.runs("lock").code == 0

    def machine(name: str, **environ: str) -> Person:
        shutil.rmtree(runner.here / "packs", ignore_errors=True)
        return replace(runner, data=tmp_path / name, environ={**runner.environ, **environ})

    mia = buyer(ci_sales, tmp_path / "mia", PACKCTL_TOKEN=ci_sales["mia"])
    job = {"ACTIONS_ID_TOKEN_REQUEST_URL": ci_sales["job"], "ACTIONS_ID_TOKEN_REQUEST_TOKEN": ci_sales["bearer"]}
    pull = machine("pull", **{**job, "ACTIONS_ID_TOKEN_REQUEST_URL": ci_sales["pull_job"]})

    def emptied(step: guide.Step) -> None:
        if step.who == "job":
            shutil.rmtree(runner.here / "packs")

    page.write_text(without)
    guide.run(page, {"mia": mia, "job": machine("job", **job), "pull": pull}, ci_sales["registry"], emptied)
    key = {"PACKCTL_LICENSE_FILE": str(tmp_path / "key.txt")}
    page.write_text(with_key)
    guide.run(page, {"": machine("first", **key, GITHUB_RUN_ID="1")}, ci_sales["registry"])
    page.write_text(when_it_fails)
    guide.run(page, {"other": machine("third", **key, GITHUB_RUN_ID="3")}, ci_sales["registry"])
