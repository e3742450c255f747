"""Statuses that any operation may answer with, whether it lists them or not."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from opnc.contract.model import Response, Status
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


def _accepted(status: Status, *errata: str, severity: Severity | None = None) -> tuple[Status, Response]:
    return status, Response(status, MappingProxyType({}), (), errata, severity)


ACCEPTED_ANYWHERE: Mapping[Status, Response] = MappingProxyType(
    dict(
        [
            _accepted(404),  # no such path
            _accepted(405),  # no such method
            _accepted(406),  # no such media type to answer in
            _accepted(409, "ERR-174", severity=Severity.WARN),  # refused for what is there already
            _accepted(413),  # body too large
            _accepted(414),  # address too long
            _accepted(415),  # media type of the body not understood
            _accepted(422, "ERR-174", severity=Severity.WARN),  # refused for its content
            _accepted(429),  # too many requests
            _accepted(431),  # headers too large
            _accepted("5XX", "ERR-174", severity=Severity.INFO),  # server fault
        ]
    )
)
"""Status to answer; the body is free (SYS-ERR-03, ERR-174)."""
