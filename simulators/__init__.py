"""Every role of a Plug & Charge ecosystem, simulated: pools, PKI, event service, backends, vehicles.

`kernel` is what all services share, `network` the way to foreign hosts. `rcp`, `pcp`, `ccp`, `cps`, `pki` and
`event` are the services of OPNC, `parties` those who call them, `collaboration` how pools ask each other.
`ecosystem` puts one of each together, `federation` several ecosystems side by side, `serve` one on sockets.
`faults` are the deviations that prove that scenarios can fail.
"""

from __future__ import annotations
