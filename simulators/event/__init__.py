"""The event service (OPNC API `event`): webhook endpoints, entitlement, queue and delivery of events.

`service` answers the operations; `endpoints` and `queue` are what it keeps; `entitlement` says which endpoint
gets an event; `delivery` signs and sends, retries and tells the eMSP; `delivery_workers` sends from threads
where an ecosystem is served.
"""

from __future__ import annotations
