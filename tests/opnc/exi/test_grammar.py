"""The grammar that follows from the tables, against event codes known from EXIficient's grammar dumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from opnc.exi import ISO2, ISO20, XMLDSIG, iso2, iso20, xmldsig
from opnc.exi.grammar import grammar_of

if TYPE_CHECKING:
    from opnc.exi.engine import State


def start(cls: type[Any]) -> State:
    return grammar_of(cls)._start


def after(cls: type[Any], *names: str) -> State:
    state = start(cls)
    for name in names:
        state = state.codes[name][1].next
    return state


def shape(state: State) -> tuple[int, dict[str, int], int | None]:
    return state.width, {name: code for name, (code, _) in state.codes.items()}, state.end


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (
            start(xmldsig.ReferenceType),
            (3, {"Id": 0, "Type": 1, "URI": 2, "Transforms": 3, "DigestMethod": 4}, None),
        ),
        (after(xmldsig.ReferenceType, "Type"), (2, {"URI": 0, "Transforms": 1, "DigestMethod": 2}, None)),
        (after(xmldsig.SignatureType, "SignedInfo", "SignatureValue"), (2, {}, 2)),
        (after(xmldsig.SignatureMethodType, "Algorithm"), (3, {}, 2)),
        (after(xmldsig.DigestMethodType, "Algorithm"), (2, {}, 1)),
        (start(xmldsig.SignatureValueType), (2, {"Id": 0, "value": 1}, None)),
        (after(iso2.MessageHeaderType, "SessionID"), (2, {"Notification": 0, "Signature": 1}, 2)),
        (
            start(iso2.BodyType),
            (
                6,
                {
                    "AuthorizationReq": 0,
                    "AuthorizationRes": 1,
                    "CertificateInstallationReq": 5,
                    "CertificateInstallationRes": 6,
                    "CertificateUpdateReq": 7,
                    "CertificateUpdateRes": 8,
                    "MeteringReceiptReq": 15,
                    "PaymentDetailsReq": 17,
                    "PaymentDetailsRes": 18,
                },
                35,
            ),
        ),
        (after(iso2.SubCertificatesType, *["Certificate"] * 3), (2, {"Certificate": 0}, 1)),
        (after(iso2.SubCertificatesType, *["Certificate"] * 4), (1, {}, 0)),
        (after(iso20.SubCertificatesType, *["Certificate"] * 3), (1, {}, 0)),
        (
            after(
                iso20.SignedInstallationDataType,
                "Id",
                "ContractCertificateChain",
                "ECDHCurve",
                "DHPublicKey",
            ),
            (
                2,
                {
                    "SECP521_EncryptedPrivateKey": 0,
                    "X448_EncryptedPrivateKey": 1,
                    "TPM_EncryptedPrivateKey": 2,
                },
                None,
            ),
        ),
    ],
)
def test_states_follow_from_the_table(state: State, expected: object) -> None:
    assert shape(state) == expected


def test_any_number_of_references_needs_two_states() -> None:
    once = after(xmldsig.SignedInfoType, "CanonicalizationMethod", "SignatureMethod", "Reference")
    assert shape(once) == (2, {"Reference": 0}, 1)
    assert once.codes["Reference"][1].next is once


def test_the_emaid_fragment_counts_all_names_of_the_schemas() -> None:
    grammar = ISO2.fragments.by_type[iso2.EMAIDType][1]
    first = grammar._start
    second = first.codes["Id"][1].next
    third = second.codes["value"][1].next
    assert (shape(first), shape(second), shape(third)) == (
        (9, {"Id": 4}, None),
        (9, {"value": 256}, None),
        (8, {}, 244),
    )


@pytest.mark.parametrize(
    ("roots", "width", "end"),
    [
        (ISO2.documents, 7, None),
        (ISO2.fragments, 8, 244),
        (ISO20.documents, 6, None),
        (ISO20.fragments, 9, 282),
        (XMLDSIG.documents, 5, None),
        (XMLDSIG.fragments, 6, 46),
    ],
)
def test_root_codes_have_no_second_level(roots: Any, width: int, end: int | None) -> None:
    assert roots.width == width
    assert end is None or roots.end == end


def test_there_are_35_body_elements_in_order() -> None:
    assert len(iso2.BODY_ELEMENTS) == 35
    assert sorted(iso2.BODY_ELEMENTS) == list(iso2.BODY_ELEMENTS)
    assert (len(iso2.RESPONSE_CODE.names), len(iso20.RESPONSE_CODE.names)) == (26, 40)
