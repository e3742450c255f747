"""The guide to adding a scenario holds: its blocks, put into a copy, give a fault that is killed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.patience import PATIENCE_S

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "how-to" / "add-a-scenario.md"
PACKAGES = ("features", "fixtures", "opnc", "opnc_conformance", "reports", "simulators", "tests")

INSERTION = re.compile(
    r"(?:At the end\s+of\s+`(?P<whole>[^`]+)`|In\s+`(?P<file>[^`]+)`, below `(?P<anchor>[^`]+)`):\n\n"
    r"```\w+\n(?P<block>.*?)```\n",
    re.DOTALL,
)
REPLACEMENT = re.compile(r"In\s+`(?P<file>[^`]+)`, `(?P<old>[^`]+)` becomes `(?P<new>[^`]+)`\.")


def follow(guide: str, root: Path) -> int:
    """Do with the files of a copy what the guide says, and return how many times that was."""
    insertions, replacements = list(INSERTION.finditer(guide)), list(REPLACEMENT.finditer(guide))
    for said in insertions:
        path = root / (said["whole"] or said["file"])
        text = path.read_text()
        path.write_text(
            f"{text}\n{said['block']}" if said["whole"] else below(said["anchor"], said["block"], text)
        )
    for said in replacements:
        path = root / said["file"]
        text = path.read_text()
        assert text.count(said["old"]) == 1, f"{said['old']!r} is not there once in {said['file']}"
        path.write_text(text.replace(said["old"], said["new"]))
    return len(insertions) + len(replacements)


def below(anchor: str, block: str, text: str) -> str:
    lines = text.splitlines(keepends=True)
    (number,) = (number for number, line in enumerate(lines, start=1) if line.strip() == anchor)
    return "".join([*lines[:number], block, *lines[number:]])


def test_who_follows_the_guide_gets_a_scenario_that_kills_its_fault(tmp_path: Path) -> None:
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    assert follow(GUIDE.read_text(), tmp_path) == 9
    proof = subprocess.run(
        [sys.executable, "-m", "opnc_conformance", "prove", "--requirement", "RCP-PUT-90"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert proof.returncode == 0, proof.stdout + proof.stderr
    assert re.search(r"^rcp +1 +1 +0$", proof.stdout, re.MULTILINE), proof.stdout
