"""How commands change pack.toml: each gives an `Edit`, which the flow applies before and after the resolution (docs/spec/install.md)."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from packctl.install.order import INSTALLING, Edit, Order, Versions
from packctl.project.edit import Wanted, add_dependencies, remove_dependencies, set_install, unset_install
from packctl.project.missing import NotADependency
from packctl.usage import BadValue
from packspec.digests import BadDigest, Digest
from packspec.facts import DependencyKind
from packspec.labels import Label
from packspec.names import PackName, PublisherName
from packspec.project import Project, Wish, parse_project
from packspec.ranges import BadRange, Range, caret

ANY = Range.parse("*")
LATEST = "latest"


def label_of(option: str, text: str) -> Label:
    """The name of a group or feature, as an option gives it. Raises BadValue."""
    try:
        return Label.parse(text)
    except ValueError as error:
        expected = "lower-case letters, digits, inner - and _, at most 64"
        raise BadValue(option, text[:80], expected, "a name such as lessons or sticker_book") from error


class Asked(Struct, frozen=True):
    """A pack as somebody typed it: `acme/icons`, `acme/icons@^2`, `acme/icons@latest`."""

    pack: PackName
    range: Range | None = None
    latest: bool = False

    @classmethod
    def parse(cls, text: str) -> "Asked":
        """Reads it. Raises BadName, BadRange."""
        name, at, rest = text.partition("@")
        pack = PackName.parse(name)
        if rest == LATEST:
            return cls(pack, latest=True)
        if at and not rest.strip():
            raise BadRange(rest, "nothing stands behind the @", str(pack))
        return cls(pack, Range.parse(rest) if at else None)


def together(edits: Sequence[Edit]) -> Edit | None:
    """One edit after the other; None for none."""

    def edit(data: bytes, versions: Versions) -> bytes:
        for one in edits:
            data = one(data, versions)
        return data

    return edit if edits else None


def adding(
    asked: Sequence[Asked],
    group: Label | None = None,
    kind: DependencyKind | None = None,
    optional: bool | None = None,
) -> Edit:
    """Adds dependencies. Without a range, one that is there keeps its own, and a new one gets the caret range of what was chosen."""

    def edit(data: bytes, versions: Versions) -> bytes:
        there = _place(parse_project(data), group)
        wanted = [Wanted(one.pack, _range(one, there, versions), group, kind, optional) for one in asked]
        return add_dependencies(data, wanted)

    return edit


def _place(project: Project, group: Label | None) -> dict[PackName, Range]:
    wishes = project.dependencies if group is None else project.groups.get(group, {})
    return {pack: wish.version for pack, wish in wishes.items()}


def _range(one: Asked, there: dict[PackName, Range], versions: Versions) -> Range:
    if one.range is not None:
        return one.range
    if not one.latest and one.pack in there:
        return there[one.pack]
    if versions.is_final and not one.latest and (chosen := versions.chosen(one.pack)) is not None:
        return caret(chosen)
    newest = versions.newest(one.pack)
    # What is not chosen in the end (another kind, or optional and left out) gets the range of what there is.
    return caret(newest) if versions.is_final or one.latest or newest.is_prerelease else ANY


def removing(packs: Iterable[PackName], group: Label | None = None) -> Edit:
    """Takes dependencies out. Raises NotADependency."""
    gone = list(packs)
    return lambda data, versions: remove_dependencies(data, gone, group)


def selecting(features: Sequence[Label] | None, essential: bool | None) -> Edit:
    """Sets which part of packs is installed."""
    return lambda data, versions: set_install(data, features=features, essential=essential)


def whole() -> Edit:
    """Lets packs be installed whole again."""
    return lambda data, versions: unset_install(data)


def moving_to(packs: Sequence[PackName], wanted: Range) -> Edit:
    """Gives dependencies another range, wherever pack.toml names them. Raises NotADependency."""

    def edit(data: bytes, versions: Versions) -> bytes:
        return add_dependencies(data, [Wanted(wish.pack, wanted, _group(wish)) for wish in _wishes(data, packs)])

    return edit


def moving_on(packs: Sequence[PackName]) -> Edit:
    """Lets dependencies (none named: all) leave their range for the newest that fits with the rest. Raises NotADependency."""

    def edit(data: bytes, versions: Versions) -> bytes:
        wanted = []
        for wish in _wishes(data, packs):
            chosen = versions.chosen(wish.pack)
            if not versions.is_final:
                wanted.append(Wanted(wish.pack, ANY, _group(wish)))
            elif chosen is not None and not wish.dependency.version.allows(chosen):
                wanted.append(Wanted(wish.pack, caret(chosen), _group(wish)))
        return add_dependencies(data, wanted) if wanted else data

    return edit


def _wishes(data: bytes, packs: Sequence[PackName]) -> list[Wish]:
    wishes = parse_project(data).wishes()
    for pack in packs:
        if all(wish.pack != pack for wish in wishes):
            raise NotADependency(pack, "[dependencies]")
    return [wish for wish in wishes if not packs or wish.pack in packs]


def _group(wish: Wish) -> Label | None:
    return Label(wish.group) if wish.group else None


def accepted_roots(texts: Iterable[str]) -> dict[str, Digest]:
    """The values of `--accept-root`, by publisher. Raises BadValue, BadName."""
    found = {}
    for text in texts:
        publisher, _equals, digest = text.partition("=")
        try:
            found[str(PublisherName.parse(publisher))] = Digest.parse_labelled(digest)
        except BadDigest as error:
            expected = "PUBLISHER=sha256:..., as the publisher tells it by another way than the registry"
            raise BadValue("--accept-root", text[:140], expected, "--accept-root acme=sha256:...") from error
    return found


def order_of(
    names: Iterable[str],
    part: tuple[Sequence[str], bool] = ((), False),
    *,
    whole_packs: bool = False,
    again: Iterable[str] = (),
    accept_root: Iterable[str] = (),
) -> Order:
    """The order of an `install` that says more than "make it so": packs to add, features and whether essential assets alone, or neither any
    more, packs to put there anew, roots to accept. Raises BadName, BadRange, BadValue."""
    asked = [Asked.parse(name) for name in names]
    features, essential = part
    edits = [adding(asked)] if asked else []
    if features or essential:
        edits.append(selecting([label_of("--feature", one) for one in features] or None, essential or None))
    if whole_packs:
        edits.append(whole())
    return Order(
        doing=f"adding {', '.join(one.pack for one in asked)}" if asked else INSTALLING,
        edit=together(edits),
        named=frozenset(one.pack for one in asked),
        again=frozenset(PackName.parse(one) for one in again),
        features=tuple(features),
        accepted=accepted_roots(accept_root),
    )
