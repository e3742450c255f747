from __future__ import annotations

import pytest

from opnc.identifiers import fits_party_type

FINGERPRINT = "0f" * 32


@pytest.mark.parametrize(
    ("party_type", "text"),
    [("oem", "WDB"), ("emsp", "DEABC"), ("cpo", "DE9A1"), ("pki", FINGERPRINT), ("cps", FINGERPRINT.upper())],
)
def test_an_id_of_its_kind_fits(party_type: str, text: str) -> None:
    assert fits_party_type(text, party_type)


@pytest.mark.parametrize(
    ("party_type", "text"),
    [
        *(("oem", "DEABC"), ("oem", "W-B"), ("oem", "")),
        *(("emsp", "ABC"), ("emsp", "12ABC"), ("cpo", "DE*ICE"), ("cpo", FINGERPRINT)),
        *(("pki", "WDB"), ("pki", FINGERPRINT[:-1]), ("cps", FINGERPRINT[:-1] + "g")),
    ],
)
def test_an_id_of_another_kind_does_not_fit(party_type: str, text: str) -> None:
    assert not fits_party_type(text, party_type)


@pytest.mark.parametrize("party_type", ["pcp", "ccp", "rcp"])
def test_nobody_says_how_a_pool_is_called(party_type: str) -> None:
    assert fits_party_type("anything", party_type)
