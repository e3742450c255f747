"""Captures of packets (pcap, pcapng): the octets of V2GTP in them, put together from their TCP segments."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from opnc.exi.v2gtp import begins_frame
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = tuple(map(bytes.fromhex, ("a1b2c3d4", "d4c3b2a1", "a1b23c4d", "4d3cb2a1", "0a0d0d0a")))


def is_capture(data: bytes) -> bool:
    """Tell whether octets are a capture of packets."""
    return data.startswith(_MAGIC)


def payloads(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the number of the packet in which a run of V2GTP frames begins, and the octets of the run.

    Raises:
        Problem: The library that reads captures is not installed, or refuses the file.
    """
    try:
        import dpkt  # noqa: PLC0415 - an extra: few need it
    except ImportError:
        raise Problem(
            "a capture of packets is read with dpkt, which is not installed",
            hint="pip install 'opnc-conformance[pcap]'",
        ) from None
    streams: dict[Any, list[tuple[int, int, bytes]]] = {}
    try:
        for number, (_, packet) in enumerate(dpkt.pcap.UniversalReader(io.BytesIO(data)), 1):
            segment = _segment(dpkt, packet)
            if segment:
                key, sequence, octets = segment
                streams.setdefault(key, []).append((sequence, number, octets))
    except (ValueError, dpkt.Error) as error:
        raise Problem(f"the capture cannot be read: {error or type(error).__name__}") from None
    yield from sorted(run for segments in streams.values() for run in _joined(segments))


def _segment(dpkt: Any, packet: bytes) -> tuple[Any, int, bytes] | None:
    """Return connection, sequence number and octets of a TCP segment; None for any other packet."""
    links = (dpkt.ethernet.Ethernet, dpkt.sll.SLL, dpkt.sll2.SLL2, dpkt.loopback.Loopback)
    for link in (*links, _Raw(dpkt)):
        try:
            network = link(packet).data
        except (dpkt.Error, ValueError, IndexError):
            continue
        tcp = getattr(network, "data", None)
        if isinstance(tcp, dpkt.tcp.TCP):
            octets = bytes(tcp.data)
            return ((network.src, tcp.sport, network.dst, tcp.dport), tcp.seq, octets) if octets else None
    return None


class _Raw:
    """A capture without a link layer, as of a tunnel: the packet begins with its IP header."""

    def __init__(self, dpkt: Any) -> None:
        self._dpkt = dpkt
        self.data: Any = None

    def __call__(self, packet: bytes) -> _Raw:
        version = packet[0] >> 4
        self.data = (self._dpkt.ip6.IP6 if version == 6 else self._dpkt.ip.IP)(packet)
        return self


def _joined(segments: list[tuple[int, int, bytes]]) -> Iterator[tuple[int, bytes]]:
    """Put segments together in the order of their numbers; one that was sent again counts once."""
    begin, joined, expected = 0, b"", None
    for sequence, number, octets in sorted(segments):
        if expected is not None and sequence < expected:
            octets = octets[expected - sequence :]  # noqa: PLW2901 - the part not yet seen
            if not octets:
                continue
        elif expected is not None and sequence > expected and begins_frame(joined):
            # A segment is missing: what came before stands for itself.
            yield begin, joined
            joined = b""
        if not joined:
            if not begins_frame(octets):
                continue
            begin = number
        joined += octets
        expected = sequence + len(octets)
    if begins_frame(joined):
        yield begin, joined
