"""The chapter of a pack that must be paid: refused, licensed, one machine too many, and what is left after the license is gone."""

from packctl.demo.acts import approve, chapter, hand_in, packctl, step
from packctl.demo.script import Chapter, Deed, Lanes
from packctl.demo.stage import Stage

PRO = "acme/farm-animals-pro"
KEY_FILE = "license-key.txt"


def sale() -> Chapter:
    """A license for one machine, and two machines."""
    activate = f"license activate {PRO} --key-file {KEY_FILE}"
    issue = f"admin license issue {PRO} --to lee --reason 'test payment'"
    return chapter(
        "A paid pack",
        step(
            "It is published like any other; its pack.toml has a price",
            hand_in(f"{PRO}@1.3.0"),
            approve(f"{PRO}@1.3.0"),
        ),
        step(
            "Without a license it is refused before anything is downloaded, with the command that gets one",
            Lanes(((packctl("ben", "init"),), (packctl("amy", "init"),))),
            packctl("ben", f"install {PRO}", 7, says=("licensing.not-covered", f"packctl license activate {PRO}")),
        ),
        step(
            "A license for one machine is granted; its key, shown once, is read from a file and never stands in a command line",
            packctl("kim", issue, keeps={"license": r"(L-\d+)", "license-key": r"^([0-9A-Z]{5}(?:-[0-9A-Z]{5}){5})$"}),
            Deed(f"ben and amy get the key in {KEY_FILE}", _hand_out),
            packctl("ben", f"{activate} --label studio", says=("slot 1 of 1",)),
            packctl("ben", f"install {PRO}", says=(PRO,)),
            packctl("ben", "verify --offline --require license", says=("LICENSE", "yes ({license})")),
        ),
        step(
            "One machine too many is told which one has the place; when that gives it back, the other gets it",
            packctl("amy", f"{activate} --label laptop", 7, says=("licensing.no-machine-left", "studio")),
            packctl("ben", f"license deactivate {PRO}"),
            packctl("amy", f"{activate} --label laptop", says=("slot 1 of 1",)),
            packctl("amy", f"install {PRO}"),
        ),
        step(
            "What ben had installed stays, and verifies without network",
            Lanes(
                (
                    (packctl("ben", "verify --offline"),),
                    (packctl("ben", f"license status {PRO}", 7, says=("licensing.not-activated",)),),
                )
            ),
        ),
        step(
            "The license is revoked: nothing new is installed under it, and what is installed still verifies",
            packctl("kim", "admin license revoke {license} --reason refunded --confirm {license}"),
            packctl("amy", f"install --reinstall {PRO}", 7, says=("licensing.revoked",)),
            packctl("amy", "verify --offline", says=("are what",)),
        ),
    )


def _hand_out(stage: Stage) -> str:
    for who in ("ben", "amy"):
        file = stage.home(who) / KEY_FILE
        file.write_text(stage.values["license-key"] + "\n", encoding="utf-8")
        file.chmod(0o600)
    return ""
