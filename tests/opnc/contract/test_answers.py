from __future__ import annotations

from typing import Any

import pytest

from opnc.contract import Deviation, Kind, Severity, check_response, load
from tests.opnc.contract.samples import (
    ANSWERS,
    CHAIN,
    CONTRACT,
    ERROR,
    JSON,
    PROVISIONING,
    ROOT,
    SIGNED,
    body,
    without,
)

LIST = "getRootCertificatesV1"
ONE = "getRootCertificateV1"


def answer(operation: str, status: int, value: Any, profile: Any = "lenient") -> tuple[Deviation, ...]:
    return check_response(load().operation(operation), status, JSON, body(value), profile)


def raw(
    content: bytes, content_type: str = "application/json", operation: str = LIST, status: int = 200
) -> tuple[Deviation, ...]:
    return check_response(load().operation(operation), status, {"content-type": content_type}, content)


def only(found: tuple[Deviation, ...]) -> Deviation:
    assert len(found) == 1, found
    return found[0]


def graded(found: tuple[Deviation, ...]) -> list[tuple[str, str, str]]:
    return [(each.where, each.severity, each.erratum) for each in found]


@pytest.mark.parametrize("operation", ANSWERS)
def test_a_good_answer_has_no_deviation_in_either_profile(operation: str) -> None:
    status, value = ANSWERS[operation]
    assert answer(operation, status, value) == ()
    assert answer(operation, status, value, "strict") == ()


def test_unknown_members_are_tolerated() -> None:
    assert answer(ONE, 200, {"roootCertificate": ROOT | {"x": {"y": [1]}}, "z": None}) == ()


def test_an_undocumented_status_is_named_with_the_documented_ones() -> None:
    found = only(answer(LIST, 418, {}))
    assert (found.kind, found.where, found.seen) == (Kind.STATUS, "status", "418")
    assert found.expected == "one of 200, 400, 401, 403, 404, 500, 502, 503"
    assert found.severity is Severity.FAIL


@pytest.mark.parametrize("status", [404, 405, 406, 413, 414, 415, 429, 431])
def test_general_statuses_are_accepted_anywhere_with_any_body(status: int) -> None:
    assert raw(b"<html>", "text/html", "deleteEndpointByIdV1", status) == ()


def test_an_unlisted_server_fault_is_noted() -> None:
    assert graded(raw(b"", "", LIST, 504)) == [("status", "info", "ERR-174")]
    assert raw(b"", "", "getCaCertsV1", 504) == ()  # lists 5XX
    assert raw(b"", "", LIST, 503) == ()


def test_200_for_an_update_warns_where_201_is_the_answer() -> None:
    found = only(raw(b"", "", "addSignedContractDataV1", 200))
    assert (found.severity, found.erratum) == (Severity.WARN, "ERR-064")
    assert found.expected.startswith("one of 201, 400")


def test_any_4xx_refuses_a_root() -> None:
    assert raw(b"", "", "putRootCertificateV1", 409) == ()
    assert graded(raw(b"", "", "deleteRootCertificateV1", 409)) == [("status", "warn", "ERR-174")]


@pytest.mark.parametrize("status", [409, 422])
def test_refusals_that_frameworks_give_warn_where_they_are_not_listed(status: int) -> None:
    assert graded(raw(b"<html>", "text/html", LIST, status)) == [("status", "warn", "ERR-174")]


@pytest.mark.parametrize("operation", [each.id for each in load() if each.method == "DELETE"])
def test_a_deletion_without_a_body_warns(operation: str) -> None:
    assert graded(raw(b"", "", operation, 204)) == [("status", "warn", "ERR-174")]
    assert [each.severity for each in raw(b"", "", LIST, 204)] == [Severity.FAIL]


@pytest.mark.parametrize(
    "content_type", ["text/html", "application/problem+json", "", "json", ";;=", "\xff/\xff"]
)
def test_another_media_type_is_a_deviation(content_type: str) -> None:
    found = only(raw(body({"rootCertificateCollection": []}), content_type))
    assert (found.kind, found.where, found.expected) == (Kind.MEDIA_TYPE, "content-type", "application/json")


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json;",
    ],
)
def test_media_types_are_matched_without_case_and_parameters(content_type: str) -> None:
    assert raw(body({"rootCertificateCollection": []}), content_type) == ()


