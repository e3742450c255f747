from __future__ import annotations

from typing import Any

import pytest

from opnc.contract import Deviation, Kind, Severity, check_parameters, check_request_body, load
from tests.opnc.contract.samples import CONTRACT_EVENT, EMAID, JSON, PCID, REQUESTS, ROOT_EVENT, body, without


def parameters(operation: str, profile: Any = "lenient", **given: Any) -> tuple[Deviation, ...]:
    values: dict[str, Any] = {"path": {}, "query": {}, "headers": {}} | given
    return check_parameters(load().operation(operation), **values, profile=profile)


def request(operation: str, value: Any, profile: Any = "lenient") -> tuple[Deviation, ...]:
    return check_request_body(load().operation(operation), JSON, body(value), profile)


def graded(found: tuple[Deviation, ...]) -> list[tuple[str, str, str]]:
    return [(each.where, each.severity, each.erratum) for each in found]


class TestParameters:
    def test_a_good_request_has_no_deviation(self) -> None:
        found = parameters(
            "getSignedContractDataByEmaidAndPcidV1",
            "strict",
            path={"emaid": EMAID, "pcid": PCID},
            query={"sessionID": "0011223344556677", "xsdMsgDefNamespace": "urn:iso:15118:2:2013:MsgDef"},
            headers={"OPNC-FROM-PARTY-TYPE": "oem", "opnc-from-party-id": "WMI", "X-Other": "1"},
        )
        assert found == ()

    def test_a_missing_parameter_is_named(self) -> None:
        found = parameters("getCaCertsV1")
        assert [(each.kind, each.where) for each in found] == [(Kind.MISSING_PARAMETER, "caDomain")]

    def test_iso_15118_version_may_be_absent(self) -> None:
        assert parameters("getCaCertsV1", query={"caDomain": "oem"}) == ()

    @pytest.mark.parametrize(
        ("operation", "place", "name", "value"),
        [
            ("getRootCertificatesV1", "query", "pkiType", "V2G"),
            ("getCaCertsV1", "query", "caDomain", "x-oem"),
            ("lookupVehicleV1", "path", "pcid", "tooshort"),
            ("deleteSignedContractDataByEmaidV1", "path", "emaid", "DE"),
            ("getSignedContractDataByEmaidAndPcidV1", "query", "sessionID", "00112233445566778"),
            ("getSignedContractDataByEmaidAndPcidV1", "query", "xsdMsgDefNamespace", "urn:x"),
        ],
    )
    def test_a_wrong_value_is_shown_with_what_is_expected(
        self, operation: str, place: str, name: str, value: str
    ) -> None:
        given = {place: {name: value}}
        found = [each for each in parameters(operation, **given) if each.where == name]
        assert found
        assert {each.kind for each in found} == {Kind.PARAMETER}
        assert {each.seen for each in found} == {f'"{value}"'}

    def test_a_boolean_header_is_true_or_false(self) -> None:
        def found(value: str) -> tuple[Deviation, ...]:
            return parameters(
                "getProvisioningCertificateV1", path={"pcid": PCID}, headers={"Broadcast": value}
            )

        assert found("true") == found("false") == ()
        assert [(each.kind, each.where, each.expected) for each in found("1")] == [
            (Kind.HEADER, "broadcast", "boolean")
        ]

    def test_a_party_type_outside_the_list_is_a_deviation(self) -> None:
        found = parameters("getRootCertificatesV1", headers={"opnc-to-party-type": "rcp"})
        assert [each.where for each in found] == ["OPNC-to-party-type"]

    def test_a_repeated_parameter_is_a_deviation(self) -> None:
        found = parameters("getRootCertificatesV1", query={"pkiType": ["oem", "v2g"]})
        assert [(each.kind, each.where) for each in found] == [(Kind.REPEATED_PARAMETER, "pkiType")]
        assert parameters("getRootCertificatesV1", query={"pkiType": ["oem"]}) == ()

    def test_the_iso_namespace_warns_and_fails_strictly(self) -> None:
        given = {
            "path": {"pcid": PCID},
            "query": {"xsdMsgDefNamespace": "urn:iso:std:iso:15118:-20:CommonMessages"},
        }
        assert graded(parameters("getContractDataByPcidV1", **given)) == [
            ("xsdMsgDefNamespace", "warn", "ERR-085")
        ]
        assert graded(parameters("getContractDataByPcidV1", "strict", **given)) == [
            ("xsdMsgDefNamespace", "fail", "ERR-085")
        ]


