"""Brings OpenAPI documents, the published ones and ours, into one form that can be compared."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from opnc.contract.documents import METHODS, SERVICES, document
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FILES = {
    **{f"apis/{name}/{name}.api.v1.json": name for name in SERVICES if name != "webhook"},
    "apis/event/webhook.payload.v1.json": "webhook",
}


def ours() -> dict[str, Any]:
    """Return the operations of our documents, with the marks of the errata.

    Returns:
        OperationId to the operation object of OpenAPI 3.1, every reference replaced by what it names.
    """
    return _operations((name, document(name)) for name in SERVICES)


def published(files: Mapping[str, Any]) -> dict[str, Any]:
    """Return the operations of the published documents, in the form of `ours`.

    Args:
        files: Path below the folder of the specification, with `/`, to decoded JSON.

    Returns:
        OperationId to the operation; service, method and path where that is absent or doubled.

    Raises:
        Problem: A document is missing, or is no OpenAPI document.
    """
    absent = sorted(_FILES.keys() - files.keys())
    if absent:
        raise Problem(f"missing: {', '.join(absent)}", hint="is the checkout complete?")
    apis = sorted(
        path for path, content in files.items() if isinstance(content, dict) and "openapi" in content
    )
    return _operations((_FILES.get(path, path), _resolved(files, path, "", ())) for path in apis)


def _resolved(files: Mapping[str, Any], path: str, pointer: str, above: tuple[str, ...]) -> Any:
    """Return a part of a file with every reference replaced by what it names."""
    name = f"{path}#{pointer}"
    # Published files are input: a circle in them would not end.
    if name in above:
        raise Problem(f"the reference {name} leads back to itself", where=above[-1])
    node = files
    for key in (path, *(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])):
        if not isinstance(node, dict) or key not in node:
            raise Problem(f"the reference {name} names nothing", where=above[-1] if above else path)
        node = node[key]
    return _inlined(files, node, path, (*above, name))


def _inlined(files: Mapping[str, Any], node: Any, path: str, above: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inlined(files, each, path, above) for each in node]
    if not isinstance(node, dict):
        return node
    if isinstance(node.get("$ref"), str):
        file, _, pointer = node["$ref"].partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
        return _resolved(files, target, pointer, above)
    return {key: _inlined(files, value, path, above) for key, value in node.items()}


def _operations(documents: Iterator[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for service, content in documents:
        base = _base(content, service)
        for path, item in _object(content.get("paths", {}), f"{service} paths").items():
            for method in METHODS:
                if method in _object(item, path):
                    node = _object(item[method], f"{method} {path}")
                    name = str(node.get("operationId", ""))
                    # An operationId can be absent or doubled, and no operation may get lost by it.
                    key = name if name and name not in found else f"{service} {method} {path}"
                    place = {"service": service, "method": method, "base": base, "path": path}
                    found[key] = place | _operation(item, node, key)
    return found


def _base(content: dict[str, Any], service: str) -> str:
    servers = _list(content.get("servers", []), f"{service} servers")
    url = str(_object(servers[0], f"{service} servers").get("url", "")) if servers else ""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError as error:
        raise Problem(f"{url!r} is no URL: {error}", where=f"{service} servers") from error


def _operation(item: dict[str, Any], node: dict[str, Any], where: str) -> dict[str, Any]:
    request = node.get("requestBody")
    return {
        "parameters": _parameters([item, node], where),
        # The default is written out, so that left out and false are no difference.
        "requestBody": {"required": False, **_object(request, f"{where} requestBody")} if request else {},
        "responses": _object(node.get("responses", {}), f"{where} responses"),
    }


def _parameters(levels: list[dict[str, Any]], where: str) -> dict[str, Any]:
    """Return parameters by name; those of an operation replace those of its path."""
    nodes = [each for level in levels for each in _list(level.get("parameters", []), f"{where} parameters")]
    places = {
        (str(parameter.get("name")), str(parameter.get("in"))): {"required": False, **parameter}
        for parameter in (_object(each, f"{where} parameters") for each in nodes)
    }
    found: dict[str, Any] = {}
    for (name, place), parameter in places.items():
        found[name if name not in found else f"{name} ({place})"] = parameter
    return found


def _list(node: Any, where: str) -> list[Any]:
    if not isinstance(node, list):
        raise Problem(f"expected a JSON array, seen {type(node).__name__}", where=where)
    return node


def _object(node: Any, where: str) -> dict[str, Any]:
    if not isinstance(node, dict):
        raise Problem(f"expected a JSON object, seen {type(node).__name__}", where=where)
    return node
