"""The description of the API, and whether it is true."""

import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from packspec.protocol.accounts import WHOAMI
from packspec.protocol.endpoint import Body, Nothing
from registry_server.app import BINDINGS
from tests.support.registry import Registry
from tests.support.transcript import clean_environment

CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "missing_required_header",
        "unsupported_method",
        "allow_header_conformance",
        "ignored_auth",
    ]
)


def test_every_bound_row_is_described_and_nothing_else(registry: Registry) -> None:
    document = registry.client.get("/api/v1/openapi.json").json()
    described = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert described == {binding.endpoint.name for binding in BINDINGS}
    assert document["openapi"] == "3.1.0"


def test_every_schema_in_it_is_one(registry: Registry) -> None:
    document = registry.client.get("/api/v1/openapi.json").json()
    for name in document["components"]["schemas"]:
        jsonschema_rs.validator_for({"$ref": f"#/components/schemas/{name}", "components": document["components"]})


def test_fields_of_the_path_are_in_no_body(registry: Registry) -> None:
    document = registry.client.get("/api/v1/openapi.json").json()
    for binding in BINDINGS:
        operation = document["paths"][binding.endpoint.path][binding.endpoint.method.lower()]
        places = {parameter["name"]: parameter["in"] for parameter in operation["parameters"]}
        for name in places:
            assert (places[name] == "path") == (f"{{{name}}}" in binding.endpoint.path)
        if binding.endpoint.body is Body.JSON and "requestBody" in operation:
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            assert places.keys().isdisjoint(body["properties"])
            assert body["additionalProperties"] is False


ENDS_TOKENS = "/api/v1/tokens/{id}"


@pytest.mark.early
@pytest.mark.timeout(600)  # half a minute, and much more on a busy machine
@pytest.mark.parametrize(
    ("roles", "phases", "which"),
    [
        (["admin", "reviewer"], "examples,coverage,fuzzing", "--exclude-path"),
        ([], "examples,fuzzing", "--exclude-path"),  # whom the door turns away before it reads a field
        ([], "examples,coverage,fuzzing", "--include-path"),
    ],
    ids=["admin and reviewer", "nobody special", "whoever ends tokens"],
)
def test_R39_generated_requests_meet_nothing_undocumented_and_no_500(
    registry: Registry, request: pytest.FixtureRequest, tmp_path: Path, roles: list[str], phases: str, which: str
) -> None:
    """Ending tokens stands alone: it finds the one that is used here, and what comes after would only be turned away."""
    # beside those that the coverage phase makes for each field
    examples = "10" if request.config.getoption("--long") else "3"
    for number in range(20):
        registry.account(f"other-{number}")  # so that there are tokens of others to end
    token = registry.account("mia", roles)
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{registry.url}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--seed", "1", "--max-examples", examples,
        "--phases", phases, "--generation-database", "none", "--no-color", which, ENDS_TOKENS,
    ]  # fmt: skip
    environ = {**clean_environment(tmp_path), "NO_PROXY": "127.0.0.1"}  # a proxy is looked for at every request
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert " generated" in done.stdout
    assert [line for line in registry.log.getvalue().splitlines() if '"fault"' in line] == []
    if which == "--exclude-path":
        assert registry.call(WHOAMI, Nothing(), token).account == "mia"
