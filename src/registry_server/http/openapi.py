"""The description of the API (OpenAPI 3.1), made from the protocol table, so that it cannot drift from what is bound."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from packspec import wire
from packspec.problems import Problem
from packspec.protocol.endpoint import Body, Effect, Endpoint, FileBytes

PATH = "/api/v1/openapi.json"
_PLACEHOLDER = re.compile(r"{([a-z_]+)}")
_ALWAYS = {
    "400": "The request is no proper HTTP",
    "401": "No token, or one that is not valid",
    "404": "Nothing of that name is visible to you",
    "408": "The body came too slowly",
    "413": "The body is too large",
    "415": "The body is of another type",
    "422": "A field makes no sense",
    "429": "Too many requests",
    "500": "The registry failed",
    "503": "Try again later",
}
_KNOWN_ASKER = {"403": "You may not do this"}
_CHANGING = {"409": "Contradicts what is there"}
_BY_LICENSE = {"402": "No valid license covers it, or its places are taken"}

Endpoints = Sequence[Endpoint[Any, Any]]


def describe(endpoints: Endpoints) -> bytes:
    """The document."""
    types = [endpoint.ask for endpoint in endpoints] + [endpoint.reply for endpoint in endpoints] + [Problem]
    shapes, components = msgspec.json.schema_components(
        types, schema_hook=wire.schema_hook, ref_template="#/components/schemas/{name}"
    )
    count = len(endpoints)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint, ask, reply in zip(endpoints, shapes[:count], shapes[count : 2 * count], strict=True):
        ask = _resolved(ask, components)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, ask, reply, shapes[-1])
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "packctl registry",
            "version": "1",
            "description": "What packctl and other clients ask a registry.",
        },
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "An API token, `pkt_...`"}
            },
        },
    }
    return msgspec.json.encode(_with_portable_patterns(document), order="sorted")


def _with_portable_patterns(value: Any) -> Any:
    """Patterns end in Python's own end-of-text mark (its `$` lets a newline pass); JSON Schema knows only `$`, and means the end by it."""
    if isinstance(value, dict):
        return {
            name: inner.replace(r"\Z", "$")
            if name == "pattern" and isinstance(inner, str)
            else _with_portable_patterns(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_with_portable_patterns(inner) for inner in value]
    return value


def route(document: bytes) -> HTTPRouteHandler:
    """Serves the document."""

    async def answer() -> Response[bytes]:
        return Response(document, media_type="application/json", headers={"cache-control": "public, max-age=300"})

    return HTTPRouteHandler(PATH, http_method=["GET"], name="openapi")(answer)


def _operation(
    endpoint: Endpoint[Any, Any], ask: dict[str, Any], reply: dict[str, Any], problem: dict[str, Any]
) -> dict[str, Any]:
    named = _PLACEHOLDER.findall(endpoint.path)
    fields: dict[str, Any] = ask.get("properties", {})
    required = set(ask.get("required", ()))
    others = {name: shape for name, shape in fields.items() if name not in named}
    parameters = [_parameter(name, "path", fields[name], True) for name in named]
    if endpoint.body is not Body.JSON:
        parameters += [_parameter(name, "query", shape, name in required) for name, shape in others.items()]
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": {
            **_done(endpoint, reply),
            **{
                status: {"description": text, "content": {"application/problem+json": {"schema": problem}}}
                for status, text in _problems(endpoint).items()
            },
        },
    }
    if endpoint.scope is not None:
        operation["security"] = [{"token": []}]
        operation["x-scope"] = endpoint.scope
    if endpoint.body is Body.BYTES:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        operation["requestBody"] = {"required": True, "content": content}
    elif endpoint.body is Body.JSON and others:
        body = {
            "type": "object",
            "properties": others,
            "required": sorted(required & others.keys()),
            "additionalProperties": False,
        }
        operation["requestBody"] = {
            "required": bool(required & others.keys()),
            "content": {"application/json": {"schema": body}},
        }
    return operation


def _done(endpoint: Endpoint[Any, Any], reply: dict[str, Any]) -> dict[str, Any]:
    if endpoint.reply is not FileBytes:
        content = {"application/json": {"schema": reply}}
        known = {str(endpoint.known_status): {"description": "It was so already", "content": content}}
        done = {str(endpoint.status): {"description": "Done", "content": content}}
        return done | (known if endpoint.known_status is not None else {})
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {
        "200": {"description": "The bytes", "content": content},
        "206": {"description": "The one range that was asked for", "content": content},
        "304": {"description": "The client has these bytes"},
        "416": {"description": "The range lies outside"},
    }


def _parameter(name: str, place: str, shape: dict[str, Any], is_required: bool) -> dict[str, Any]:
    return {"name": name, "in": place, "required": is_required, "schema": shape}


def _problems(endpoint: Endpoint[Any, Any]) -> dict[str, str]:
    problems = dict(_ALWAYS)
    if endpoint.scope is not None:
        problems |= _KNOWN_ASKER
    if endpoint.effect is not Effect.READ:
        problems |= _CHANGING
    if endpoint.action.startswith("license."):
        problems |= _BY_LICENSE
    if endpoint.body is Body.BYTES:
        problems["411"] = "The body's length is missing"
    return dict(sorted(problems.items()))


def _resolved(shape: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    reference = shape.get("$ref", "")
    found: dict[str, Any] = components[reference.rpartition("/")[2]] if reference else shape
    return found
