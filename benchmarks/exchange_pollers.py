"""What two hundred idle connectors cost: the real exchange port over TLS in a process of its own, asyncio callers in another.

Each caller signs its long polls with its bank's key and presents its bank's certificate, as connectors do. Measured is
the processor time of the port's process, all its threads, while nothing arrives.
"""

import asyncio
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

POLLERS, BANKS, WAIT_SECONDS = 200, 4, 30
SECONDS = {"small": 35, "full": 120}
TARGET = 0.2
SETTLE_SECONDS = 3


def run(size: str, *, peers: bool) -> list[dict[str, Any]]:  # noqa: ARG001 - no peer: it is a share of a core
    """The share of one core, and how ordinary calls fare beside the pollers."""
    with tempfile.TemporaryDirectory() as place:
        from benchmarks.deployment import small_deployment

        folder = Path(place)
        made = small_deployment(folder, banks=BANKS)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        served = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.exchange_pollers", str(port)],
            env={**os.environ, "LACHAN_EXCHANGE_URL": f"https://127.0.0.1:{port}"},
        )
        try:
            share, answered, calls = asyncio.run(
                _poll(made, port, served.pid, seconds=SECONDS[size])
            )
        finally:
            served.kill()  # a port that is asked to stop first lets its polls run out: half a minute
            served.wait()
    p95 = sorted(calls)[int(len(calls) * 0.95)] * 1000
    return [
        {
            "measure": f"{POLLERS} idle connectors polling", "value": round(share, 3), "unit": "of a core",
            "target": TARGET, "met": share < TARGET,
            "spread": f"over {SECONDS[size]} s, {answered} polls answered empty; ordinary call p95 {p95:.0f} ms",
        }
    ]  # fmt: skip


async def _poll(made: Any, port: int, pid: int, *, seconds: float) -> tuple[float, int, list[float]]:  # fmt: skip
    import httpx

    from lachan.exchange.calls import sign_call
    from lachan.exchange.crypto import private_jwk

    base = f"https://127.0.0.1:{port}"
    limits = httpx.Limits(max_connections=POLLERS, max_keepalive_connections=POLLERS)
    clients = {address: httpx.AsyncClient(verify=_tls(made.folder, n), limits=limits, timeout=60) for n, address in enumerate(made.keys)}  # fmt: skip
    answered = 0

    async def call(address: str, path: str) -> httpx.Response:
        url = f"{base}/exchange/v1/{path}"
        key = private_jwk(made.keys[address]["sign"])
        headers = sign_call("GET", url, b"", key=key, now=made.clock.now())
        return await clients[address].get(url, headers=headers)

    async def poller(address: str) -> None:
        nonlocal answered
        while True:
            answer = await call(address, f"inbox?wait={WAIT_SECONDS}")
            if answer.status_code != 200 or answer.json()["items"]:
                raise AssertionError(f"an idle poll got {answer.status_code} {answer.text[:200]}")
            answered += 1

    await _listening(port)
    addresses = list(clients)
    tasks = [asyncio.create_task(poller(addresses[n % len(addresses)])) for n in range(POLLERS)]
    await asyncio.sleep(SETTLE_SECONDS)
    began, used, calls = time.monotonic(), _cpu_seconds(pid), []
    while time.monotonic() - began < seconds:
        await asyncio.sleep(1)
        asked = time.perf_counter()
        (await call(addresses[0], "directory?since=1")).raise_for_status()
        calls.append(time.perf_counter() - asked)
    share = (_cpu_seconds(pid) - used) / (time.monotonic() - began)
    failed = [one.exception() for one in tasks if one.done()]
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for client in clients.values():
        await client.aclose()
    if failed:
        raise AssertionError(f"{len(failed)} pollers fell out: {failed[0]}")
    return share, answered, calls


def _tls(folder: Path, number: int) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(folder / "centre" / "tls" / "ca.crt"))
    own = folder / f"bank-{number}"
    context.load_cert_chain(own / "tls.crt", own / "tls.key")
    return context


async def _listening(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        writer.close()
        return
    raise AssertionError("the port did not open")


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process, by the kernel's count."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    from lachan.web import parts

    parts.exchange(host="127.0.0.1", port=int(sys.argv[1]))
