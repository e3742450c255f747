"""Rules by which operators publish certificates: a table beside the profiles of ISO 15118.

check_publication(certificate, profile("iso2/oem-root"), rules()["hubject"], at)
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from opnc.pki.deviations import Deviation
from opnc.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from opnc.pki.profiles import Profile
    from opnc.pki.reading import ReadCertificate

_TABLE = Path(__file__).with_name("publication.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one operator demands of certificates that it publishes.

    Attributes:
        name: Its name on the command line.
        title: What it is.
        source: Where it says so.
        root_days_left: For how many days a root has to be valid yet when it is registered.
        root_days_warned: From how many days before its end on a root is about to expire.
        v2g_root_days: How many days a V2G root is valid in all.
        identifiers: What the CN of a leaf may be, by certificate of the profiles, where it differs.
    """

    name: str
    title: str
    source: str
    root_days_left: int
    root_days_warned: int
    v2g_root_days: int
    identifiers: Mapping[str, str]


@cache
def rules() -> Mapping[str, Rules]:
    """Return the rules of all operators by name."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    # Read-only, for the cache hands the same mapping to everybody.
    return MappingProxyType({name: Rules(name=name, **row) for name, row in table.items()})


def adapted(profile: Profile, operator: Rules) -> Profile:
    """Return a profile of ISO 15118 as an operator has it."""
    identifier = operator.identifiers.get(profile.name.partition("/")[2])
    return replace(profile, identifier=identifier) if identifier else profile


def check_publication(
    certificate: ReadCertificate, profile: Profile, operator: Rules, at: datetime
) -> Iterator[Deviation]:
    """Yield what keeps a certificate from being published.

    Args:
        certificate: The certificate.
        profile: Its profile.
        operator: Whose rules count.
        at: When it is registered, aware.
    """
    if profile.kind != "root":
        return
    left = (certificate.not_after - at).days
    whole = (certificate.not_after - certificate.not_before).days
    if left < operator.root_days_left:
        expected = f"at least {operator.root_days_left} days left at registration"
        # One that is published already grows old: only the operator knows which of the two it is.
        severity = Severity.FAIL if left < operator.root_days_warned else Severity.WARN
        yield Deviation("validity-left", "validity", expected, f"{left} days", operator.source, severity)
    # A leap day more or less is no other time.
    if profile.domain == "v2g" and abs(whole - operator.v2g_root_days) > 1:
        expected = f"{operator.v2g_root_days} days in all"
        yield Deviation(
            "validity-whole", "validity", expected, f"{whole} days", operator.source, Severity.WARN
        )
