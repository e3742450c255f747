"""What services may do wrong with the ids of contracts, vehicles and charging stations."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from opnc.exi import ISO2, decode, encode
from opnc.identifiers import Emaid, emaid_check_digit
from opnc.pki.est import read_enrolment
from opnc.pki.issue import Subject
from opnc.problem import Problem
from opnc.provisioning.namespaces import NAMESPACES
from opnc.vehicles import CHAIN, WRAPPER
from simulators.faults import making
from simulators.faults.tampering import edited, everywhere, let_pass, when
from simulators.pcp.publication import read_publication

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulators.kernel.fault_injection import Fault, Tamper
    from simulators.kernel.messages import Call

GENERATE, SIGN, ADD = "generateAndSignContractDataV1", "signContractDataV1", "addSignedContractDataV1"
BY_EMAID, FETCH = "getContractDataByEmaidV1", "getSignedContractDataByEmaidAndPcidV1"
READ, PUT, ENROLL = "getProvisioningCertificateV1", "addProvisioningCertificateV1", "simpleEnrollCertV1"
MESSAGE = "certificateInstallationRes"

_WITH_IDS = frozenset({"pcp", "cps", "ccp"})
"""The services whose operations name contracts and vehicles."""


def _stated(value: Any, name: str) -> Iterator[str]:
    """Yield the ids of a name that a decoded body states."""
    if isinstance(value, dict):
        for key, member in value.items():
            if key == name and isinstance(member, str):
                yield member
            else:
                yield from _stated(member, name)


def stated_ids(call: Call, name: str) -> list[str]:
    """Return the ids of a name, `emaid` or `pcid`, that a call states in its path or anywhere in its body."""
    return [*([call.path[name]] if name in call.path else []), *_stated(call.body, name)]


def _any(name: str, condition: Callable[[str], object]) -> Callable[[Call], bool]:
    return lambda call: any(condition(text) for text in stated_ids(call, name))


_fault = making.faults_of("common", "identifiers")


# EMAIDs


def _has_check_digit(text: str) -> bool:
    try:
        return Emaid.parse(text).check_digit is not None
    except Problem:
        return False


def _has_wrong_check_digit(text: str) -> bool:
    try:
        return Emaid.parse(text).check_digit_fits is False
    except Problem:
        return False


def _hyphenated(entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "emaid": Emaid.parse(entry["emaid"]).hyphenated}


def _listed_hyphenated(body: dict[str, Any]) -> dict[str, Any]:
    name = "contractDataCollection"
    return {**body, name: [_hyphenated(entry) for entry in body.get(name, [])]}


def each_message(change: Callable[[Any], Any]) -> Tamper:
    """Change the content of every message to a vehicle of ISO 15118-2, without signing it anew."""

    def item(entry: dict[str, Any]) -> dict[str, Any]:
        if entry["xsdMsgDefNamespace"] != NAMESPACES["ISO15118-2"]:
            return entry
        message = decode(b64decode(entry[MESSAGE]), ISO2).value
        content = change(message.Body.CertificateInstallationRes)
        changed = replace(message, Body=replace(message.Body, CertificateInstallationRes=content))
        return {**entry, MESSAGE: b64encode(encode(changed, ISO2)).decode()}

    name = "signedContractDataCollection"
    return edited(lambda body: {**body, name: [item(entry) for entry in body.get(name, [])]})


def _with_check_digit(content: Any) -> Any:
    emaid = content.eMAID
    return replace(content, eMAID=replace(emaid, value=emaid.value + emaid_check_digit(emaid.value)))


def _with_certificate_of_cps(content: Any) -> Any:
    chain, of_cps = content.ContractSignatureCertChain, content.SAProvisioningCertificateChain
    return replace(content, ContractSignatureCertChain=replace(chain, Certificate=of_cps.Certificate))


def _wrong_emaids() -> Iterator[Fault]:
    wrong = {
        "IDS-EMAID-06": ("of 13 characters", "of 37 characters"),
        "IDS-EMAID-07": ("that begins with a digit",),
        "IDS-EMAID-10": (
            *("with a blank", "with an umlaut"),
            *("with a full-width digit", "with a Cyrillic letter"),
        ),
    }
    for requirement, texts in wrong.items():
        for text in texts:
            name = re.sub(r"\W+", "-", text)
            summary = f"An EMAID {text} is taken."
            yield _fault(
                f"emaid-{name}",
                requirement,
                summary,
                tamper=everywhere(let_pass(400), _WITH_IDS),
                only={"wrong": text},
            )


EMAIDS = (
    _fault(
        "emaid-case",
        "IDS-EMAID-01",
        "EMAIDs in lower case are not known.",
        tamper=everywhere(when(_any("emaid", str.islower), 404), _WITH_IDS),
    ),
    _fault(
        "emaid-hyphens-refused",
        ("IDS-EMAID-02", "AUTH-OWN-04"),
        "EMAIDs with hyphens are refused.",
        tamper=everywhere(when(_any("emaid", lambda text: "-" in text), 400), _WITH_IDS),
    ),
    _fault(
        "emaid-hyphens-listed",
        "IDS-EMAID-02",
        "Lists hold EMAIDs with hyphens.",
        tamper={BY_EMAID: edited(_listed_hyphenated)},
    ),
    _fault(
        "emaid-check-digit-refused",
        "IDS-EMAID-03",
        "EMAIDs with a check digit are refused.",
        tamper=everywhere(when(_any("emaid", _has_check_digit), 400), _WITH_IDS),
    ),
    _fault(
        "emaid-check-digit-crashes",
        "IDS-EMAID-04",
        "EMAIDs with a check digit bring a service down.",
        # Dropped or part of the id: either is a reading, a crash is none (ERR-161).
        tamper=everywhere(when(_any("emaid", _has_check_digit), 500), _WITH_IDS),
    ),
    _fault(
        "emaid-wrong-check-digit-crashes",
        "IDS-EMAID-11",
        "EMAIDs with a wrong check digit are answered 500.",
        # Who looks at it may refuse it (ERR-161).
        tamper=everywhere(when(_any("emaid", _has_wrong_check_digit), 500), _WITH_IDS),
    ),
    _fault(
        "emaid-longer-in-message",
        "IDS-EMAID-05",
        "Messages carry the EMAID with something appended.",
        tamper={FETCH: each_message(_with_check_digit)},
    ),
    _fault(
        "emaid-cut-short",
        "IDS-EMAID-05",
        "EMAIDs that ISO 15118-2 cannot carry are taken all the same.",
        # ISO 15118-2 carries 15 characters: more are answered 400 (ERR-163).
        tamper=dict.fromkeys((GENERATE, SIGN, ADD), let_pass(400)),
    ),
    _fault(
        "contract-certificate-of-somebody-else",
        "IDS-CN-01",
        "Messages carry another certificate than that of the contract.",
        tamper={FETCH: each_message(_with_certificate_of_cps)},
    ),
    _fault(
        "emaid-long-crashes",
        "IDS-EMAID-08",
        "EMAIDs of more than 15 characters bring a service down.",
        # Documentation and pattern disagree on whether there are any: they may be refused (ERR-160).
        tamper=everywhere(when(_any("emaid", lambda text: len(text.replace("-", "")) > 15), 500), _WITH_IDS),
    ),
    _fault(
        "emaid-one-hyphen-crashes",
        "IDS-EMAID-09",
        "An EMAID with one hyphen alone brings a service down.",
        # 400 will do, and so will the same id everywhere (ERR-160).
        tamper=everywhere(when(_any("emaid", lambda text: text.count("-") == 1), 500), _WITH_IDS),
    ),
    *_wrong_emaids(),
)

# PCIDs


def _leaf_of_sub_ca(body: dict[str, Any]) -> dict[str, Any]:
    entry = body[WRAPPER]
    chain = {**entry[CHAIN], "certificate": entry[CHAIN]["subCa2Certificate"]}
    return {WRAPPER: {**entry, CHAIN: chain}}


def _published_pcid_has(length: int) -> Callable[[Call], bool]:
    return lambda call: len(_published_pcid(call)) == length


def _published_pcid(call: Call) -> str:
    return read_publication(call.body).leaf.common_name or ""


PCIDS = (
    _fault(
        "pcid-of-18-refused",
        "IDS-PCID-01",
        "PCIDs of 18 characters are refused.",
        tamper=everywhere(when(_any("pcid", lambda text: len(text) == 18), 400), _WITH_IDS),
    ),
    _fault(
        "any-pcid",
        "IDS-PCID-02",
        "Any text is taken for a PCID.",
        tamper=everywhere(let_pass(400), _WITH_IDS),
    ),
    _fault(
        "published-pcid-of-18-refused",
        "IDS-PCID-04",
        "A provisioning certificate for a PCID of 18 characters is refused.",
        tamper={PUT: when(_published_pcid_has(18), 400)},
    ),
    _fault(
        "published-pcid-of-18-crashes",
        "IDS-PCID-05",
        "A provisioning certificate for a PCID of 18 characters is answered 500.",
        # Who looks at a check digit may refuse it (ERR-162).
        tamper={PUT: when(_published_pcid_has(18), 500)},
    ),
    _fault("wmi-ignored", "IDS-PCID-04", "An OEM may publish under any WMI.", "pcp.put.wmi"),
    _fault(
        "pcid-case-crashes",
        "IDS-PCID-03",
        "A PCID in lower case brings the pool down.",
        # Whether letter case matters is open; no reading has 5xx (ERR-162).
        tamper={"lookupVehicleV1": when(_any("pcid", lambda text: text != text.upper()), 500)},
    ),
    _fault(
        "certificate-of-somebody-else",
        "IDS-PCID-06",
        "A vehicle is answered with a certificate that is issued to somebody else.",
        tamper={READ: edited(_leaf_of_sub_ca)},
    ),
)

# EVSE ids


def _common_name(call: Call) -> str:
    return read_enrolment(call.content).request.subject.get("CN") or ""


EVSE_IDS = (
    _fault(
        "evse-separators-refused",
        "IDS-EVSE-01",
        "EVSE ids with separators get no certificate.",
        tamper={ENROLL: when(lambda call: "*" in _common_name(call), 400)},
    ),
    _fault(
        "evse-separators-removed",
        "IDS-EVSE-02",
        "Certificates are issued to the EVSE id without its separators.",
        replaced={
            "pki.enroll.subject": lambda _request: {"subject": Subject("DECPOE1", "OPNC tester", "DE")}
        },
    ),
    _fault(
        "any-evse-id",
        "IDS-EVSE-03",
        "Any text is taken for an EVSE id.",
        tamper={ENROLL: let_pass(400)},
    ),
)

FAULTS: tuple[Fault, ...] = (*EMAIDS, *PCIDS, *EVSE_IDS)
