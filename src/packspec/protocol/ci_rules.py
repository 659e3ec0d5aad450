"""Rows of the room `licensing` about which runs in CI may lease a license by the identity that their CI gives them."""

from typing import Annotated, TypeAlias

import msgspec

from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.protocol.licenses import AskLicense, LicenseId
from packspec.wire import Answer, Message

CiRuleId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^C-[1-9][0-9]{0,14}\Z")]
"""`C-` and a number."""
Repository: TypeAlias = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
IssuerId: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{0,20}\Z")]
"""A number that an issuer never gives twice."""


class CiRule(Answer, frozen=True):
    """Runs of one repository that may use a license. Empty numbers: not known before its first run, which sets them."""

    id: CiRuleId
    issuer: str
    repository: str
    repository_id: str = ""
    owner_id: str = ""
    ref: str = ""
    """A pattern such as `refs/heads/release-*`; empty: any branch and tag."""
    pull_requests: bool = False
    """Whether runs that test proposed changes may use it too."""
    added_at: int = 0


class CiRules(Answer, frozen=True):
    """Whose runs may use a license. `audience` is what an identity must be made for to count here."""

    license: LicenseId
    audience: str
    rules: list[CiRule]
    is_new: bool = True


class AddCiRule(Message, frozen=True):
    """Lets runs of a repository use a license. `issuer` is an address, or a kind of which the registry knows one."""

    id: LicenseId
    repository: Repository
    """`OWNER/NAME` at GitHub, the path of the project at GitLab, else the subject of its identities."""
    issuer: Annotated[str, msgspec.Meta(max_length=200)] = "github"
    repository_id: IssuerId = ""
    owner_id: IssuerId = ""
    ref: Annotated[str, msgspec.Meta(max_length=250)] = ""
    pull_requests: bool = False


class RemoveCiRule(Message, frozen=True):
    """Lets them no more. Leases that they have go on until they end."""

    id: LicenseId
    rule: CiRuleId


_ONE = "/api/v1/licenses/{id}"

CI_RULES = Endpoint(
    "GET", f"{_ONE}/ci-rules", AskLicense, CiRules, Effect.READ,
    action="license.see", scope="license", body=Body.QUERY, summary="Whose runs in CI may use a license",
)  # fmt: skip
ADD_CI_RULE = Endpoint(
    "POST", f"{_ONE}/ci-rules", AddCiRule, CiRules, Effect.WRITE,
    action="license.use", scope="license", status=201, known_status=200, summary="Let runs of a repository use a license",
)  # fmt: skip
REMOVE_CI_RULE = Endpoint(
    "DELETE", f"{_ONE}/ci-rules/{{rule}}", RemoveCiRule, CiRules, Effect.WRITE,
    action="license.use", scope="license", body=Body.QUERY, summary="Let runs of a repository use a license no more",
)  # fmt: skip
