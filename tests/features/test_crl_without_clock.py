"""A CRL that must tell of a revocation is waited for as long as the target says (PKI-CRL-02)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from features.steps.certificates.when import crl_is_read
from features.vocabulary.things import ReadPath
from fixtures.answers.certificate_status import status_by_crl
from fixtures.judging import Inconclusive
from fixtures.target.declaration import CLOCK
from opnc.pki.crl import build_crl
from opnc.pki.keys import Seed
from opnc.pki.revocation import Revocation
from opnc.pki.testbed import Addresses, SeededPki
from tests.support.exchanges import response

if TYPE_CHECKING:
    from fixtures.answers.certificate_status import StatusAnswer

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PKI = SeededPki(Seed("crl"), NOW, addresses=Addresses("", "http://crl.example/ca.crl"))
LEAF, CA = PKI.secc("DE*CPO*E1"), PKI.authority("cpo", "sub2")
ENTRY = {LEAF.certificate.serial: Revocation(NOW, "superseded")}


def listing(entries: dict[int, Revocation], number: int = 1) -> bytes:
    return build_crl(PKI.issuer(CA), entries, number, NOW, NOW + timedelta(days=1))


def read(*lists: bytes, meets: tuple[str, ...] = (), **declared: Any) -> tuple[StatusAnswer, timedelta]:
    """Read lists one after the other, the last again and again; also return how far the clock was moved."""
    left, moved = list(lists), [timedelta(0)]

    def fetch(_operation: Any, _url: str) -> Any:
        return SimpleNamespace(number=1, answer=response(200, left.pop(0) if len(left) > 1 else left[0]))

    bench = SimpleNamespace(
        target=SimpleNamespace(meets=meets, declared=declared),
        clock=SimpleNamespace(now=lambda: NOW),
        advance=moved.append,
    )
    parties, path = SimpleNamespace(fetch=fetch), ReadPath(LEAF.certificates)
    told = crl_is_read(cast("Any", parties), cast("Any", bench), path, due=True)
    return told, moved[-1]


def is_listed(told: StatusAnswer) -> bool:
    status = status_by_crl(told)
    return status is not None and status.state == "revoked"


def test_a_list_that_tells_of_it_at_once_is_taken() -> None:
    told, moved = read(listing(ENTRY))
    assert (is_listed(told), moved) == (True, timedelta(0))


def test_where_the_clock_can_be_moved_the_next_list_is_read_when_it_is_due() -> None:
    told, moved = read(listing({}), listing(ENTRY, 2), meets=(CLOCK,))
    assert (is_listed(told), moved) == (True, timedelta(days=1, seconds=1))


def test_it_is_waited_for_as_long_as_is_declared() -> None:
    told, _ = read(listing({}), listing(ENTRY, 2), crl_window_s=3)
    assert is_listed(told)


def test_a_list_that_is_made_anew_without_telling_of_it_is_judged() -> None:
    told, _ = read(listing({}), listing({}, 2))
    assert not is_listed(told)


def test_a_list_of_before_tells_nothing_where_nobody_can_wait() -> None:
    with pytest.raises(Inconclusive, match="crl_window_s"):
        read(listing({}))
