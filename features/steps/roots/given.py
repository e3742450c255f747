"""What stands before: roots that are in the pool, and what is known of its list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.steps.roots.shared import all_roots, delete, make, register, roots_of, send
from features.vocabulary.references import Ref
from features.vocabulary.steps import given, when
from features.vocabulary.things import Registered
from fixtures.answers.statuses import published_status
from fixtures.judging import Inconclusive
from opnc.roots import TYPES, stated_types

if TYPE_CHECKING:
    import pytest

    from features.vocabulary.references import Register
    from fixtures.answers.roots import Root
    from fixtures.client.parties import Parties, Party
    from fixtures.testdata.generator import TestData
    from opnc.pki.reading import ReadCertificate


@given("the list of all root certificates", target_fixture="pool")
def pool(parties: Parties) -> list[Root]:
    """Read the list before anything is done."""
    return all_roots(parties.any_party())


@given(
    "the roots (which=of the pool that contracts may be issued under|that vehicles may stand under)",
    target_fixture="trusted_roots",
)
def trusted_roots(parties: Parties, which: str) -> list[ReadCertificate]:
    """Read the roots of V2G type, and those of eMSPs (ERR-068) or of OEMs."""
    return roots_of(parties, "emsp" if "contracts" in which else "oem", "v2g")


@given("{party} has registered {new_root}")
@when("{party} adds {new_root}")
def registered(request: pytest.FixtureRequest, party: Party, new_root: Ref) -> Registered:
    """Register a root made for this scenario; a precondition, so it must be taken."""
    return register(party, make(new_root.plan, request))


@given(
    "{party} has registered (two further roots of type V2G, OEM and eMSP each|{n} further roots of type V2G)",
    introduces=[Ref("root", "further", new=True)],
)
def several(party: Party, data: TestData, roots: Register[Registered], n: int | None) -> None:
    """Make several roots of one type known, or so many that a list of them has more than one page."""
    if n is not None:
        for number in range(n):
            roots.keep(f"further {number}", root := Registered(data.root(), ("v2g",)))
            send(party, root)
        return
    types = [name for name in ("v2g", "oem", "emsp") for _ in range(2)]
    for number, name in enumerate(types, start=1):
        roots.keep(f"further {number}", register(party, Registered(data.root(), (name,))))


@given("{party} has deleted {root}")
def deleted(party: Party, root: Registered) -> None:
    """Take a root out of the pool again."""
    answer = delete(party, root)
    if published_status(answer) != 200:
        raise Inconclusive(f"the precondition, a deleted root, was answered {answer.answer.status}")


@given("a root type that no root of the list has", target_fixture="unused_type")
def unused_type(parties: Parties) -> str:
    """Find a type of the vocabulary that the pool has no root of."""
    used = {name for root in all_roots(parties.any_party()) for name in stated_types(root)}
    unused = [name for name in TYPES if name not in used]
    if not unused:
        raise Inconclusive("the pool holds roots of every type, so no filter comes up empty")
    return unused[-1]
