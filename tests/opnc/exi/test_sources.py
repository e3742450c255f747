"""The forms in which messages lie about: each is read, and named."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import dpkt
import pytest

from opnc.exi.sources import Source, read_sources, read_text
from opnc.pki.deviations import Unreadable
from tests.opnc.exi.vectors import octets

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST = octets("iso2_CertificateInstallationReq_signed")
RESPONSE = octets("iso2_CertificateInstallationRes_signed")
HEX = REQUEST.hex()
PAIRS = re.findall("..", HEX)
BASE64 = base64.b64encode(REQUEST).decode()


def frame(payload: bytes, kind: int = 0x8001) -> bytes:
    return bytes.fromhex(f"01fe{kind:04x}{len(payload):08x}") + payload


def dump(row: Callable[[int, bytes], str]) -> str:
    return "\n".join(row(start, REQUEST[start : start + 16]) for start in range(0, len(REQUEST), 16))


def shown(octets: bytes) -> str:
    return "".join(chr(each) if 32 <= each < 127 else "." for each in octets)


def xxd(start: int, row: bytes) -> str:
    return f"{start:08x}: {row.hex(' ', 2):39s}  {shown(row)}"


def hexdump(start: int, row: bytes) -> str:
    return f"{start:08x}  {row[:8].hex(' '):23s}  {row[8:].hex(' '):23s}  |{shown(row)}|"


def wireshark(start: int, row: bytes) -> str:
    return f"{start:04x}   {row.hex(' '):47s}   {shown(row)}"


def od(start: int, row: bytes) -> str:
    return f"{start:06x} {row.hex(' ')}"


def logged(start: int, row: bytes) -> str:
    return f"2026-01-01T12:00:00.123Z DEBUG exi | {start:04x}: {row.hex(' ')}"


TEXTS = {
    "hex": [
        HEX,
        HEX.upper(),
        " ".join(PAIRS),
        ":".join(PAIRS),
        "0x" + HEX,
        ", ".join(f"0x{pair}" for pair in PAIRS),
        "{" + ",".join(f"0x{pair}" for pair in PAIRS) + "}",
        "\\x" + "\\x".join(PAIRS),
        "\n".join(re.findall(".{1,64}", HEX)),
        f"b'{''.join(chr(92) + 'x' + pair for pair in PAIRS)}'",
        f"h'{HEX}'",
    ],
    "hex-dump": [dump(xxd), dump(hexdump), dump(wireshark), dump(od), dump(logged), "00000\n" + dump(xxd)],
    "hex-in-text": [
        f"2026-01-01 12:00:00 [INFO] EXI: {HEX} received",
        f"noise\n12:00:01 RX {' '.join(PAIRS)}\nmore noise 0123",
        f"SECC -> EVCC (1157 bytes): {HEX}",
        f'encoded message: "{HEX}", session 00',
    ],
    "base64-in-text": [f"exiRequest={BASE64} done", f"2026-01-01 12:00:00 got {BASE64}"],
    "numbers": [
        json.dumps(list(REQUEST)),
        json.dumps([each - 256 if each > 127 else each for each in REQUEST]),
    ],
    "literal": [repr(REQUEST), f"payload = {REQUEST!r}", f"bytearray({REQUEST!r})"],
    "quotes": [f'"{BASE64}"', f"'{BASE64}'", f'"{HEX}"', f'"{BASE64}",'],
    "escapes": [
        BASE64.replace("/", "\\/"),
        base64.encodebytes(REQUEST).decode().replace("\n", "\\n"),
        base64.encodebytes(REQUEST).decode().replace("\n", "\\\\r\\\\n"),
        BASE64.replace("+", "\\u002b"),
    ],
    "percent-encoding": [quote(BASE64, safe="")],
    "data-uri": [f"data:application/exi;base64,{BASE64}"],
    "plus-as-blank": [BASE64.replace("+", " ")],
    "line-breaks": [base64.encodebytes(REQUEST).decode()],
    "base64url": [base64.urlsafe_b64encode(REQUEST).decode()],
    "base64-padding": [BASE64.rstrip("=") + "==="],
    "json": [json.dumps({"certificateInstallationReq": BASE64}), json.dumps([{"a": {"b": HEX}}])],
}


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in TEXTS.items() for text in texts])
def test_a_form_is_read_and_named(form: str, text: str) -> None:
    for found in (read_text(text), read_sources(text.encode()), read_sources(text.encode("utf-16"))):
        (source,) = found
        assert source.octets.rstrip(b"\n") == REQUEST
        assert form in [finding.name for finding in source.findings]


@pytest.mark.parametrize("data", [REQUEST, BASE64.encode(), BASE64.encode() + b"\n"])
def test_octets_and_plain_base64_are_not_worth_a_word(data: bytes) -> None:
    assert read_sources(data) == (Source(REQUEST),)


@pytest.mark.parametrize("form", [bytes, lambda each: each.hex().encode(), base64.b64encode])
def test_the_header_of_v2gtp_is_taken_off(form: Callable[[bytes], bytes]) -> None:
    (source,) = read_sources(form(frame(REQUEST)))
    assert source.octets == REQUEST
    assert "v2gtp-header" in [finding.name for finding in source.findings]


def test_frames_in_a_row_are_told_apart() -> None:
    found = read_sources(frame(REQUEST) + frame(RESPONSE, 0x8002))
    assert [source.octets for source in found] == [REQUEST, RESPONSE]


@pytest.mark.parametrize("wrong", [-1, 1])
def test_a_length_of_v2gtp_that_is_wrong_is_found(wrong: int) -> None:
    framed = bytes.fromhex(f"01fe8001{len(REQUEST) + wrong:08x}") + REQUEST
    (source,) = read_sources(framed)
    assert source.octets == REQUEST
    assert [finding.name for finding in source.findings] == ["v2gtp-header", "v2gtp-length"]


def test_the_messages_of_a_body_are_told_by_their_pointers() -> None:
    body = {
        "signedContractDataCollection": [{"certificateInstallationRes": base64.b64encode(RESPONSE).decode()}],
        "certificateInstallationReq": BASE64,
        "emaid": "DEABCC12345678",
    }
    found = read_text(json.dumps(body, indent=1))
    assert [(source.place, source.octets) for source in found] == [
        ("/signedContractDataCollection/0/certificateInstallationRes", RESPONSE),
        ("/certificateInstallationReq", REQUEST),
    ]


def test_a_message_in_each_line_is_read() -> None:
    found = read_text(f"{BASE64}\n{RESPONSE.hex()}\n")
    assert [(source.place, source.octets) for source in found] == [("line 1", REQUEST), ("line 2", RESPONSE)]


def test_a_dump_of_packets_holds_the_frame_behind_the_headers() -> None:
    packet = bytes(range(2, 56)) + frame(REQUEST)
    text = "\n".join(
        f"\t0x{start:04x}:  {packet[start : start + 16].hex(' ', 2)}" for start in range(0, len(packet), 16)
    )
    (source,) = read_text(text)
    assert source.octets == REQUEST


def capture(*segments: tuple[int, bytes]) -> bytes:
    file = io.BytesIO()
    writer = dpkt.pcap.Writer(file)
    for sequence, segment in segments:
        tcp = dpkt.tcp.TCP(sport=50000, dport=61851, seq=sequence, data=segment)
        network = dpkt.ip6.IP6(src=bytes(16), dst=bytes(15) + b"1", nxt=6, data=tcp, plen=len(bytes(tcp)))
        writer.writepkt(bytes(dpkt.ethernet.Ethernet(type=0x86DD, data=network)), ts=1.0)
    return file.getvalue()


def test_the_frames_of_a_capture_are_put_together_in_order() -> None:
    framed = frame(REQUEST) + frame(RESPONSE)
    data = capture((1, framed[:100]), (901, framed[900:]), (101, framed[100:900]), (101, framed[100:900]))
    found = read_sources(data)
    assert [source.octets for source in found] == [REQUEST, RESPONSE]
    assert found[0].place == "packet 1"
    assert "pcap" in [finding.name for finding in found[0].findings]


def test_a_capture_without_a_link_layer_is_read() -> None:
    file = io.BytesIO()
    writer = dpkt.pcapng.Writer(file, linktype=101)
    tcp = dpkt.tcp.TCP(sport=50000, dport=61851, seq=1, data=frame(REQUEST))
    packet = dpkt.ip.IP(src=bytes(4), dst=b"1234", p=6, data=tcp)
    packet.len = len(bytes(packet))
    writer.writepkt(bytes(packet), ts=1.0)
    (source,) = read_sources(file.getvalue())
    assert source.octets == REQUEST


def test_a_capture_without_frames_says_so() -> None:
    with pytest.raises(Unreadable, match="without V2GTP frames"):
        read_sources(capture((1, b"GET / HTTP/1.1")))


@pytest.mark.parametrize("text", ["", "?", "hello, world!", "{}", '{"a": "b"}', "[]"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_text(text)


@pytest.mark.parametrize(
    "text", ["8" * 200_001, "80 " * 100_000, "\\n" * 100_000, "[" * 50_000, "gJ" * 100_000]
)
def test_a_long_text_is_read_or_refused_in_time(text: str) -> None:
    try:
        read_text(text)
    except Unreadable:
        return
