"""Run: what a checked identity token says of a run in CI, in the same words for every kind of issuer.

Names of repositories are given away again when they become free, numbers are not. So a run is known by both: a rule may be written with
the name, and holds for the numbers that it was first used with.
"""

from typing import Any, Self

from msgspec import Struct

from packspec.identities.claims import number_of, text_of
from packspec.identities.issuers import Issuer

_MERGE_REQUESTS = ("merge_request_event", "external_pull_request_event")


class Run(Struct, frozen=True, kw_only=True):
    """A run, by the issuer that tells of it."""

    issuer: str
    repository: str
    """Its name now, in small letters where capitals do not count: `mia/game`; the subject of other issuers."""
    repository_id: str
    """What no other repository of that issuer ever gets."""
    owner_id: str
    """The same of its owner; empty where the issuer tells of none."""
    ref: str
    """`refs/heads/main`; empty where the issuer tells of none."""
    is_pull_request: bool
    """Whether it tests what somebody proposes, who may be anybody."""
    number: str
    """What names the run in its repository, the same for all its steps."""

    @classmethod
    def of(cls, issuer: Issuer, claims: dict[str, Any]) -> Self:
        """The run in claims that were checked. Raises IdentityMalformed for what does not tell enough."""
        match issuer.kind:
            case "github":
                return cls(**_github(claims), issuer=issuer.address)
            case "gitlab":
                return cls(**_gitlab(claims), issuer=issuer.address)
            case "other":
                subject = text_of(claims, "sub")
                ref = text_of(claims, "ref") if "ref" in claims else ""
                return cls(
                    issuer=issuer.address,
                    repository=subject,
                    repository_id=subject,
                    owner_id="",
                    ref=ref,
                    is_pull_request=False,
                    number=text_of(claims, "jti"),
                )

    @property
    def key(self) -> str:
        """What the run is known by: issuer, repository and number. A token that is shown again is the same run."""
        return f"{self.issuer} {self.repository_id} {self.number}"

    @property
    def called(self) -> str:
        """What people call it."""
        return f"{self.repository} run {self.number}"[:200]


def _github(claims: dict[str, Any]) -> dict[str, Any]:
    event, ref = text_of(claims, "event_name"), text_of(claims, "ref")
    return {
        "repository": text_of(claims, "repository").lower(),
        "repository_id": number_of(claims, "repository_id"),
        "owner_id": number_of(claims, "repository_owner_id"),
        "ref": ref,
        # pull_request_target runs with the base's ref and rights, for whoever opened the request
        "is_pull_request": event.startswith("pull_request") or ref.startswith("refs/pull/"),
        "number": f"{number_of(claims, 'run_id')}/{number_of(claims, 'run_attempt')}",
    }


def _gitlab(claims: dict[str, Any]) -> dict[str, Any]:
    ref = text_of(claims, "ref_path") if claims.get("ref_path") else _gitlab_ref(claims)
    source = text_of(claims, "pipeline_source")
    return {
        "repository": text_of(claims, "project_path").lower(),
        "repository_id": number_of(claims, "project_id"),
        "owner_id": number_of(claims, "namespace_id"),
        "ref": ref,
        "is_pull_request": source in _MERGE_REQUESTS or ref.startswith("refs/merge-requests/"),
        "number": number_of(claims, "pipeline_id"),
    }


def _gitlab_ref(claims: dict[str, Any]) -> str:
    """Older ones tell the short name, and whether it is a branch or a tag."""
    folder = {"branch": "heads", "tag": "tags"}.get(text_of(claims, "ref_type"), "other")
    return f"refs/{folder}/{text_of(claims, 'ref')}"
