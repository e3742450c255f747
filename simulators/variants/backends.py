"""What the backends of OEMs, eMSPs and CPOs may do otherwise than ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opnc.identifiers import Emaid
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from opnc.provisioning.contract_data import ContractBundle
    from simulators.parties.emsp import EmspBackend


def _hyphenated(bundle: ContractBundle) -> dict[str, Any]:
    emaid = Emaid.parse(bundle.emaid)
    return {
        **bundle.to_json(),
        "emaid": f"{emaid.country_code}-{emaid.provider_id}-{emaid.instance}",
    }


def _lower_case(bundle: ContractBundle) -> dict[str, Any]:
    return {**bundle.to_json(), "emaid": bundle.emaid.lower()}


def _store(backend: EmspBackend, signed: Any) -> None:
    backend.store(signed)


VARIANTS: tuple[Variant, ...] = (
    Variant(
        id="backends.repeats-once",
        service="common",
        summary="Every request is sent a second time, as if the answer to the first had been lost.",
        sources=("RFC 9110 9.2.2",),
        replaced={"client.repetitions": lambda: 1},
    ),
    Variant(
        id="emsp.hyphenated-emaid",
        service="emsp",
        summary="An eMSP writes EMAIDs with hyphens, and stores what the CPS returns itself as well.",
        sources=("OPNC docs/05",),
        replaced={"emsp.write": _hyphenated, "emsp.conclude.store": _store},
    ),
    Variant(
        id="emsp.lower-case-emaid",
        service="emsp",
        summary="An eMSP writes EMAIDs in lower case, and stores what the CPS returns itself as well.",
        sources=("OPNC docs/05",),
        replaced={"emsp.write": _lower_case, "emsp.conclude.store": _store},
    ),
)
