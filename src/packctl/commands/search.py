"""`packctl search`: finds packs in the registry's catalog."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, get_args

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.prices import price_text
from packctl.ui.table import Column, many, table_lines

if TYPE_CHECKING:
    from packspec.protocol.catalog import PackHit, SearchPacks

EXAMPLES = (
    "packctl search farm --free",
    "packctl search --tag animals --age 5 --sort newest",
    "packctl search cow --plain",
)


class Hit(msgspec.Struct, frozen=True):
    """A pack. `price` is empty where none is known; `ages` is [min, max] or null; `published` RFC 3339 UTC; `why` is filled by --why."""

    name: str
    version: str
    kind: str
    title: str
    summary: str
    license: str
    paid: bool
    price: str
    category: str
    tags: list[str]
    ages: list[int] | None
    verified: bool
    deprecated: bool
    published: str
    why: list[str] = []


class Found(msgspec.Struct, frozen=True):
    """One page of packs, best first. Nothing of it is verified: an install checks what it installs."""

    registry: str
    packs: list[Hit]
    total: int
    page: int
    pages: int


def run(
    session: Session,
    query: Annotated[list[str] | None, typer.Argument(metavar="QUERY", help="Words that must all occur")] = None,
    category: Annotated[str, typer.Option("--category", metavar="C", help="Only of this category")] = "",
    subcategory: Annotated[str, typer.Option("--subcategory", metavar="C", help="Only of this subcategory")] = "",
    tag: Annotated[str, typer.Option("--tag", metavar="TAG", help="Only with this tag")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="content, module or tool")] = "",
    license: Annotated[str, typer.Option("--license", metavar="TERMS", help="Only under these terms")] = "",
    publisher: Annotated[str, typer.Option("--publisher", metavar="P", help="Only of this publisher")] = "",
    feature: Annotated[str, typer.Option("--feature", metavar="F", help="For this part of the host")] = "",
    subject: Annotated[str, typer.Option("--subject", metavar="S", help="For this subject")] = "",
    grade: Annotated[str, typer.Option("--grade", metavar="G", help="For this grade")] = "",
    modality: Annotated[str, typer.Option("--modality", metavar="M", help="Of this modality")] = "",
    free: Annotated[bool, typer.Option("--free", help="Only what costs nothing")] = False,
    max_price: Annotated[
        str, typer.Option("--max-price", metavar="PRICE", help='Free, or at most this: "12.00 EUR"')
    ] = "",
    age: Annotated[
        int | None, typer.Option("--age", min=0, max=18, metavar="N", help="For a child of this age")
    ] = None,
    verified: Annotated[bool, typer.Option("--verified", help="Only of verified publishers")] = False,
    sort: Annotated[
        str,
        typer.Option(
            "--sort", metavar="ORDER", help="relevance, newest, popular, trending, rating, price_low, price_high"
        ),
    ] = "relevance",
    why: Annotated[bool, typer.Option("--why", help="Say of each pack why it is shown, and why there")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100, metavar="N", help="Packs on a page")] = 20,
    page: Annotated[int, typer.Option("--page", min=1, metavar="N", help="Which page")] = 1,
) -> Outcome[Found]:
    """Find packs in the registry.

    Every filter that is given must hold. What is found is the registry's catalog; an install verifies what it installs.
    """
    from packctl.registry.choose import chosen_client
    from packspec.moments import moment
    from packspec.protocol.catalog import SEARCH

    fields = {
        "q": " ".join(query or ()), "category": category, "subcategory": subcategory, "tag": tag, "kind": kind, "license": license,
        "publisher": publisher, "feature": feature, "subject": subject, "grade": grade, "modality": modality, "free": free,
        "verified": verified, "age": age, "max_price_minor": _minor(max_price), "sort": sort, "why": why, "page": page, "limit": limit,
    }  # fmt: skip
    ask = _ask({name: value for name, value in fields.items() if value is not None})
    chosen, client = chosen_client(session)
    answer = client.call(SEARCH, ask)
    hits = [_hit(one, moment(one.published_at), _reasons(ask, one) if why else []) for one in answer.packs]
    found = Found(chosen.origin, hits, answer.total, answer.page, answer.pages)
    return Outcome(
        found, view=_hints(found, narrowed=ask != _ask({"sort": sort, "why": why, "page": page, "limit": limit}))
    )


def _hints(found: Found, narrowed: bool) -> tuple[str, ...]:
    """What to say, and what to try, where nothing was found."""
    if found.pages and found.page > found.pages:
        return (f"no page {found.page}: {many(found.total, 'pack')} on {many(found.pages, 'page')}",)
    if narrowed:
        return "no packs found", "  Try fewer words or filters; everything there is: packctl search"
    return "this registry has no packs yet", "  Make the first one: packctl new PUBLISHER/NAME"


def _ask(fields: dict[str, object]) -> "SearchPacks":
    from packctl.usage import BadValue
    from packspec.facts import PackKind
    from packspec.protocol.catalog import SORTS, SearchPacks
    from packspec.wire import convert

    if fields["sort"] not in SORTS:
        raise BadValue("--sort", str(fields["sort"]), ", ".join(SORTS))
    if fields.get("kind") and fields["kind"] not in get_args(PackKind):
        raise BadValue("--kind", str(fields["kind"]), ", ".join(get_args(PackKind)))
    try:
        return convert(fields, SearchPacks)
    except msgspec.ValidationError as error:
        raise BadValue("a filter", str(error), "at most 100 characters, and 200 for the words") from error


def _minor(price: str) -> int | None:
    """The price in minor units of its currency. Raises BadValue."""
    if not price:
        return None
    from packctl.usage import BadValue
    from packspec.money import Money

    amount, _, currency = price.partition(" ")
    try:
        return Money.parse(amount, currency or "EUR").minor
    except ValueError as error:
        raise BadValue("--max-price", price, 'an amount and a currency, such as "12.00 EUR"') from error


_FILTERS = ("category", "subcategory", "tag", "kind", "license", "publisher", "feature", "subject", "grade", "modality")


def _reasons(ask: "SearchPacks", one: "PackHit") -> list[str]:
    """Why a pack is shown, and why at this place: where the words occur, the filters that hold, and what decides the order."""
    from packspec.moments import moment

    reasons = [f"words in {', '.join(one.matched)}"] if one.matched else []
    reasons += [f"{name} {value}" for name in _FILTERS if (value := getattr(ask, name))]
    reasons += [f"for age {ask.age}"] if ask.age is not None else []
    if ask.sort.startswith("price_"):
        reasons.append(f"price {price_text(one.price_minor, one.currency, one.paid)}")
    elif ask.sort != "relevance" or not ask.q:
        reasons.append(f"published {moment(one.published_at)}")
    return reasons


def _hit(one: "PackHit", published: str, why: list[str]) -> Hit:
    return Hit(
        str(one.name), str(one.version), one.kind, one.title, one.summary, one.license, one.paid,
        price_text(one.price_minor, one.currency, one.paid), one.category, one.tags, list(one.ages) if one.ages else None,
        one.verified, one.deprecated, published, why,
    )  # fmt: skip


def text(result: Found, console: Console, view: tuple[str, ...]) -> None:
    """Each pack with its summary below it; with -q names alone."""
    if console.quiet:
        for hit in result.packs:
            console.line(safe(hit.name))
        return
    columns = [Column(), Column("NAME", whole=True), Column("VERSION", whole=True), Column("TERMS", whole=True)]
    columns += [Column("PRICE", whole=True), Column("KIND", whole=True)]
    mark = console.sign("✓")
    rows = [
        (mark if hit.verified else "", hit.name, hit.version, hit.license, hit.price, hit.kind) for hit in result.packs
    ]
    head, *lines = table_lines(columns, rows, None) or [""]
    if lines:
        console.line(head)
    for hit, line in zip(result.packs, lines, strict=True):
        console.line(line)
        console.line(f"     {safe(hit.summary)}{' (deprecated)' if hit.deprecated else ''}")
        if hit.why:
            console.line(f"     why: {safe('; '.join(hit.why))}")
    if not lines:
        for hint in view:
            console.say(hint)
        return
    console.line()
    more = f", page {result.page} of {result.pages}" if result.pages > 1 else ""
    told = f" {mark} verified publisher." if any(hit.verified for hit in result.packs) else ""
    shown = f"{len(lines)} of {many(result.total, 'pack')}{more}.{told}"
    console.line(f"{shown}     Details: packctl show {safe(result.packs[0].name)}")


def plain(result: Found) -> Iterator[tuple[str, ...]]:
    """Name, version, terms, price, kind, whether verified, summary."""
    for hit in result.packs:
        yield hit.name, hit.version, hit.license, hit.price, hit.kind, "yes" if hit.verified else "no", hit.summary
