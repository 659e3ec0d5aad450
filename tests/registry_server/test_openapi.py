"""The description of the API, and whether it is true."""

import subprocess
import sys

import jsonschema_rs
import pytest

from packspec.protocol.endpoint import Body
from registry_server.app import BINDINGS
from tests.support.registry import Registry

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


@pytest.mark.timeout(600)  # half a minute, and much more on a busy machine
@pytest.mark.parametrize(
    ("roles", "phases"),
    [
        (["admin", "reviewer"], "examples,coverage,fuzzing"),
        ([], "examples,fuzzing"),  # whom the door turns away before it reads a field
    ],
    ids=["admin and reviewer", "nobody special"],
)
def test_R39_generated_requests_meet_nothing_undocumented_and_no_500(
    registry: Registry, request: pytest.FixtureRequest, roles: list[str], phases: str
) -> None:
    examples = "10" if request.config.getoption("--long") else "3"  # beside those of the coverage phase for each field
    for number in range(20):
        registry.account(f"other-{number}")  # so that a generated DELETE /tokens/T-1 does not end the token used here
    token = registry.account("mia", roles)
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{registry.url}/api/v1/openapi.json"]
    options = ["--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--seed", "1", "--no-color"]
    bounds = ["--phases", phases, "--max-examples", examples, "--generation-database", "none"]
    done = subprocess.run([*command, *options, *bounds], capture_output=True, text=True, timeout=500, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    assert " generated" in done.stdout
    assert [line for line in registry.log.getvalue().splitlines() if '"fault"' in line] == []
