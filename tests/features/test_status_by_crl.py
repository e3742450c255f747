"""The status of a CA that names no OCSP responder is read from its CRL (PKI-OCSP-05)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from features.steps.certificates.then import responder_tells
from features.steps.certificates.when import WAY, status_is_asked
from features.vocabulary.things import ReadPath
from fixtures.judging import Judge, Mismatch, NotApplicable
from opnc.contract.beside import CRL
from opnc.pki.crl import build_crl
from opnc.pki.keys import Seed
from opnc.pki.revocation import Revocation
from opnc.pki.testbed import Addresses, SeededPki
from tests.support.exchanges import response

if TYPE_CHECKING:
    from fixtures.evidence.exchange import Response

NOW = datetime(2026, 3, 1, tzinfo=UTC)
URL = "http://crl.example/ca.crl"


class Fetching:
    """Parties of which a CRL is all that is asked."""

    number = 4

    def __init__(self, answer: Response) -> None:
        self.answer = answer

    def fetch(self, operation: Any, url: str) -> Fetching:
        assert (operation, url) == (CRL, URL)
        return self


class _Bench:
    """A bench whose clock has stopped."""

    @property
    def clock(self) -> _Bench:
        return self

    def now(self) -> datetime:
        return NOW


def asked(addresses: Addresses, *, revoked: bool) -> tuple[Any, Judge]:
    pki = SeededPki(Seed("crl"), NOW - timedelta(days=2), addresses=addresses)
    ca = pki.authority("cpo", "sub2")
    issuer = pki.issuer(pki.authority("cpo", "sub1"))
    entries = {ca.certificate.serial: Revocation(NOW, "superseded")} if revoked else {}
    listed = build_crl(issuer, entries, 1, NOW, NOW + timedelta(days=1))
    parties = cast("Any", Fetching(response(200, listed)))
    way = WAY[""]
    told = status_is_asked(parties, cast("Any", None), cast("Any", _Bench()), ReadPath(ca.certificates), way)
    return told, Judge()


def test_a_ca_without_a_responder_is_good_by_its_list() -> None:
    told, judge = asked(Addresses("", URL), revoked=False)
    responder_tells(cast("Any", _Bench()), told, judge, "good", None, None)
    assert told.by == "CRL"


def test_a_ca_that_its_list_has_is_not_good() -> None:
    told, judge = asked(Addresses("", URL), revoked=True)
    with pytest.raises(Mismatch, match="status of the certificate") as caught:
        responder_tells(cast("Any", _Bench()), told, judge, "good", None, None)
    assert (caught.value.exchange, caught.value.place) == (4, "body revokedCertificates")


def test_a_ca_that_names_neither_cannot_be_judged() -> None:
    with pytest.raises(NotApplicable):
        asked(Addresses("", ""), revoked=False)