def test_another_charset_warns() -> None:
    found = only(raw(body({"rootCertificateCollection": []}), "application/json; charset=iso-8859-1"))
    assert (found.kind, found.seen, found.severity) == (Kind.CHARSET, '"iso-8859-1"', Severity.WARN)


def test_text_that_is_not_utf_8_is_shown_where_it_breaks() -> None:
    found = only(raw(b'{"rootCertificateCollection": "\xfc"}'))
    assert (found.kind, found.expected) == (Kind.ENCODING, "UTF-8")
    assert found.seen.endswith(r"\xfc': byte 31 is not UTF-8")


def test_a_byte_order_mark_is_a_deviation_and_reading_goes_on() -> None:
    found = raw(b"\xef\xbb\xbf{}")
    assert [each.kind for each in found] == [Kind.ENCODING, Kind.SCHEMA]


@pytest.mark.parametrize(
    "content", [b"{", b"nope", b"[NaN]", b"[Infinity]", b"[1,]", b" ", b"[" * 200_000, b"9" * 5000]
)
def test_what_is_not_json_is_a_deviation(content: bytes) -> None:
    found = only(raw(content))
    assert found.kind is Kind.NOT_JSON
    assert len(found.seen) < 250


def test_comparing_deep_nesting_does_not_raise() -> None:
    deep = b"[" * 600 + b"]" * 600
    found = raw(b'{"errorMessages": [%b, %b]}' % (deep, deep), status=404)
    assert Kind.SCHEMA in {each.kind for each in found} or Kind.NOT_JSON in {each.kind for each in found}


def test_a_member_given_twice_warns() -> None:
    found = only(raw(b'{"rootCertificateCollection": [], "x": {"a": 1, "a": 2, "a": 3}}'))
    assert (found.kind, found.severity) == (Kind.DUPLICATE_MEMBER, Severity.WARN)
    assert found.seen == '"a" twice in one object'


def test_a_missing_body_fails_where_there_is_a_result() -> None:
    found = only(raw(b""))
    assert (found.kind, found.severity, found.expected) == (
        Kind.MISSING_BODY,
        Severity.FAIL,
        "application/json",
    )


def test_a_missing_error_body_warns() -> None:
    found = only(raw(b"", status=404))
    assert (found.kind, found.severity, found.erratum) == (Kind.MISSING_BODY, Severity.WARN, "ERR-170")
    assert only(check_response(load().operation(LIST), 404, {}, b"", "strict")).severity is Severity.FAIL


def test_no_body_is_expected_where_none_is_defined() -> None:
    assert raw(b"", "", LIST, 401) == ()
    assert raw(b"\xff", "text/plain", LIST, 401) == ()


def test_an_error_body_is_expected_to_say_why_and_where_to_look() -> None:
    assert answer(LIST, 404, ERROR) == ()
    assert graded(answer(LIST, 404, {})) == [
        ("/errorMessages", "warn", "ERR-170"),
        ("/traceId", "warn", "ERR-170"),
    ]
    assert graded(answer(LIST, 404, {"errorMessages": ["a", "a"], "traceId": "1"})) == [
        ("/errorMessages", "fail", ""),
        ("/traceId", "fail", ""),
    ]


def test_a_schema_deviation_is_pointed_at() -> None:
    found = only(answer(LIST, 200, {"rootCertificateCollection": [ROOT, ROOT | {"validFrom": "yesterday"}]}))
    assert found == Deviation(
        kind=Kind.SCHEMA,
        where="/rootCertificateCollection/1/validFrom",
        expected='format "date-time"',
        seen='"yesterday"',
    )


def test_what_was_seen_is_shortened_and_printable() -> None:
    found = only(answer(ONE, 200, {"roootCertificate": ROOT | {"commonName": ["\ud800\x1b" + "x" * 5000]}}))
    assert found.expected == "string"
    assert len(found.seen) < 90
    assert found.seen.isprintable()
    assert found.seen.isascii()


