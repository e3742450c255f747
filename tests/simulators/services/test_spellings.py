"""Equal ids in two spellings hit the same object in the PCP, the CPS and the CCP."""

from __future__ import annotations

from string import ascii_uppercase, digits
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opnc.identifiers import Emaid, Pcid
from tests.simulators.services.contracting import (
    BUNDLE,
    BY_EMAID,
    BY_PCID,
    DELETE,
    GENERATE,
    OWN,
    SIGN,
    order,
    publish,
    stored,
    to_sign,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from opnc.pki.credentials import Credential
    from tests.simulators.services.conftest import Line

READ, LOOK_UP, WITHDRAW = (
    "getProvisioningCertificateV1",
    "lookupVehicleV1",
    "deleteProvisioningCertificateV1",
)
ALPHANUMERIC = digits + ascii_uppercase

instances = st.text(ALPHANUMERIC, min_size=9, max_size=9)
pcids = st.text(ALPHANUMERIC, min_size=14, max_size=15).map("WDB".__add__)

SPELLINGS: tuple[Callable[[str], str], ...] = (
    str.upper,
    str.lower,
    lambda text: "".join(
        letter.lower() if place % 2 else letter.upper() for place, letter in enumerate(text)
    ),
)
spellings = st.sampled_from(SPELLINGS)
separators = st.sampled_from(("", "-"))

a_few = settings(
    max_examples=8,
    deadline=None,
    # Examples have ids of their own, or take back what they have made.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def spelled(emaid: str, spelling: Callable[[str], str], separator: str) -> str:
    return spelling(separator.join((emaid[:2], emaid[2:5], emaid[5:])))


def listed(line: Line, party: str, emaid: str) -> list[str]:
    answer = line.ask(party, BY_EMAID, path={"emaid": emaid})
    found = answer.json()["contractDataCollection"] if answer.status_code == 200 else []
    return [str(each["emaid"]) for each in found]


@pytest.fixture
def vehicle(line: Line) -> Credential:
    return publish(line)


@given(instances, spellings, spellings, separators, separators)
@a_few
@pytest.mark.usefixtures("vehicle")
def test_an_emaid_in_two_spellings_is_one_contract(
    line: Line, instance: str, one: Any, other: Any, first: str, second: str
) -> None:
    emaid = f"DEABC{instance}"
    written, read = spelled(emaid, one, first), spelled(emaid, other, second)
    for text in (written, read):
        assert line.ask("emsp", GENERATE, body=order(text)).status_code == 201
    assert listed(line, "emsp", written) == listed(line, "emsp", read) == [Emaid.parse(emaid).normalised]
    assert line.ask("emsp", DELETE, path={"emaid": read}).status_code == 200
    assert listed(line, "emsp", written) == []


@given(instances, spellings, separators)
@a_few
def test_the_cps_signs_for_one_contract_however_it_is_spelled(
    line: Line, vehicle: Credential, instance: str, spelling: Any, separator: str
) -> None:
    emaid = f"DEOWN{instance}"
    body = to_sign(line, vehicle, emaid)
    asked = {**body, BUNDLE: {**body[BUNDLE], "emaid": spelled(emaid, spelling, separator)}}
    assert line.ask(OWN, SIGN, body=body).status_code == 201
    assert line.ask(OWN, SIGN, body=asked).status_code == 201
    assert listed(line, OWN, emaid) == [emaid]


@given(pcids, spellings, spellings)
@a_few
def test_a_pcid_in_two_spellings_is_one_vehicle(line: Line, pcid: str, one: Any, other: Any) -> None:
    publish(line, pcid)
    for operation in (READ, LOOK_UP):
        assert line.ask("oem", operation, path={"pcid": one(pcid)}).status_code == 200
    ordered = line.ask("emsp", GENERATE, body=order(pcid=one(pcid)))
    assert ordered.status_code == 201
    assert [Pcid.parse(each["pcid"]) for each in stored(line, other(pcid))] == [Pcid.parse(pcid)]
    assert line.ask("oem", WITHDRAW, path={"pcid": other(pcid)}).status_code == 200
    assert line.ask("oem", BY_PCID, path={"pcid": one(pcid)}).status_code == 404
