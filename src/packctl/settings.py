"""`Settings`: every setting of the client, each with its variable, configuration key, option, default and meaning, and where its value
came from.

Strongest first: option, environment, project `pack.toml`, user `config.toml`, system `config.toml`, default. This module and
`ui/console.py` are the only ones that know the names of variables. The reference pages are made from the fields below.
"""

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import msgspec

from packctl.config_file import ConfigFile, flat
from packctl.forms import COUNT, FILE, FLAG, SECONDS, SECRET, SIZE, TEXT, Form, Secret, one_of
from packctl.outcome import Notice
from packspec import limits
from packspec.errors import PackError


class Layer(StrEnum):
    """Where a value comes from, strongest first."""

    OPTION = "option"
    ENVIRONMENT = "environment"
    PROJECT = "project"
    USER = "user"
    SYSTEM = "system"
    DEFAULT = "default"


class Origin(msgspec.Struct, frozen=True):
    """The place of one value: its layer, the option or variable or key that gave it, and for files their path and line."""

    layer: Layer
    name: str = ""
    file: str = ""
    line: int = 0


class About(msgspec.Struct, frozen=True):
    """What is known about a setting besides its value. `option` is the field of Globals, `project_key` its key in pack.toml."""

    form: Form
    doc: str
    variable: str = ""
    key: str = ""
    option: str = ""
    project_key: str = ""


class Settings(msgspec.Struct, frozen=True):
    """The settings of one command. `origins` has a place for every field that somebody set."""

    registry: Annotated[
        str,
        About(
            TEXT,
            "The default registry, as an alias or a URL",
            "PACKCTL_REGISTRY",
            "registry.default",
            "registry",
            "registries.default",
        ),
    ] = ""
    token_file: Annotated[
        str,
        About(
            FILE,
            "File with a token; sent only to the registry of PACKCTL_REGISTRY or of your own configuration",
            "PACKCTL_TOKEN_FILE",
        ),
    ] = ""
    token: Annotated[Secret | None, About(SECRET, "The token itself; the file is preferred", "PACKCTL_TOKEN")] = None
    license_file: Annotated[str, About(FILE, "File with a license key for CI", "PACKCTL_LICENSE_FILE")] = ""
    license: Annotated[
        Secret | None, About(SECRET, "The license key itself; the file is preferred", "PACKCTL_LICENSE")
    ] = None
    oidc_token: Annotated[
        Secret | None,
        About(SECRET, "The identity that a CI gave this run, instead of a license key", "PACKCTL_OIDC_TOKEN"),
    ] = None
    signing_key_file: Annotated[
        str,
        About(
            FILE,
            "Private key for sign, publish, approve and reject: a file, or agent:COMMENT",
            "PACKCTL_SIGNING_KEY_FILE",
        ),
    ] = ""
    signing_passphrase_file: Annotated[
        str, About(FILE, "File with the passphrase of that key", "PACKCTL_SIGNING_PASSPHRASE_FILE")
    ] = ""
    trust_root: Annotated[
        str,
        About(TEXT, "sha256:... of the registry's root, for machines that have not pinned it", "PACKCTL_TRUST_ROOT"),
    ] = ""
    locked: Annotated[bool, About(FLAG, "As install --locked", "PACKCTL_LOCKED")] = False
    offline: Annotated[bool, About(FLAG, "No network at all", "PACKCTL_OFFLINE", option="offline")] = False
    no_input: Annotated[bool, About(FLAG, "Never ask", "PACKCTL_NO_INPUT", option="no_input")] = False
    timeout: Annotated[
        float, About(SECONDS, "Seconds that one request may take", "PACKCTL_TIMEOUT", "network.timeout", "timeout")
    ] = 30.0
    concurrency: Annotated[
        int, About(COUNT, "Transfers at the same time", "PACKCTL_CONCURRENCY", "network.concurrency")
    ] = 8
    storage_limit: Annotated[
        int, About(SIZE, "What installed packs may take on this device, bytes or with a unit", key="storage.limit")
    ] = limits.STORAGE_BYTES
    color: Annotated[str, About(one_of("auto", "always", "never"), "Color", "PACKCTL_COLOR", "ui.color", "color")] = (
        "auto"
    )
    progress: Annotated[
        str,
        About(
            one_of("auto", "plain", "json", "off"), "Progress on stderr", "PACKCTL_PROGRESS", "ui.progress", "progress"
        ),
    ] = "auto"
    log: Annotated[str, About(FILE, "File for a debug log, secrets removed", "PACKCTL_LOG")] = ""
    origins: dict[str, Origin] = {}

    def origin(self, name: str) -> Origin:
        """Where the value of the field `name` comes from."""
        return self.origins.get(name, Origin(Layer.DEFAULT))


