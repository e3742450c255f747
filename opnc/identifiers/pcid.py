"""PCID: the identifier of a vehicle's provisioning certificate.

Sources: `specification/components/parameters/pcidParam.v1.json`, `processes/docs/05_handling-of-ids.md`,
VDE-AR-E 2802-100-1 section 10; read by ERR-159 and ERR-162.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from opnc.identifiers.form import match

_FORM = re.compile(r"[A-Za-z0-9]{17,18}")


@dataclass(frozen=True, slots=True)
class Pcid:
    """A PCID in its parts, upper case.

    The forms of 17 and of 18 characters are different ids (ERR-162). No public source says how the check
    digit is computed, so it is only separated, never verified.

    Attributes:
        wmi: World manufacturer identifier, three characters.
        serial: The OEM's own id of the vehicle, 14 characters.
        check_digit: The 18th character; None where there is none.
    """

    wmi: str
    serial: str
    check_digit: str | None = None

    @staticmethod
    def valid(text: str) -> bool:
        """Say whether it is 17 or 18 letters and digits; API and documentation agree."""
        return _FORM.fullmatch(text) is not None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a PCID in any letter case.

        Raises:
            Problem: It is not 17 or 18 letters and digits.
        """
        match(text, "a PCID", "17 or 18 letters and digits, for example XYZ12345678901234", _FORM)
        upper = text.upper()
        return cls(wmi=upper[:3], serial=upper[3:17], check_digit=upper[17:] or None)

    @property
    def owner(self) -> str:
        """The WMI: three characters the rights of an OEM hang on."""
        return self.wmi

    @property
    def normalised(self) -> str:
        """All characters in upper case; how it is compared where case does not matter (ERR-162)."""
        return self.wmi + self.serial + (self.check_digit or "")
