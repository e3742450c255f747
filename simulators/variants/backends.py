"""What the backends of OEMs, eMSPs and CPOs may do otherwise than ours."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from opnc.exi import encode
from opnc.exi.reading import decode_any
from opnc.identifiers import Emaid
from opnc.provisioning.contract_data import Session
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.messages import content_of
from opnc.provisioning.namespaces import schema_of_version
from opnc.severity import Severity
from simulators.parties.backend import UseCaseAborted
from simulators.parties.emsp import LOOK_UP
from simulators.parties.oem import contract_certificates
from simulators.variants.making import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opnc.pki.profiles import Version
    from opnc.provisioning.contract_data import ContractBundle
    from simulators.parties.client import Client
    from simulators.parties.emsp import Chain, EmspBackend
    from simulators.parties.oem import OemBackend

    Headers = Mapping[str, str]

FROM_TYPE, FROM_ID = "OPNC-from-party-type", "OPNC-from-party-id"


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


def _with_token_of_its_own(token: Callable[[], str]) -> str:
    client: Client = token.__self__  # type: ignore[attr-defined]  # a bound method
    client.forget_token()
    return token()


def _named(characters: int) -> dict[str, Callable[[Callable[[], Headers]], Headers]]:
    """Name the party of the account; ids of providers and operators by as many characters from behind."""

    def headers(control: Callable[[], Headers]) -> Headers:
        client: Client = control.__self__  # type: ignore[attr-defined]  # a bound method
        principal = client.account.principal
        ids = (*principal.wmis, *principal.provider_ids, *principal.operator_ids)
        name = {FROM_ID: min(ids)[-characters:]} if ids else {}
        return {FROM_TYPE: principal.party.partition("_")[0], **name}

    return {"client.party-headers": headers}


def _looking_up_first(fetch: Callable[[EmspBackend, str], Chain], backend: EmspBackend, pcid: str) -> Chain:
    if not backend.context.client.call(LOOK_UP, path={"pcid": pcid}).ok:
        raise UseCaseAborted(f"there is no vehicle {pcid}")
    return fetch(backend, pcid)


def _by_crl(check: Callable[[Mapping[str, Any]], None], signed: Mapping[str, Any]) -> None:
    backend: OemBackend = check.__self__  # type: ignore[attr-defined]  # a bound method
    for url in contract_certificates(signed)[0].extensions.crl_urls[:1]:
        backend.context.client.fetch(url)


def _refusing_itself(hand_on: Callable[[str], str], text: str) -> str:
    """Tell the vehicle in one's own words that it gets nothing."""
    found = decode_any(b64decode(text))
    if content_of(found.value).ResponseCode.startswith("OK"):
        return hand_on(text)
    version: Version = "ISO15118-2" if found.schema is schema_of_version("ISO15118-2") else "ISO15118-20"
    session = Session(bytes(8), datetime.fromtimestamp(0, UTC))
    refusal = failure_response(Failure.NO_CONTRACT, version, session)
    return b64encode(encode(refusal, found.schema)).decode()


VARIANTS: tuple[Variant, ...] = (
    Variant(
        id="backends.token-for-each-request",
        service="common",
        summary="A new access token is got for every single request.",
        sources=("RFC 6749 4.4",),
        around={"client.token": _with_token_of_its_own},
    ),
    *(
        Variant(
            id=f"backends.names-itself-by-{characters}",
            service="common",
            summary=f"Requests name the party of the account, its id by {characters} characters.",
            sources=("ERR-154",),
            lenient=None,
            strict=None,
            around=_named(characters),
        )
        for characters in (5, 3)
    ),
    Variant(
        id="backends.subscribes-by-names-of-the-payload",
        service="common",
        summary="Events are subscribed to by the names that they bear, not by those of the published list.",
        sources=("ERR-121",),
        replaced={"backend.events": list},
    ),
    Variant(
        id="backends.enrols-in-lower-case",
        service="common",
        summary="The ids in certification requests are written in lower case.",
        sources=("OPNC docs/05", "ERR-111"),
        unjudged=("SYS-CLIENT-07",),
        leaves_out="The PKI may refuse an EVSE ID whose E is lower case, and then there is no certificate.",
        replaced={"backend.common-name": str.lower},
    ),
    Variant(
        id="oem.lower-case-pcids",
        service="oem",
        summary="An OEM writes PCIDs in lower case, in certificates and in paths.",
        sources=("ERR-162",),
        replaced={"oem.name": str.lower},
    ),
    Variant(
        id="oem.status-by-crl",
        service="oem",
        summary="An OEM looks contracts up in the CRL of their CA before it installs them.",
        sources=("OPNC docs/components/05",),
        lenient=None,
        strict=None,
        around={"oem.check": _by_crl},
    ),
    Variant(
        id="emsp.looks-up-first",
        service="emsp",
        summary="An eMSP looks a vehicle up before it fetches its certificate.",
        sources=("OPNC docs/components/02",),
        lenient=None,
        strict=None,
        around={"emsp.fetch": _looking_up_first},
    ),
    Variant(
        id="cpo.refuses-itself",
        service="cpo",
        summary="A CPO tells a vehicle that the pool refuses in a message of its own.",
        sources=("ERR-081",),
        lenient=Severity.WARN,
        strict=Severity.WARN,
        around={"cpo.response": _refusing_itself},
    ),
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
