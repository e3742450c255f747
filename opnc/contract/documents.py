"""Reads the contract's YAML files and puts what they share into place."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent
# That of libyaml where it is at hand: it is many times as fast, and start-up waits for it.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

SERVICES = ("rcp", "pcp", "cps", "ccp", "pki", "event", "webhook")
"""The six services and the receiver of events, each with a document of its own."""

METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
"""The keys of a path that hold operations."""


@functools.cache
def document(service: str) -> Mapping[str, Any]:
    """Return the OpenAPI 3.1 document of a service, whole: every reference replaced by what it names.

    Equal parts are one object, and so is what all callers get: it must not be changed.

    Args:
        service: One of `SERVICES`.

    Returns:
        The document as YAML gives it: `openapi`, `info`, `servers`, `paths` and so on.
    """
    resolved: dict[str, Any] = _resolve(_read(f"{service}.yaml"), f"{service}.yaml")
    return resolved


# One dictionary for all callers; none leaves this module but within a copy that `_resolve` has made.
@functools.cache
def _read(name: str) -> dict[str, Any]:
    with (_FOLDER / name).open("rb") as file:
        content: dict[str, Any] = yaml.load(file, Loader=_LOADER)  # noqa: S506 - a safe loader, see _LOADER
    return content


def _resolve(node: Any, file: str) -> Any:
    if isinstance(node, list):
        return [_resolve(each, file) for each in node]
    if not isinstance(node, dict):
        return node
    if "$ref" not in node:
        return {key: _resolve(value, file) for key, value in node.items()}
    name, _, pointer = node["$ref"].partition("#")
    target = _part(name or file, pointer)
    # OpenAPI 3.1 allows keywords beside a reference; without any the shared object itself is taken.
    return _joined(target, node, file) if len(node) > 1 else target


# Resolved once, however often it is referred to: equal parts become one object, which caches of validators
# further up rely on.
@functools.cache
def _part(file: str, pointer: str) -> Any:
    node: Any = _read(file)
    for key in pointer.split("/")[1:]:
        node = node[key]
    return _resolve(node, file)


def _joined(target: dict[str, Any], node: dict[str, Any], file: str) -> dict[str, Any]:
    """Lay what stands beside a reference over what it names; errata and literal readings add up."""
    own = {key: _resolve(value, file) for key, value in node.items() if key != "$ref"}
    if "x-erratum" in own and "x-erratum" in target:
        # Those of the target first: a deviation is graded by the first (`Deviation.erratum`).
        own["x-erratum"] = [*errata(target), *errata(own)]
    if own.get("x-published") and target.get("x-published"):
        own["x-published"] = target["x-published"] | own["x-published"]
    return target | own


def errata(node: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids beside a part of the contract, for example `("ERR-010",)`; none is an empty tuple."""
    mark = node.get("x-erratum", ())
    return (mark,) if isinstance(mark, str) else tuple(mark)
