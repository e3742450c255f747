"""The way out of an ecosystem: requests to hosts of others, at addresses that others have named.

Such an address must not lead back into the operator's own network (server-side request forgery): it is
checked when it is named and again when it is used, and the connection goes to the very address checked.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx

from opnc.problem import Problem
from simulators.network.activity import Activity
from simulators.network.address_policy import AddressPolicy, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_logger = logging.getLogger(__name__)

Lookup = Callable[[str], Sequence[str]]
"""Host name -> its IP addresses; raises `OSError` where there are none."""

_REQUEST_ERRORS = (Problem, httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError)
"""What can come of a request to somebody else."""

MAX_URL_CHARACTERS = 2048
MAX_DRAINED_BYTES = 64 * 1024
"""Bytes of an answer that are read and thrown away so that the connection can be used again."""


LOOKING_UP_S = 2.0
"""Seconds that the look-up of a name may take; whoever asks may be holding up others."""


def look_up(host: str) -> list[str]:
    """Return the IP addresses of a host as this machine resolves it.

    Raises:
        OSError: If it cannot be resolved, or not in time.
    """
    answers: SimpleQueue[list[str] | OSError] = SimpleQueue()
    # The look-up itself knows no time limit; a thread that is late does no harm.
    Thread(target=_resolve, args=(host, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=LOOKING_UP_S)
    except Empty:
        raise TimeoutError(f"{host} was not resolved in {LOOKING_UP_S:g} s") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _resolve(host: str, answers: SimpleQueue[list[str] | OSError]) -> None:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answers.put(error if isinstance(error, OSError) else OSError(str(error)))
    else:
        answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))


@dataclass(frozen=True, slots=True)
class Reply:
    """What a foreign host has answered, whole."""

    status: int
    content: bytes
    headers: Mapping[str, str]


T = TypeVar("T")

PEERS_S = 3.0
"""Seconds that several hosts are waited for together; whoever asks us is waiting too."""


class Outbound:
    """Sends requests to foreign hosts; none follows a redirect, none raises because of the peer.

    Attributes:
        activity: Counts the threads of `as_completed`, those among them that were let go.
    """

    def __init__(
        self,
        http: httpx.Client | None = None,
        *,
        lookup: Lookup | None = None,
        private: AddressPolicy | None = None,
    ) -> None:
        """Open the way.

        Args:
            http: What carries the requests; None: nothing gets out.
            lookup: How names are resolved; None leaves that to `http`, for names that exist in process only.
            private: What may be asked although it is in a private network or this machine.
        """
        self._http = http
        self._lookup = lookup
        self._private = private or AddressPolicy()
        self.activity = Activity()

    def check(self, url: str, *, schemes: Sequence[str] = ("https",)) -> None:
        """Make sure that an address may be used.

        Raises:
            Problem: If it is no address, has another scheme, credentials, or leads into a private network.
        """
        self._checked(url, schemes)

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int | None:
        """Post a body and return the status of the answer; None where none came."""
        try:
            with self._open("POST", url, ("https",), content, headers) as answer:
                # The status counts, whatever becomes of the body.
                with suppress(httpx.HTTPError):
                    _read(answer, MAX_DRAINED_BYTES)
                return answer.status_code
        except _REQUEST_ERRORS as error:
            _logger.info("POST %s: %s", url, error)
        return None

    def fetch(self, url: str, limit: int) -> bytes | None:
        """Get a document by HTTP or HTTPS; None where it cannot be had or is longer than `limit` bytes."""
        return self._document("GET", url, b"", {}, limit)

    def ask(self, url: str, content: bytes, media_type: str, limit: int) -> bytes | None:
        """Post a question by HTTP or HTTPS and return the answer's body; None as with `fetch`."""
        return self._document("POST", url, content, {"Content-Type": media_type}, limit)

    def exchange(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], limit: int
    ) -> Reply | None:
        """Return the answer to a request by HTTPS; None where none came or `limit` bytes are not enough."""
        try:
            with self._open(method, url, ("https",), content, headers) as answer:
                document = _read(answer, limit)
                fields = {name.lower(): value for name, value in answer.headers.items()}
                return Reply(answer.status_code, document, fields) if len(document) <= limit else None
        except _REQUEST_ERRORS as error:
            _logger.info("%s %s: %s", method, url, error)
        return None

    def as_completed(self, tasks: Sequence[Callable[[], T]], within_s: float = PEERS_S) -> Iterator[T]:
        """Do several things at once and yield what comes of them as it comes; what is late is let go.

        Args:
            tasks: Each asks somebody, and touches nothing that others may touch meanwhile.
            within_s: Seconds after which nothing is waited for any more.
        """
        done: SimpleQueue[T] = SimpleQueue()
        for task in tasks:
            self.activity.begin()
            Thread(target=_do, args=(task, done, self.activity), daemon=True).start()
        end = monotonic() + within_s
        for _ in tasks:
            try:
                yield self._next(done, max(0.0, end - monotonic()))
            except Empty:
                return

    def _next(self, done: SimpleQueue[T], within_s: float) -> T:
        """Wait for the next thing that is done.

        Raises:
            Empty: If nothing comes in time.
        """
        return done.get(timeout=within_s)

    def _document(
        self, method: str, url: str, content: bytes, headers: Mapping[str, str], limit: int
    ) -> bytes | None:
        try:
            with self._open(method, url, ("https", "http"), content, headers) as answer:
                document = _read(answer, limit)
                return document if answer.status_code == httpx.codes.OK and len(document) <= limit else None
        except _REQUEST_ERRORS as error:
            _logger.info("%s %s: %s", method, url, error)
        return None

    @contextmanager
    def _open(
        self, method: str, url: str, schemes: Sequence[str], content: bytes, headers: Mapping[str, str]
    ) -> Iterator[httpx.Response]:
        if self._http is None:
            raise Problem("nothing gets out of this ecosystem")
        parts, address = self._checked(url, schemes)
        pinned = httpx.URL(url) if address is None else httpx.URL(url).copy_with(host=address)
        # To the address that was checked, with the name in `Host` and SNI: a name that leads elsewhere a
        # moment later (DNS rebinding) leads nowhere.
        request = self._http.build_request(
            method,
            pinned,
            content=content,
            headers={**headers, "Host": parts.netloc},
            # The certificate must be that of the name, wherever it was found to be.
            extensions={"sni_hostname": parts.hostname},
        )
        answer = self._http.send(request, stream=True, follow_redirects=False)
        try:
            yield answer
        finally:
            answer.close()

    def _checked(self, url: str, schemes: Sequence[str]) -> tuple[SplitResult, str | None]:
        """Return an address that may be used in its parts, and whereto to connect."""
        parts = _split(url)
        if parts.scheme not in schemes:
            raise Problem(f"the scheme must be {' or '.join(schemes)}, not {parts.scheme or 'missing'}")
        if not parts.hostname:
            raise Problem("there is no host in it")
        if parts.username is not None or parts.password is not None:
            raise Problem("credentials do not belong into it")
        return parts, self._address(parts)

    def _address(self, parts: SplitResult) -> str | None:
        """Return the address to connect to, or None where that is left to the client."""
        host = parts.hostname or ""
        literal = _literal(host)
        if literal is None and self._lookup is None:
            # It is this machine whatever a resolver says, and so are all names below it (RFC 6761 section
            # 6.3).
            if host.rstrip(".").rpartition(".")[2] == "localhost":
                raise Problem(f"{host} is this machine")
            return None
        try:
            found = [str(literal)] if literal or self._lookup is None else self._lookup(host)
        except OSError as error:
            raise Problem(f"the host {host} cannot be resolved") from error
        if not self._private.allows(place_of(parts.geturl()), found):
            raise Problem(f"the host {host} is in a private network")
        # The first of several: whoever answers for the name has put it first, and all were looked at.
        return found[0]


def _do(task: Callable[[], T], done: SimpleQueue[T], activity: Activity) -> None:
    try:
        done.put(task())
    except Exception:
        _logger.exception("one of several things could not be done")
    finally:
        activity.end()


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_CHARACTERS:
        raise Problem(f"it is longer than {MAX_URL_CHARACTERS} characters")
    try:
        parts = urlsplit(url)
        # A port that is none shows only when it is looked at.
        _ = parts.port
    except ValueError as error:
        raise Problem(f"it is no URL: {error}") from error
    return parts


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _read(answer: httpx.Response, limit: int) -> bytes:
    """Read a body until it exceeds a limit."""
    content = bytearray()
    for chunk in answer.iter_raw():
        content += chunk
        if len(content) > limit:
            break
    return bytes(content)
