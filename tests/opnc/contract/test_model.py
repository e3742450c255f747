from __future__ import annotations

import pytest

from opnc.contract import load

BASE = "https://ccp.alpha.opnc.test/opnc/v1/ccp"


def test_a_url_has_its_values_percent_encoded() -> None:
    operation = load().operation("getSignedContractDataByEmaidAndPcidV1")
    url = operation.url(
        f"{BASE}/",
        {"emaid": "DE/ABC?Ü", "pcid": "a b"},
        {"sessionID": "", "xsdMsgDefNamespace": "urn:iso:15118:2:2013:MsgDef"},
    )
    assert url == (
        f"{BASE}/signedcontractdata/DE%2FABC%3F%C3%9C/a%20b"
        "?sessionID=&xsdMsgDefNamespace=urn%3Aiso%3A15118%3A2%3A2013%3AMsgDef"
    )


def test_a_segment_of_dots_stays_a_segment() -> None:
    operation = load().operation("lookupVehicleV1")
    assert operation.url("https://x", {"pcid": ".."}) == "https://x/lookupvehicle/%2E%2E"


def test_a_url_without_its_path_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="pcid"):
        load().operation("lookupVehicleV1").url("https://x")


def test_paths_with_a_doubled_prefix_are_literal_and_the_short_ones_accepted() -> None:
    revoke = load().operation("revokeCertV1")
    listing = load().operation("get-webhook-endpoints")
    assert (load().service("pki").base, revoke.path, revoke.also) == (
        "/opnc/v1/pki",
        "/pki/revokeCertificate",
        ("/revokeCertificate",),
    )
    assert (load().service("event").base, listing.path, listing.also) == (
        "/opnc/v1/event",
        "/opnc/v1/event/endpoints",
        ("/endpoints",),
    )
    assert (revoke.errata, listing.errata) == (("ERR-107",), ("ERR-120",))


def test_a_parameter_knows_its_place_and_default() -> None:
    broadcast = load().operation("getProvisioningCertificateV1").parameter("Broadcast")
    assert (broadcast.location, broadcast.required, broadcast.default) == ("header", False, False)
    domain = load().operation("getCaCertsV1").parameter("caDomain")
    assert (domain.location, domain.required, domain.default) == ("query", True, None)


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(KeyError, match="getCaCertsV1 has no parameter ca"):
        load().operation("getCaCertsV1").parameter("ca")


def test_a_request_body_is_required_wherever_there_is_one() -> None:
    with_body = [operation for operation in load() if operation.request]
    assert len(with_body) == 12 - 2 + 2  # ten of the services, two of the receiver
    assert all(operation.request_required for operation in with_body)


def test_an_answer_is_known_by_status_or_class() -> None:
    responses = load().operation("simpleEnrollCertV1").responses
    assert list(responses[200].bodies) == ["application/pkcs7-mime", "application/pkcs7"]
    assert responses["5XX"].bodies == {}
