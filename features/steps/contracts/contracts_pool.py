"""What is done with the contracts that the pool keeps: list, fetch, delete, choose the default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, when

from fixtures.judging import Inconclusive

if TYPE_CHECKING:
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.vehicles import Vehicle

DELETE, DEFAULT = "deleteSignedContractDataByEmaidV1", "setSignedContractDataAsDefaultV1"
FETCH = "getSignedContractDataByEmaidAndPcidV1"
BY_EMAID, BY_PCID = "getContractDataByEmaidV1", "getContractDataByPcidV1"

_WITH = r'(?: with (?P<name>xsdMsgDefNamespace|cpsV2GRootCertificateFingerprint|sessionID) "(?P<value>.*)")?'
_SKIPPING = r'(?: with X-Skip-Revocation "(?P<skip>.*)")?'


def _query(name: str | None, value: str | None) -> dict[str, str]:
    return {name: value or ""} if name else {}


def list_by_emaid(
    parties: Parties, party: str, emaid: str, name: str | None = None, value: str | None = None
) -> Exchange:
    """Read the list of what is stored for a contract."""
    return parties[party].ask(BY_EMAID, path={"emaid": emaid}, query=_query(name, value))


def list_by_pcid(
    parties: Parties, party: str, pcid: str, name: str | None = None, value: str | None = None
) -> Exchange:
    """Read the list of what is stored for a vehicle."""
    return parties[party].ask(BY_PCID, path={"pcid": pcid}, query=_query(name, value))


def fetch(
    parties: Parties,
    party: str,
    emaid: str,
    pcid: str,
    name: str | None = None,
    value: str | None = None,
) -> Exchange:
    """Fetch signed contract data as the OEM of a vehicle does."""
    path = {"emaid": emaid, "pcid": pcid}
    return parties[party].ask(FETCH, path=path, query=_query(name, value))


def choose(parties: Parties, party: str, emaid: str, pcid: str) -> Exchange:
    """Choose the default of a vehicle."""
    return parties[party].ask(DEFAULT, path={"emaid": emaid, "pcid": pcid})


# Listing


@given("what the pool lists of that contract", target_fixture="listed_before")
def listed_before(parties: Parties, contract: Contract) -> Exchange:
    """Read the list before something is done."""
    return list_by_emaid(parties, contract.party, contract.emaid)


@when(parsers.re(f"the (?P<party>.+) lists that contract{_WITH}"), target_fixture="answer")
def lists_contract(
    parties: Parties, contract: Contract, party: str, name: str | None, value: str | None
) -> Exchange:
    """Ask what is stored for a contract."""
    return list_by_emaid(parties, party, contract.emaid, name, value)


@when("its eMSP lists that contract afterwards", target_fixture="reading")
def lists_contract_afterwards(parties: Parties, contract: Contract) -> Exchange:
    """See what has become of a contract."""
    return list_by_emaid(parties, contract.party, contract.emaid)


@when(parsers.re(r'the (?P<party>.+) lists the contract "(?P<emaid>.*)"'), target_fixture="answer")
def lists_emaid(parties: Parties, party: str, emaid: str) -> Exchange:
    """Ask for an EMAID that need not be one."""
    return list_by_emaid(parties, party, emaid)


@when(parsers.re(f"the (?P<party>.+) lists the contracts of that vehicle{_WITH}"), target_fixture="answer")
def lists_vehicle(
    parties: Parties, vehicle: Vehicle, party: str, name: str | None, value: str | None
) -> Exchange:
    """Ask what is stored for a vehicle."""
    return list_by_pcid(parties, party, vehicle.pcid, name, value)


@when("the OEM lists the contracts of that vehicle afterwards", target_fixture="reading")
def lists_vehicle_afterwards(parties: Parties, vehicle: Vehicle) -> Exchange:
    """See which contracts a vehicle has now."""
    return list_by_pcid(parties, "oem", vehicle.pcid)


@when(
    parsers.re(r'the (?P<party>.+) lists the contracts of the vehicle "(?P<pcid>.*)"'),
    target_fixture="answer",
)
def lists_pcid(parties: Parties, party: str, pcid: str) -> Exchange:
    """Ask for a PCID that need not be one."""
    return list_by_pcid(parties, party, pcid)


# Fetching


@when(parsers.re(f"the (?P<party>.+) fetches that contract{_WITH}"), target_fixture="answer")
def fetches(
    parties: Parties, contract: Contract, party: str, name: str | None, value: str | None
) -> Exchange:
    """Ask for signed contract data."""
    return fetch(parties, party, contract.emaid, contract.pcid, name, value)


@when("the OEM fetches that contract afterwards", target_fixture="delivery")
def fetches_afterwards(parties: Parties, contract: Contract) -> Exchange:
    """Fetch signed contract data after something was done."""
    return fetch(parties, "oem", contract.emaid, contract.pcid)


@when("the OEM fetches the second contract", target_fixture="answer")
def fetches_second(parties: Parties, second: Contract) -> Exchange:
    """Ask for the signed data of the other contract."""
    return fetch(parties, "oem", second.emaid, second.pcid)


@when("the OEM fetches that contract for the other vehicle", target_fixture="answer")
def fetches_for_other(parties: Parties, contract: Contract, other_vehicle: Vehicle) -> Exchange:
    """Ask for a pair that does not go together."""
    return fetch(parties, "oem", contract.emaid, other_vehicle.pcid)


@when(
    parsers.re(r'the OEM fetches the contract "(?P<emaid>.*)" of the vehicle "(?P<pcid>.*)"'),
    target_fixture="answer",
)
def fetches_pair(parties: Parties, emaid: str, pcid: str) -> Exchange:
    """Ask for ids that need not be any."""
    return fetch(parties, "oem", emaid, pcid)


# Deleting


@when(parsers.re(f"the (?P<party>.+) deletes that contract{_SKIPPING}"), target_fixture="answer")
def deletes(parties: Parties, contract: Contract, party: str, skip: str | None) -> Exchange:
    """Withdraw a contract."""
    headers = {} if skip is None else {"X-Skip-Revocation": skip}
    return parties[party].ask(DELETE, path={"emaid": contract.emaid}, headers=headers)


@when("the other eMSP deletes the second contract", target_fixture="answer")
def deletes_second(parties: Parties, second: Contract) -> Exchange:
    """Withdraw the other contract."""
    return parties["other emsp"].ask(DELETE, path={"emaid": second.emaid})


@when(parsers.re(r'the (?P<party>.+) deletes the contract "(?P<emaid>.*)"'), target_fixture="answer")
def deletes_emaid(parties: Parties, party: str, emaid: str) -> Exchange:
    """Withdraw an EMAID that need not be one."""
    return parties[party].ask(DELETE, path={"emaid": emaid})


# The default


@given("the OEM has made the second contract the default")
def has_chosen_second(parties: Parties, second: Contract) -> None:
    """Choose the default, and stop where that does not work.

    Raises:
        Inconclusive: If the pool does not take it.
    """
    answer = choose(parties, "oem", second.emaid, second.pcid)
    if answer.answer.status != 200:
        raise Inconclusive(f"the precondition, a default contract, was answered {answer.answer.status}")


@when(
    parsers.re("the (?P<party>.+) makes the second contract the default(?: again)?"), target_fixture="answer"
)
def chooses_second(parties: Parties, second: Contract, party: str) -> Exchange:
    """Choose the default."""
    return choose(parties, party, second.emaid, second.pcid)


@when("the OEM makes that contract the default", target_fixture="answer")
def chooses_first(parties: Parties, contract: Contract) -> Exchange:
    """Choose the default."""
    return choose(parties, "oem", contract.emaid, contract.pcid)


@when("the OEM makes the further contract the default", target_fixture="answer")
def chooses_further(parties: Parties, further: Contract) -> Exchange:
    """Choose a contract that is in no pool."""
    return choose(parties, "oem", further.emaid, further.pcid)


@when(
    parsers.re(r'the OEM makes the contract "(?P<emaid>.*)" the default of the vehicle "(?P<pcid>.*)"'),
    target_fixture="answer",
)
def chooses_pair(parties: Parties, emaid: str, pcid: str) -> Exchange:
    """Choose ids that need not be any."""
    return choose(parties, "oem", emaid, pcid)
