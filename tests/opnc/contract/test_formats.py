from __future__ import annotations

import pytest

from opnc.contract.formats import is_date_time, is_uri, is_uuid


@pytest.mark.parametrize(
    "text",
    [  # RFC 3339, 5.8
        "1985-04-12T23:20:50.52Z",
        "1996-12-19T16:39:57-08:00",
        "1990-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00",
        "1937-01-01T12:00:27.87+00:20",
        "1985-04-12t23:20:50z",
        "2000-02-29T00:00:00Z",
    ],
)
def test_a_date_time_of_rfc_3339_passes(text: str) -> None:
    assert is_date_time(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1985-04-12",
        "1985-04-12T23:20:50",
        "1985-04-12 23:20:50Z",
        "1985-04-12T23:20:50Z\n",
        "1985-04-12T24:00:00Z",
        "1985-04-12T23:60:00Z",
        "1985-04-12T23:20:61Z",
        "1985-02-29T00:00:00Z",
        "1985-13-01T00:00:00Z",
        "1985-04-12T23:20:50+24:00",
        "1985-04-12T23:20:50+0100",
        "1985-04-12T23:20:50.Z",
        "1985-04-12T23:20:5\u0660Z",
    ],
)
def test_anything_else_is_no_date_time(text: str) -> None:
    assert not is_date_time(text)


def test_a_uuid_has_five_groups_of_hexadecimal_digits() -> None:
    assert is_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")  # RFC 4122, 3
    assert not is_uuid("f81d4fae7dec11d0a76500a0c91e6bf6")
    assert not is_uuid("{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}")
    assert not is_uuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6\n")


@pytest.mark.parametrize(
    "text",
    [
        "https://host/hook",
        "https://host:8443/a%20b?c=d#e",
        "http://[2001:db8::7]/x",
        "ldap://[2001:db8::7]/c=GB",
    ],
)
def test_an_absolute_uri_passes(text: str) -> None:
    assert is_uri(text)


@pytest.mark.parametrize(
    "text", ["", "host/hook", "https://", "https://a b", "https://a/%zz", "https://a/ü", "1://a"]
)
def test_anything_else_is_no_absolute_uri(text: str) -> None:
    assert not is_uri(text)


def test_a_format_judges_texts_only() -> None:
    assert is_uuid(1)
    assert is_date_time(None)
    assert is_uri([])
