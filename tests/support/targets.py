"""Target files of vendors who have less to offer than `opnc serve`: fewer accounts, services, means."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from fixtures.target.template import TargetFileContent, text

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from tests.support.servers import Served

ONLY_OURS = ("peer pool", "emsp without provider id")


def vendor_file(
    served: Served,
    *,
    services: Collection[str] | None = None,
    without: Collection[str] = ("administrator",),
    receiver: Mapping[str, Any] | None = None,
    control: Mapping[str, Any] | None = None,
) -> Path:
    """Write, beside the target file of a server, that of a vendor who offers what it plays.

    Args:
        served: The server.
        services: Those that are the vendor's; None: all.
        without: Accounts that the vendor has not given.
        receiver: What is said of the receiver beside its address.
        control: What the vendor offers to be controlled by; None: nothing.
    """
    own = tomllib.loads(served.target.read_text(encoding="utf-8"))
    known = own["services"]
    content = TargetFileContent(
        origin="A test has written it.",
        name="A vendor's pools",
        services={name: known[name] for name in services or known},
        token_endpoint=own["authorization"]["token_endpoint"],
        parties={name: each for name, each in own["parties"].items() if name not in {*ONLY_OURS, *without}},
        trust_anchors=own["tls"]["trust_anchors"],
        roots=own["roots"],
        supports={"plain_http": own["supports"]["plain_http"], "cascade_window_s": 0},
        test_cas=own["pki"]["ca"],
        receiver={**own["receiver"], **(receiver or {})},
        status=own["status"],
        control=control or {},
    )
    path = served.target.with_name("vendor.toml")
    path.write_text(text(content), encoding="utf-8")
    return path
