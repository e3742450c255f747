from __future__ import annotations

import pytest

from opnc.identifiers import Emaid, Pcid
from simulators.kernel import Principal, Refusal
from simulators.kernel.ownership import owned_by

EMAID = Emaid.parse("DEABCC00000001")
PCID = Pcid.parse("WDB00000000000001")
EMSP = Principal("emsp", "emsp", provider_ids=frozenset({"DEABC"}))
OEM = Principal("oem", "oem", wmis=frozenset({"WDB"}))


def test_owners_may_go_on() -> None:
    owned_by(EMSP, emaid=EMAID)
    owned_by(OEM, pcid=PCID)


def test_all_others_are_refused() -> None:
    with pytest.raises(Refusal, match="emaid: this account does not act for DEABC") as raised:
        owned_by(OEM, emaid=EMAID)
    assert raised.value.status == 403
    with pytest.raises(Refusal, match="pcid: this account does not act for the WMI WDB") as raised:
        owned_by(EMSP, pcid=PCID)
    assert raised.value.status == 403


def test_nothing_is_demanded_of_nobody() -> None:
    owned_by(None, emaid=EMAID, pcid=PCID)
