"""The string formats that the contract uses, checked without further packages."""

from __future__ import annotations

import re
from datetime import datetime

from jsonschema import FormatChecker

# None of the library's own: which of them work depends on what else is installed.
FORMATS = FormatChecker(formats=())
"""Checks `uuid`, `date-time` and `uri`; other formats are annotations."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:)(\d{2})(?:\.\d+)?(?:[Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://(?:[!-~](?<![\"<>\\^`{|}]))+")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@FORMATS.checks("uuid")
def is_uuid(value: object) -> bool:
    """Tell whether a string is a UUID in the form of RFC 4122; other types pass."""
    return not isinstance(value, str) or _UUID.fullmatch(value) is not None


@FORMATS.checks("date-time")
def is_date_time(value: object) -> bool:
    """Tell whether a string is a date-time of RFC 3339, leap second 60 included; other types pass."""
    if not isinstance(value, str):
        return True
    match = _DATE_TIME.fullmatch(value)
    if match is None:
        return False
    date, minute, second = match[1], match[2], match[3]
    try:
        # The calendar is left to the library; it has no leap seconds, hence 59.
        datetime.fromisoformat(f"{date}T{minute}{'59' if second == '60' else second}+00:00")
    except ValueError:
        return False
    return True


@FORMATS.checks("uri")
def is_uri(value: object) -> bool:
    """Tell whether a string is an absolute URI with an authority (RFC 3986, section 3); other types pass."""
    # Spelt out, for `urllib` takes nearly any text for a URI.
    return not isinstance(value, str) or (_URI.fullmatch(value) is not None and not _PERCENT.search(value))
