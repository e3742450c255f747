"""Frames of the V2G transfer protocol (ISO 15118-2 and -20, 7.8.3): eight octets before a message."""

from __future__ import annotations

from dataclasses import dataclass

from opnc.pki.deviations import Deviation
from opnc.severity import Severity

HEADER = bytes.fromhex("01fe")
"""Version 1 and its inverse."""

_LENGTH = 8
_TYPES = {
    0x8001: "EXI of the handshake, ISO 15118-2 or DIN SPEC 70121",
    0x8002: "EXI of the common messages of ISO 15118-20",
    0x8003: "EXI of ISO 15118-20 AC",
    0x8004: "EXI of ISO 15118-20 DC",
    0x8005: "EXI of ISO 15118-20 ACDP",
    0x8006: "EXI of ISO 15118-20 WPT",
    0x8101: "EXI of ISO 15118-20, renegotiation of the schedule",
    0x8102: "EXI of ISO 15118-20, confirmation of metering",
    0x8103: "EXI of ISO 15118-20 ACDP, system status",
    0x8104: "EXI of ISO 15118-20, parking status",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The payload of a frame, and what was noticed about its header."""

    payload: bytes
    findings: tuple[Deviation, ...]


def begins_frame(octets: bytes) -> bool:
    """Tell whether octets begin with the header of a frame that carries EXI."""
    return len(octets) > _LENGTH and octets.startswith(HEADER) and octets[2] in (0x80, 0x81)


def frames(octets: bytes) -> tuple[Frame, ...]:
    """Cut frames that follow one another; of the last, what there is counts, whatever its header says."""
    found = []
    while begins_frame(octets):
        kind, length = int.from_bytes(octets[2:4], "big"), int.from_bytes(octets[4:_LENGTH], "big")
        rest = octets[_LENGTH:]
        name = _TYPES.get(kind, "none of ISO 15118")
        seen = f"a V2GTP header, payload type {kind:#06x} ({name}), {length} octets"
        findings = [_note("v2gtp-header", "a message alone", seen, Severity.INFO)]
        whole = length <= len(rest) and (length == len(rest) or begins_frame(rest[length:]))
        payload = rest[:length] if whole else rest
        if not whole:
            findings.append(_note("v2gtp-length", f"{length} octets", f"{len(rest)} octets", Severity.WARN))
        found.append(Frame(payload, tuple(findings)))
        octets = rest[length:] if whole else b""
    return tuple(found)


def _note(name: str, expected: str, seen: str, severity: Severity) -> Deviation:
    return Deviation(name, "V2GTP", expected, seen, "ISO 15118-2 7.8.3", severity)
