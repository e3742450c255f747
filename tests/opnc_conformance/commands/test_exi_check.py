"""`opnc exi check`: the vehicle's judge as a command."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from opnc.exi import ISO2, ISO20, encode, iso2
from opnc.pki.files import key_to_pem, to_pem, to_pkcs12
from opnc.pki.keys import Seed
from opnc.pki.testbed import V2G, V2G_20, SeededPki
from opnc.provisioning.contract_data import Session, installation_response, make_bundle
from opnc.provisioning.failures import Failure, failure_response
from opnc.provisioning.requests import installation_request_2, installation_request_20
from opnc.provisioning.signing import sign
from opnc_conformance.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opnc.pki.testbed import Tree
    from opnc.provisioning.messages import Message

AT = datetime(2026, 3, 1, tzinfo=UTC)
PCID, EMAID = "TSTPNC000000000012", "DETSTC00000001"
SESSION = Session(bytes(8), AT)
PKI = SeededPki(Seed("check"), AT)


def response(tree: Tree, emaid: str = EMAID, **parts: Any) -> Message:
    vehicle, contract = PKI.vehicle(PCID, tree), PKI.contract(EMAID, tree)
    bundle = replace(make_bundle(PCID, emaid, contract, vehicle.certificate), **parts)
    return installation_response(bundle, PKI.cps(tree=tree), SESSION)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust")
    (path / "deep").mkdir()
    for tree in (V2G, V2G_20):
        (path / "deep" / f"{tree.label}.pem").write_bytes(to_pem([PKI.root(tree).der]))
        (path / f"{tree.label}.key").write_bytes(key_to_pem(PKI.vehicle(PCID, tree).key))
    (path / "notes.txt").write_text("what else lies in a folder")
    return path


Run = Any


@pytest.fixture
def check(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    def call(message: bytes, *options: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(message)))
        line = ["exi", "check", "-", "--roots", folder, "--at", AT.isoformat(), *options]
        code = main(list(map(str, line)))
        captured = capsys.readouterr()
        return code, captured.out + captured.err

    return call


@pytest.mark.parametrize(("tree", "schema"), [(V2G, ISO2), (V2G_20, ISO20)])
def test_a_good_contract_is_installed(check: Run, folder: Path, tree: Tree, schema: Any) -> None:
    key = folder / f"{tree.label}.key"
    octets = encode(response(tree), schema)
    for form in (octets, base64.b64encode(octets), octets.hex().encode()):
        code, said = check(form, "--key", key, "--pcid", PCID)
        assert code == 0
        assert f"installed {EMAID}" in said


def test_without_the_key_nothing_is_said_of_the_contract_key(check: Run) -> None:
    code, said = check(encode(response(V2G), ISO2))
    assert code == 0
    assert "inconclusive" in said
    assert "[key-not-checked]" in said


def test_the_same_findings_as_in_the_suite_are_told(check: Run, folder: Path) -> None:
    key = folder / f"{V2G.label}.key"
    message = response(V2G, emaid="DETSTC00000002")
    code, said = check(encode(message, ISO2), "--key", key, "--session", "01" * 8)
    assert code == 1
    assert "refused" in said
    for name in ("session-id", "emaid-differs"):
        assert f"[{name}]" in said


def test_json_has_every_finding(check: Run) -> None:
    code, said = check(encode(failure_response(Failure.NO_CONTRACT, "ISO15118-2", SESSION), ISO2), "--json")
    (judged,) = json.loads(said)
    assert (code, judged["verdict"], judged["emaid"]) == (1, "refused", "")
    assert judged["message"] == "CertificateInstallationRes"
    (finding,) = judged["findings"]
    assert (finding["name"], finding["severity"], finding["seen"]) == (
        "response-code",
        "fail",
        "FAILED_NoCertificateAvailable",
    )


def test_an_update_is_judged_as_an_installation(check: Run, folder: Path) -> None:
    installed = response(V2G)
    assert isinstance(installed, iso2.V2GMessage)
    content = installed.Body.CertificateInstallationRes
    assert content
    members = {name: getattr(content, name) for name in type(content).__dataclass_fields__}
    update = iso2.BodyType(CertificateUpdateRes=iso2.CertificateUpdateResType(**members, RetryCounter=3))
    message = sign(replace(installed, Body=update), PKI.cps().key)
    code, said = check(encode(message, ISO2), "--key", folder / f"{V2G.label}.key")
    assert code == 0
    assert f"CertificateUpdateRes of ISO 15118-2: installed {EMAID}" in said


def test_requests_are_judged_by_chain_name_and_signature(check: Run) -> None:
    vehicle, roots = PKI.vehicle(PCID, V2G), [PKI.root(V2G).certificate]
    octets = encode(installation_request_2(vehicle, roots, SESSION), ISO2)
    assert check(octets, "--pcid", PCID) == (0, "CertificateInstallationReq of ISO 15118-2: sound\n")
    code, said = check(octets, "--pcid", "WP0TESTPCID000010X")
    assert code == 1
    assert "[pcid-differs]" in said
    late = PKI.vehicle(PCID, V2G_20)
    request = installation_request_20(late, [PKI.root(V2G_20).certificate], SESSION)
    assert check(encode(request, ISO20))[0] == 0
    # Signed by the key of the other generation.
    code, said = check(encode(sign(request, vehicle.key), ISO20))
    assert code == 1
    assert "[signature-algorithm]" in said


def test_what_was_presented_verifies_what_comes_after(check: Run) -> None:
    contract = PKI.contract(EMAID)
    header = iso2.MessageHeaderType(SessionID=bytes(8))
    chain = iso2.CertificateChainType(
        Certificate=contract.chain[0],
        SubCertificates=iso2.SubCertificatesType(Certificate=contract.chain[1:3]),
    )
    details = iso2.PaymentDetailsReqType(eMAID=EMAID, ContractSignatureCertChain=chain)
    request = iso2.AuthorizationReqType(Id="id1", GenChallenge=bytes(16))
    first = iso2.V2GMessage(Header=header, Body=iso2.BodyType(PaymentDetailsReq=details))
    second = iso2.V2GMessage(Header=header, Body=iso2.BodyType(AuthorizationReq=request))
    good = encode(first, ISO2) + encode(sign(second, contract.key), ISO2)
    code, said = check(good)
    assert (code, said.count("sound")) == (0, 2)
    bad = encode(first, ISO2) + encode(sign(second, PKI.cps().key), ISO2)
    code, said = check(bad)
    assert code == 1
    assert "[signature-invalid]" in said


def test_keys_are_opened_with_a_password_from_the_environment(
    check: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vehicle = PKI.vehicle(PCID, V2G)
    pem = vehicle.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"a secret"))
    (tmp_path / "locked.pem").write_bytes(pem)
    (tmp_path / "locked.p12").write_bytes(to_pkcs12(vehicle, "name", "a secret"))
    octets = encode(response(V2G), ISO2)
    for name in ("locked.pem", "locked.p12"):
        monkeypatch.setenv("OPNC_KEY_PASSWORD", "a secret")
        assert check(octets, "--key", tmp_path / name)[0] == 0
        monkeypatch.setenv("OPNC_KEY_PASSWORD", "wrong one")
        code, said = check(octets, "--key", tmp_path / name)
        assert code == 2
        assert "no private key that can be opened" in said
        assert "wrong one" not in said


@pytest.mark.parametrize("octets", [b"", b"hello?", b"\x80\x98", bytes.fromhex("809802")])
def test_what_cannot_be_read_is_a_usage_error(check: Run, octets: bytes) -> None:
    assert check(octets)[0] == 2


def test_a_folder_without_roots_is_a_usage_error(check: Run, tmp_path: Path) -> None:
    (tmp_path / "leaf.pem").write_bytes(PKI.cps().der)
    code = main(["exi", "check", "80400040", "--roots", str(tmp_path)])
    assert code == 2
    assert check is not None
