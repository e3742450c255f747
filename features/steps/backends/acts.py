"""What backends can be made to do that takes no more than the things of the scenario: a table."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.vocabulary.references import Ref
from features.vocabulary.tables import Vocabulary
from fixtures.answers.est import issued_leaf
from fixtures.judgements import clients, clients_emsp, clients_pki
from fixtures.judging import Inconclusive
from fixtures.testdata.csr import common_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from features.vocabulary.references import Register
    from fixtures.backends.client_under_test import Backends, ObservedUseCase
    from fixtures.testdata.contracts import Contract
    from fixtures.testdata.generator import TestData
    from fixtures.testdata.vehicles import Vehicle


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scenario has that a use case may be about.

    Attributes:
        observed: What backends have done for their own sake, in order.
    """

    backends: Backends
    data: TestData
    vehicles: Register[Vehicle]
    contracts: Register[Contract]
    observed: Sequence[ObservedUseCase]


@dataclass(frozen=True, slots=True)
class Act:
    """A use case as a sentence says it.

    Attributes:
        party: Whose backend acts, a key of `USE_CASES`.
        use_case: What it does.
        awaiting: The operations of which one ends the wait for its requests; none: the whole window passes.
        values: What it is to be done with, by name.
    """

    party: str
    use_case: str
    awaiting: tuple[str, ...]
    values: Callable[[Stage], Mapping[str, str]] = lambda _stage: {}

    def perform(self, stage: Stage) -> ObservedUseCase:
        """Have it done.

        Raises:
            NotApplicable: If the target declares no way to.
            Inconclusive: If it is not done, or there is nothing to do it with.
        """
        backend = stage.backends[self.party]
        # First: what nobody claims needs no values.
        backend.demand(self.use_case)
        return backend.perform(self.use_case, self.values(stage), awaiting=self.awaiting)


def _of_vehicle(stage: Stage) -> Mapping[str, str]:
    return {"pcid": stage.vehicles[Ref("vehicle")].pcid}


def _of_contract(stage: Stage) -> Mapping[str, str]:
    contract = stage.contracts[Ref("contract")]
    return {"pcid": contract.pcid, "emaid": contract.emaid}


def _new_name(party: str, domain: str, value: str) -> Callable[[Stage], Mapping[str, str]]:
    """Draw an id of the account that nobody has used."""
    return lambda stage: {value: common_name(domain, stage.data, stage.backends[party].account)}


def _certificate_just_issued(stage: Stage) -> Mapping[str, str]:
    answers = [each.exchange.answer for each in stage.observed[-1].of(clients_pki.ENROLL)]
    leaf = issued_leaf(answers[-1]) if answers else None
    if leaf is None:
        raise Inconclusive("the precondition, a certificate of the backend, was not issued")
    return {"certificate": b64encode(leaf.der).decode()}


_ROOTS, _ENROLL, _REVOKE = (clients.ROOTS,), (clients_pki.ENROLL,), (clients_pki.REVOKE,)
_SUBSCRIBE = (clients.SUBSCRIBE,)

ACT: Vocabulary[Act] = Vocabulary(
    "thing that a backend does",
    {
        # Types may be asked for one after the other, so the whole window passes.
        "the CPO backend updates the roots of its charge points": Act("cpo", "update-roots", ()),
        "the OEM backend updates the trust stores of its vehicles": Act("oem", "update-trust-stores", _ROOTS),
        "the eMSP backend updates its roots": Act("emsp", "update-roots", ()),
        "the CPS backend updates its roots": Act("cps", "update-roots", ()),
        "the OEM backend lists the contracts of that vehicle": Act(
            "oem", "list-contracts", (clients.LIST,), _of_vehicle
        ),
        "the OEM backend fetches that contract": Act("oem", "fetch-contract", (clients.FETCH,), _of_contract),
        # Whatever follows on the answer is waited for as well.
        "the OEM backend brings that contract to its vehicle": Act("oem", "fetch-contract", (), _of_contract),
        "the eMSP backend looks that vehicle up": Act(
            "emsp", "look-up-vehicle", (clients_emsp.LOOK_UP,), _of_vehicle
        ),
        "the eMSP backend lists that contract": Act(
            "emsp", "list-contracts", (clients_emsp.LIST,), _of_contract
        ),
        "the eMSP backend renews that contract": Act(
            "emsp", "renew-contract", clients_emsp.MAKING, _of_contract
        ),
        "the eMSP backend removes that contract": Act(
            "emsp", "remove-contract", (clients_emsp.DELETE,), _of_contract
        ),
        "the CPO backend enrols a new charge point": Act(
            "cpo", "enrol-charge-point", _ENROLL, _new_name("cpo", "cpo", "evseId")
        ),
        "the OEM backend enrols a new vehicle": Act(
            "oem", "enrol-vehicle", _ENROLL, _new_name("oem", "oem", "pcid")
        ),
        "the eMSP backend enrols a new contract": Act(
            "emsp", "enrol-contract", _ENROLL, _new_name("emsp", "emsp", "emaid")
        ),
        "the CPS backend enrols a new signer": Act("cps", "enrol-signer", _ENROLL),
        "the CPO backend revokes that certificate": Act(
            "cpo", "revoke-certificate", _REVOKE, _certificate_just_issued
        ),
        "the OEM backend revokes that certificate": Act(
            "oem", "revoke-certificate", _REVOKE, _certificate_just_issued
        ),
        "the OEM backend subscribes to events": Act("oem", "subscribe", _SUBSCRIBE),
        "the eMSP backend subscribes to events": Act("emsp", "subscribe", _SUBSCRIBE),
        "the CPO backend subscribes to events": Act("cpo", "subscribe", _SUBSCRIBE),
        "the CPS backend subscribes to events": Act("cps", "subscribe", _SUBSCRIBE),
    },
)
