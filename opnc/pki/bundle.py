"""A complete test PKI as a folder of files: what `opnc pki new` writes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opnc.pki import testbed
from opnc.pki.files import key_to_pem, to_pem, to_pkcs12
from opnc.pki.profiles import find
from opnc.pki.testbed import Tree
from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opnc.pki.credentials import Credential
    from opnc.pki.profiles import Kind
    from opnc.pki.testbed import SeededPki

LEAVES = {"cpo": "secc", "cps": "cps", "emsp": "contract", "oem": "provisioning", "veh": "vehicle"}
"""The names of the leaf's files by certification domain."""

NAMES = {
    "cpo": "DETSTE0000001",
    "cps": "CPS 1",
    "emsp": "DETSTC00000001",
    "oem": "TSTPNC00000000001",
    "veh": "Vehicle 1",
}
"""The common names of the leaves by certification domain, unless others are asked for."""

_README = """\
# Test PKI for Plug & Charge

For tests only: whoever knows the seed can make every private key in this folder again.

- seed: `{seed}`
- valid from: {start:%Y-%m-%d} (UTC)
- organization: {organization}

| folder | root | generation | keys |
|---|---|---|---|
{trees}

| certificate | file | common name |
|---|---|---|
{leaves}

In each folder:

| file | what |
|---|---|
| `root.pem`, `*/sub1.pem`, `*/sub2.pem` | the CAs; the root issues Sub-CA 1, that Sub-CA 2, that the leaf |
| `*.ocsp.pem` | the OCSP responder to which that CA delegates |
| `*.chain.pem` | leaf, Sub-CA 2, Sub-CA 1, in this order |
| `*.key` | the private key, PKCS#8, not encrypted |
| `*.p12` | leaf, key and whole chain as PKCS#12 |

`roots.pem` holds all roots, to be used as trust anchors. The password of the PKCS#12 files is in
`password.txt`, unless `OPNC_PKI_PASSWORD` held it when they were made.

    openssl verify -CAfile roots.pem -untrusted v2g1/cpo/secc.chain.pem v2g1/cpo/secc.pem
    opnc pki check v2g1/cpo/secc.chain.pem --trust roots.pem
"""


@dataclass(frozen=True, slots=True)
class File:
    """One file of the folder.

    Attributes:
        path: Relative, with slashes.
        content: Its bytes.
        secret: Whether only the owner may read it.
    """

    path: str
    content: bytes = field(repr=False)
    secret: bool = False


def trees(v2g_roots: int) -> tuple[Tree, ...]:
    """Return the trees of a folder: V2G roots of ISO 15118-2 and -20, a root each of OEM and eMSP."""
    several = (Tree(number=number) for number in range(1, v2g_roots + 1))
    return (*several, testbed.V2G_20, testbed.V2G_20_ED448, testbed.OEM, testbed.EMSP)


def files(pki: SeededPki, v2g_roots: int, password: str, names: Mapping[str, str] = NAMES) -> Iterator[File]:
    """Yield the files of a test PKI.

    Args:
        pki: Where the certificates come from.
        v2g_roots: How many V2G roots of ISO 15118-2.
        password: The password of the PKCS#12 files.
        names: The common names of the leaves by domain.

    Raises:
        Problem: A name does not fit the profile of its certificate.
    """
    for tree in trees(v2g_roots):
        yield from _tree(pki, tree, names, password)
    yield File("roots.pem", to_pem(pki.root(tree).der for tree in trees(v2g_roots)))
    yield File("README.md", _readme(pki, trees(v2g_roots), names).encode())


def domains(tree: Tree) -> tuple[str, ...]:
    """Return the certification domains that stand below a root."""
    if tree.root != "v2g":
        return (tree.root,)
    # Vehicle certificates exist for the mutual TLS of ISO 15118-20 only.
    return tuple(domain for domain in LEAVES if domain != "veh" or tree.version == "ISO15118-20")


def _tree(pki: SeededPki, tree: Tree, names: Mapping[str, str], password: str) -> Iterator[File]:
    folder = tree.label.lower()
    yield from _authority(pki, pki.root(tree), f"{folder}/root")
    kinds: tuple[Kind, ...] = ("sub1", "sub2")
    for domain in domains(tree):
        for kind in kinds:
            yield from _authority(pki, pki.authority(domain, kind, tree), f"{folder}/{domain}/{kind}")
        leaf = pki.leaf(domain, _fitting(names[domain], domain, tree), tree)
        yield from _holder(leaf, f"{folder}/{domain}/{LEAVES[domain]}", password)


def _authority(pki: SeededPki, ca: Credential, path: str) -> Iterator[File]:
    # One responder for each CA: a delegate must be certified by the very CA it answers for (RFC 6960 section
    # 4.2.2.2).
    for credential, name in ((ca, path), (pki.ocsp_responder(ca), f"{path}.ocsp")):
        yield File(f"{name}.pem", to_pem(credential.chain[:1]))
        yield File(f"{name}.key", key_to_pem(credential.key), secret=True)


def _holder(credential: Credential, path: str, password: str) -> Iterator[File]:
    name = credential.certificate.common_name or ""
    yield File(f"{path}.pem", to_pem(credential.chain[:1]))
    # Without the root: who verifies has to take that from the own trust store, here `roots.pem`.
    yield File(f"{path}.chain.pem", to_pem(credential.chain[:-1]))
    yield File(f"{path}.key", key_to_pem(credential.key), secret=True)
    yield File(f"{path}.p12", to_pkcs12(credential, name, password), secret=True)


def _fitting(name: str, domain: str, tree: Tree) -> str:
    profile = find(domain, "leaf", tree.version)
    # The patterns say \w, which without ASCII takes letters and digits of every script.
    if profile.common_name and not re.fullmatch(profile.common_name, name, re.ASCII):
        what = f"{name!r} is no {profile.identifier}, the common name of a certificate of {domain}"
        raise Problem(what, hint=f"it must match {profile.common_name}")
    return name


def _readme(pki: SeededPki, listed: tuple[Tree, ...], names: Mapping[str, str]) -> str:
    roots = [(tree, pki.root(tree).certificate.common_name) for tree in listed]
    rows = [
        f"| `{tree.label.lower()}` | {name} | {tree.version} | {tree.algorithm} |" for tree, name in roots
    ]
    leaves = [f"| {domain} | `*/{domain}/{LEAVES[domain]}.pem` | {names[domain]} |" for domain in LEAVES]
    return _README.format(
        seed=pki.seed.value,
        start=pki.start,
        organization=pki.organization,
        trees="\n".join(rows),
        leaves="\n".join(leaves),
    )
