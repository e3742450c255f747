"""EMAID: the identifier of a charging contract.

Sources: `specification/components/parameters/emaidParam.v1.json`, `processes/docs/05_handling-of-ids.md`,
ISO 15118-2 Annex H.1; read by ERR-160, ERR-161 and ERR-163.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Self

from opnc.identifiers.check_digit import emaid_check_digit
from opnc.identifiers.form import match

# \w of the published pattern takes underscores too, which no EMAID of ISO 15118 has; ASCII as ECMA 262 reads
# it (ERR-160).
_API = re.compile(r"(?=.{14,36}\Z)[A-Za-z]{2}-?\w{3}-?\w{9,28}-?\w?", re.ASCII)
_DOCS = re.compile(r"[A-Za-z]{2}(-?)[A-Za-z0-9]{3}\1[A-Za-z0-9]{9}(?:\1[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Emaid:
    """An EMAID in its parts, upper case, without separators.

    Fifteen characters are read as fourteen and a check digit, more as a longer instance, as ISO 15118-20 and
    OCPI allow it; hyphens decide nothing, because services take them away before they look (ERR-161). Two
    EMAIDs are equal if they denote the same contract, with or without check digit.

    Attributes:
        country_code: Two letters.
        provider_id: Three characters.
        instance: Nine characters; up to 29 in ids that ISO 15118-2 cannot carry.
        check_digit: As found, right or wrong; None where there is none.
    """

    country_code: str
    provider_id: str
    instance: str
    check_digit: str | None = field(default=None, compare=False)

    @staticmethod
    def valid_in_api(text: str) -> bool:
        """Say whether the pattern and the lengths of the API description allow it."""
        return _API.fullmatch(text) is not None

    @staticmethod
    def valid_in_docs(text: str) -> bool:
        """Say whether the documentation allows it: all hyphens or none, nine characters of instance.

        The published expression is not anchored; nobody can mean that, so it is held against the whole id.
        """
        return _DOCS.fullmatch(text) is not None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an EMAID in any letter case, with or without hyphens and check digit.

        Raises:
            Problem: It is valid in neither reading.
        """
        match(
            text, "an EMAID", "two letters and 12 to 34 characters, for example DE8AACA2B3C4D5", _API, _DOCS
        )
        # Before anything is told apart: hyphens decide nothing (ERR-161).
        compact = text.replace("-", "").upper()
        with_check_digit = len(compact) == 15
        return cls(
            country_code=compact[:2],
            provider_id=compact[2:5],
            instance=compact[5:14] if with_check_digit else compact[5:],
            check_digit=compact[14] if with_check_digit else None,
        )

    @property
    def owner(self) -> str:
        """Country code and provider id: five characters the rights of an eMSP hang on."""
        return self.country_code + self.provider_id

    @property
    def normalised(self) -> str:
        """The form services store and answer: upper case, no hyphens, no check digit."""
        return self.owner + self.instance

    @property
    def compact(self) -> str:
        """As `normalised`, with the check digit if there is one."""
        return self.normalised + (self.check_digit or "")

    @property
    def hyphenated(self) -> str:
        """The form for people: `DE-8AA-CA2B3C4D5-N`."""
        parts = (self.country_code, self.provider_id, self.instance, self.check_digit)
        return "-".join(part for part in parts if part)

    @property
    def fits_iso15118_2(self) -> bool:
        """Whether ISO 15118-2 can carry it: at most 15 characters with the check digit (ERR-163)."""
        return len(self.instance) == 9

    @property
    def check_digit_fits(self) -> bool | None:
        """Whether the check digit is right; None without one, or with underscores, where none is defined."""
        if self.check_digit is None or "_" in self.compact:
            return None
        return self.check_digit == emaid_check_digit(self.normalised)
