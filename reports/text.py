"""Text of a peer, made safe to show."""

from __future__ import annotations

import re

_DECEPTIVE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""Control characters, invisible marks, marks that turn the direction of text, halves of surrogate pairs, and
non-characters: together all that XML 1.0 forbids or that makes text look different from what it is."""


def visible(text: str) -> str:
    r"""Write out what a peer could use to deceive or break a reader, such as `\u202e`."""
    return _DECEPTIVE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def one_line(text: str, longest: int = 300) -> str:
    """Return a text on one line, its deceptive characters written out, cut to so many characters."""
    # Written out first: `split` takes some control characters (U+001C to U+001F, U+0085) for blanks.
    line = " ".join(visible(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
