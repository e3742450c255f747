"""How an identifier is matched and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opnc.problem import Problem

if TYPE_CHECKING:
    import re

_SHOWN = 80


def match(text: str, name: str, form: str, *patterns: re.Pattern[str]) -> re.Match[str]:
    """Match the whole of an identifier.

    Args:
        text: The identifier as found.
        name: What it should be, for the message: `an EMAID`.
        form: How it should look, with an example.
        patterns: Readings of the form; the first that fits decides.

    Raises:
        Problem: None fits.
    """
    for pattern in patterns:
        # Not `search` with `$`, which lets a line break at the end pass.
        if found := pattern.fullmatch(text):
            return found
    # Cut, for it came from a peer; `repr`, so that no control character reaches a terminal.
    shown = repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
    raise Problem(f"{shown} is not {name}", hint=form)
