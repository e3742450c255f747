"""What the sentences of feature files do: a folder per subject."""

from __future__ import annotations

import pkgutil


def modules() -> list[str]:
    """Return the names of all modules of steps, those in folders included, sorted."""
    found = pkgutil.walk_packages(__path__, f"{__name__}.")
    return sorted(module.name for module in found if not module.ispkg)
