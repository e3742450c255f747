"""The published specification for the tests: the one lying nearby, and one made from our contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opnc.contract import SERVICES, document

_ROOT = Path(__file__).parents[3]
NEARBY = next(
    (
        folder
        for folder in (parent / "shared/opnc/specification" for parent in _ROOT.parents)
        if folder.is_dir()
    ),
    None,
)
"""The folder of the published specification; None where it is not at hand."""

_PLAIN = {"x-erratum", "x-info", "x-strict", "x-published", "x-severity", "x-no-body", "x-also"}


def made() -> dict[str, Any]:
    """Return files as they would be published, by path, each document whole in one file."""
    return {
        f"apis/{name}/{name}.api.v1.json"
        if name != "webhook"
        else "apis/event/webhook.payload.v1.json": literal(document(name))
        for name in SERVICES
    }


def literal(node: Any) -> Any:
    """Undo what the errata correct."""
    if isinstance(node, list):
        return [literal(each) for each in node]
    if not isinstance(node, dict):
        return node
    said = {**node.get("x-info", {}), **node.get("x-strict", {}), **(node.get("x-published") or {})}
    corrected = {
        key: value
        for key, value in (node | said).items()
        if key not in _PLAIN and value is not None and not _unpublished(value)
    }
    return {key: literal(value) for key, value in corrected.items()}


def _unpublished(value: Any) -> bool:
    return isinstance(value, dict) and value.get("x-published", ...) is None