ABOUT: dict[str, About] = {
    name: annotation.__metadata__[0]
    for name, annotation in Settings.__annotations__.items()
    if hasattr(annotation, "__metadata__")
}
"""Every setting by its field name, in the order of the reference page."""

PLACE_VARIABLES = {
    "PACKCTL_CONFIG": "The user's configuration file, instead of the platform's place",
    "PACKCTL_DATA_DIR": "Folder of the store, pinned roots, keys and tokens",
    "PACKCTL_CACHE_DIR": "Folder of downloaded indexes",
    "PACKCTL_PROJECT": "As if started there, like --project",
}
"""Variables that name places: variable to meaning."""

HONORED = {
    "NO_COLOR": "not empty: no color",
    "FORCE_COLOR": "color even where there is no terminal",
    "CLICOLOR_FORCE": "the same as FORCE_COLOR",
    "TERM": "dumb: no color and no moving lines",
    "COLUMNS": "the width at which lines are wrapped",
    "CI": "no questions, no moving lines; install acts as --locked when there is a pack.lock",
    "GITHUB_ACTIONS": "errors and warnings also as annotations",
    "GITHUB_STEP_SUMMARY": "file to which verify writes its table",
    "ACTIONS_ID_TOKEN_REQUEST_URL": "with ACTIONS_ID_TOKEN_REQUEST_TOKEN: where GitHub gives a job its identity, for paid packs",
    "HTTPS_PROXY": "proxy for https",
    "HTTP_PROXY": "proxy for http",
    "NO_PROXY": "hosts that are reached without a proxy",
    "SSL_CERT_FILE": "certificates of the authorities to trust for TLS",
    "SSL_CERT_DIR": "the same as a folder",
    "XDG_CONFIG_HOME": "with XDG_DATA_HOME, XDG_CACHE_HOME and XDG_CONFIG_DIRS: the platform's folders on Linux",
    "SSH_AUTH_SOCK": "socket of an ssh agent, whose P-256 keys can sign",
    "PAGER": "shows long texts on a terminal",
    "EDITOR": "opens the configuration for packctl config edit; VISUAL comes first",
    "BROWSER": "opens pages",
    "TMPDIR": "folder for temporary files",
}
"""Variables of others that packctl obeys."""

TABLES = ("registries", "policy", "install")
"""Tables of settings that config.toml and pack.toml have in common. Their contents are judged by `packspec.project`."""


def read_environment() -> dict[str, str]:
    """The environment, read once. An empty HOME is taken for none, or `~` would become the root folder."""
    if os.environ.get("HOME") == "":
        del os.environ["HOME"]
    return dict(os.environ)


