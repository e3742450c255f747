"""Distinguished names in text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki.deviations import Unreadable
from opnc.pki.names import read_name


def test_the_examples_of_rfc_4514_are_read() -> None:
    assert read_name("UID=jsmith,DC=example,DC=net").rdns == (
        frozenset({("DC", "net")}),
        frozenset({("DC", "example")}),
        frozenset({("UID", "jsmith")}),
    )
    several = read_name("OU=Sales+CN=J.  Smith,DC=example,DC=net")
    assert several.rdns[-1] == frozenset({("OU", "Sales"), ("CN", "J.  Smith")})
    assert read_name(r"CN=James \"Jim\" Smith\, III,DC=example").get("CN") == 'James "Jim" Smith, III'
    assert read_name(r"CN=Before\0dAfter,DC=example").get("CN") == "Before\rAfter"
    assert read_name(r"CN=Lu\C4\8Di\C4\87").get("CN") == "Lučić"


@pytest.mark.parametrize(
    "text",
    [
        "CN=V2G Root CA QA G1, DC=V2G, O=Hubject GmbH, C=DE",
        "C=DE,O=Hubject GmbH,DC=V2G,CN=V2G Root CA QA G1",
        "DC = V2G , CN=V2G Root CA QA G1,O=Hubject GmbH,C= DE",
        "cn=v2g root ca qa g1,dc=v2g,o=hubject  gmbh,c=de",
        "CN=V2G Root CA QA G1;DC=V2G;O=Hubject GmbH;C=DE",
    ],
)
def test_order_case_and_blanks_do_not_count_among_rdns(text: str) -> None:
    assert read_name(text).has_same_rdns(read_name("CN=V2G Root CA QA G1,DC=V2G,O=Hubject GmbH,C=DE"))


def test_another_value_or_a_missing_rdn_counts() -> None:
    name = read_name("CN=Root,O=A,C=DE")
    assert not name.has_same_rdns(read_name("CN=Root,O=B,C=DE"))
    assert not name.has_same_rdns(read_name("CN=Root,O=A"))
    assert not name.has_same_rdns(read_name("CN=Root,O=A,O=A,C=DE"))


def test_equality_keeps_the_order_that_certificates_have() -> None:
    assert read_name("CN=a,O=b") == read_name("cn=A, o=B")
    assert read_name("CN=a,O=b") != read_name("O=b,CN=a")


def test_names_with_more_than_the_published_patterns_allow_are_read() -> None:
    name = read_name(r"CN=Müller & Söhne_2,OU=F\+E,O=A")
    assert name.get("CN") == "Müller & Söhne_2"
    assert name.get("OU") == "F+E"


def test_attributes_without_a_keyword_are_read_by_oid() -> None:
    assert read_name("1.2.3.4=x,E=a@b.example").rdns == (
        frozenset({("EMAILADDRESS", "a@b.example")}),
        frozenset({("1.2.3.4", "x")}),
    )


def test_an_escaped_blank_at_the_end_belongs_to_the_value() -> None:
    assert read_name("CN=a\\ ,O=b").get("CN") == "a "


@pytest.mark.parametrize(
    "text", [None, 5, "", "  ", "CN", "V2G Root", "=x", "CN=x,", "FOO=x", "C=DEU", "CN=a\\"]
)
def test_what_is_no_name_is_refused(text: object) -> None:
    with pytest.raises(Unreadable) as caught:
        read_name(text, where="distinguishedName")
    assert caught.value.name == "not-a-name"
    assert caught.value.where == "distinguishedName"


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_no_text_makes_reading_crash(text: str) -> None:
    try:
        name = read_name(text)
    except Unreadable:
        return
    assert read_name(str(name)) == name
