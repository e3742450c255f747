"""The ids in the headers that name the parties of a request.

Source: `specification/components/parameters/headers/opnc{From,To}PartyId.v1.json`, read by ERR-154: ids of
providers and operators have their country code, and nobody says how a pool is called.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_WMI = re.compile(r"[A-Za-z0-9]{3}")
_WITH_COUNTRY = re.compile(r"[A-Za-z]{2}[A-Za-z0-9]{3}")
_FINGERPRINT = re.compile(r"[0-9A-Fa-f]{64}")

_FORMS: Mapping[str, re.Pattern[str]] = {
    "oem": _WMI,
    "emsp": _WITH_COUNTRY,
    "cpo": _WITH_COUNTRY,
    "pki": _FINGERPRINT,
    "cps": _FINGERPRINT,
}


def fits_party_type(text: str, party_type: str) -> bool:
    """Say whether an id is one of a type of party; of types without a form of their own any id is.

    >>> from opnc.identifiers import fits_party_type
    >>> fits_party_type("DEICE", "cpo"), fits_party_type("DEICE", "oem")
    (True, False)
    """
    form = _FORMS.get(party_type)
    return form is None or form.fullmatch(text) is not None
