"""Distinguished names in text."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki.deviations import Unreadable
from opnc.pki.names import from_x509, read_name


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


@pytest.mark.parametrize(
    "text",
    [
        'CN="V2G, Root",DC=V2G,O=Ex,2.5.4.5=7',
        "CN=V2G\\, Root, OID.0.9.2342.19200300.100.1.25=V2G, O=Ex, OID.2.5.4.5=7",
        "cn=v2g\\, root,0.9.2342.19200300.100.1.25=#1603563247,o=ex,2.5.4.5=#130137",
        "commonName=V2G\\, Root,domainComponent=V2G,organizationName=Ex,serialNumber=7",
        "/serialNumber=7/O=Ex/DC=V2G/CN=V2G, Root",
        'CN = V2G\\2C Root, DC = "V2G", O = Ex, serialNumber = 7',
        "CN=V2G\\, Root,dc=#1603563247,O=Ex,SERIALNUMBER=#0c0137",
    ],
)
def test_the_spellings_of_java_and_openssl_are_one_name(text: str) -> None:
    name = read_name("CN=V2G\\, Root,DC=V2G,O=Ex,SERIALNUMBER=7")
    assert read_name(text) == name
    assert read_name(str(read_name(text))) == name


@pytest.mark.parametrize(
    "text",
    [
        "2.5.4.97=VATDE-1",
        "2.5.4.97=#0c0756415444452d31",
        "organizationIdentifier=VATDE-1",
        "OID.2.5.4.97=VATDE-1",
    ],
)
def test_an_attribute_without_keyword_is_written_by_its_octets(text: str) -> None:
    name = read_name(f"{text},GIVENNAME=A,S=B,C=DE")
    assert name.get("2.5.4.97") == "VATDE-1"
    assert str(name) == "2.5.4.97=#0c0756415444452d31,2.5.4.42=#0c0141,ST=B,C=DE"
    assert read_name(str(name)) == name


def test_a_name_of_a_certificate_is_written_as_it_is_read() -> None:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "VATDE-1"),
            x509.NameAttribute(NameOID.COMMON_NAME, ' #a,b+c"d '),
        ]
    )
    assert str(from_x509(name)) == 'CN=\\ #a\\,b\\+c\\"d\\ ,2.5.4.97=#0c0756415444452d31,C=DE'
    assert read_name(str(from_x509(name))) == from_x509(name)


def test_an_escaped_blank_at_the_end_belongs_to_the_value() -> None:
    assert read_name("CN=a\\ ,O=b").get("CN") == "a "


@pytest.mark.parametrize(
    "text",
    [
        None,
        5,
        "",
        "  ",
        "CN",
        "V2G Root",
        "=x",
        "CN=x,",
        "FOO=x",
        "C=DEU",
        "CN=a\\",
        "/",
        'CN="a',
        "CN=#1",
        "CN=#0c05",
        "CN=",
    ],
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
