"""The vectors that EXIficient made, and the message of the OPNC text where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opnc.exi import ISO2, ISO20, XMLDSIG

HERE = Path(__file__).resolve()
SCHEMAS = {"iso2": ISO2, "iso20": ISO20, "xmldsig": XMLDSIG}
VECTORS: dict[str, dict[str, Any]] = {
    vector["name"]: vector
    for vector in map(json.loads, HERE.with_suffix(".jsonl").read_text("utf-8").splitlines())
}


def octets(name: str) -> bytes:
    """Return the EXI stream of a vector."""
    return bytes.fromhex(VECTORS[name]["exi_hex"])


def opnc_example() -> dict[str, Any]:
    """Return the response of the OPNC text: not ours to carry, so found beside the checkout or skipped."""
    for folder in HERE.parents:
        file = folder / "shared" / "exi" / "opnc_example.jsonl"
        if file.is_file():
            example: dict[str, Any] = json.loads(file.read_text("utf-8"))
            return example
    pytest.skip("shared/exi/opnc_example.jsonl is not beside the checkout")
