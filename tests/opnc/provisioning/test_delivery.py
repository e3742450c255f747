"""What a pool of contracts reads out of messages, and puts into them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from opnc.exi import decode, encode
from opnc.pki.testbed import EMSP, OEM, Tree
from opnc.problem import Problem
from opnc.provisioning.contract_data import Session, make_bundle, sign_contract_data
from opnc.provisioning.delivery import (
    contract_chain,
    in_session,
    is_request,
    is_response,
    lists_root,
    stated_emaid,
    wished_emaids,
)
from opnc.provisioning.messages import schema_of, signer_chain
from opnc.provisioning.namespaces import schema_of_version
from opnc.provisioning.requests import Wishes, installation_request_2, installation_request_20
from opnc.provisioning.verification import verify
from opnc.severity import Severity
from tests.opnc.provisioning.conftest import NOW

if TYPE_CHECKING:
    from opnc.pki.profiles import Algorithm, Version
    from opnc.pki.testbed import SeededPki
    from opnc.provisioning.messages import Message

EMAID, PCID = "DEABC123456789", "WDBTEST12345678901"
KINDS: tuple[tuple[Version, Algorithm], ...] = (
    ("ISO15118-2", "secp256r1"),
    ("ISO15118-20", "secp521r1"),
    ("ISO15118-20", "ed448"),
)
SESSION = Session(bytes.fromhex("0102030405060708"), NOW)


def response(pki: SeededPki, version: Version, algorithm: Algorithm) -> Message:
    """Make a CertificateInstallationRes."""
    oem, emsp, v2g = (Tree(kind, 1, version, algorithm) for kind in ("oem", "emsp", "v2g"))
    vehicle, contract = pki.vehicle(PCID, oem), pki.contract(EMAID, emsp)
    bundle = make_bundle(PCID, EMAID, contract, vehicle.certificate)
    signed = sign_contract_data(bundle, pki.cps(tree=v2g), Session(bytes(8), NOW))
    message: Message = decode(signed.response, schema_of_version(version)).value
    return message


def request(pki: SeededPki, version: Version, wishes: Wishes | None = None) -> Message:
    """Make a CertificateInstallationReq of a vehicle that trusts one V2G root."""
    if version == "ISO15118-2":
        return installation_request_2(pki.vehicle(PCID, OEM), [pki.root().certificate], SESSION)
    newer = Tree("oem", 1, version, "secp521r1")
    return installation_request_20(pki.vehicle(PCID, newer), [pki.root().certificate], SESSION, wishes)


@pytest.mark.parametrize(("version", "algorithm"), KINDS)
def test_a_message_is_what_it_is(pki: SeededPki, version: Version, algorithm: Algorithm) -> None:
    delivered, asked = response(pki, version, algorithm), request(pki, version)
    assert (is_response(delivered), is_request(delivered)) == (True, False)
    assert (is_response(asked), is_request(asked)) == (False, True)


@pytest.mark.parametrize(("version", "algorithm"), KINDS)
def test_a_response_tells_its_contract(pki: SeededPki, version: Version, algorithm: Algorithm) -> None:
    delivered = response(pki, version, algorithm)
    chain = pki.contract(EMAID, Tree("emsp", 1, version, algorithm)).chain
    assert contract_chain(delivered) == chain[: len(contract_chain(delivered))]
    assert stated_emaid(delivered) == (EMAID if version == "ISO15118-2" else None)


@pytest.mark.parametrize(("version", "algorithm"), KINDS)
def test_a_session_leaves_the_signature_alone(pki: SeededPki, version: Version, algorithm: Algorithm) -> None:
    delivered = response(pki, version, algorithm)
    session = Session(SESSION.id, NOW + timedelta(days=1), 3)
    moved = in_session(delivered, session)
    assert moved.Header.SessionID == SESSION.id
    read = decode(encode(moved, schema_of(moved)), schema_of(moved)).value
    key = pki.cps(tree=Tree("v2g", 1, version, algorithm)).certificate.public_key
    assert key is not None
    assert signer_chain(read) == signer_chain(delivered)
    assert [found.name for found in verify(read, key).findings if found.severity is Severity.FAIL] == []
    if version == "ISO15118-20":
        assert read.RemainingContractCertificateChains == 3


def test_iso_15118_20_needs_a_time(pki: SeededPki) -> None:
    delivered = response(pki, "ISO15118-20", "secp521r1")
    with pytest.raises(Problem):
        in_session(delivered, Session(SESSION.id))


@pytest.mark.parametrize("version", ["ISO15118-2", "ISO15118-20"])
def test_a_root_is_listed_by_name_and_number(pki: SeededPki, version: Version) -> None:
    asked = request(pki, version)
    assert lists_root(asked, pki.root().certificate)
    assert not lists_root(asked, pki.root(EMSP).certificate)
    assert not lists_root(asked, pki.root(Tree("v2g", 2)).certificate)


def test_wishes_are_those_of_iso_15118_20(pki: SeededPki) -> None:
    assert wished_emaids(request(pki, "ISO15118-2")) == ()
    assert wished_emaids(request(pki, "ISO15118-20")) == ()
    wishes = Wishes(most=2, emaids=(EMAID,))
    assert wished_emaids(request(pki, "ISO15118-20", wishes)) == (EMAID,)
