"""What every simulated service shares: messages, controls, tokens, rights, errors, store, events, log.

A role's file says which operations it answers and lists its own controls and effects, each a failpoint;
everything that is the same for all services happens here. `service` is the base of all, `failpoints` and
`fault_injection` make it deviate, `store` keeps its tables, `authorization`, `tokens` and `token_keys` are
the authorization server, `authorities` the CAs of an ecosystem, `wsgi` and `in_process` how apps are called.
"""

from __future__ import annotations

from simulators.kernel.failpoints import Failpoint, failpoint, failpoint_function
from simulators.kernel.handling import Control, OperationHandler
from simulators.kernel.messages import Answer, Call, NotFoundLocally, Principal, Refusal
from simulators.kernel.service import EcosystemContext, Service, random_uuid

__all__ = [
    "Answer",
    "Call",
    "Control",
    "EcosystemContext",
    "Failpoint",
    "NotFoundLocally",
    "OperationHandler",
    "Principal",
    "Refusal",
    "Service",
    "failpoint",
    "failpoint_function",
    "random_uuid",
]
