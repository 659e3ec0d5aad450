"""`packctl verify`: is what is installed, or an archive, what was signed?"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.findings.report import FormOption, machine_lines, summarize, take_form, write_report
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.verify.result import REQUIRED, Verified

if TYPE_CHECKING:
    from packspec.names import PackName

EXAMPLES = (
    "packctl verify",
    "packctl verify --online --require current",
    "packctl verify --format sarif > verify.sarif",
    "packctl verify farm-animals-2.1.0.pack --proof farm-animals-2.1.0.packproof",
)
MAY_BE_REQUIRED = ("authentic", "approved", "logged", "files", "current", "license")


def run(
    session: Session,
    what: Annotated[
        list[str] | None, typer.Argument(metavar="NAME or FILE", help="Packs of the project, or one archive")
    ] = None,
    online: Annotated[bool, typer.Option("--online", help="First fetch the newest index and missing proofs")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Require all questions, and take warnings for errors")
    ] = False,
    require: Annotated[
        str, typer.Option("--require", metavar="LIST", help="Questions that must be yes as well: current, license")
    ] = "",
    max_age: Annotated[
        str, typer.Option("--max-age", metavar="DURATION", help="Refuse an index older than this: 36h, 7d, 2w")
    ] = "",
    at: Annotated[
        str, typer.Option("--at", metavar="TIME", help="Judge ages at this time: 2026-11-20 or 2026-11-20T06:00:00Z")
    ] = "",
    proof: Annotated[str, typer.Option("--proof", metavar="FILE", help="The packproof of the archive")] = "",
    form: FormOption = "text",
) -> Outcome[Verified]:
    """Check signatures, approvals, log and files, without network.

    Four questions about every release, and its installed files one by one: did its publisher make it, did reviewers approve it, is it in
    the public log, is it listed and not recalled. Answers come from pack.lock and what the install kept; the registry is asked with
    --online only.
    """
    from packctl.usage import read_duration
    from packctl.verify.order import Asked, Order

    chosen = take_form(session, form)
    asked = Asked(
        _moment(at) if at else session.clock(), read_duration("--max-age", max_age, "7d") if max_age else None
    )
    own = [word for word in session.rules.policy.require or () if word in MAY_BE_REQUIRED]
    required = frozenset(MAY_BE_REQUIRED if strict else (*REQUIRED, *own, *_words(require)))
    named = what or []
    archive = _archive(named)
    if archive is None:
        from packctl.verify.opened import open_project

        order = Order(asked, frozenset(map(_pack, named)), required, online, strict)
        with open_project(session, order.names) as opened:
            from packctl.verify.flow import verify_project

            result, findings = verify_project(session, opened, order)
    else:
        from packctl.verify.single import verify_archive

        order = Order(asked, required=required, online=online, strict=strict)
        where = session.folder
        result, findings = verify_archive(session, where / archive, where / proof if proof else None, order)
    from packctl.verify.report import text as report

    for notice in findings.notices:
        session.warn(notice)
    oldest = asked.oldest(session.rules.policy)
    result = msgspec.structs.replace(result, findings=findings.remarks, form=chosen, max_age_seconds=oldest)
    summarize(session, "verify", report(result, None), result.findings)
    return Outcome(result, errors=tuple(findings.errors))


def text(result: Verified, console: Console) -> None:
    """The table on stdout; with another form that one, and the table on stderr."""
    from packctl.verify.report import text as report
    from packctl.verify.result import cases_of

    machine = machine_lines(result.form, "verify", result.findings, cases_of(result))
    write_report(result.form, machine, report(result, console.width), console)


def _archive(named: list[str]) -> str | None:
    """The one archive among the arguments, told from a name by its beginning or end."""
    from packctl.usage import BadValue

    files = [name for name in named if name.startswith((".", "/")) or name.endswith(".pack")]
    if files and len(named) > 1:
        raise BadValue("NAME or FILE", " ".join(named), "names of packs, or one archive")
    return files[0] if files else None


def _pack(name: str) -> "PackName":
    from packspec.names import PackName

    return PackName.parse(name)


def _words(require: str) -> list[str]:
    from packctl.usage import BadValue

    words = [word.strip() for word in require.split(",") if word.strip()]
    for word in words:
        if word not in MAY_BE_REQUIRED:
            raise BadValue("--require", word, ", ".join(MAY_BE_REQUIRED))
    return words


def _moment(text: str) -> int:
    from packctl.usage import BadValue

    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadValue("--at", text, "a day or a time in UTC: 2026-11-20 or 2026-11-20T06:00:00Z") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
