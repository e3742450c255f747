"""Bodies that conform, one per answer that carries one."""

from __future__ import annotations

import json
from typing import Any

JSON = {"Content-Type": "application/json"}
UUID = "896b6655-180e-4304-b642-606bb00df8f0"
FINGERPRINT = "5a" * 32
TIME = "2026-01-31T12:00:00Z"
NAMESPACE = "urn:iso:15118:2:2013:MsgDef"
EMAID = "DEABCC12345678"
PCID = "WMI12345678901234"

ERROR: dict[str, Any] = {"errorMessages": ["no"], "traceId": UUID}
ROOT: dict[str, Any] = {
    "rootCertificateId": UUID,
    "distinguishedName": "CN=Test Root, O=Test, DC=V2G",
    "rootCtlList": ["No CTL"],
    "rootTypeList": ["V2G", "OEM"],
    "caCertificate": "QUJD",
    "validFrom": TIME,
    "validTo": TIME,
}
CHAIN: dict[str, Any] = {"certificate": "QUJD", "subCa1Certificate": "QUJD"}
PROVISIONING: dict[str, Any] = {
    "provisioningCertificateChain": CHAIN,
    "xsdMsgDefNamespace": NAMESPACE,
    "fingerprint": FINGERPRINT,
}
CONTRACT: dict[str, Any] = {
    "pcid": PCID,
    "emaid": EMAID,
    "contractCertificate": "QUJD",
    "defaultContract": True,
    "certValidFrom": TIME,
    "certValidTo": TIME,
}
SIGNED: dict[str, Any] = {
    "pcid": PCID,
    "emaid": EMAID,
    "certificateInstallationRes": "gJg=",
    "xsdMsgDefNamespace": NAMESPACE,
}
ENDPOINT: dict[str, Any] = {
    "id": "1",
    "created": 1,
    "enabledEvents": ["root.cert.added"],
    "url": "https://a.test/",
}
CONTRACT_EVENT: dict[str, Any] = {
    "timestamp": TIME,
    "eventId": UUID,
    "eventType": "oem.contract.created",
    "xsdMsgDefNamespace": NAMESPACE,
    "payload": {"emaid": EMAID, "pcid": PCID},
}
ROOT_EVENT: dict[str, Any] = {
    "timestamp": TIME,
    "eventId": UUID,
    "eventType": "root.cert.added",
    "payload": {
        "rootCertificateId": UUID,
        "distinguishedName": "CN=Test Root, O=Test, C=DE",
        "commonName": "Test Root",
        "rootType": "V2G",
    },
}

ANSWERS: dict[str, tuple[int, Any]] = {
    "getRootCertificatesV1": (200, {"rootCertificateCollection": [ROOT]}),
    "getRootCertificateV1": (200, {"roootCertificate": ROOT}),
    "getProvisioningCertificateV1": (200, {"provisioningCertificate": PROVISIONING}),
    "signContractDataV1": (201, {"signedContractData": SIGNED}),
    "getContractDataByEmaidV1": (200, {"contractDataCollection": [CONTRACT]}),
    "getContractDataByPcidV1": (200, {"contractDataCollection": [CONTRACT]}),
    "getSignedContractDataByCertificateInstallationReqV1": (200, {"signedContractDataCollection": [SIGNED]}),
    "getSignedContractDataByEmaidAndPcidV1": (200, {"signedContractDataCollection": [SIGNED]}),
    "get-webhook-endpoints": (200, [ENDPOINT]),
    "postEndpointV1": (201, ENDPOINT),
    "getEndpointByIdV1": (200, ENDPOINT),
    "updateEndpointByIdV1": (200, ENDPOINT),
    "getCpsCertificatesV1": (
        200,
        {
            "cpsCertificateDataCollection": [
                {
                    "cpsDistinguishedName": "CN=CPS",
                    "cpsCertificateChain": CHAIN,
                    "validFrom": TIME,
                    "validTo": TIME,
                    "organizationName": "Test",
                    "cpsV2GRootCertificateFingerprint": FINGERPRINT,
                    "cpsV2GRootDistinguishedName": "CN=Test Root, C=DE",
                    "xsdMsgDefNamespace": NAMESPACE,
                }
            ]
        },
    ),
}

REQUESTS: dict[str, Any] = {
    "putRootCertificateV1": {"rootTypeList": ["V2G"], "caCertificate": "QUJD"},
    "addProvisioningCertificateV1": PROVISIONING,
    "signContractDataV1": {
        "contractCertificateBundle": {
            "pcid": PCID,
            "emaid": EMAID,
            "contractCertificateChain": CHAIN,
            "contractSignatureEncryptedPrivateKey": "QUJD",
            "dHpublickey": "QUJD",
        },
        "xsdMsgDefNamespace": NAMESPACE,
    },
    "generateAndSignContractDataV1": {
        "contractBegins": TIME,
        "contractEnds": TIME,
        "emaid": EMAID,
        "pcid": PCID,
        "xsdMsgDefNamespace": NAMESPACE,
    },
    "addSignedContractDataV1": SIGNED,
    "getSignedContractDataByCertificateInstallationReqV1": {
        "certificateInstallationReq": "gJg=",
        "xsdMsgDefNamespace": NAMESPACE,
    },
    "revokeCertV1": {"certificate": "QUJD", "revocationReason": "superseded"},
    "postEndpointV1": {
        "enabledEvents": ["mo.prov.cert.updated"],
        "wmi": ["WMI"],
        "url": "https://a.test/hook",
    },
    "updateEndpointByIdV1": {"enabledEvents": ["root.cert.revoked"], "url": "https://a.test/hook"},
    "post-users-userId": ROOT_EVENT,
    "post-root-users-userId": CONTRACT_EVENT,
}


def body(value: Any) -> bytes:
    """Return a value as the body that carries it."""
    return json.dumps(value).encode()


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return an object that lacks some members."""
    return {name: each for name, each in value.items() if name not in names}
