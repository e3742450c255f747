"""Identifiers of parties: what the owner of an object is looked up by.

Sources: `processes/docs/04_authentication.md`, section Roles&Rights; read by ERR-154 and ERR-159.
"""

from __future__ import annotations

import re

from opnc.identifiers.form import match

_WMI = re.compile(r"[A-Za-z0-9]{3}")
_WITH_COUNTRY = re.compile(r"([A-Za-z]{2})[-*]?([A-Za-z0-9]{3})")


def wmi(text: str) -> str:
    """Return a world manufacturer identifier in upper case.

    Raises:
        Problem: It is not three letters and digits.
    """
    return match(text, "a WMI", "three letters and digits, for example XYZ", _WMI).group().upper()


def wmi_is_shared(text: str) -> bool:
    """Say whether small manufacturers share the WMI (ISO 3780: a third character 9).

    Rights by WMI cannot tell them apart, so a test uses none of these (ERR-159).

    Raises:
        Problem: It is not three letters and digits.
    """
    return wmi(text).endswith("9")


def provider_id(text: str) -> str:
    """Return country code and provider id of an eMSP as five characters in upper case.

    Raises:
        Problem: It is not two letters, an optional separator, and three letters and digits.
    """
    return _with_country(text, "a provider id with country code", "for example DE8AA or DE-8AA")


def operator_id(text: str) -> str:
    """Return country code and operator id of a CPO as five characters in upper case.

    Raises:
        Problem: It is not two letters, an optional separator, and three letters and digits.
    """
    return _with_country(text, "an operator id with country code", "for example DEICE or DE*ICE")


def _with_country(text: str, name: str, form: str) -> str:
    return "".join(match(text, name, form, _WITH_COUNTRY).groups()).upper()
