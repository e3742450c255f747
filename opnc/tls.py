"""TLS contexts of clients: which certificates of servers are trusted."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from opnc.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


def trust(anchors: Iterable[Path], *, system: bool = False, partial_chain: bool = False) -> ssl.SSLContext:
    """Return what checks a server's certificate and its name; TLS 1.2 at least.

    Args:
        anchors: PEM files of certificates to trust; none: those of this machine.
        system: Whether the CAs of this machine are trusted beside the anchors.
        partial_chain: Whether an anchor may be a server's own certificate, and need be no root.

    Raises:
        Problem: If a file cannot be read or holds no certificate.
    """
    paths = list(anchors)
    # Given a file to begin with, the context of the library leaves out the CAs of this machine.
    first = None if system or not paths else paths.pop(0)
    with _naming(first):
        context = ssl.create_default_context(cafile=first)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if partial_chain:
        # Else OpenSSL wants a self-signed certificate at the end, and a server's own certificate is seldom
        # one.
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    for path in paths:
        with _naming(path):
            context.load_verify_locations(cafile=path)
    return context


@contextmanager
def _naming(path: Path | None) -> Iterator[None]:
    """Say which file it is that cannot be used."""
    try:
        yield
    except OSError as error:
        raise Problem(
            f"it cannot be trusted: {error.strerror or error}",
            where=str(path),
            hint="give certificates of CAs in PEM",
        ) from error
