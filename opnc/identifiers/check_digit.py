"""The check digit of an EMAID.

Source: "Check Digit Calculation for Contract-IDs" of the eMI3 group, for the EMAID of ISO 15118-2 Annex H.1.

Each character stands for a pair of bits and a pair of trits. The pairs at position n are multiplied by the
nth power of a matrix over GF(2) and of one over GF(3); the check digit, at position 15, makes both sums zero.
That catches any wrong character, any two swapped neighbours, and most of the other errors of typists.
"""

from __future__ import annotations

import re
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING, Final

from opnc.identifiers.form import match

if TYPE_CHECKING:
    from collections.abc import Iterable

_Pair = tuple[int, int]

_CHARACTERS: Final = digits + ascii_uppercase
_FORM = re.compile(r"[A-Za-z]{2}[A-Za-z0-9]{12}")
_BITS: Final = ((0, 1), (1, 1))
_TRITS: Final = ((0, 1), (1, 2))


def emaid_check_digit(emaid: str) -> str:
    """Compute the check digit of an EMAID.

    Args:
        emaid: Its 14 characters without separators; letter case does not matter.

    Returns:
        One digit or upper-case letter.

    Raises:
        Problem: Not two letters and twelve letters or digits.
    """
    match(emaid, "an EMAID of 14 characters", "for example DE8AACA2B3C4D5", _FORM)
    # 36 characters are 4 times 9: the quotient by 9 gives the bits, the remainder the trits.
    values = [_CHARACTERS.index(character) for character in emaid.upper()]
    bits = _sum((divmod(value // 9, 2) for value in values), _BITS, 2)
    trits = _times(_sum((divmod(value % 9, 3) for value in values), _TRITS, 3), _TRITS, 3)
    # The 15th power of the bit matrix is the identity, that of the trit matrix its inverse: the sum of the
    # bits is negated as it is, that of the trits after one more multiplication.
    high = 2 * (-bits[0] % 2) + -bits[1] % 2
    low = 3 * (-trits[0] % 3) + -trits[1] % 3
    return _CHARACTERS[9 * high + low]


def _sum(pairs: Iterable[_Pair], matrix: tuple[_Pair, _Pair], modulus: int) -> _Pair:
    """Add up the pairs, the first times the matrix, the second times its square, and so on (Horner)."""
    total = (0, 0)
    for pair in reversed(list(pairs)):
        total = _times((total[0] + pair[0], total[1] + pair[1]), matrix, modulus)
    return total


def _times(row: _Pair, matrix: tuple[_Pair, _Pair], modulus: int) -> _Pair:
    (a, b), (c, d) = matrix
    return (row[0] * a + row[1] * c) % modulus, (row[0] * b + row[1] * d) % modulus
