"""What pools of contracts may get wrong by remembering: answers of before, in place of what is there now."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sql

from opnc.identifiers import Emaid
from opnc.provisioning.delivery import contract_chain
from simulators.ccp.installation_request import vehicle_of
from simulators.ccp.query_conditions import emaid_of
from simulators.ccp.service import ADD, BY_EMAID, BY_PCID, FETCH, REQUEST
from simulators.ccp.store import CONTRACTS, is_contract
from simulators.ccp.submission import message_of
from simulators.cps.service import SIGN
from simulators.faults import making
from simulators.faults.ccp import LISTED
from simulators.faults.identifiers import each_message
from simulators.faults.signatures import signing_bundle
from simulators.faults.tampering import edited, set_member
from simulators.kernel import Refusal
from simulators.kernel.messages import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sqlalchemy import ColumnElement

    from opnc.provisioning.contract_data import ContractBundle
    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Call

_ccp, _cps = making.faults_of("ccp"), making.faults_of("cps")


def _path(call: Call) -> Hashable:
    return tuple(call.path.values())


def _vehicle(call: Call) -> Hashable:
    try:
        return vehicle_of(call).normalised
    except Refusal:
        return None


def _remembered(operation: str, key: Callable[[Call], Hashable]) -> dict[str, Tamper]:
    """Answer what was asked before as it was answered then."""
    kept: dict[Hashable, Answer] = {}

    def tamper(call: Call, answer: Answer) -> Answer:
        about = key(call)
        if about is None or (about not in kept and answer.status != 200):
            return answer
        return kept.setdefault(about, answer)

    return {operation: tamper}


def _first_listed() -> dict[str, Tamper]:
    """Keep what entries say of the certificate when new data are stored."""
    kept: dict[str, str] = {}

    def change(entry: dict[str, Any]) -> dict[str, Any]:
        certificate = kept.setdefault(entry["emaid"], entry["contractCertificate"])
        return {**entry, "contractCertificate": certificate}

    def stored(call: Call, answer: Answer) -> Answer:
        if answer.status != 201:
            return answer
        message = message_of(b64decode(call.body["certificateInstallationRes"]), "ISO15118-2")
        text = b64encode(contract_chain(message)[0]).decode()
        kept.setdefault(Emaid.parse(call.body["emaid"]).normalised, text)
        return answer

    return {ADD: stored, BY_EMAID: edited(lambda body: {LISTED: [change(entry) for entry in body[LISTED]]})}


def _refused_again(operation: str, about: Callable[[Any], Hashable]) -> dict[str, Tamper]:
    """Refuse what was taken before in the same words."""
    taken: set[Hashable] = set()

    def tamper(call: Call, answer: Answer) -> Answer:
        if answer.status != 201:
            return answer
        what = about(call.body)
        if what in taken:
            return Answer.json(409, {"errorMessages": ["is there already"]})
        taken.add(what)
        return answer

    return {operation: tamper}


def _begins_alike(call: Call) -> ColumnElement[bool]:
    return CONTRACTS.c.emaid.startswith(emaid_of(call).normalised)


def _of_iso15118_2(call: Call) -> ColumnElement[bool]:
    return sql.and_(is_contract(emaid_of(call)), CONTRACTS.c.version == "ISO15118-2")


def _without_sub_cas(content: Any) -> Any:
    """Leave the Sub-CAs out of the chain of the CPS, which no signature covers."""
    chain = content.SAProvisioningCertificateChain
    return replace(content, SAProvisioningCertificateChain=replace(chain, SubCertificates=None))


def _with_hyphen(bundle: ContractBundle) -> ContractBundle:
    # One: ISO 15118-2 has room for 15 characters, and an encoder that looks refuses more.
    return replace(bundle, emaid=f"{bundle.emaid[:2]}-{bundle.emaid[2:]}")


def _in_small_letters(bundle: ContractBundle) -> ContractBundle:
    return replace(bundle, emaid=bundle.emaid.lower())


READ = (
    *(
        _ccp(
            f"stale-{name}",
            ("CCP-ADD-17", "CCP-DEL-11"),
            f"What was read {how} is answered as it was then.",
            tamper=_remembered(operation, key),
        )
        for name, how, operation, key in (
            ("by-emaid", "of an EMAID", BY_EMAID, _path),
            ("by-pcid", "of a vehicle", BY_PCID, _path),
            ("by-both", "of a contract and a vehicle", FETCH, _path),
            ("by-request", "by the request of a vehicle", REQUEST, _vehicle),
        )
    ),
    _ccp(
        "ten-listed",
        "CCP-PCID-07",
        "Of the contracts of a vehicle ten are listed.",
        tamper={BY_PCID: edited(lambda body: {LISTED: body[LISTED][:10]})},
    ),
    _ccp(
        "entries-of-another-vehicle",
        "CCP-PCID-01",
        "Entries of the list of a vehicle name another.",
        tamper=set_member(BY_PCID, LISTED, "pcid", "ZZZ00000000000000"),
    ),
    _ccp(
        "first-certificate-listed",
        ("CCP-ADD-03", "CCP-ADD-19"),
        "The list of a contract shows the certificate that it had first.",
        tamper=_first_listed(),
    ),
    _ccp(
        "ids-that-begin-alike",
        "CCP-EMAID-09",
        "A list holds every contract whose EMAID begins like the one named.",
        replaced={"ccp.emaid.emaid": _begins_alike},
    ),
    _ccp(
        "deleted-with-what-begins-alike",
        "CCP-EMAID-09",
        "With a contract every other is deleted whose EMAID begins alike.",
        replaced={"ccp.delete.scope": _begins_alike},
    ),
    _ccp(
        "deleted-in-one-edition",
        "CCP-DEL-01",
        "A contract is deleted in ISO 15118-2 alone.",
        replaced={"ccp.delete.scope": _of_iso15118_2},
    ),
    _ccp(
        "root-misnamed",
        "CCP-EMAID-08",
        "Entries name another root than that above the CPS.",
        tamper=set_member(BY_EMAID, LISTED, "cpsV2GRootDistinguishedName", "CN=Another Root"),
    ),
    _ccp(
        "chain-of-cps-shortened",
        "CCP-STO-01",
        "The Sub-CAs of the CPS are left out of what is delivered.",
        tamper={REQUEST: each_message(_without_sub_cas)},
    ),
)

WRITTEN = (
    _ccp(
        "stored-once",
        "CCP-ADD-18",
        "What is stored already cannot be stored again.",
        tamper=_refused_again(ADD, lambda body: body["certificateInstallationRes"]),
    ),
    _cps(
        "signed-once",
        "CPS-SIGN-30",
        "What was signed already is not signed again.",
        tamper=_refused_again(SIGN, lambda body: str(body["contractCertificateBundle"])),
    ),
    _cps(
        "hyphen-in-message",
        "IDS-EMAID-05",
        "The message to the vehicle names the EMAID with a hyphen.",
        replaced=signing_bundle(_with_hyphen),
    ),
    _cps(
        "small-letters-in-message",
        "IDS-EMAID-01",
        "The message to the vehicle names the EMAID in small letters.",
        replaced=signing_bundle(_in_small_letters),
    ),
    _cps(
        "root-of-cps-misnamed",
        "CPS-SIGN-29",
        "Signed contract data name another root than that above the CPS.",
        tamper={
            SIGN: edited(
                lambda body: {
                    "signedContractData": {
                        **body["signedContractData"],
                        "cpsRootDistinguishedName": "CN=Another Root",
                    }
                },
                status=201,
            )
        },
    ),
)

FAULTS: tuple[Fault, ...] = (*READ, *WRITTEN)
