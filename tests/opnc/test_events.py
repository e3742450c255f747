"""The facts about events: names, whom they are for, signatures."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opnc import contract, events

if TYPE_CHECKING:
    from pathlib import Path

SUBSCRIBABLE = contract.document("event")["components"]["schemas"]["EventName"]["enum"]
PAYLOADS = contract.document("webhook")["components"]["schemas"]


@pytest.mark.parametrize("name", SUBSCRIBABLE)
def test_every_name_that_can_be_subscribed_is_an_event(name: str) -> None:
    assert events.canonical(name) in events.EVENTS
    assert name in events.spellings(events.canonical(name))


@pytest.mark.parametrize("name", events.EVENTS)
def test_every_spelling_means_the_same_event(name: str) -> None:
    assert {events.canonical(spelling) for spelling in events.spellings(name)} == {name}
    assert set(events.spellings(name)) <= set(SUBSCRIBABLE)


@pytest.mark.parametrize("name", events.EVENTS)
def test_the_canonical_name_is_one_that_payloads_may_have(name: str) -> None:
    kind = "RootEvent" if name in events.ROOT_EVENTS else "ContractEvent"
    strict = PAYLOADS[kind]["properties"]["eventType"]["x-strict"]["enum"]
    assert name in strict


@pytest.mark.parametrize("name", ["", "foo", "emsp.foo", "mo.root.cert.added", "ROOT.CERT.ADDED"])
def test_what_is_no_event_stays_as_it_is(name: str) -> None:
    assert events.canonical(name) == name
    assert name not in events.EVENTS


def test_the_published_list_has_no_revocation_of_roots() -> None:
    assert events.subscribable(events.ROOT_EVENTS) == ["root.cert.added", "root.cert.expired"]
    assert events.subscriptions(events.ROOT_EVENTS) == [
        ["root.cert.added", "root.cert.expired", "root.cert.revoked"],
        ["root.cert.added", "root.cert.expired"],
    ]
    assert events.subscriptions(["root.cert.revoked"]) == [["root.cert.revoked"]]
    assert events.subscriptions(["mo.contract.queued.to.oem"]) == [
        ["mo.contract.queued.to.oem", "emsp.contract.queued.to.oem"],
        ["emsp.contract.queued.to.oem"],
        ["mo.contract.queued.to.oem"],
    ]
    assert events.subscribable(["mo.prov.cert.factory.reset"]) == ["emsp.prov.cert.updated.factory.reset"]


@pytest.mark.parametrize(
    ("name", "parties"),
    [
        ("root.cert.added", {"oem", "cpo", "emsp", "emsp_own_pki", "cps"}),
        ("oem.contract.created", {"oem"}),
        ("mo.contract.delivered.to.oem", {"emsp", "emsp_own_pki"}),
        ("emsp.prov.cert.deleted", {"emsp", "emsp_own_pki"}),
    ],
)
def test_an_event_is_for_the_parties_of_its_kind(name: str, parties: set[str]) -> None:
    assert events.parties_for(name) - {"administrator", "peer"} == parties


def test_a_signature_is_the_hmac_of_rfc_4231() -> None:
    # Test case 2 of RFC 4231.
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert events.signature("Jefe", b"what do ya want for nothing?") == f"sha256={digest}"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_makes_the_same_signature(tmp_path: Path) -> None:
    body = '{"eventId":"1","commonName":"Tëst"}'.encode()
    (tmp_path / "body").write_bytes(body)
    command = ["openssl", "dgst", "-sha256", "-hmac", "secret of an endpoint", str(tmp_path / "body")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - fixed
    assert printed.strip().rpartition("= ")[2] == events.signature("secret of an endpoint", body)[7:]


@pytest.mark.parametrize("form", ["sha256={}", "{}"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_a_signature_verifies_with_prefix_or_without_in_any_case(form: str, case: type[str]) -> None:
    digits = events.signature("secret", b"body").removeprefix("sha256=")
    assert events.verifies(form.format(case(digits)), "secret", b"body")


@pytest.mark.parametrize(
    "value", ["", "sha256=", "sha256=abc", "sha1=" + "0" * 64, "ä" * 64, "sha256=" + "g" * 64]
)
def test_a_malformed_signature_does_not_verify(value: str) -> None:
    assert not events.verifies(value, "secret", b"body")


@given(body=st.binary(max_size=64), other=st.binary(max_size=64), secret=st.text(min_size=1, max_size=16))
def test_a_signature_verifies_for_its_own_body_and_secret_only(
    body: bytes, other: bytes, secret: str
) -> None:
    value = events.signature(secret, body)
    assert events.verifies(value, secret, body)
    assert events.verifies(value, secret, other) is (body == other)
    assert not events.verifies(value, f"{secret}.", body)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []

    def compare(one: str, other: str) -> bool:
        compared.append((one, other))
        return one == other

    monkeypatch.setattr("opnc.events.hmac.compare_digest", compare)
    events.verifies("sha256=" + "0" * 64, "secret", b"body")
    assert len(compared) == 1
