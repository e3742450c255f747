"""How many requests `opnc serve` answers, beside other servers: GET of a list of ten roots, plain `wrk`.

    python benchmarks/serve.py [--rounds N] [--seconds S] [--prism PRISM] [--asgi-python PYTHON]

In turns, one worker each: `opnc serve` with TLS and an access token; Starlette on uvicorn returning the same
bytes without a token, with TLS and without; the Prism mock server on our contract, without its security, and
without TLS, which it does not speak. Needs `wrk` on the PATH. PRISM is the program of that name, PYTHON one
with starlette and uvicorn; what is not named is left out.
"""

from __future__ import annotations

import argparse
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from fixtures.bench.network_access import outsider
from fixtures.target import file as target_file
from opnc import contract
from opnc_conformance import serving

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
PATH = "/opnc/v1/rcp/rootcertificates"
ROOTS = 10
STARTS_WITHIN_S = 30
RATE = re.compile(r"Requests/sec:\s+([\d.]+)")
FAILED = re.compile(r"Non-2xx|Socket errors")

STARLETTE = """
import sys
from pathlib import Path
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
content = Path(sys.argv[1]).read_bytes()
async def roots(request):
    return Response(content, media_type="application/json")
app = Starlette(routes=[Route({path!r}, roots)])
import uvicorn
tls = dict(ssl_certfile=sys.argv[3], ssl_keyfile=sys.argv[4]) if len(sys.argv) > 3 else {{}}
uvicorn.run(app, port=int(sys.argv[2]), workers=1, log_level="error", access_log=False, **tls)
"""


@dataclass(frozen=True)
class Server:
    """One of the servers that are compared."""

    name: str
    url: str
    headers: tuple[str, ...] = ()


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.create_server((LOOPBACK, 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(*line: str, port: int) -> Iterator[None]:
    """Run a program that listens on a port."""
    with subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield
        finally:
            process.terminate()


def _await(port: int) -> None:
    for _ in range(STARTS_WITHIN_S * 20):
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"nothing listens on port {port} after {STARTS_WITHIN_S} s")


def rate(server: Server, seconds: int) -> float:
    """Return the requests per second that a server answers."""
    headers = [part for header in server.headers for part in ("-H", header)]
    line = ["wrk", "-t1", "-c16", f"-d{seconds}s", "--timeout", "10s", *headers, server.url]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    found = RATE.search(said)
    if FAILED.search(said) or found is None:
        sys.exit(f"{server.name}: wrk says\n{said}")
    return float(found[1])


def own(target: Path, folder: Path) -> tuple[Server, Path]:
    """Bring a server of ours to ten roots; return it and a file with what it answers."""
    file = target_file.load(target)
    with outsider(file) as parties:
        found = parties["oem"].ask("getRootCertificatesV1").answer.json()["rootCertificateCollection"]
        for root in found[ROOTS:]:
            identifier = {"rootCertificateId": root["rootCertificateId"]}
            parties["administrator"].ask("deleteRootCertificateV1", path=identifier)
        content = parties["oem"].ask("getRootCertificatesV1").answer.content
        header = f"Authorization: Bearer {parties['oem'].token()}"
    body = folder / "roots.json"
    body.write_bytes(content)
    print(f"the answer: {len(content)} bytes")
    url = f"{file.target.services['rcp']}/rootcertificates"
    return Server("opnc serve, https, token", url, (header,)), body


def starlette(opened: ExitStack, folder: Path, python: str, body: Path, tls: Path) -> Iterator[Server]:
    """Start Starlette on uvicorn, with TLS and without."""
    script = folder / "app.py"
    script.write_text(STARLETTE.format(path=PATH))
    for scheme, files in (
        ("https", (tls / "server.pem", tls / "server.key")),
        ("http", ()),
    ):
        port = free_port()
        line = (python, str(script), str(body), str(port), *map(str, files))
        opened.enter_context(running(*line, port=port))
        yield Server(f"Starlette on uvicorn, {scheme}, no token", f"{scheme}://{LOOPBACK}:{port}{PATH}")


def prism(opened: ExitStack, folder: Path, program: str) -> Server:
    """Start Prism on our contract."""
    source = Path(contract.__file__).parent
    for name in ("rcp.yaml", "components.yaml"):
        document = yaml.safe_load((source / name).read_text(encoding="utf-8"))
        document.pop("security", None)
        (folder / name).write_text(yaml.safe_dump(document), encoding="utf-8")
    port = free_port()
    line = (program, "mock", str(folder / "rcp.yaml"), "-p", str(port), "-h", LOOPBACK, "-v", "error")
    opened.enter_context(running(*line, port=port))
    return Server("Prism mock server, http, no token", f"http://{LOOPBACK}:{port}/rootcertificates")


def main() -> None:
    """Measure in turns and print the medians."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--prism", metavar="PRISM", help="the program `prism`")
    parser.add_argument("--asgi-python", metavar="PYTHON", help="a Python with starlette and uvicorn")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as opened:
        folder = Path(name)
        target = opened.enter_context(serving.server_process())
        ours, body = own(target, folder)
        servers = [ours]
        if asked.asgi_python:
            servers += starlette(opened, folder, asked.asgi_python, body, target.parent / "tls")
        if asked.prism:
            servers.append(prism(opened, folder, asked.prism))
        rates: dict[str, list[float]] = {server.name: [] for server in servers}
        for server in servers:
            rate(server, 1)
        for _ in range(asked.rounds):
            for server in servers:
                rates[server.name].append(rate(server, asked.seconds))
    best = statistics.median(rates[ours.name])
    for each, found in rates.items():
        median = statistics.median(found)
        spread = f"{min(found):8.0f} to {max(found):8.0f}"
        print(f"{each:<44}{median:8.0f} requests/s ({spread}), ours is {best / median:5.2f} times that")


if __name__ == "__main__":
    main()
