from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest

from opnc.problem import Problem
from opnc.tls import trust
from simulators.serve import certificates

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def anchors(tmp_path: Path) -> list[Path]:
    return [certificates.identity(tmp_path / name, ["localhost"]).ca for name in ("one", "other")]


def loaded(context: ssl.SSLContext) -> int:
    return context.cert_store_stats()["x509"]


def test_only_the_anchors_are_trusted(anchors: list[Path]) -> None:
    context = trust(anchors)
    assert loaded(context) == len(anchors)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert not context.verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


def test_without_anchors_those_of_this_machine_are_trusted() -> None:
    assert loaded(trust([])) == loaded(ssl.create_default_context())


def test_anchors_may_be_trusted_beside_those_of_this_machine(anchors: list[Path]) -> None:
    assert loaded(trust(anchors, system=True)) == loaded(ssl.create_default_context()) + len(anchors)


def test_an_anchor_need_not_be_a_root(anchors: list[Path]) -> None:
    assert trust(anchors, partial_chain=True).verify_flags & ssl.VERIFY_X509_PARTIAL_CHAIN


@pytest.mark.parametrize("system", [True, False])
@pytest.mark.parametrize("content", [None, b"no certificate"])
def test_a_file_that_cannot_be_trusted_is_named(
    tmp_path: Path, content: bytes | None, *, system: bool
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Problem) as raised:
        trust([path], system=system)
    assert raised.value.where == str(path)
    assert raised.value.hint == "give certificates of CAs in PEM"
