"""What the encoder refuses: each facet of the schemas, and values that are no such message."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from opnc.exi import ISO2, ISO20, EncodeError, decode, encode, iso2, iso20
from opnc.exi.json_form import from_json, to_json
from opnc.exi.xmldsig import X509IssuerSerialType

OctetsOf = Callable[[str], bytes]


def changed(value: Any, /, **fields: Any) -> Any:
    """Replace fields, by values of another type too."""
    return replace(value, **fields)


CHAIN = iso2.CertificateChainType(Certificate=b"leaf")
KEY = iso2.ContractSignatureEncryptedPrivateKeyType(Id="id2", value=bytes(48))
POINT = iso2.DiffieHellmanPublickeyType(Id="id3", value=bytes(65))
EMAID = iso2.EMAIDType(Id="id4", value="DEABCC12345678")
ROOT = X509IssuerSerialType(X509IssuerName="CN=root", X509SerialNumber=1)
RESPONSE = iso2.CertificateInstallationResType(
    ResponseCode="OK",
    SAProvisioningCertificateChain=CHAIN,
    ContractSignatureCertChain=changed(CHAIN, Id="id1"),
    ContractSignatureEncryptedPrivateKey=KEY,
    DHpublickey=POINT,
    eMAID=EMAID,
)
REQUEST = iso2.CertificateInstallationReqType(
    Id="id1",
    OEMProvisioningCert=b"certificate",
    ListOfRootCertificateIDs=iso2.ListOfRootCertificateIDsType(RootCertificateID=(ROOT,)),
)
DATA = iso20.SignedInstallationDataType(
    Id="id1",
    ContractCertificateChain=iso20.ContractCertificateChainType(
        Certificate=b"leaf", SubCertificates=iso20.SubCertificatesType(Certificate=(b"sub",))
    ),
    ECDHCurve="SECP521",
    DHPublicKey=bytes(133),
    SECP521_EncryptedPrivateKey=bytes(94),
)
REQUEST_20 = iso20.CertificateInstallationReqType(
    Header=iso20.MessageHeaderType(SessionID=bytes(8), TimeStamp=1),
    OEMProvisioningCertificateChain=iso20.SignedCertificateChainType(Id="id1", Certificate=b"leaf"),
    ListOfRootCertificateIDs=iso20.ListOfRootCertificateIDsType(RootCertificateID=(ROOT,)),
    MaximumContractCertificateChains=1,
)


def message(**header: Any) -> iso2.V2GMessage:
    made = iso2.MessageHeaderType(**{"SessionID": b"", **header})
    return iso2.V2GMessage(Header=made, Body=iso2.BodyType(CertificateInstallationRes=RESPONSE))


def sub_certificates(count: int) -> Any:
    return changed(CHAIN, SubCertificates=iso2.SubCertificatesType(Certificate=(b"sub",) * count))


def roots(count: int) -> Any:
    return changed(
        REQUEST,
        ListOfRootCertificateIDs=iso2.ListOfRootCertificateIDsType(RootCertificateID=(ROOT,) * count),
    )


def serial(number: int) -> Any:
    ids = iso2.ListOfRootCertificateIDsType(RootCertificateID=(changed(ROOT, X509SerialNumber=number),))
    return changed(REQUEST, ListOfRootCertificateIDs=ids)


def update_response(retry: int) -> Any:
    fields = {name: getattr(RESPONSE, name) for name in RESPONSE.__dataclass_fields__}
    return iso2.CertificateUpdateResType(**fields, RetryCounter=retry)


BROKEN_FACETS = [
    (ISO2, message(SessionID=bytes(9)), "SessionID", "9 octets, at most 8"),
    (
        ISO2,
        message(Notification=iso2.NotificationType(FaultCode="UnknownError", FaultMsg="x" * 65)),
        "FaultMsg",
        "65 characters, at most 64",
    ),
    (
        ISO2,
        message(Notification=iso2.NotificationType(FaultCode="Whatever")),
        "FaultCode",
        "'Whatever' is none of ParsingError",
    ),
    (ISO2, changed(RESPONSE, ResponseCode="FAILED_Nothing"), "ResponseCode", "is none of OK"),
    (ISO2, changed(CHAIN, Certificate=bytes(801)), "Certificate", "801 octets, at most 800"),
    (ISO2, sub_certificates(5), "SubCertificates", "5 times Certificate, at most 4"),
    (ISO2, sub_certificates(0), "SubCertificates", "Certificate is missing"),
    (ISO2, changed(KEY, value=bytes(49)), "value", "49 octets, at most 48"),
    (ISO2, changed(POINT, value=bytes(66)), "value", "66 octets, at most 65"),
    (ISO2, changed(EMAID, value="DEABC1234"), "value", "9 characters, at least 14"),
    (ISO2, changed(EMAID, value="DEABCC123456789X"), "value", "16 characters, at most 15"),
    (ISO2, changed(EMAID, value=""), "value", "0 characters, at least 14"),
    (ISO2, changed(EMAID, Id="\x01"), "Id", r"U\+0001 is no character of XML"),
    (ISO2, changed(REQUEST, OEMProvisioningCert=bytes(801)), "OEMProvisioningCert", "801 octets"),
    (ISO2, roots(21), "ListOfRootCertificateIDs", "21 times RootCertificateID, at most 20"),
    (ISO2, roots(0), "ListOfRootCertificateIDs", "RootCertificateID is missing"),
    (ISO2, serial(2**1029), r"RootCertificateID\[1\]/X509SerialNumber", "has more than 1029 bits"),
    (ISO2, update_response(2**15), "RetryCounter", "not within -32768 to 32767"),
    (
        ISO20,
        changed(REQUEST_20, Header=iso20.MessageHeaderType(SessionID=bytes(7), TimeStamp=1)),
        "SessionID",
        "7 octets, at least 8",
    ),
    (
        ISO20,
        changed(REQUEST_20, Header=iso20.MessageHeaderType(SessionID=bytes(8), TimeStamp=2**64)),
        "TimeStamp",
        "not within 0 to 18446744073709551615",
    ),
    (
        ISO20,
        changed(REQUEST_20, MaximumContractCertificateChains=256),
        "MaximumContractCertificateChains",
        "not within 0 to 255",
    ),
    (
        ISO20,
        changed(REQUEST_20, PrioritizedEMAIDs=iso20.EMAIDListType(EMAID=("x",) * 9)),
        "PrioritizedEMAIDs",
        "9 times EMAID, at most 8",
    ),
    (
        ISO20,
        changed(REQUEST_20, PrioritizedEMAIDs=iso20.EMAIDListType(EMAID=("x", "x" * 256))),
        r"PrioritizedEMAIDs/EMAID\[2\]",
        "256 characters, at most 255",
    ),
    (ISO20, changed(DATA, DHPublicKey=bytes(134)), "DHPublicKey", "134 octets, at most 133"),
    (ISO20, changed(DATA, ECDHCurve="P-521"), "ECDHCurve", "is none of SECP521, X448"),
    (
        ISO20,
        changed(DATA, SECP521_EncryptedPrivateKey=bytes(93)),
        "SECP521_EncryptedPrivateKey",
        "93 octets, at least 94",
    ),
    (
        ISO20,
        changed(DATA, SECP521_EncryptedPrivateKey=None, X448_EncryptedPrivateKey=bytes(85)),
        "X448_EncryptedPrivateKey",
        "85 octets, at most 84",
    ),
    (
        ISO20,
        changed(DATA, SECP521_EncryptedPrivateKey=None, TPM_EncryptedPrivateKey=bytes(205)),
        "TPM_EncryptedPrivateKey",
        "205 octets, at least 206",
    ),
    (
        ISO20,
        changed(DATA, X448_EncryptedPrivateKey=bytes(84)),
        "SignedInstallationData",
        "X448_EncryptedPrivateKey stands beside another",
    ),
    (ISO20, changed(DATA, SECP521_EncryptedPrivateKey=None), "SignedInstallationData", "is missing"),
    (
        ISO20,
        changed(
            REQUEST_20,
            OEMProvisioningCertificateChain=changed(
                REQUEST_20.OEMProvisioningCertificateChain,
                Certificate=bytes(1601),
            ),
        ),
        "OEMProvisioningCertificateChain/Certificate",
        "1601 octets, at most 1600",
    ),
]


@pytest.mark.parametrize(
    ("schema", "value", "path", "reason"), BROKEN_FACETS, ids=[f"{row[2]}: {row[3]}" for row in BROKEN_FACETS]
)
def test_a_broken_facet_is_refused_by_name(schema: Any, value: Any, path: str, reason: str) -> None:
    fragment = type(value) not in schema.documents.by_type
    with pytest.raises(EncodeError, match=f"{path}: .*{reason}"):
        encode(value, schema, fragment=fragment)


def test_the_values_these_tests_break_are_right() -> None:
    for schema, value in ((ISO2, RESPONSE), (ISO2, REQUEST), (ISO20, DATA), (ISO20, REQUEST_20)):
        assert decode(encode(value, schema, fragment=True), schema, fragment=True).value == value
    assert decode(encode(message(), ISO2), ISO2).value == message()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (changed(REQUEST, Id=None), "Id is missing"),
        (changed(REQUEST, OEMProvisioningCert="text"), "takes bytes, not str"),
        (changed(REQUEST, Id=b"id1"), "takes a string, not bytes"),
        (changed(REQUEST, ListOfRootCertificateIDs=[ROOT]), "takes ListOfRootCertificateIDsType, not list"),
        (changed(REQUEST, ListOfRootCertificateIDs=None), "ListOfRootCertificateIDs is missing"),
        (
            changed(
                REQUEST,
                ListOfRootCertificateIDs=iso2.ListOfRootCertificateIDsType(RootCertificateID=[ROOT]),  # type: ignore[arg-type]  # that is the test
            ),
            "takes a tuple, not list",
        ),
        (serial(True), "takes an integer, not bool"),  # noqa: FBT003 - that is the test
        (b"", "bytes is no root of iso2"),
        (DATA, "SignedInstallationDataType is no root of iso2"),
    ],
)
def test_a_value_of_another_shape_is_refused_by_name(value: Any, reason: str) -> None:
    with pytest.raises(EncodeError, match=reason):
        encode(value, ISO2, fragment=True)


def test_an_empty_emaid_is_written_for_those_who_ask() -> None:
    assert encode(changed(EMAID, value=""), ISO2, fragment=True, tolerant=True)


def test_integers_keep_sign_and_size() -> None:
    for number in (0, -1, 127, 128, -129, 2**159, 2**1029 - 1, -(2**1029)):
        read = decode(encode(serial(number), ISO2, fragment=True), ISO2, fragment=True).value
        assert read.ListOfRootCertificateIDs.RootCertificateID[0].X509SerialNumber == number


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda tree: tree.pop("kind"), "members schema, kind, root and value"),
        (lambda tree: tree.update(schema="din"), "'din' is none of iso2"),
        (lambda tree: tree.update(kind="stream"), "'stream' is none of document"),
        (lambda tree: tree.update(root="SessionSetupReq"), "'SessionSetupReq' is no root of iso2"),
        (lambda tree: tree.update(value=[]), "takes an object"),
        (lambda tree: tree["value"]["Header"].update(Session="00"), "V2G_Message/Header: Session is none of"),
        (lambda tree: tree["value"].pop("Body"), "V2G_Message: Body is missing"),
        (lambda tree: tree["value"]["Header"].update(SessionID="0"), "SessionID: takes .*hexadecimal"),
        (lambda tree: tree["value"]["Header"].update(SessionID=0), "SessionID: takes .*hexadecimal"),
        (
            lambda tree: tree["value"]["Body"]["CertificateInstallationReq"].update(OEMProvisioningCert="*"),
            "OEMProvisioningCert: takes a string of base64",
        ),
        (
            lambda tree: tree["value"]["Body"]["CertificateInstallationReq"][
                "ListOfRootCertificateIDs"
            ].update(RootCertificateID={}),
            "RootCertificateID: takes an array",
        ),
        (
            lambda tree: tree["value"]["Body"]["CertificateInstallationReq"]["ListOfRootCertificateIDs"][
                "RootCertificateID"
            ][1].update(X509SerialNumber="one"),
            r"RootCertificateID\[2\]/X509SerialNumber: takes an integer",
        ),
        (
            lambda tree: tree["value"]["Body"]["CertificateInstallationReq"].update(Id=1),
            "Id: takes a string",
        ),
    ],
)
def test_json_of_another_shape_is_refused_by_name(
    octets_of: OctetsOf, change: Callable[[dict[str, Any]], Any], complaint: str
) -> None:
    tree = json.loads(json.dumps(to_json(decode(octets_of("iso2_CertificateInstallationReq_signed"), ISO2))))
    change(tree)
    with pytest.raises(EncodeError, match=complaint):
        from_json(tree)


def test_json_that_is_no_object_is_refused() -> None:
    with pytest.raises(EncodeError, match="the JSON is an object"):
        from_json([])
