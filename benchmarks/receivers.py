"""Receivers of events for benchmarks: one Granian in a process of its own, a receiver for each path."""

from __future__ import annotations

import asyncio
import multiprocessing
import ssl
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from time import sleep
from typing import TYPE_CHECKING, Any

import httpx
from granian.constants import Interfaces
from granian.server.embed import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.process import BaseProcess

    from fixtures.target.file import ReceiverConfig

Take = Callable[[str, dict[bytes, bytes], bytes], int]
"""Takes path, headers and body of an event, and returns the status to answer with."""


@contextmanager
def listening(place: ReceiverConfig, take: Take) -> Iterator[int]:
    """Receive where a target file says, until the block ends; yields the id of the process."""
    process: BaseProcess = multiprocessing.get_context("fork").Process(
        target=_serve, args=(place, take), daemon=True
    )
    process.start()
    _await(place)
    try:
        yield process.pid or 0
    finally:
        process.kill()
        process.join()


def _serve(place: ReceiverConfig, take: Take) -> None:
    async def respond(
        scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
    ) -> None:
        body, more = b"", True
        while more:
            part = await receive()
            body += part.get("body", b"")
            more = part.get("more_body", False)
        status = take(scope["path"], dict(scope["headers"]), body) if scope["method"] == "POST" else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    server = Server(
        respond,
        *place.bind,
        interface=Interfaces.ASGI,
        ssl_cert=place.certificate,
        ssl_key=place.key,
        log_enabled=False,
    )
    asyncio.run(server.serve())


def _await(place: ReceiverConfig) -> None:
    trust = ssl.create_default_context(cafile=place.certificate)
    trust.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    with httpx.Client(verify=trust, trust_env=False) as http:
        for _ in range(200):
            try:
                http.get(place.url)
            except httpx.HTTPError:
                sleep(0.05)
            else:
                return
    raise TimeoutError(f"nobody listens at {place.url}")
