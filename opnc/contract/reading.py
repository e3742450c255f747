"""Turns an OpenAPI document into the values of the model."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from opnc.contract.documents import METHODS, document, errata
from opnc.contract.model import Body, Operation, Parameter, Response, Service, Status
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def read_service(name: str) -> Service:
    """Return a service as its document describes it.

    Args:
        name: One of `documents.SERVICES`.
    """
    content = document(name)
    operations = {
        operation.id: operation
        for path, item in content["paths"].items()
        for operation in _operations(name, path, item)
    }
    return Service(name, content["servers"][0]["url"].rstrip("/"), MappingProxyType(operations))


def _operations(service: str, path: str, item: dict[str, Any]) -> Iterator[Operation]:
    shared = item.get("parameters", [])
    for method in METHODS:
        if method not in item:
            continue
        node = item[method]
        request = node.get("requestBody", {})
        yield Operation(
            id=node["operationId"],
            service=service,
            method=method.upper(),
            path=path,
            also=tuple(item.get("x-also", ())),
            # Ours never repeat a parameter of the path at an operation, so nothing needs to be replaced.
            parameters=tuple(map(_parameter, [*shared, *node.get("parameters", [])])),
            request=_bodies(request),
            request_required=request.get("required", False),
            responses=MappingProxyType(dict(map(_response, node["responses"].items()))),
            errata=(*errata(item), *errata(node)),
            summary=node["summary"],
        )


def _parameter(node: dict[str, Any]) -> Parameter:
    schema = node["schema"]
    return Parameter(
        name=node["name"],
        location=node["in"],
        required=node.get("required", False),
        schema=schema,
        default=schema.get("default"),
        errata=errata(node),
    )


def _response(entry: tuple[str, dict[str, Any]]) -> tuple[Status, Response]:
    code, node = entry
    # Keys are strings in OpenAPI; what is no number is a class such as `5XX`.
    status = int(code) if code.isdigit() else code
    headers = tuple(
        _parameter({**header, "name": name, "in": "header"})
        for name, header in node.get("headers", {}).items()
    )
    return status, Response(status, _bodies(node), headers, errata(node), _severity(node))


def _bodies(node: dict[str, Any]) -> Mapping[str, Body]:
    return MappingProxyType(
        {
            media_type: Body(
                media_type=media_type,
                schema=body["schema"],
                errata=errata(body),
                severity=_severity(body),
                no_body=Severity(body.get("x-no-body", Severity.FAIL)),
            )
            for media_type, body in node.get("content", {}).items()
        }
    )


def _severity(node: dict[str, Any]) -> Severity | None:
    return Severity(node["x-severity"]) if "x-severity" in node else None
