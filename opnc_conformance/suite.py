"""Where the suite lives: beside this package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).parent
_CARRIED = _PACKAGE / "_suite"

ROOT = _CARRIED if _CARRIED.is_dir() else _PACKAGE.parent
"""The folder that holds `features`, `fixtures`, `simulators`, `reports` and `opnc`."""

CONFIGURATION = _PACKAGE / "pytest.ini"
"""What pytest reads instead of the configuration of the user's own project."""


def put_on_path() -> None:
    """Make the suite's packages importable; they have generic names and do not lie in site-packages."""
    root = str(ROOT)
    if root not in sys.path:
        # In front: with names such as `reports` another package could come first.
        sys.path.insert(0, root)


def version() -> str:
    """Return the version of the installed distribution, for example `0.1.0`."""
    return metadata.version("opnc-conformance")
