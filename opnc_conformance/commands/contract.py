"""`opnc contract diff DIR`: is our contract still that of the published specification?"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opnc import json_body
from opnc.problem import Problem

if TYPE_CHECKING:
    import argparse

    from opnc.contract.diff import Comparison


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    diff = actions.add_parser(
        "diff",
        help="list where the contract differs from the published text without an erratum",
        description="Exit code 0: equal or covered by errata; 1: differences; 2: DIR cannot be read.",
    )
    diff.add_argument(
        "directory",
        type=Path,
        metavar="DIR",
        help="the specification folder of a checkout of OPNC, or the checkout",
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare and tell.

    Raises:
        Problem: The folder or a file in it cannot be read.
    """
    # these take a while to import and --help needs none of them
    from opnc.catalogue import load
    from opnc.contract.diff import compare

    return _told(compare(_files(_root(arguments.directory)), load().errata))


def _root(directory: Path) -> Path:
    for folder in (directory, directory / "specification"):
        if (folder / "apis").is_dir():
            return folder
    raise Problem(
        "there is no folder `apis` here",
        where=str(directory),
        hint="name the folder `specification` of a checkout of the OPNC repository",
    )


def _files(root: Path) -> dict[str, Any]:
    paths = sorted(path for part in ("apis", "components") for path in (root / part).rglob("*.json"))
    return {path.relative_to(root).as_posix(): _decoded(path) for path in paths}


def _decoded(path: Path) -> Any:
    try:
        return json_body.decode(path.read_bytes())
    except OSError as error:
        raise Problem(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    except json_body.NotJson as error:
        raise Problem(
            f"the file is not JSON: {error}",
            where=str(path),
            hint="two files of the tag v1.0.0 are broken (ERR-001): check out main",
        ) from error


def _told(comparison: Comparison) -> int:
    for difference in comparison.open:
        unknown = f" ({', '.join(difference.errata)}: not in the catalogue)" if difference.errata else ""
        print(f"{difference}{unknown}")
    covered = Counter(erratum for difference in comparison.covered for erratum in difference.errata)
    counts = ", ".join(f"{erratum} {count}" for erratum, count in sorted(covered.items()))
    print(
        f"{comparison.operations} operations: {len(comparison.open)} differences without an erratum, "
        f"{len(comparison.covered)} covered by {len(covered)} errata ({counts})"
    )
    return 1 if comparison.open else 0
