"""Variants of the PKI services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.kernel.messages import Refusal
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.kernel.messages import Call


def _no_algorithm(control: Callable[[Call], None], call: Call) -> None:
    control(call)
    if "algorithm" in call.query:
        raise Refusal(400, "algorithm: there is no such parameter")


_UNDECLARED: Mapping[str, Any] = {
    "declares": {"declared": {"est_algorithm": False}},
    "unjudged": ("PKI-CACERTS-13", "PKI-ENROLL-17"),
    "leaves_out": "The parameter is tested where the implementer declares it.",
}

VARIANTS = (
    Variant(
        id="pki.no-algorithm-parameter",
        service="pki",
        summary="The parameter algorithm is unknown, as in the tagged release, and not looked at.",
        sources=("ERR-003", "ERR-100"),
        lenient=None,
        strict=None,
        **_UNDECLARED,
        disabled=frozenset({"pki.select.algorithm"}),
    ),
    Variant(
        id="pki.algorithm-parameter-refused",
        service="pki",
        summary="The parameter algorithm is unknown, as in the tagged release, and refused.",
        sources=("ERR-003", "ERR-100"),
        **_UNDECLARED,
        around={"pki.parameters": _no_algorithm},
    ),
)
