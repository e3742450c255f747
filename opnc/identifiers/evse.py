"""EVSE id and SECC id: identifiers of a charging point and of its controller.

Sources: `specification/apis/pki/pki.api.v1.simpleenroll.json`, `processes/docs/05_handling-of-ids.md`,
ISO 15118-2 Annex H.2, ISO 15118-20; read by ERR-111.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from opnc.identifiers.form import match

_API = re.compile(r"([A-Za-z]{2})\*?(\w{3})\*?E([\w*]{1,30})", re.ASCII)
_ABNF = re.compile(r"([A-Za-z]{2})\*?([A-Za-z0-9]{3})\*?[Ee]([A-Za-z0-9][A-Za-z0-9*]{0,30})")
# The lengths count separators: it has to fit into a common name, which takes 64 characters.
_SECC = re.compile(r"(?=.{39,64}\Z)([A-Za-z]{2})-?([A-Za-z0-9]{3})-?[Ss]-?([A-Za-z0-9]{32,})-?([A-Za-z0-9])")


@dataclass(frozen=True, slots=True)
class EvseId:
    """An EVSE id in its parts, upper case.

    Attributes:
        country_code: Two letters.
        operator_id: Three characters.
        outlet: The power outlet, up to 31 characters, with its own separators: `1*11` is not `11*1`.
    """

    country_code: str
    operator_id: str
    outlet: str

    @staticmethod
    def valid_in_api(text: str) -> bool:
        """Say whether the pattern of the API description allows it as common name of a SECC certificate."""
        return _API.fullmatch(text) is not None

    @staticmethod
    def valid_in_docs(text: str) -> bool:
        """Say whether the ABNF of ISO 15118-2, as the documentation quotes it, allows it."""
        return _ABNF.fullmatch(text) is not None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an EVSE id with or without separators.

        Raises:
            Problem: It is valid in neither reading.
        """
        found = match(text, "an EVSE id", "for example DE*ICE*E45B*78C", _API, _ABNF)
        return cls(*(part.upper() for part in found.groups()))

    @property
    def owner(self) -> str:
        """Country code and operator id: five characters the rights of a CPO hang on."""
        return self.country_code + self.operator_id

    @property
    def normalised(self) -> str:
        """Upper case, without the separators between the parts: `DEICEE45B*78C`."""
        return f"{self.owner}E{self.outlet}"


@dataclass(frozen=True, slots=True)
class SeccId:
    """A SECC id in its parts, upper case: the common name of a SECC certificate in ISO 15118-20.

    The check digit is separated, not verified: no public source says how it is computed.

    Attributes:
        country_code: Two letters.
        operator_id: Three characters.
        controller: The controller's id, at least 32 characters.
        check_digit: The last character.
    """

    country_code: str
    operator_id: str
    controller: str
    check_digit: str

    @staticmethod
    def valid(text: str) -> bool:
        """Say whether it has the form, and 39 to 64 characters with its separators."""
        return _SECC.fullmatch(text) is not None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a SECC id with or without hyphens.

        Raises:
            Problem: It has not the form.
        """
        form = "country code, operator id, S, at least 32 characters, check digit; 39 to 64 characters in all"
        found = match(text, "a SECC id", form, _SECC)
        return cls(*(part.upper() for part in found.groups()))

    @property
    def owner(self) -> str:
        """Country code and operator id: five characters the rights of a CPO hang on."""
        return self.country_code + self.operator_id

    @property
    def normalised(self) -> str:
        """Upper case, without hyphens."""
        return f"{self.owner}S{self.controller}{self.check_digit}"
