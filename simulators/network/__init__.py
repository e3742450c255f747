"""HTTP to foreign hosts: `outbound` sends requests, to addresses that `address_policy` allows.

`deadline` bounds an exchange in time however slowly the peer sends; `sequential` asks one host after the
other where everything lives in one thread and on a clock of its own.
"""

from __future__ import annotations
