"""What a CA lets stand below it: names (RFC 5280 section 4.2.1.10) and policies (section 4.2.1.11)."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509

from opnc.pki.names import DistinguishedName, from_x509

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from opnc.pki.reading import ReadCertificate

_ANY_POLICY = "2.5.29.32.0"

_Name = tuple[str, Any]
"""A kind of name, and the name."""


def names_outside(
    certificate: ReadCertificate, constraints: x509.NameConstraints
) -> Iterator[tuple[str, str]]:
    """Yield the names of a certificate that a CA above it does not allow.

    Args:
        certificate: A certificate below the CA.
        constraints: Those of the CA.

    Yields:
        What is expected, and the name.
    """
    permitted = [_named(base) for base in constraints.permitted_subtrees or ()]
    excluded = [_named(base) for base in constraints.excluded_subtrees or ()]
    for kind, name in _names(certificate):
        allowed = [base for of, base in permitted if of == kind]
        # What no subtree speaks of is free.
        if allowed and not any(_covers(kind, base, name) for base in allowed):
            yield f"{kind} within {' or '.join(map(str, allowed))}", str(name)
        for base in (base for of, base in excluded if of == kind):
            if _covers(kind, base, name):
                yield f"{kind} outside {base}", str(name)


def _names(certificate: ReadCertificate) -> Iterator[_Name]:
    if certificate.subject.rdns:
        yield "directory name", certificate.subject
    alternative = [_named(name) for name in certificate.extensions.alternative_names]
    yield from alternative
    # The address in the subject counts only where no other is given.
    if not any(kind == "mail address" for kind, _ in alternative):
        for address in certificate.subject.values("EMAILADDRESS"):
            yield "mail address", address


def _named(name: x509.GeneralName) -> _Name:
    if isinstance(name, x509.DirectoryName):
        return "directory name", from_x509(name.value)
    for kind, cls in _KINDS.items():
        if isinstance(name, cls):
            return kind, name.value
    return type(name).__name__, name.value


_KINDS: dict[str, type[x509.GeneralName]] = {
    "DNS name": x509.DNSName,
    "URI": x509.UniformResourceIdentifier,
    "mail address": x509.RFC822Name,
    "IP address": x509.IPAddress,
}


def _covers(kind: str, base: Any, name: Any) -> bool:
    if isinstance(base, DistinguishedName):
        return bool(name.within(base))
    rule = _RULES.get(kind)
    return rule(base, name) if rule else bool(base == name)


def _domain(base: str, name: str) -> bool:
    base, name = base.lower().removeprefix("."), name.lower()
    return not base or name == base or name.endswith(f".{base}")


def _host(base: str, name: str) -> bool:
    base, name = base.lower(), name.lower()
    # With a dot in front it means the hosts below, without it one host.
    return name.endswith(base) if base.startswith(".") else name == base


def _host_of(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:  # such as brackets that hold no address
        return ""


def _address(base: str, name: str) -> bool:
    if "@" in base:
        # Before the sign upper and lower case are two mailboxes (RFC 5280 section 7.5).
        return base.partition("@")[0] == name.partition("@")[0] and _host(
            base.rpartition("@")[2], name.rpartition("@")[2]
        )
    return _host(base, name.rpartition("@")[2])


def _network(base: Any, name: Any) -> bool:
    inner, outer = ip_network(name), ip_network(base)
    return inner.version == outer.version and bool(inner.subnet_of(outer))  # type: ignore[arg-type]  # of one version


_RULES: dict[str, Callable[[Any, Any], bool]] = {
    "DNS name": _domain,
    "URI": lambda base, name: _host(base, _host_of(name)),
    "mail address": _address,
    "IP address": _network,
}


def policy_missing(path: Sequence[ReadCertificate]) -> ReadCertificate | None:
    """Return the certificate that requires a policy the path does not have; None where none does.

    Mappings of policies are not followed: no PKI of Plug & Charge has any.

    Args:
        path: The certificates from the leaf up, the trust anchor last.
    """
    valid: frozenset[str] | None = None  # any
    required: tuple[int, ReadCertificate] | None = None
    # From the top, the trust anchor left out (RFC 5280 section 6.1).
    for certificate in reversed(path[:-1]):
        policies = certificate.extensions.policies
        if policies is None:
            valid = frozenset()
        elif _ANY_POLICY not in policies:
            valid = policies if valid is None else valid & policies
        if required and not certificate.self_issued:
            required = max(required[0] - 1, 0), required[1]
        explicit = certificate.extensions.explicit_policy
        if explicit is not None and (required is None or explicit < required[0]):
            required = explicit, certificate
        if required and required[0] == 0 and valid is not None and not valid:
            return required[1]
    return None
