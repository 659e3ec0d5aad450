"""What a catalog tells of a release beside its readme: a function of its pack.toml, for a registry and for a machine without one."""

from collections.abc import Iterable
from typing import Any

import msgspec

from packspec.licenses.listed import plans_of
from packspec.licenses.plans import write_plan
from packspec.manifest import Manifest
from packspec.money import Money


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What search and pages tell of a release. Plain values."""

    title: str
    summary: str
    category: str
    subcategory: str = ""
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    focus: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    links: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    assets: int = 0
    price_minor: int = 0
    currency: str = ""
    plans: tuple[dict[str, Any], ...] = ()
    """The plans of its pack.toml as plain JSON."""

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """What search filters by, by kind of label."""
        return {
            "tag": self.tags,
            "feature": self.features,
            "subject": self.subjects,
            "grade": self.grades,
            "modality": self.modalities,
            "language": self.languages,
            "focus": self.focus,
        }


def listing_of(manifest: Manifest, assets: int) -> Listing:
    """What the manifest says for search and pages; `assets` counts its files that are assets."""
    pack, education, price = manifest.pack, manifest.pack.education, _first_price(manifest)
    return Listing(
        title=manifest.title,
        summary=pack.summary,
        category=pack.category,
        subcategory=pack.subcategory or "",
        tags=_plain(pack.tags),
        languages=_plain(pack.languages),
        features=_plain(pack.features),
        ages=(pack.ages.min, pack.ages.max) if pack.ages else None,
        focus=_plain(education.focus),
        objectives=_plain(education.objectives),
        subjects=_plain(education.subjects),
        grades=_plain(education.grades),
        modalities=_plain(education.modalities),
        links={str(name): str(link) for name, link in pack.links.items()},
        needs=tuple(
            f"{name} {wish.version}" for name, wish in sorted(manifest.dependencies.items()) if wish.kind == "requires"
        ),
        assets=assets,
        price_minor=price.minor if price else 0,
        currency=price.currency if price else "",
        plans=tuple(write_plan(plan) for plan in plans_of(manifest)),
    )


def _first_price(manifest: Manifest) -> Money | None:
    """The price of the short form, else of the first plan that names one."""
    if not manifest.paid:
        return None
    if manifest.price is not None:
        return manifest.price
    plans = [plan for plan in manifest.plans if plan.amount is not None and plan.currency is not None]
    return Money.parse(plans[0].amount or "", plans[0].currency or "") if plans else None


def _plain(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values))
