"""The licenses of this machine that cover audited releases: which have ended, and which are about to. Nobody is asked for this."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from packctl.audit.judge import Found, Subject
from packctl.install.registries import Registries

if TYPE_CHECKING:
    from packctl.session import Session
    from packspec.labels import Label


def rights(session: "Session", registries: Registries, subjects: Sequence[Subject]) -> Iterator[Found]:
    """A warning for each pack whose licenses have ended or are about to. A machine without licenses loads nothing here."""
    if not (session.places.licenses / "wallet.json").exists():
        return
    from packctl.licenses.desk import Counter, Desk
    from packctl.licenses.ending import ending
    from packspec.licenses.use import covers

    desks: dict[Label, Desk] = {}
    for subject in subjects:
        if subject.row is None or not subject.row.paid:
            continue
        alias = registries.alias_of(subject.pack.publisher)
        if alias not in desks:
            desks[alias] = Desk(session, Counter.of(registries.named(alias)))
        category = subject.row.facts.category
        held = [one for one in desks[alias].holdings() if covers(one.token.lic.right, subject.pack, category)]
        if (error := ending(held, desks[alias].now)) is not None:
            yield Found(error, "warning", pack=subject.pack, line=subject.line)
