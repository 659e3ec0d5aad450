"""The reference pages of the server are generated, and current. `RECORD=1` writes them again."""

import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from packspec.protocol.endpoint import Body
from registry_server.access.roles import ACTIONS, Column
from registry_server.app import BINDINGS
from registry_server.settings import all_settings
from registry_server.variables import Secret

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def settings_page() -> str:
    lines = [
        "# Settings of the server",
        "",
        "`registry-server` reads them from its environment, once, when it starts. `registry-server check-settings` prints what it",
        "would use, and every problem at once. A `REGISTRY_` variable that is not in this list is refused: it is probably misspelled.",
        "The options `--data`, `--host` and `--port` win over their variables.",
    ]
    for concern, settings in all_settings():
        lines += [
            "",
            f"## {(concern.__doc__ or '').rstrip('.')}",
            "",
            "| variable | default | meaning |",
            "|---|---|---|",
        ]
        for setting in settings:
            text = setting.text.replace("|", "\\|")
            lines.append(f"| `{setting.variable}` | {_shown(setting.default)} | {text} {_bounds(setting.type)}|")
    return "\n".join(lines) + "\n"


def _shown(default: object) -> str:
    if isinstance(default, Secret) or default == "":
        return "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _bounds(kind: object) -> str:
    meta = msgspec.inspect.type_info(kind)
    if isinstance(meta, msgspec.inspect.Metadata):
        meta = meta.type
    if isinstance(meta, msgspec.inspect.IntType) and meta.ge is not None and meta.le is not None:
        return f"{meta.ge} to {meta.le}. "
    return ""


def endpoints_page() -> str:
    lines = [
        "# Endpoints",
        "",
        "What the registry answers. Paths are below its address; bodies and answers are JSON in UTF-8 (`application/json`) unless",
        "the page says otherwise. The registry serves the same, with every field, as OpenAPI 3.1 under `/api/v1/openapi.json`.",
        "Unknown fields are refused.",
        "",
        "*Token* names the scope that a token must have: none for everybody, any for any valid token. *Action* is the row of the",
        "table below.",
        "A refusal is a problem (`application/problem+json`, [errors](../spec/errors.md)). Every answer has an `X-Request-Id`.",
        "A POST may carry an `Idempotency-Key`, so that it changes nothing twice ([asking again](../spec/idempotency.md)).",
        "",
        "| call | what it does | token | action | body | answer |",
        "|---|---|---|---|---|---|",
    ]
    for endpoint in sorted((binding.endpoint for binding in BINDINGS), key=lambda row: (row.path, row.method)):
        scope = {None: "none", "": "any"}.get(endpoint.scope, f"`{endpoint.scope}`")
        body = {Body.JSON: "JSON", Body.QUERY: "query", Body.BYTES: "bytes, query"}[endpoint.body]
        lines.append(
            f"| `{endpoint.name}` | {endpoint.summary} | {scope} | `{endpoint.action}` | {body} | {endpoint.status} |"
        )
    lines += [
        "",
        "Besides: `GET /healthz` (the process answers), `GET /readyz` (requests may be sent here; otherwise 503 and the codes of what",
        "is wrong), `GET /metrics` (when each key's word ends, in the text form of Prometheus; for programs on the same machine),",
        "`GET /api/v1/openapi.json`, and the static side ([site](../spec/site.md)) with GET and HEAD, strong ETag, one range, If-Range.",
        "",
        "## Who may do what",
        "Roles add up. `own`: what belongs to the asker or to a publisher they are a member of.",
        "",
        "| action | " + " | ".join(Column) + " |",
        "|---|" + "---|" * len(Column),
        *(f"| `{action}` | " + " | ".join(row[column] for column in Column) + " |" for action, row in ACTIONS.items()),
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("name", "page"), [("server-settings", settings_page), ("endpoints", endpoints_page)])
def test_a_reference_page_says_what_the_code_says(name: str, page: Callable[[], str]) -> None:
    path = FOLDER / f"{name}.md"
    if os.environ.get("RECORD"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), "utf-8")
    assert path.read_text("utf-8") == page(), "RECORD=1 writes it again"
