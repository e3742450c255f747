"""HTTP over sockets that is over when it must be, however slowly the peer drips."""

from __future__ import annotations

from contextlib import contextmanager
from threading import local
from time import monotonic
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable, Iterator


DEADLINE = "opnc.deadline_s"
"""Extension of a request: seconds that this exchange may take, in place of those of the transport."""


class _Deadline(local):
    """When the exchange that is under way in this thread must be over."""

    # `__init__` of a subclass of `local` runs once in every thread, with the same arguments.
    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._ends = 0.0

    def begin(self, seconds: float | None) -> None:
        self._ends = self._clock() + (self._seconds if seconds is None else seconds)

    def remaining(self, timeout: float | None, late: type[httpcore.TimeoutException]) -> float:
        """Return how long something may take.

        Raises:
            httpcore.TimeoutException: If the time is over.
        """
        left = self._ends - self._clock()
        if left <= 0:
            raise late(f"the exchange was not over after {self._seconds:g} s")
        return left if timeout is None else min(timeout, left)


class _Stream(httpcore.NetworkStream):
    """A connection on which everything has to be over by the deadline."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._deadline.remaining(timeout, httpcore.ReadTimeout)
        try:
            return self._inner.read(max_bytes, left)
        except httpcore.ReadTimeout as error:
            # Asked for its error: if the whole exchange is over, that is to be said.
            self._deadline.remaining(timeout, httpcore.ReadTimeout)
            raise httpcore.ReadTimeout(f"nothing came for {left:g} s") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.remaining(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.remaining(timeout, httpcore.ConnectTimeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, left), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore.SyncBackend):
    """Opens connections that know the deadline."""

    def __init__(self, deadline: _Deadline) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.remaining(timeout, httpcore.ConnectTimeout)
        try:
            stream = super().connect_tcp(host, port, left, local_address, socket_options)
        except httpcore.ConnectTimeout as error:
            raise httpcore.ConnectTimeout(f"no connection within {left:g} s") from error
        return _Stream(stream, self._deadline)


class _Body(httpx.SyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx_errors():
            yield from self._inner

    def close(self) -> None:
        with _as_httpx_errors():
            self._inner.close()


class DeadlineTransport(httpx.BaseTransport):
    """Carries one exchange at a time in each thread; none takes longer than it may, even if a peer drips."""

    def __init__(
        self, context: ssl.SSLContext, exchange_s: float, clock: Callable[[], float] = monotonic
    ) -> None:
        """Get ready.

        Args:
            context: What TLS is spoken with.
            exchange_s: Seconds that an exchange may take as a whole, the connection included.
            clock: Tells the seconds since any moment; it never goes back.
        """
        self._deadline = _Deadline(exchange_s, clock)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            # An eleventh exchange waits for one of these, as long as the client's time-out for a pool allows.
            max_connections=10,
            keepalive_expiry=5.0,
            network_backend=_Backend(self._deadline),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Carry a request.

        Raises:
            httpx.TransportError: If no answer came, as with any transport of httpx.
        """
        self._deadline.begin(request.extensions.get(DEADLINE))
        with _as_httpx_errors():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
    httpcore.ProxyError,
)


@contextmanager
def _as_httpx_errors() -> Iterator[None]:
    """Turn the errors of httpcore into those of httpx, which bear the same names."""
    try:
        yield
    except _ERRORS as error:
        kind: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        raise kind(str(error)) from error