class TestBodies:
    @pytest.mark.parametrize("operation", REQUESTS)
    def test_a_good_body_has_no_deviation(self, operation: str) -> None:
        assert request(operation, REQUESTS[operation], "strict") == ()

    def test_every_operation_with_a_json_body_is_tried(self) -> None:
        assert REQUESTS.keys() == {each.id for each in load() if "application/json" in each.request}

    @pytest.mark.parametrize("operation", REQUESTS)
    def test_an_empty_body_fails(self, operation: str) -> None:
        found = check_request_body(load().operation(operation), JSON, b"")
        assert [(each.kind, each.severity) for each in found] == [(Kind.MISSING_BODY, Severity.FAIL)]

    @pytest.mark.parametrize("operation", REQUESTS)
    def test_an_empty_object_fails(self, operation: str) -> None:
        assert Severity.FAIL in {each.severity for each in request(operation, {})}

    def test_a_body_is_tolerated_where_none_is_defined(self) -> None:
        assert check_request_body(load().operation("deleteRootCertificateV1"), {}, b"x") == ()

    def test_a_certificate_request_is_text(self) -> None:
        enroll = load().operation("simpleEnrollCertV1")
        assert check_request_body(enroll, {"content-type": "application/pkcs10"}, b"MIIB") == ()
        found = check_request_body(enroll, {"content-type": "application/json"}, b"MIIB")
        assert [(each.kind, each.expected) for each in found] == [(Kind.MEDIA_TYPE, "application/pkcs10")]

    def test_xml_is_noted_and_not_read(self) -> None:
        operation = load().operation("generateAndSignContractDataV1")
        found = check_request_body(operation, {"content-type": "application/xml"}, b"<x/>")
        assert graded(found) == [("content-type", "info", "ERR-065")]

    def test_a_time_in_another_form_fails(self) -> None:
        value = REQUESTS["generateAndSignContractDataV1"] | {"contractEnds": "tomorrow"}
        assert graded(request("generateAndSignContractDataV1", value)) == [
            ("/contractEnds", "fail", "ERR-066")
        ]

    def test_an_unknown_event_name_fails(self) -> None:
        value = REQUESTS["postEndpointV1"] | {"enabledEvents": ["contract.created"]}
        assert graded(request("postEndpointV1", value)) == [("/enabledEvents/0", "fail", "ERR-121")]

    def test_events_to_change_are_a_list_or_one_name(self) -> None:
        def found(events: Any) -> tuple[Deviation, ...]:
            return request(
                "updateEndpointByIdV1", REQUESTS["updateEndpointByIdV1"] | {"enabledEvents": events}
            )

        assert found(["mo.prov.cert.updated"]) == found("emsp.prov.cert.updated") == ()
        assert [each.where for each in found("nope")] == ["/enabledEvents"]


class TestEvents:
    def test_a_missing_timestamp_warns_and_fails_strictly(self) -> None:
        value = without(ROOT_EVENT, "timestamp")
        assert graded(request("post-users-userId", value)) == [("/timestamp", "warn", "ERR-130")]
        assert graded(request("post-users-userId", value, "strict")) == [("/timestamp", "fail", "ERR-130")]

    def test_a_root_type_in_another_vocabulary_warns(self) -> None:
        value = ROOT_EVENT | {"payload": ROOT_EVENT["payload"] | {"rootType": "eMSP"}}
        assert graded(request("post-users-userId", value)) == [("/payload/rootType", "warn", "ERR-013")]

    def test_an_event_of_the_emsp_spelling_warns(self) -> None:
        value = CONTRACT_EVENT | {"eventType": "emsp.contract.queued.to.oem"}
        assert graded(request("post-root-users-userId", value)) == [("/eventType", "warn", "ERR-121")]

    def test_a_contract_event_without_emaid_fails_a_provisioning_event_warns(self) -> None:
        value = CONTRACT_EVENT | {"payload": {"pcid": PCID}}
        assert graded(request("post-root-users-userId", value)) == [("/payload/emaid", "fail", "ERR-130")]
        value |= {"eventType": "mo.prov.cert.deleted"}
        assert graded(request("post-root-users-userId", value)) == [("/payload/emaid", "warn", "ERR-131")]

    def test_an_id_as_fingerprint_warns(self) -> None:
        payload = CONTRACT_EVENT["payload"] | {
            "cpsSignerRootFingerprint": "896b6655-180e-4304-b642-606bb00df8f0"
        }
        found = request("post-root-users-userId", CONTRACT_EVENT | {"payload": payload})
        assert graded(found) == [("/payload/cpsSignerRootFingerprint", "warn", "ERR-129")]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("sha256=" + "aB" * 32, []),
            ("ab" * 32, [("X-Operator-Signature", "warn", "ERR-126")]),
            ("sha256=" + "ab" * 31, [("X-Operator-Signature", "fail", "ERR-126")]),
        ],
    )
    def test_a_signature_carries_its_algorithm(self, value: str, expected: list[Any]) -> None:
        headers = {"content-type": "application/json", "x-operator-signature": value}
        assert graded(parameters("post-users-userId", headers=headers)) == expected

    def test_an_event_says_what_it_is(self) -> None:
        found = parameters("post-users-userId")
        assert [(each.kind, each.where) for each in found] == [(Kind.MISSING_HEADER, "content-type")]


def test_a_header_that_is_sent_twice_is_told_with_both_values() -> None:
    name = "OPNC-from-party-id"
    assert parameters("getRootCertificatesV1", headers=[(name, "A")]) == ()
    (found,) = parameters("getRootCertificatesV1", headers=[(name, "A"), (name.lower(), "B")])
    assert (found.kind, found.where, found.seen) == (Kind.REPEATED_HEADER, name, '["A", "B"]')