class TestRoots:
    def test_a_list_without_its_wrapper_fails(self) -> None:
        assert graded(answer(LIST, 200, {})) == [("/rootCertificateCollection", "fail", "ERR-172")]
        assert only(answer(LIST, 200, [ROOT])).expected == "object"

    def test_the_correct_spelling_of_the_wrapper_is_noted(self) -> None:
        for profile in ("lenient", "strict"):
            found = only(answer(ONE, 200, {"rootCertificate": ROOT}, profile))
            assert (found.severity, found.erratum) == (Severity.INFO, "ERR-012")

    def test_a_root_without_wrapper_fails(self) -> None:
        assert ("", "fail", "ERR-012") in graded(answer(ONE, 200, ROOT))

    def test_root_type_instead_of_the_list_warns_and_fails_strictly(self) -> None:
        value = {"roootCertificate": without(ROOT, "rootTypeList") | {"rootType": "V2G"}}
        assert graded(answer(ONE, 200, value)) == [("/roootCertificate/rootTypeList", "warn", "ERR-010")]
        assert graded(answer(ONE, 200, value, "strict")) == [
            ("/roootCertificate/rootTypeList", "fail", "ERR-010")
        ]

    def test_neither_member_for_the_type_fails(self) -> None:
        found = answer(ONE, 200, {"roootCertificate": without(ROOT, "rootTypeList")})
        assert ("/roootCertificate", "fail", "ERR-010") in graded(found)

    def test_a_single_type_instead_of_a_list_warns(self) -> None:
        found = answer(ONE, 200, {"roootCertificate": ROOT | {"rootTypeList": "V2G"}})
        assert graded(found) == [("/roootCertificate/rootTypeList", "warn", "ERR-011")]

    @pytest.mark.parametrize("value", [["V2X"], "V2X", [1], 1, None, {}])
    def test_another_type_fails_once(self, value: Any) -> None:
        found = answer(ONE, 200, {"roootCertificate": ROOT | {"rootTypeList": value}})
        assert found
        assert {each.severity for each in found} == {Severity.FAIL}

    def test_a_type_in_another_vocabulary_warns(self) -> None:
        found = answer(ONE, 200, {"roootCertificate": ROOT | {"rootTypeList": ["V2G", "MO"]}})
        assert graded(found) == [("/roootCertificate/rootTypeList/1", "warn", "ERR-013")]

    def test_a_certificate_is_strict_base64_of_up_to_1600_bytes(self) -> None:
        def found(text: str) -> tuple[Deviation, ...]:
            return answer(ONE, 200, {"roootCertificate": ROOT | {"caCertificate": text}})

        assert found("QUJD" * 534) == ()
        assert graded(found("QUJD" * 535)) == [("/roootCertificate/caCertificate", "fail", "ERR-030")]
        for text in ("", "QUJ", "QUJD\n", "QU-D", "-----BEGIN CERTIFICATE-----"):
            assert found(text), text


