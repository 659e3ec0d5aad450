"""Every setting of the server: one frozen struct per concern, read once from `REGISTRY_...` variables. Nothing else reads the environment.

A field's variable is `REGISTRY_`, the struct's prefix and the field's name in capitals; its description is its text in
docs/reference/server-settings.md, which is generated from here. A variable that no field reads is a problem: it is probably misspelled.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

import msgspec
from msgspec import Meta

from packspec import limits
from packspec.identities.issuers import parse_issuers
from registry_server.variables import PREFIX, BadSettings, Concern, Secret, Setting, settings_of

_DATABASE_URL = re.compile(
    r"sqlite(?:\+pysqlite)?:///[^\s?]+|"
    r"postgres(?:ql(?:\+psycopg)?)?://(?:[^\s/@]*@)?[^\s/@:]*(?::\d{1,5})?/[^\s/?]+(?:\?[^\s?]*)?"
)
"""The addresses that this version can use. They may hold a password, so none is ever shown."""


class ServerSettings(Concern, frozen=True, kw_only=True):
    """Where the registry lives, and what it says."""

    data: Annotated[
        str, Meta(description="Folder of everything the registry keeps: database, blobs, static side, keys.")
    ] = "registry-data"
    log_requests: Annotated[
        bool, Meta(description="Whether every request gets a line in the log; refusals by our own fault always do.")
    ] = True


class HttpSettings(Concern, frozen=True, kw_only=True):
    """How the server listens."""

    prefix: ClassVar[str] = "HTTP_"

    host: Annotated[str, Meta(min_length=1, description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 chooses a free one.")] = 8787
    threads: Annotated[int, Meta(ge=1, le=256, description="Requests that run at the same time; more wait.")] = 64
    connections: Annotated[int, Meta(ge=16, le=65535, description="Connections served at the same time.")] = 1024
    header_seconds: Annotated[int, Meta(ge=1, le=120, description="Longest time to send the headers of a request.")] = 5
    body_idle_seconds: Annotated[int, Meta(ge=1, le=600, description="Longest silence inside a request's body.")] = 15
    body_bytes_per_second: Annotated[
        int,
        Meta(
            ge=1,
            le=limits.GIB,
            description="Slowest average at which a body may arrive, after the first `body_idle_seconds`.",
        ),
    ] = 4096
    request_bytes: Annotated[int, Meta(ge=1024, le=64 * limits.MIB, description="Largest JSON body of a request.")] = (
        limits.REQUEST_BYTES
    )
    stop_seconds: Annotated[
        int, Meta(ge=0, le=600, description="How long requests under way may finish when the server stops.")
    ] = 20


class DatabaseSettings(Concern, frozen=True, kw_only=True):
    """Where the rows are."""

    prefix: ClassVar[str] = "DATABASE_"

    url: Annotated[
        Secret,
        Meta(
            description="postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH. Empty: registry.sqlite3 in the data folder."
        ),
    ] = Secret("")
    wait_seconds: Annotated[
        int,
        Meta(ge=1, le=60, description="How long a write waits for the writer before it; then 503 with Retry-After."),
    ] = 5
    readers: Annotated[int, Meta(ge=1, le=256, description="Connections that read at the same time.")] = 16


class PublishLimits(Concern, frozen=True, kw_only=True):
    """What a pack may be."""

    prefix: ClassVar[str] = "PUBLISH_"

    archive_bytes: Annotated[int, Meta(ge=1024, le=limits.ARCHIVE_BYTES, description="Largest archive.")] = (
        limits.ARCHIVE_BYTES
    )
    file_bytes: Annotated[int, Meta(ge=1024, le=limits.FILE_BYTES, description="Largest file in a pack, unpacked.")] = (
        limits.FILE_BYTES
    )
    unpacked_bytes: Annotated[
        int, Meta(ge=1024, le=limits.UNPACKED_BYTES, description="All files of a pack, unpacked.")
    ] = limits.UNPACKED_BYTES
    files: Annotated[int, Meta(ge=1, le=limits.FILES, description="Most files in a pack.")] = limits.FILES
    ratio: Annotated[
        int, Meta(ge=1, le=limits.RATIO, description="Unpacked to packed size of a file above 1 MiB, at most.")
    ] = limits.RATIO
    upload_hours: Annotated[
        int, Meta(ge=1, le=24 * 30, description="An upload without progress for so long is removed.")
    ] = 24
    uploads_per_member: Annotated[
        int, Meta(ge=1, le=1000, description="Unfinished uploads of one person at the same time.")
    ] = 16
    scanner: Annotated[
        str,
        Meta(description="Command that looks at every archive that is handed in; empty: the built-in checks alone."),
    ] = ""
    scan_seconds: Annotated[int, Meta(ge=1, le=240, description="How long the scanner may take.")] = 60


class TokenSettings(Concern, frozen=True, kw_only=True):
    """How long API tokens live."""

    prefix: ClassVar[str] = "TOKEN_"

    default_days: Annotated[int, Meta(ge=1, le=365, description="Life of a token that asks for no other.")] = 90
    max_days: Annotated[int, Meta(ge=1, le=365, description="Longest life of a token.")] = 365
    per_member: Annotated[int, Meta(ge=1, le=10_000, description="Living tokens of one person, at most.")] = 100


class TrustSettings(Concern, frozen=True, kw_only=True):
    """How long what the server signs by itself may be believed, and who else signs."""

    prefix: ClassVar[str] = "TRUST_"

    timestamp_days: Annotated[
        int,
        Meta(
            ge=1,
            le=30,
            description="Life of the TUF timestamp: how long a frozen copy of the registry goes unnoticed. Public ones: 1.",
        ),
    ] = 7
    witnesses: Annotated[
        str,
        Meta(description="Addresses of the log's witnesses, with blanks between; their keys are in trust/log.json."),
    ] = ""
    witness_seconds: Annotated[int, Meta(ge=1, le=60, description="How long witnesses are waited for.")] = 5


class OidcSettings(Concern, frozen=True, kw_only=True):
    """Whose word counts on which run in CI is asking."""

    prefix: ClassVar[str] = "OIDC_"

    issuers: Annotated[
        str,
        Meta(
            description="Issuers of identities, with blanks between: github, gitlab, or KIND=ADDRESS;alg=ES256;keys=FILE with kind"
            " github, gitlab or other. Empty: none."
        ),
    ] = ""
    seconds: Annotated[int, Meta(ge=1, le=30, description="How long the keys of an issuer are waited for.")] = 5


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All concerns."""

    server: ServerSettings = ServerSettings()
    http: HttpSettings = HttpSettings()
    database: DatabaseSettings = DatabaseSettings()
    publish: PublishLimits = PublishLimits()
    tokens: TokenSettings = TokenSettings()
    trust: TrustSettings = TrustSettings()
    oidc: OidcSettings = OidcSettings()

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> Self:
        """The settings in `environment`. Raises BadSettings with every problem at once."""
        problems: list[str] = []
        known: set[str] = set()
        concerns: dict[str, Concern] = {}
        for name, concern in _concerns():
            values: dict[str, Any] = {}
            for setting in settings_of(concern):
                known.add(setting.variable)
                if setting.variable not in environment:
                    continue
                try:
                    values[setting.field] = setting.read(environment[setting.variable])
                except ValueError as error:
                    problems.append(f"{setting.variable}: {error}")
            concerns[name] = concern(**values)
        problems += [
            f"{variable}: no such setting"
            for variable in sorted(environment)
            if variable.startswith(PREFIX) and variable not in known
        ]
        if problems:
            raise BadSettings(problems)
        settings = cls(**concerns)  # type: ignore[arg-type]  # each concern was made under the name of its field
        settings.check()
        return settings

    @classmethod
    def for_testing(cls, data: str = "registry-data") -> Self:
        """Settings of a test: a free port, a folder of its own, quiet, and no deadline that a busy machine could meet by chance."""
        return cls(
            server=ServerSettings(data=data, log_requests=False),
            http=HttpSettings(port=0, threads=8, header_seconds=60, body_idle_seconds=60, stop_seconds=5),
            database=DatabaseSettings(wait_seconds=5, readers=8),
        )

    def check(self) -> None:
        """Rules between settings. Raises BadSettings."""
        problems = []
        if (url := self.database.url.reveal()) and not _DATABASE_URL.fullmatch(url):
            problems.append(
                "REGISTRY_DATABASE_URL: postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH is needed, or nothing for"
                " registry.sqlite3 in the data folder"
            )
        if self.tokens.default_days > self.tokens.max_days:
            problems.append("REGISTRY_TOKEN_DEFAULT_DAYS: longer than REGISTRY_TOKEN_MAX_DAYS")
        try:
            parse_issuers(self.oidc.issuers)
        except ValueError as error:
            problems.append(f"REGISTRY_OIDC_ISSUERS: {error}")
        if self.publish.file_bytes > self.publish.unpacked_bytes:
            problems.append("REGISTRY_PUBLISH_FILE_BYTES: larger than REGISTRY_PUBLISH_UNPACKED_BYTES")
        if problems:
            raise BadSettings(problems)


def _concerns() -> Iterator[tuple[str, type[Concern]]]:
    for field in msgspec.structs.fields(Settings):
        yield field.name, field.type


def all_settings() -> Iterator[tuple[type[Concern], list[Setting]]]:
    """Every concern with its settings: what the reference page shows."""
    for _, concern in _concerns():
        yield concern, list(settings_of(concern))