def load_settings(
    options: Mapping[str, str | bool | None],
    environ: Mapping[str, str],
    files: Sequence[tuple[Layer, ConfigFile]] = (),
) -> Settings:
    """The settings that `options` (by field of Globals), `environ` and `files` (strongest first) give together.

    Raises BadVariable, BadConfig and BadValue.
    """
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}

    def take(name: str, value: object, origin: Origin) -> None:
        if name not in origins:
            values[name], origins[name] = value, origin

    for name, about in ABOUT.items():
        if about.option and (given := options.get(about.option)) not in (None, False):
            take(name, _from_option(about, given), Origin(Layer.OPTION, f"--{about.option.replace('_', '-')}"))
        if about.variable and about.variable in environ and (environ[about.variable] or about.form is FLAG):
            take(name, _from_variable(about, environ[about.variable]), Origin(Layer.ENVIRONMENT, about.variable))
    for layer, file in files:
        for name, key, value in _from_file(layer, file):
            take(name, value, Origin(layer, key, str(file.path), file.line_of(key)))
    return Settings(**values, origins=origins)


def _from_option(about: About, given: object) -> object:
    try:
        return about.form.read(given)
    except (ValueError, KeyError, OverflowError) as error:
        from packctl.usage import BadValue

        raise BadValue(f"--{about.option}", str(given), about.form.expected) from error


def _from_variable(about: About, text: str) -> object:
    try:
        return about.form.read(text)
    except (ValueError, KeyError, OverflowError) as error:
        from packctl.usage import BadVariable
        from packspec.errors import redact

        shown = "(not shown)" if about.form is SECRET else redact(text)
        raise BadVariable(about.variable, shown, about.form.expected) from error


def _from_file(layer: Layer, file: ConfigFile) -> list[tuple[str, str, object]]:
    """Field, key and value of every setting in the file. A project's other tables are judged elsewhere; config.toml may hold no others."""
    known = {(about.project_key if layer is Layer.PROJECT else about.key): name for name, about in ABOUT.items()}
    found = []
    for key, value in flat(file.tables):
        if name := known.get(key):
            address = value.get("url") if isinstance(value, dict) else value  # [registries] has a short and a long form
            found.append((name, key, checked(name, address, file, key)))
        elif layer is not Layer.PROJECT and key.split(".")[0] not in TABLES:
            raise unknown_key(key, file)
    return found


def checked(name: str, value: object, file: ConfigFile, key: str) -> object:
    """`value` as the setting `name` takes it. Raises BadConfig with file and line."""
    form = ABOUT[name].form
    try:
        return form.read(value)
    except (ValueError, KeyError, OverflowError) as error:
        from packctl.config_file import BadConfig

        raise BadConfig(str(file.path), f"{key} cannot be {value!r}", file.line_of(key), form.expected) from error


def setting_name(field_name: str) -> str:
    """What a person calls a setting: its key, or for one that no file can set the field's name with hyphens."""
    return ABOUT[field_name].key or field_name.replace("_", "-")


def check_file(file: ConfigFile) -> None:
    """Raises BadConfig or ManifestFaults for keys and values in the user's configuration that are not taken, its tables included."""
    _from_file(Layer.USER, file)
    if any(table in file.tables for table in TABLES):
        from packspec.project import read_user_tables

        read_user_tables(file.toml, str(file.path))


def unknown_key(key: str, file: ConfigFile) -> PackError:
    """The error for a key that nothing reads, with the nearest one that something does."""
    from difflib import get_close_matches

    from packctl.config_file import BadConfig

    near = get_close_matches(key, [about.key for about in ABOUT.values() if about.key], n=1)
    return BadConfig(str(file.path), f"nothing reads the key {key}", file.line_of(key), near[0] if near else "")


def unknown_variables(environ: Mapping[str, str]) -> list[Notice]:
    """A notice for every PACKCTL_ variable that nothing reads: a misspelled `PACKCTL_OFLINE` would otherwise be ignored in silence."""
    known = [about.variable for about in ABOUT.values() if about.variable] + list(PLACE_VARIABLES)
    unknown = sorted(name for name in environ if name.startswith("PACKCTL_") and name not in known)
    if not unknown:
        return []
    from difflib import get_close_matches

    notices = []
    for name in unknown:
        near = get_close_matches(name, known, n=1)
        fix = f"did you mean {near[0]}?" if near else f"unset {name}"
        notices.append(Notice("cli.unknown-variable", f"nothing reads {name}", fix=[fix]))
    return notices
