"""What a publisher attests before the approval: cited by it, in the index and the policy, and never by somebody else."""

from tests.support.town import Town, said

CLAIM = ("--claim", "no-tracking=Nothing is sent anywhere.", "--claim", "ages=Looked at by two teachers.")


def test_an_approval_rests_on_what_the_publisher_has_signed_and_everybody_reads_it(town: Town) -> None:
    mia, kim = town.acme(), town.kim()
    release = "acme/farm@1.0.0"
    refused = mia.runs("attest", release, *CLAIM, "-y")
    assert (refused.code, "publish.nothing-to-attest" in refused.err) == (3, True), refused.err
    submission = town.publish(mia, "acme/farm", "1.0.0")
    approve = ("approve", submission["id"], "-y", "--digest", submission["archive"], "--safety", "attested")
    refused = kim.runs(*approve)
    assert (refused.code, "error[publishing.not-attested]" in refused.err) == (5, True), refused.err
    refused = mia.runs("attest", release, "-y")
    assert (refused.code, "publish.nothing-to-attest" in refused.err) == (3, True), refused.err
    for claims in (["--claim", "nothing"], ["--claim", "A=text"], ["--claim", "a="], [*CLAIM[:2], *CLAIM[:2]]):
        refused = mia.runs("attest", release, *claims, "-y")
        assert (refused.code, "cli.bad-value" in refused.err) == (2, True), refused.err
    refused = town.person("tom").runs("attest", release, *CLAIM, "-y")
    assert refused.code == 3, refused.err
    assert mia.runs("attest", release, "--claim", "a=b", "-y").code == 0
    data = said(mia.runs("attest", release, *CLAIM, "-y", "--json"))
    assert (data["signatures"], data["needed"], [one["name"] for one in data["claims"]]) == (
        1,
        1,
        ["no-tracking", "ages"],
    )
    ended = kim.runs(*approve)
    assert ended.code == 0, ended.err
    assert "attested    no-tracking: Nothing is sent anywhere.; ages: Looked at by two teachers." in ended.err
    digest = data["attestation"].removeprefix("sha256:")
    assert town.registry.world.public.read(f"documents/sha256/{digest[:2]}/{digest}.json") is not None
    refused = mia.runs("attest", release, *CLAIM, "-y")
    assert refused.code == 3, refused.err
    shown = said(mia.runs("show", "acme/farm", "--trust", "--json"))
    assert (shown["safety"], shown["attested"]) == ("attested", data["claims"])
    assert "safety    attested" in mia.runs("show", "acme/farm", "--trust").out


def test_two_keys_attest_where_two_must_sign_and_another_statement_is_not_attested(town: Town) -> None:
    mia, kim = town.acme(), town.kim()
    town.keys("mia", "mia-2")
    assert mia.runs("key", "add", "acme", "mia-2", "-y").code == 0
    town.later(hours=73)
    assert mia.runs("key", "add", "acme", "mia-2", "--threshold", "2", "-y").code == 0
    release, folder = "acme/farm@1.0.0", town.pack("acme/farm", "1.0.0")
    submission = said(mia.runs("publish", folder, "--key", "mia-release", "-y", "--json"))["submission"]
    data = said(mia.runs("attest", release, *CLAIM, "--key", "mia-release", "-y", "--json"))
    assert (data["signatures"], data["needed"]) == (1, 2)
    assert mia.runs("sign", submission["id"], "--key", "mia-2", "-y").code == 0
    approve = ("approve", submission["id"], "-y", "--digest", submission["archive"], "--safety", "attested")
    refused = kim.runs(*approve)
    assert (refused.code, "trust.not-authentic" in refused.err) == (6, True), refused.err
    data = said(mia.runs("attest", release, "--key", "mia-2", "-y", "--json"))
    assert (data["signatures"], data["needed"], len(data["claims"])) == (2, 2, 2)
    assert kim.runs(*approve).code == 0
