"""What is done with the certificates that the CPS signs with, and below several V2G roots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pytest_bdd import given, parsers, when

from features.steps.contracts.contracts import MADE, ask
from fixtures.answers import signers as signer_answers
from fixtures.answers.contracts import entries
from fixtures.judging import Inconclusive, NotApplicable
from fixtures.target.declaration import SEVERAL_ROOTS
from fixtures.testdata.contracts import ROOT, Contract, ContractFactory
from opnc.vehicles import version_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fixtures.bench.interface import Bench
    from fixtures.client.parties import Parties
    from fixtures.evidence.exchange import Exchange
    from fixtures.target.declaration import Target
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle
    from opnc.pki.profiles import Version
    from opnc.pki.reading import ReadCertificate

CERTIFICATES = "getCpsCertificatesV1"
FETCH, BY_EMAID = "getSignedContractDataByEmaidAndPcidV1", "getContractDataByEmaidV1"
MO_ROOT = "moRootCertificateFingerprint"


@dataclass(frozen=True, slots=True)
class SignedBelowRoot:
    """A contract that was asked for below a root.

    Attributes:
        fingerprint: Of the root asked for.
        contract: The contract.
        answer: What came of it.
    """

    fingerprint: str
    contract: Contract
    answer: Exchange


@dataclass(frozen=True, slots=True)
class ReadBelowRoot:
    """What was read about a contract below a root."""

    signing: SignedBelowRoot
    answer: Exchange


# The certificates that the CPS signs with


@given("the certificates that the CPS signs with", target_fixture="offered")
def offered(parties: Parties) -> list[dict[str, object]]:
    """Read the list.

    Raises:
        Inconclusive: If there is none.
    """
    answer = parties.any_party().ask(CERTIFICATES)
    if answer.answer.status != 200:
        raise Inconclusive(f"the list of certificates to sign with was answered {answer.answer.status}")
    return entries(answer.answer.json(), signer_answers.COLLECTION)


@when(parsers.re("the (?P<party>.+) lists the certificates that the CPS signs with"), target_fixture="answer")
def list_certificates(parties: Parties, v2g_roots: list[ReadCertificate], party: str) -> Exchange:
    """Ask what the CPS signs with; the roots are read too, to judge the answer by."""
    del v2g_roots
    return parties[party].ask(CERTIFICATES)


@when("somebody without credentials lists the certificates that the CPS signs with", target_fixture="answer")
def list_certificates_anonymously(parties: Parties) -> Exchange:
    """Ask what the CPS signs with, without a token."""
    return parties.any_party().ask_with(None, CERTIFICATES)


@when("all of these certificates have expired")
def all_expired(bench: Bench, offered: Sequence[dict[str, object]]) -> None:
    """Let so much time pass that nothing of the list is valid any more."""
    ends = [leaf.not_after for each in offered for leaf in signer_answers.chain(each)[:1]]
    bench.advance(max(ends) - bench.clock.now() + timedelta(days=1))


# Contracts below each root


@when(
    parsers.re("the (?P<party>eMSP|eMSP with own PKI) has a contract made below each V2G root on offer"),
    target_fixture="signings",
)
def made_below_each(
    data: TestData, parties: Parties, vehicle: Vehicle, offered: Sequence[dict[str, object]], party: str
) -> list[SignedBelowRoot]:
    """Have one contract made for each root that the CPS offers for the edition of the vehicle."""
    factory = ContractFactory(data, parties[party])
    fingerprints = _fingerprints(offered, version_of(vehicle.leaf))
    return [_signed_below(parties, factory.contract(vehicle), ROOT, each) for each in fingerprints]


@when("the eMSP orders a contract below each of those roots", target_fixture="signings")
def ordered_below_each(
    data: TestData, parties: Parties, vehicle: Vehicle, trusted_roots: Sequence[ReadCertificate]
) -> list[SignedBelowRoot]:
    """Order one contract for each root that contracts may be issued under, used for that or not."""
    factory = ContractFactory(data, parties["emsp"])
    return [
        _signed_below(parties, factory.to_generate(vehicle), MO_ROOT, root.fingerprint)
        for root in trusted_roots
    ]


@given("a contract of the eMSP with own PKI, signed below each V2G root on offer", target_fixture="signings")
def signed_below_each(
    data: TestData, parties: Parties, target: Target, vehicle: Vehicle, offered: Sequence[dict[str, object]]
) -> list[SignedBelowRoot]:
    """Have one and the same contract signed below several roots.

    Raises:
        NotApplicable: If the target does not keep them side by side, or has one root only.
    """
    target.demand_declared(SEVERAL_ROOTS, default=False)
    fingerprints = _fingerprints(offered, version_of(vehicle.leaf))
    if len(fingerprints) < 2:
        raise NotApplicable("the CPS offers only one V2G root")
    contract = ContractFactory(data, parties["emsp with own pki"]).to_sign(vehicle)
    signings = [_signed_below(parties, contract, ROOT, each) for each in fingerprints]
    if any(each.answer.answer.status not in MADE for each in signings):
        raise Inconclusive("the precondition, a contract signed below several roots, was refused")
    return signings


def _signed_below(parties: Parties, contract: Contract, member: str, fingerprint: str) -> SignedBelowRoot:
    asked = contract.with_members(**{member: fingerprint})
    return SignedBelowRoot(fingerprint, asked, ask(parties, asked.party, asked))


def _fingerprints(offered: Sequence[dict[str, object]], version: Version) -> list[str]:
    """Return the roots offered for an edition.

    Raises:
        Inconclusive: If there is none.
    """
    found = [str(each.get(ROOT)) for each in offered if signer_answers.signs_for(each) == version]
    if not found:
        raise Inconclusive(f"the CPS offers no certificate to sign with for {version}")
    return list(dict.fromkeys(found))


@when("the OEM fetches each of them", target_fixture="readings")
def fetched(parties: Parties, signings: Sequence[SignedBelowRoot]) -> list[ReadBelowRoot]:
    """Fetch the signed data of each contract that was made.

    Raises:
        Inconclusive: If none was.
    """
    made = [each for each in signings if each.answer.answer.status in MADE]
    if not made:
        raise Inconclusive("no contract was made below any of the roots")
    return [ReadBelowRoot(each, _fetch(parties, each.contract)) for each in made]


@when("the OEM fetches it below each of these roots", target_fixture="readings")
def fetched_below_each(parties: Parties, signings: Sequence[SignedBelowRoot]) -> list[ReadBelowRoot]:
    """Fetch one contract, root by root."""
    return [ReadBelowRoot(each, _fetch(parties, each.contract, each.fingerprint)) for each in signings]


@when("the eMSP with own PKI lists it below each of these roots", target_fixture="readings")
def listed_below_each(parties: Parties, signings: Sequence[SignedBelowRoot]) -> list[ReadBelowRoot]:
    """List one contract, root by root."""
    return [
        ReadBelowRoot(
            each,
            parties[each.contract.party].ask(
                BY_EMAID, path={"emaid": each.contract.emaid}, query={ROOT: each.fingerprint}
            ),
        )
        for each in signings
    ]


def _fetch(parties: Parties, contract: Contract, root: str | None = None) -> Exchange:
    query = {} if root is None else {ROOT: root}
    if contract.version != "ISO15118-2":
        query["xsdMsgDefNamespace"] = contract.namespace
    return parties["oem"].ask(FETCH, path={"emaid": contract.emaid, "pcid": contract.pcid}, query=query)
