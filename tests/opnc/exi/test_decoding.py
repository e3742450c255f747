"""What the decoder reads outside the norm, and what it refuses: always with place and reason."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from opnc.exi import ISO2, ISO20, XMLDSIG, DecodeError, EncodeError, NotRead, Truncated, codec, decode, encode
from opnc.exi.handshake import AppProtocolType, SupportedAppProtocolReqType
from opnc.exi.iso2 import (
    BodyType,
    CertificateChainType,
    MessageHeaderType,
    SubCertificatesType,
    V2GMessage,
)
from opnc.exi.reader import BitReader
from opnc.exi.reading import decode_any
from opnc.exi.roots import HANDSHAKE
from opnc.exi.writer import BitWriter

OctetsOf = Callable[[str], bytes]
REQUEST = "iso2_CertificateInstallationReq_signed"
TWENTY = "iso2_CertificateInstallationReq_20roots"


HEAD = f"{0x80:08b}"
MESSAGE = HEAD + f"{76:07b}" + "0"
EMPTY_BODY = "0" + f"{35:06b}" + "0"


def bits(data: bytes) -> str:
    return "".join(f"{octet:08b}" for octet in data)


def octets(*parts: str) -> bytes:
    joined = "".join(parts)
    padded = joined + "0" * (-len(joined) % 8)
    return bytes(int(padded[start : start + 8], 2) for start in range(0, len(padded), 8))


def end_of(data: bytes) -> int:
    """Position of the bit behind the root element."""
    reader = BitReader(data)
    reader.bits(8)
    codec._read_root(reader, ISO2.documents)
    return reader.position


def test_one_zero_octet_too_many_is_found(octets_of: OctetsOf) -> None:
    decoded = decode(octets_of(REQUEST) + b"\x00", ISO2)
    assert [finding.name for finding in decoded.findings] == ["trailing-octet"]
    assert decoded.value == decode(octets_of(REQUEST), ISO2).value


@pytest.mark.parametrize("tail", [b"\x00\x00", b"\x01", b"\x80"])
def test_anything_else_behind_the_end_is_refused(octets_of: OctetsOf, tail: bytes) -> None:
    with pytest.raises(DecodeError, match="follow the end"):
        decode(octets_of(REQUEST) + tail, ISO2)


def test_a_list_of_20_roots_closed_as_if_it_could_go_on_is_found(octets_of: OctetsOf) -> None:
    data = octets_of(TWENTY)
    ends = bits(data)[: end_of(data)]
    assert ends.endswith("0000"), "the list, the request, the body, the message"
    decoded = decode(octets(ends[:-4], "01000"), ISO2)
    assert [finding.name for finding in decoded.findings] == ["looping-list"]
    assert decoded.value == decode(data, ISO2).value


KEY_PATH = "V2G_Message/Body/CertificateInstallationRes/ContractSignatureEncryptedPrivateKey/value"


def with_key_of(count: int, message: V2GMessage) -> bytes:
    response = message.Body.CertificateInstallationRes
    assert response
    key = replace(response.ContractSignatureEncryptedPrivateKey, value=bytes(count))
    body = BodyType(CertificateInstallationRes=replace(response, ContractSignatureEncryptedPrivateKey=key))
    return encode(replace(message, Body=body), ISO2, facets=False)


def test_a_value_of_another_length_than_the_schema_allows_is_read_and_found(octets_of: OctetsOf) -> None:
    data = with_key_of(64, decode(octets_of("iso2_CertificateInstallationRes_signed"), ISO2).value)
    decoded = decode(data, ISO2)
    (found,) = decoded.findings
    assert (found.name, found.field, found.severity) == ("length-facet", KEY_PATH, "fail")
    assert found.expected == "at most 48"
    assert re.fullmatch(r"64 octets \(bit \d+\)", found.seen)
    assert encode(decoded.value, ISO2, facets=False) == data
    assert decode_any(data).findings == decoded.findings


def test_a_service_refuses_a_value_of_another_length(octets_of: OctetsOf) -> None:
    data = with_key_of(64, decode(octets_of("iso2_CertificateInstallationRes_signed"), ISO2).value)
    with pytest.raises(DecodeError, match="64 octets, at most 48 are allowed"):
        decode(data, ISO2, strict=True)


def test_wrong_lengths_are_told_by_element_and_counted(octets_of: OctetsOf) -> None:
    message = decode(octets_of("iso2_CertificateInstallationRes_signed"), ISO2).value
    response = message.Body.CertificateInstallationRes
    chain = replace(
        response.ContractSignatureCertChain,
        SubCertificates=SubCertificatesType(Certificate=(bytes(801),) * 3),
    )
    named = replace(response.eMAID, value="DE-ABC-123456789-0")
    body = BodyType(
        CertificateInstallationRes=replace(response, ContractSignatureCertChain=chain, eMAID=named)
    )
    found = decode(encode(replace(message, Body=body), ISO2, facets=False), ISO2).findings
    assert [(each.field.rpartition("Res/")[2], each.where) for each in found] == [
        ("ContractSignatureCertChain/SubCertificates/Certificate[1]", "the first of 3"),
        ("eMAID/value", ""),
    ]


def test_a_21st_root_is_refused(octets_of: OctetsOf) -> None:
    data = octets_of(TWENTY)
    ends = bits(data)[: end_of(data)]
    with pytest.raises(DecodeError, match="the end of the element is expected"):
        decode(octets(ends[:-4], "10", "0" * 200), ISO2)


def test_every_cut_of_a_message_is_refused(octets_of: OctetsOf) -> None:
    data = octets_of(REQUEST)
    for length in range(len(data)):
        with pytest.raises(Truncated):
            decode(data[:length], ISO2)


def test_a_refusal_names_bit_path_and_reason(octets_of: OctetsOf) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(octets_of(REQUEST)[:400], ISO2)
    assert caught.value.path == "V2G_Message/Body/CertificateInstallationReq/OEMProvisioningCert"
    assert caught.value.reason == "381 octets announced, 108 left"
    assert re.fullmatch(r"V2G_Message/.*: bit \d+: 381 octets announced, 108 left", str(caught.value))


def test_a_path_counts_repeated_elements(octets_of: OctetsOf) -> None:
    data = octets_of("iso2_CertificateInstallationRes_signed")
    with pytest.raises(DecodeError) as caught:
        decode(data[:400], ISO2)
    assert caught.value.path.startswith("V2G_Message/Header/Signature/SignedInfo/Reference[3]/")


def test_another_header_is_refused() -> None:
    with pytest.raises(DecodeError, match="the EXI header is 0x80 in ISO 15118, not 0x24"):
        decode(b"$EXI", ISO2)


def test_nothing_at_all_is_refused() -> None:
    with pytest.raises(DecodeError, match="the stream ends, 0 of 8 bits are left"):
        decode(b"", ISO2)


def test_the_root_of_another_message_is_refused_by_name(octets_of: OctetsOf) -> None:
    with pytest.raises(DecodeError, match=r"none of the root elements V2G_Message \(76\)"):
        decode(octets_of("iso20_CertificateInstallationReq_signed"), ISO2)


def test_the_empty_message_these_tests_are_made_of_is_right() -> None:
    message = V2GMessage(Header=MessageHeaderType(SessionID=b"\x01"), Body=BodyType())
    written = octets(MESSAGE, "0" + "0", bits(b"\x01\x01"), "0", "10", EMPTY_BODY, "0")
    assert encode(message, ISO2) == written


def test_a_message_about_something_else_is_refused_by_name() -> None:
    stream = octets(MESSAGE, "0" + "0", bits(b"\x01\x01"), "0", "10", "0", f"{27:06b}", "0" * 64)
    with pytest.raises(NotRead, match="ISO 15118-2 ServiceDiscoveryReq; not read by this tool"):
        decode(stream, ISO2)


def test_key_info_in_a_signature_is_refused_by_name(octets_of: OctetsOf) -> None:
    data = octets_of(REQUEST)
    signature = bits(decode(data, ISO2).value.Header.Signature.SignatureValue.value)
    stream = bits(data)
    end = stream.index(signature) + len(signature) + 1
    assert stream[end : end + 2] == "10", "the end of the signature, behind KeyInfo and Object"
    with pytest.raises(DecodeError, match="KeyInfo is not used here"):
        decode(octets(stream[:end], "00", stream[end + 2 :]), ISO2)


def test_bits_set_in_the_padding_are_refused(octets_of: OctetsOf) -> None:
    data = octets_of(REQUEST)
    with pytest.raises(DecodeError, match="not filled up with zero bits"):
        decode(data[:-1] + bytes([data[-1] | 1]), ISO2)


def test_an_integer_that_is_longer_than_needed_is_refused() -> None:
    with pytest.raises(DecodeError, match="not in its shortest form"):
        decode(octets(MESSAGE, "0" + "0", bits(b"\x81\x00\x01"), "0", "10", EMPTY_BODY, "0"), ISO2)


def test_an_integer_without_end_is_refused() -> None:
    with pytest.raises(DecodeError, match="more than 1029 bits"):
        decode(octets(MESSAGE, "0" + "0", bits(b"\xff" * 5000)), ISO2)


SIGNED_INFO = HEAD + f"{32:06b}"
LITERAL = bits(bytes([0xA2, 0x1F])) + bits(b"x" * 4000)
HIT = bits(b"\x01")
METHOD_END = "01"


def test_string_table_hits_may_not_blow_a_stream_up() -> None:
    reference = ("010", HIT, "01", "0", HIT, METHOD_END, "0" + "0", bits(b"\x00"), "0", "0")
    start = (SIGNED_INFO, "01", "0", LITERAL, METHOD_END, "0", "0", HIT, "010")
    few = octets(*start, "0", *reference, "00", *reference, "01", f"{46:06b}")
    assert decode(few, XMLDSIG, fragment=True).value.Reference[1].URI == "x" * 4000
    with pytest.raises(DecodeError, match="blow the stream up more than 16 times"):
        decode(octets(*start, "0", *(*reference, "00") * 1000), XMLDSIG, fragment=True)


def test_a_string_table_entry_that_does_not_exist_is_refused() -> None:
    with pytest.raises(DecodeError, match="string table entry 0 of 0"):
        decode(octets(SIGNED_INFO, "01", "0", HIT, "0" * 64), XMLDSIG, fragment=True)


@pytest.mark.parametrize("number", [0xD800, 0x110000, 0x0B])
def test_a_number_that_is_no_character_of_xml_is_refused(number: int) -> None:
    writer = BitWriter()
    for value, width in ((0x80, 8), (32, 6), (1, 2), (0, 1), (3, 8)):
        writer.bits(value, width)
    writer.unsigned(number)
    with pytest.raises(DecodeError, match=r"no character of XML|no Unicode character"):
        decode(writer.finish() + bytes(40), XMLDSIG, fragment=True)


def test_a_line_break_behind_the_end_is_found(octets_of: OctetsOf) -> None:
    for tail in (b"\n", b"\r\n"):
        (found,) = decode(octets_of(REQUEST) + tail, ISO2).findings
        assert (found.name, found.seen.partition(" (")[0]) == ("trailing-octet", "a line break")


def response_with(octets_of: OctetsOf, **changes: object) -> V2GMessage:
    message: V2GMessage = decode(octets_of("iso2_CertificateInstallationRes_signed"), ISO2).value
    response = message.Body.CertificateInstallationRes
    assert response
    body = BodyType(CertificateInstallationRes=replace(response, **changes))  # type: ignore[arg-type]
    return replace(message, Body=body)


def test_a_list_that_is_too_long_is_read_and_found(octets_of: OctetsOf) -> None:
    chain = CertificateChainType(
        Id="id1", Certificate=b"1", SubCertificates=SubCertificatesType(Certificate=(b"2",) * 6)
    )
    message = response_with(octets_of, ContractSignatureCertChain=chain)
    with pytest.raises(EncodeError, match="6 times Certificate, at most 4 are allowed"):
        encode(message, ISO2)
    decoded = decode_any(encode(message, ISO2, facets=False))
    assert decoded.value == message
    (found,) = decoded.findings
    assert (found.name, found.expected, found.where) == ("count-facet", "at most 4", "the first of 2")
    assert found.field.endswith("ContractSignatureCertChain/SubCertificates/Certificate[5]")


def test_an_empty_list_is_read_and_found(octets_of: OctetsOf) -> None:
    chain = CertificateChainType(
        Id="id1", Certificate=b"1", SubCertificates=SubCertificatesType(Certificate=())
    )
    message = response_with(octets_of, ContractSignatureCertChain=chain)
    with pytest.raises(EncodeError, match="Certificate is missing"):
        encode(message, ISO2)
    decoded = decode_any(encode(message, ISO2, facets=False))
    assert decoded.value == message
    (found,) = decoded.findings
    assert (found.name, found.expected) == ("count-facet", "at least 1")
    assert found.field.endswith("ContractSignatureCertChain/SubCertificates")


def test_an_index_that_stands_for_no_name_is_read_and_found(octets_of: OctetsOf) -> None:
    message = response_with(octets_of, ResponseCode="#29")
    decoded = decode(encode(message, ISO2, facets=False), ISO2)
    assert decoded.value == message
    (found,) = decoded.findings
    assert (found.name, found.field.rpartition("/")[2]) == ("enumeration-facet", "ResponseCode")
    with pytest.raises(DecodeError, match="index 29 into an enumeration of 26"):
        decode(encode(message, ISO2, facets=False), ISO2, strict=True)


def test_a_number_out_of_its_range_is_read_and_found() -> None:
    # 31 codes above priority 1: 5 bits hold more than the 20 priorities there are.
    protocol = AppProtocolType(
        ProtocolNamespace="urn", VersionNumberMajor=1, VersionNumberMinor=0, SchemaID=1, Priority=32
    )
    message = SupportedAppProtocolReqType(AppProtocol=(protocol,))
    decoded = decode_any(encode(message, HANDSHAKE, facets=False))
    assert decoded.value == message
    (found,) = decoded.findings
    assert (found.name, found.expected, found.seen.partition(" ")[0]) == ("range-facet", "1 to 20", "32")


def test_the_fragment_of_one_element_is_not_taken_for_another(octets_of: OctetsOf) -> None:
    with pytest.raises(DecodeError):
        decode(octets_of("iso2_frag_eMAID"), ISO20, fragment=True)


def test_of_many_grammars_the_error_of_the_nearest_is_told(octets_of: OctetsOf) -> None:
    with pytest.raises(DecodeError) as caught:
        decode_any(octets_of(REQUEST)[:-3])
    assert caught.value.path.startswith("V2G_Message/Body/CertificateInstallationReq/")
