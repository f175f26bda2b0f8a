"""The OpenAPI document, made of the addresses themselves."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from listener import __version__
from listener.domain.role import Scope
from listener.web.api.endpoint import JSON, Address, Deed, Endpoint
from listener.web.api.keys import BEARER, TOKEN
from listener.web.api.problems import KINDS, MEDIA

ABOUT: Final = (
    "Mentions, labels, response clocks, incidents and measures, and what is done about them. Lists"
    " come page by page: send `next` as `cursor`. Times are ISO 8601 in UTC. Where nobody has to"
    " sign in, reading needs no token; acting always does: `Authorization: Bearer TOKEN`, made by"
    " `listener token`. Mistakes are told as RFC 9457 says."
)
_REF: Final = "#/components/schemas/{model}"
_IN_PATH: Final = re.compile(r"\{(\w+)\}")
_PROBLEM: Final = {
    "type": "object",
    "description": "Why a request is not carried out (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["in", "name", "detail"],
                "properties": {
                    "in": {"enum": ["query", "path", "header", "body"]},
                    "name": {"type": "string"},
                    "detail": {"type": "string"},
                    "position": {"type": "integer"},
                },
                "additionalProperties": False,
            },
        },
        "who": {"type": "string"},
        "did": {"type": "string"},
        "seen": {"type": "integer"},
    },
    "additionalProperties": False,
}
_READS: Final = ("request", "token", "scope", "unknown", "refused", "fault")
_ACTS: Final = (*_READS, "overtaken", "precondition", "length", "media-type")
_HEADERS: Final = (
    {
        "name": "If-Match",
        "in": "header",
        "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,15}"|[0-9]{1,15})$'},
        "description": "The ETag of the answer it was read from; as `seen`, and answered by 412.",
    },
    {
        "name": "Idempotency-Key",
        "in": "header",
        "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        "description": "What is sent again under the same key within two days is not done again.",
    },
)


def document(addresses: Iterable[Endpoint[Any] | Deed[Any]]) -> dict[str, Any]:
    """OpenAPI 3.1, of all these addresses."""
    addresses = list(addresses)
    schemas, shared = _schemas(addresses)
    paths: dict[str, dict[str, Any]] = {}
    for one in addresses:
        method = "post" if isinstance(one, Deed) else "get"
        paths.setdefault(one.whole, {})[method] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "listener", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": shared | {"Problem": _PROBLEM},
            "responses": {kind: _problem(title) for kind, (_, title) in KINDS.items()},
            "securitySchemes": {
                BEARER: {
                    "type": "http",
                    "scheme": "bearer",
                    "description": f"A token with the scope that an address names:"
                    f" {', '.join(Scope)}.",
                },
                TOKEN: {
                    "type": "apiKey",
                    "in": "query",
                    "name": TOKEN,
                    "description": "A token that is good for feeds alone.",
                },
            },
        },
    }


Schemas = Mapping[tuple[str, str], Any]


def _schemas(addresses: Iterable[Endpoint[Any] | Deed[Any]]) -> tuple[Schemas, dict[str, Any]]:
    """The schema of each body that is sent or answered, and what they share."""
    wanted: list[tuple[tuple[str, str], JsonSchemaMode, TypeAdapter[Any]]] = []
    for one in addresses:
        wanted.append(((one.name, "shape"), "serialization", TypeAdapter(one.shape)))
        if isinstance(one, Deed):
            wanted.append(((one.name, "sent"), "validation", TypeAdapter(one.sent)))
    of_part, whole = TypeAdapter.json_schemas(wanted, ref_template=_REF)
    shared: dict[str, Any] = whole.get("$defs", {})
    for one in addresses:
        shared |= one.asked.model_json_schema(ref_template=_REF).get("$defs", {})
    return {name: schema for (name, _), schema in of_part.items()}, shared


def _operation(one: Endpoint[Any] | Deed[Any], schemas: Schemas) -> dict[str, Any]:
    answered = {
        "description": one.summary,
        "content": {one.media: {"schema": schemas[one.name, "shape"]}},
    }
    kinds = _ACTS if isinstance(one, Deed) else _READS
    told = {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": [*_parameters(one), *(_HEADERS if isinstance(one, Deed) else ())],
        "responses": {
            "200": answered,
            **{str(KINDS[kind][0]): {"$ref": f"#/components/responses/{kind}"} for kind in kinds},
        },
        "security": list(_opening(one)),
    }
    if isinstance(one, Deed):
        content = {JSON: {"schema": schemas[one.name, "sent"]}}
        return told | {"requestBody": {"required": True, "content": content}}
    return told


def _opening(one: Endpoint[Any] | Deed[Any]) -> Iterable[dict[str, Any]]:
    """What opens an address: one of these."""
    yield {BEARER: [one.scope.value]}
    if one.scope is Scope.FEED:
        yield {TOKEN: []}
    if isinstance(one, Endpoint):
        yield {}  # where nobody has to sign in


def _parameters(one: Address[Any]) -> Iterable[dict[str, Any]]:
    schema = one.asked.model_json_schema(ref_template=_REF)
    required, in_path = schema.get("required", ()), _IN_PATH.findall(one.path)
    for name, of_name in schema.get("properties", {}).items():
        if name == TOKEN:  # it is told with what opens the address
            continue
        plain = {
            key: value for key, value in of_name.items() if key not in ("title", "description")
        }
        told = {
            "name": name,
            "in": "path" if name in in_path else "query",
            "required": name in required,
            "schema": _without_null(plain),
        }
        if "description" in of_name:
            told["description"] = of_name["description"]
        yield told


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is not asked for is left out of an address, and not null."""
    kept = {key: value for key, value in schema.items() if (key, value) != ("default", None)}
    any_of: list[dict[str, Any]] = [one for one in kept.pop("anyOf", ()) if one != {"type": "null"}]
    if len(any_of) == 1:
        return any_of[0] | kept
    return kept | ({"anyOf": any_of} if any_of else {})


def _problem(title: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": title, "content": {MEDIA: {"schema": schema}}}
