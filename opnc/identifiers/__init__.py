"""Identifiers of contracts, vehicles, charging stations and parties: form, normal form, owner.

Where the published texts contradict each other, a class tells both readings: `valid_in_api` (the patterns of
the API description) and `valid_in_docs` (the documentation or the ABNF). A test that expects acceptance uses
an identifier valid in both, one that expects refusal one that is valid in neither (ERR-111, ERR-160).

`parse` takes what is valid in either and raises `opnc.problem.Problem` for everything else. Every normal form
is a fixed point: normalising it again changes nothing.

>>> from opnc.identifiers import Emaid
>>> Emaid.parse("de-8aa-ca2b3c4d5-n").normalised
'DE8AACA2B3C4D5'
"""

from __future__ import annotations

from opnc.identifiers.check_digit import emaid_check_digit
from opnc.identifiers.emaid import Emaid
from opnc.identifiers.evse import EvseId, SeccId
from opnc.identifiers.headers import fits_party_type
from opnc.identifiers.parties import operator_id, provider_id, wmi, wmi_is_shared
from opnc.identifiers.pcid import Pcid

__all__ = [
    "Emaid",
    "EvseId",
    "Pcid",
    "SeccId",
    "emaid_check_digit",
    "fits_party_type",
    "operator_id",
    "provider_id",
    "wmi",
    "wmi_is_shared",
]
