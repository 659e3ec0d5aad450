"""A feature that a command names must be one that some asset is for: a slip would leave packs without their assets."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from packspec.errors import NotFound


class NoSuchFeature(NotFound):
    """No asset of the packs that come in is for the feature. `known` are those that assets are for."""

    feature: str
    known: tuple[str, ...]

    code = "install.no-such-feature"

    def what(self) -> str:
        return f"no asset is for the feature {self.feature}"

    def facts(self) -> dict[str, str]:
        return {"features": ", ".join(self.known) or "none"}

    def why(self) -> str:
        return "packs would come without the assets that are for a feature; nothing was changed"

    def fix(self) -> list[str]:
        near = get_close_matches(self.feature, self.known, n=1) or self.known[:1]
        return [f"packctl install --feature {near[0]}"] if near else ["packctl install --whole"]


def check_features(named: Iterable[str], known: Collection[str]) -> None:
    """Raises NoSuchFeature for the first of `named` that is not known."""
    for feature in named:
        if feature not in known:
            raise NoSuchFeature(feature, tuple(sorted(known)))
