"""Base64, key identifiers and serial numbers as the API writes them."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opnc.pki.deviations import Unreadable
from opnc.pki.texts import MAX_TEXT_CHARACTERS, read_base64, read_key_identifier, read_serial_number

RFC_4648 = {
    b"f": "Zg==",
    b"fo": "Zm8=",
    b"foo": "Zm9v",
    b"foob": "Zm9vYg==",
    b"fooba": "Zm9vYmE=",
    b"foobar": "Zm9vYmFy",
}
"""RFC 4648 section 10."""


def findings(text: str) -> list[str]:
    return [finding.name for finding in read_base64(text).findings]


def refusal(text: object) -> str:
    with pytest.raises(Unreadable) as caught:
        read_base64(text, where="caCertificate")
    assert caught.value.where == "caCertificate"
    return caught.value.name


@pytest.mark.parametrize(("data", "text"), RFC_4648.items())
def test_plain_base64_has_no_findings(data: bytes, text: str) -> None:
    assert read_base64(text).data == data
    assert findings(text) == []


@settings(deadline=None, derandomize=True)
@given(st.binary(min_size=1, max_size=200))
def test_whatever_is_plain_base64_is_read(data: bytes) -> None:
    decoded = read_base64(base64.b64encode(data).decode())
    assert decoded.data == data
    assert decoded.findings == ()


@pytest.mark.parametrize(
    ("text", "data", "names"),
    [
        ("Zm9v\nYmFy", b"foobar", ["line-breaks"]),
        ("Zm9v\r\nYmFy\r\n", b"foobar", ["line-breaks"]),
        (" Zm9v YmFy", b"foobar", ["blanks"]),
        ("-_8=", b"\xfb\xff", ["base64url"]),
        ("-_8", b"\xfb\xff", ["base64url", "base64-padding"]),
        ("Zg", b"f", ["base64-padding"]),
        ("Zm9v===", b"foo", ["base64-padding"]),
        ("Zh==", b"f", ["base64-spare-bits"]),
        ("-----BEGIN CERTIFICATE-----\nZm9v\nYmFy\n-----END CERTIFICATE-----\n", b"foobar", ["pem-armour"]),
    ],
)
def test_what_is_not_plain_is_decoded_and_named(text: str, data: bytes, names: list[str]) -> None:
    assert read_base64(text).data == data
    assert findings(text) == names


def test_base64_of_pem_is_unwrapped_and_named() -> None:
    pem = b"-----BEGIN CERTIFICATE-----\nZm9vYmFy\n-----END CERTIFICATE-----\n"
    text = base64.b64encode(pem).decode()
    assert read_base64(text).data == b"foobar"
    assert findings(text) == ["base64-of-pem"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (None, "not-text"),
        (7, "not-text"),
        (["Zg=="], "not-text"),
        ("", "empty"),
        (" \n", "empty"),
        ("%%%", "not-base64"),
        ("Zm9vÜmFy", "not-base64"),
        ("Zg==Zg==", "not-base64"),
        ("Z", "not-base64"),
        ("====", "not-base64"),
        ("A" * (MAX_TEXT_CHARACTERS + 1), "too-long"),
        ("A" * 1_400_000, "too-long"),
    ],
)
def test_what_is_no_base64_is_refused_by_name(text: object, name: str) -> None:
    assert refusal(text) == name


def test_the_refusal_points_at_the_first_wrong_character() -> None:
    with pytest.raises(Unreadable, match="'%' at position 4"):
        read_base64("Zm9v%")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("S0X/giX8EJY=", "base64"),
        ("4b:45:ff:82:25:fc:10:96", "colon-hex"),
        ("4B:45:FF:82:25:FC:10:96", "colon-hex"),
        ("4b45ff8225fc1096", "hex"),
    ],
)
def test_a_key_identifier_is_the_same_in_every_form(text: str, form: str) -> None:
    read = read_key_identifier(text)
    assert read.value == bytes.fromhex("4b45ff8225fc1096")
    assert read.form == form


def test_a_key_identifier_of_twenty_bytes_is_read_in_every_form() -> None:
    value = bytes(range(0xA0, 0xB4))
    for text in (value.hex(), value.hex(":"), base64.b64encode(value).decode()):
        assert read_key_identifier(text).value == value


@pytest.mark.parametrize("text", [None, 5, "", "4b:4", "x!", ["4b:45"]])
def test_what_is_no_key_identifier_is_refused(text: object) -> None:
    with pytest.raises(Unreadable, match="no key identifier"):
        read_key_identifier(text)


@pytest.mark.parametrize("text", ["69ab00d2", "69AB00D2", "0069ab00d2", "69:ab:00:d2", "0x69ab00d2"])
def test_a_serial_number_is_the_same_in_every_form(text: str) -> None:
    assert read_serial_number(text) == 0x69AB00D2


@pytest.mark.parametrize("text", [None, 5, "", "-5", "12 34 zz", "f" * 65])
def test_what_is_no_serial_number_is_refused(text: object) -> None:
    with pytest.raises(Unreadable, match="no serial number"):
        read_serial_number(text)
