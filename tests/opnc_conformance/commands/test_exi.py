"""`opnc exi decode` and `opnc exi encode`, as people and pipelines call them."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from opnc.exi import ISO2, encode, iso2
from opnc.pki.keys import Seed
from opnc.pki.testbed import SeededPki, Tree
from opnc.provisioning.signing import sign
from opnc_conformance.__main__ import main
from tests.opnc.exi.vectors import VECTORS, octets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RESPONSE = "iso2_CertificateInstallationRes_signed"
EMPTY = "iso2_CertificateInstallationRes_FAILED_empty"


@pytest.fixture
def opnc(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, bytes, str]]:
    """Run `opnc exi` and return exit code, standard output and standard error."""

    def call(*line: str, stdin: bytes = b"") -> tuple[int, bytes, str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(["exi", *line])
        captured = capfdbinary.readouterr()
        return code, captured.out, captured.err.decode()

    return call


Run = Any
DIN = "DIN SPEC 70121 SessionSetupReq; not read by this tool"


@pytest.mark.parametrize("name", [name for name in VECTORS if "DECODE ONLY" not in VECTORS[name]["note"]])
def test_json_of_decode_into_encode_gives_the_same_octets(opnc: Run, tmp_path: Path, name: str) -> None:
    file = tmp_path / "message.exi"
    file.write_bytes(octets(name))
    code, document, _ = opnc("decode", "--json", str(file))
    assert code == 0
    assert opnc("encode", "-", stdin=document)[:2] == (0, octets(name))


def test_xml_is_that_the_message_was_made_from(opnc: Run) -> None:
    code, xml, _ = opnc("decode", "--xml", "-", stdin=octets(RESPONSE))
    assert code == 0
    canonical = [ET.canonicalize(text, strip_text=True) for text in (xml, VECTORS[RESPONSE]["xml_or_json"])]
    assert canonical[0] == canonical[1]


def test_by_default_certificates_are_summarised_and_the_signature_is_verified(opnc: Run) -> None:
    code, xml, findings = opnc("decode", "-", stdin=octets(RESPONSE))
    assert (code, findings) == (0, "")
    assert b"DC=CPS,O=OPNC sim,CN=Test cps; issued by O=OPNC sim,CN=Test prov2" in xml
    assert b"<!-- signature: valid, by DC=CPS,O=OPNC sim,CN=Test cps; digests: Contract" in xml
    assert b"MII" not in xml
    assert ET.canonicalize(xml)


def test_a_signature_that_does_not_hold_is_told(opnc: Run) -> None:
    data = octets(RESPONSE)
    place = data.index(b"DEXYZ"[:1])
    code, document, _ = opnc("decode", "--json", "-", stdin=data)
    changed = document.replace(b"DEXYZC000000001", b"DEXYZC000000002")
    assert (code, place > 0, changed != document) == (0, True, True)
    _, forged, _ = opnc("encode", "-", stdin=changed)
    code, xml, findings = opnc("decode", "-", stdin=forged)
    assert code == 0
    assert b"<!-- signature: NOT VALID, by" in xml
    assert b"eMAID WRONG" in xml
    assert findings.startswith("fail: eMAID: expected the digest of its EXI fragment")


@pytest.mark.parametrize("name", [EMPTY, "iso2_CertificateUpdateReq"])
def test_a_message_without_signature_says_so(opnc: Run, name: str) -> None:
    assert b"<!-- signature: none -->" in opnc("decode", "-", stdin=octets(name))[1]


def test_a_fragment_has_no_signature_to_verify(opnc: Run) -> None:
    code, xml, findings = opnc("decode", "-", stdin=octets("iso2_frag_eMAID"))
    assert (code, findings) == (0, "")
    assert b"signature" not in xml


def test_findings_go_to_standard_error(opnc: Run) -> None:
    code, out, findings = opnc("decode", "--json", "-", stdin=octets(RESPONSE) + b"\x00")
    assert code == 0
    assert json.loads(out)["root"] == "V2G_Message"
    assert findings.startswith("fail: EXI: expected nothing after the end, seen one zero octet")


def test_base64_is_taken_from_the_command_line_and_from_files(opnc: Run, tmp_path: Path) -> None:
    text = base64.b64encode(octets(RESPONSE))
    file = tmp_path / "message.b64"
    file.write_bytes(text + b"\n")
    expected = opnc("decode", "--json", "-", stdin=octets(RESPONSE))
    assert opnc("decode", "--json", text.decode()) == expected
    assert opnc("decode", "--json", str(file)) == expected


def test_line_breaks_in_base64_are_found(opnc: Run) -> None:
    code, _, findings = opnc("decode", "--json", "-", stdin=base64.encodebytes(octets(RESPONSE)))
    assert code == 0
    assert "seen line breaks" in findings


def test_encode_writes_base64_on_one_line(opnc: Run, tmp_path: Path) -> None:
    file = tmp_path / "message.json"
    file.write_bytes(opnc("decode", "--json", "-", stdin=octets(RESPONSE))[1])
    code, text, _ = opnc("encode", "--base64", str(file))
    assert (code, text) == (0, base64.b64encode(octets(RESPONSE)) + b"\n")


def test_encode_tells_of_what_it_wrote_outside_the_norm(opnc: Run) -> None:
    document = opnc("decode", "--json", "-", stdin=octets(EMPTY))[1]
    code, out, findings = opnc("encode", "-", stdin=document)
    assert (code, out) == (0, octets(EMPTY))
    assert "expected 14 to 15 characters, seen none" in findings


@pytest.mark.parametrize(
    ("line", "stdin", "complaint"),
    [
        (("decode", "-"), b"\x80\x98", "opnc exi: V2G_Message/Header: bit 16: the stream ends"),
        (("decode", "-"), bytes.fromhex("809a02000000000000000011d01a121dc983cd6000"), DIN),
        (("decode", "-"), b"", "neither EXI nor base64 of it"),
        (("decode", "no/such.file"), b"", "no/such.file: no such file"),
        (("decode", "x" * 5000), b"", "bit 8: the EXI header is 0x80"),
        (("decode", "."), b"", ".: neither EXI nor base64 of it"),
        (("encode", "no/such.file"), b"", "no/such.file: cannot be read: No such file"),
        (("encode", "-"), b"{", "-: this is no JSON"),
        (("encode", "-"), b"\xff", "-: this is no JSON"),
        (("encode", "-"), b"[" * 100_000, "-: this is no JSON"),
        (("encode", "-"), b"{}", "the JSON is an object with the members"),
    ],
)
def test_what_is_wrong_is_told_without_a_traceback(
    opnc: Run, line: tuple[str, ...], stdin: bytes, complaint: str
) -> None:
    code, out, error = opnc(*line, stdin=stdin)
    assert (code, out) == (2, b"")
    assert complaint in error
    assert "Traceback" not in error


def test_a_broken_facet_is_told_with_its_path(opnc: Run) -> None:
    document = json.loads(opnc("decode", "--json", "-", stdin=octets(RESPONSE))[1])
    document["value"]["Header"]["SessionID"] = "00" * 9
    code, _, error = opnc("encode", "-", stdin=json.dumps(document).encode())
    assert (code, error) == (2, "opnc exi: V2G_Message/Header/SessionID: 9 octets, at most 8 are allowed\n")


def test_a_broken_facet_is_written_for_tests_and_told(opnc: Run) -> None:
    document = json.loads(opnc("decode", "--json", "-", stdin=octets(RESPONSE))[1])
    document["value"]["Header"]["SessionID"] = "00" * 9
    code, written, findings = opnc("encode", "--lenient", "-", stdin=json.dumps(document).encode())
    assert (code, len(written)) == (0, len(octets(RESPONSE)) + 8)
    assert "V2G_Message/Header/SessionID: expected at most 8, seen 9 octets" in findings
    assert json.loads(opnc("decode", "--json", "-", stdin=written)[1]) == document


def test_several_messages_are_shown_one_after_the_other(opnc: Run) -> None:
    code, xml, findings = opnc("decode", "-", stdin=octets(RESPONSE) + octets(EMPTY))
    assert code == 0
    assert xml.count(b"<!-- message ") == 2
    assert "[several-messages]" in findings
    documents = json.loads(opnc("decode", "--json", "-", stdin=octets(RESPONSE) + octets(EMPTY))[1])
    assert [each["root"] for each in documents] == ["V2G_Message"] * 2


def test_what_is_not_read_is_named_beside_what_is(opnc: Run) -> None:
    code, _, findings = opnc("decode", "-", stdin=octets(RESPONSE) + bytes.fromhex(PRE_CHARGE))
    assert code == 0
    assert "seen ISO 15118-2 PreChargeReq [not-read]" in findings


PRE_CHARGE = "8098020000000000000000117100190188120060618050 00"


def test_a_contract_that_was_presented_verifies_what_comes_after(opnc: Run) -> None:
    code, xml, findings = opnc("decode", "-", stdin=authorization())
    assert (code, findings.count("fail")) == (0, 0)
    assert b"<!-- signature: valid, by CN=DEABCC12345678" in xml


def test_without_the_contract_the_digests_are_checked(opnc: Run) -> None:
    _, xml, _ = opnc("decode", "-", stdin=authorization(presented=False))
    assert (
        b"not verified, the signer's certificate is in another message; digests: AuthorizationReq standard"
        in xml
    )


def authorization(*, presented: bool = True) -> bytes:
    pki = SeededPki(Seed("presented"), datetime(2026, 3, 1, tzinfo=UTC))
    contract = pki.leaf("emsp", "DEABCC12345678", Tree())
    header = iso2.MessageHeaderType(SessionID=bytes(8))
    chain = iso2.CertificateChainType(Certificate=contract.der)
    details = iso2.PaymentDetailsReqType(eMAID="DEABCC12345678", ContractSignatureCertChain=chain)
    request = iso2.AuthorizationReqType(Id="id1", GenChallenge=bytes(16))
    messages = [
        iso2.V2GMessage(Header=header, Body=iso2.BodyType(PaymentDetailsReq=details)),
        sign(iso2.V2GMessage(Header=header, Body=iso2.BodyType(AuthorizationReq=request)), contract.key),
    ]
    return b"".join(encode(each, ISO2) for each in (messages if presented else messages[1:]))


def test_nothing_of_a_message_moves_the_cursor(opnc: Run) -> None:
    document = json.loads(opnc("decode", "--json", "-", stdin=octets(RESPONSE))[1])
    response = document["value"]["Body"]["CertificateInstallationRes"]
    response["eMAID"]["value"] = "DE\x9b2K\u202e\t12345678"
    _, written, _ = opnc("encode", "--lenient", "-", stdin=json.dumps(document).encode())
    for form in ((), ("--xml",)):
        _, xml, findings = opnc("decode", *form, "-", stdin=written)
        assert all(each.isprintable() or each == "\n" for each in xml.decode() + findings)
        assert b"DE&#155;2K&#8238;&#9;12345678" in xml
