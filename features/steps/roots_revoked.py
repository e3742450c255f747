"""Roots that are revoked by a revocation list which the tester publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_bdd import given, then, when

from features.steps.roots import Registered, register_root
from fixtures.answers import roots as root_answers
from fixtures.judging import Inconclusive, expect

if TYPE_CHECKING:
    from fixtures.answers.roots import Root
    from fixtures.client.parties import Parties
    from fixtures.server.receiver import ScenarioEndpoints
    from fixtures.testdata.generator import RevocableRoot, TestData

LIST = "root.crl"


@dataclass(frozen=True, slots=True)
class Revocable(Registered):
    """A root in the pool whose revocation list is the tester's."""

    made: RevocableRoot


@given("the administrator has registered a root with a revocation list", target_fixture="root")
def registered_revocable(
    parties: Parties, data: TestData, scenario_endpoints: ScenarioEndpoints
) -> Revocable:
    """Publish a list without entries and register a root that names it."""
    made = data.revocable_root(scenario_endpoints.url_of(LIST))
    scenario_endpoints.publish(LIST, made.revocation_list(revoked=False))
    root = register_root(parties, made.certificate, ("v2g",))
    return Revocable(root.certificate, root.types, root.id, made)


@when("the revocation list names that root")
def revoke(scenario_endpoints: ScenarioEndpoints, root: Revocable) -> None:
    """Publish a list with the root on it."""
    scenario_endpoints.publish(LIST, root.made.revocation_list(revoked=True))


@then("the pool, having asked for the revocation list, no longer lists that root")
def is_gone(scenario_endpoints: ScenarioEndpoints, afterwards: list[Root], root: Revocable) -> None:
    """Demand that the root has left the list; a pool that never asked for its list may not know."""
    found = root_answers.find(afterwards, root.certificate)
    if found and not scenario_endpoints.has_handed_out(LIST):
        raise Inconclusive("the pool has not asked for the revocation list that the root names")
    expect(not found, "the revoked root", expected="not in the list", seen="in the list")