class TestOtherServices:
    @pytest.mark.parametrize(
        ("name", "severity"),
        [("certificate", "fail"), ("subCa1Certificate", "warn"), ("subCa2Certificate", None)],
    )
    def test_a_chain_needs_its_leaf_and_its_first_sub_ca(self, name: str, severity: str | None) -> None:
        chain = without(CHAIN | {"subCa2Certificate": "QUJD"}, name)
        value = {"provisioningCertificate": PROVISIONING | {"provisioningCertificateChain": chain}}
        where = f"/provisioningCertificate/provisioningCertificateChain/{name}"
        expected = [(where, severity, "ERR-031")] if severity else []
        assert graded(answer("getProvisioningCertificateV1", 200, value)) == expected

    def test_the_misspelt_sub_ca_fails(self) -> None:
        chain = {"certificate": "QUJD", "subCA1Certificate": "QUJD"}
        value = {"provisioningCertificate": PROVISIONING | {"provisioningCertificateChain": chain}}
        found = answer("getProvisioningCertificateV1", 200, value)
        assert ("/provisioningCertificate/provisioningCertificateChain", "fail", "ERR-041") in graded(found)

    def test_fewer_than_three_members_are_noted(self) -> None:
        value = {"provisioningCertificate": without(PROVISIONING, "fingerprint")}
        assert graded(answer("getProvisioningCertificateV1", 200, value)) == [
            ("/provisioningCertificate", "info", "ERR-040")
        ]

    @pytest.mark.parametrize(
        "name", ["urn:iso:15118:20:2022:MsgDef", "urn:iso:std:iso:15118:-20:CommonMessages"]
    )
    def test_another_namespace_for_iso_15118_20_warns(self, name: str) -> None:
        value = {"signedContractDataCollection": [SIGNED | {"xsdMsgDefNamespace": name}]}
        where = "/signedContractDataCollection/0/xsdMsgDefNamespace"
        get = "getSignedContractDataByEmaidAndPcidV1"
        assert graded(answer(get, 200, value)) == [(where, "warn", "ERR-085")]
        assert graded(answer(get, 200, value, "strict")) == [(where, "fail", "ERR-085")]

    def test_an_empty_collection_warns_where_404_is_the_answer(self) -> None:
        assert graded(answer("getContractDataByPcidV1", 200, {"contractDataCollection": []})) == [
            ("/contractDataCollection", "warn", "ERR-087")
        ]
        assert answer(LIST, 200, {"rootCertificateCollection": []}) == ()

    def test_contract_data_without_validity_warn_without_certificate_fail(self) -> None:
        value = {"contractDataCollection": [without(CONTRACT, "certValidTo", "contractCertificate")]}
        assert set(graded(answer("getContractDataByPcidV1", 200, value))) == {
            ("/contractDataCollection/0/contractCertificate", "fail", "ERR-172"),
            ("/contractDataCollection/0/certValidTo", "warn", "ERR-172"),
        }

    def test_a_negative_message_may_lack_its_ids(self) -> None:
        value = {"signedContractDataCollection": [without(SIGNED, "pcid") | {"emaid": "dummy"}]}
        found = answer("getSignedContractDataByCertificateInstallationReqV1", 200, value)
        assert {(each.severity, each.erratum) for each in found} == {(Severity.INFO, "ERR-081")}
        assert Severity.FAIL in {
            each.severity for each in answer("getSignedContractDataByEmaidAndPcidV1", 200, value)
        }

    def test_an_emaid_has_ascii_characters_only(self) -> None:
        for emaid in ("DEABCC1234567Ä", "DEABCC12345678\n"):
            value = {"contractDataCollection": [CONTRACT | {"emaid": emaid}]}
            assert (
                only(answer("getContractDataByPcidV1", 200, value)).where == "/contractDataCollection/0/emaid"
            )

    def test_another_form_of_a_name_is_noted(self) -> None:
        status, value = ANSWERS["getCpsCertificatesV1"]
        entry = value["cpsCertificateDataCollection"][0] | {
            "cpsV2GRootDistinguishedName": "C=DE,CN=Wurzel & Söhne"
        }
        found = only(
            answer("getCpsCertificatesV1", status, {"cpsCertificateDataCollection": [entry]}, "strict")
        )
        assert (found.severity, found.erratum) == (Severity.INFO, "ERR-020")


class TestEst:
    PKCS7 = b"MIIB\r\nAgEA\r\n"

    @pytest.mark.parametrize(
        "content_type", ["application/pkcs7-mime", "application/pkcs7-mime; smime-type=certs-only"]
    )
    def test_pkcs7_mime_is_expected(self, content_type: str) -> None:
        assert raw(self.PKCS7, content_type, "getCaCertsV1") == ()

    def test_the_published_media_type_warns(self) -> None:
        found = only(raw(self.PKCS7, "application/pkcs7", "getCaCertsV1"))
        assert (found.kind, found.expected) == (Kind.MEDIA_TYPE, "application/pkcs7-mime")
        assert (found.severity, found.erratum) == (Severity.WARN, "ERR-104")

    def test_json_fails(self) -> None:
        assert only(raw(b"{}", "application/json", "getCaCertsV1")).severity is Severity.FAIL

    def test_pem_and_der_fail(self) -> None:
        pem = only(raw(b"-----BEGIN PKCS7-----\nMIIB\n", "application/pkcs7-mime", "getCaCertsV1"))
        assert (pem.kind, pem.erratum) == (Kind.SCHEMA, "ERR-104")
        assert only(raw(b"\x30\x82\x01\xff", "application/pkcs7-mime", "getCaCertsV1")).kind is Kind.ENCODING

    def test_multipart_is_noted_and_not_read(self) -> None:
        found = only(raw(b"--x--", "multipart/form-data; boundary=x", "getCpsCertificatesV1"))
        assert (found.severity, found.erratum) == (Severity.INFO, "ERR-065")


def test_no_header_that_is_sent_twice_is_overlooked() -> None:
    twice = [("Content-Type", "text/html"), ("content-type", "application/json")]
    body = b'{"rootCertificateCollection": []}'
    for fields in (twice, [*reversed(twice)]):
        assert Kind.MEDIA_TYPE in [
            each.kind for each in check_response(load().operation(LIST), 200, fields, body)
        ]
