"""Many clients at once, good and bad: `python -m scripts.load_service --clients 200`.

The service is started as a user starts it. Each client does one thing after another, chosen
by chance: asks where a job stands, sends a talk, cancels, deletes; or sends too much, too
slowly, half of it, to other hosts, from other sites, along other paths, or no HTTP at all.
Every answer is checked. Another process measures how long a status call takes meanwhile.
In the end nothing may be left: no descriptor, no upload, no draft, and memory as before.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MEDIA_LIMIT = 1 << 20
_WAITING = 60
_PATIENCE = 60.0  # s that an answer may take before it counts as none
_SETTLE = 90.0  # s for what is still under way at the end
RUBBISH = b"RIFF" + bytes(4000)
_MULTIPART = "multipart/form-data; boundary=x"


@dataclass
class Tally:
    """What happened.

    Attributes:
        answers: How often each thing was answered how.
        wrong: Answers that are not what they should be.
    """

    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def check(self, what: str, status: int, allowed: set[int]) -> None:
        """Count an answer; 0 stands for a connection that was closed without one."""
        self.answers[f"{what}: {status or 'hung up'}"] += 1
        if status not in allowed:
            self.wrong.append(f"{what}: {status}")


@dataclass(frozen=True)
class Place:
    """Where the service is, and the job that everybody asks for."""

    host: str
    port: int
    job: str


async def ask(
    place: Place,
    method: str,
    path: str,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
) -> tuple[int, bytes]:
    """Return status and body of an answer; (0, b"") if the service hangs up without one."""
    lines = {"Host": f"localhost:{place.port}", "Connection": "close", **(headers or {})}
    if body or method == "POST":
        lines.setdefault("Content-Length", str(len(body)))
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
    return await speak(place, head.encode() + b"\r\n" + body)


async def speak(place: Place, data: bytes, *, pause: float = 0.0) -> tuple[int, bytes]:
    """Return the answer to raw bytes, sent at once, or one by one with pauses."""
    reader, writer = await asyncio.open_connection(place.host, place.port)
    try:
        with suppress(OSError):
            for piece in [data] if not pause else [bytes([byte]) for byte in data]:
                writer.write(piece)
                await asyncio.wait_for(writer.drain(), _PATIENCE)
                if pause:
                    await asyncio.sleep(pause)
                    if reader.at_eof() or reader._buffer:  # type: ignore[attr-defined]
                        break
        return parse_answer(await asyncio.wait_for(read_all(reader), _PATIENCE))
    finally:
        writer.transport.abort()


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the other side hangs up, however it does."""
    pieces: list[bytes] = []
    with suppress(OSError):
        while piece := await reader.read(65536):
            pieces.append(piece)
    return b"".join(pieces)


def parse_answer(data: bytes) -> tuple[int, bytes]:
    """Return status and body of an answer."""
    head, _, body = data.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    return (int(words[1]), body) if len(words) > 1 and words[1].isdigit() else (0, b"")


def form(media: bytes, name: str = "talk.wav", **fields: str) -> bytes:
    """Return the body of a form."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="media"; filename="{name}"\r\n\r\n'
    return b"".join([*parts, head.encode(), media, b"\r\n--x--\r\n"])


# --- what clients do


async def do_status(place: Place, tally: Tally, _chance: random.Random) -> None:
    """Ask where a job stands."""
    status, body = await ask(place, "GET", place.job)
    tally.check("status", status, {200})
    if status == 200 and json.loads(body)["url"] != place.job:
        tally.wrong.append("status: of another job")


async def do_list(place: Place, tally: Tally, chance: random.Random) -> None:
    """Ask for all jobs, or for the page."""
    path = chance.choice(["/api/jobs?limit=100", "/", "/api/health", "/openapi.json"])
    status, _ = await ask(place, "GET", path)
    tally.check("list", status, {200})


async def do_talk(place: Place, tally: Tally, chance: random.Random) -> None:
    """Send a talk that cannot be decoded; follow it, cancel it, or delete it."""
    body = form(RUBBISH + chance.randbytes(chance.randrange(200_000)), transcript="大家好。")
    status, answer = await ask(place, "POST", "/api/jobs", body, {"Content-Type": _MULTIPART})
    tally.check("talk", status, {202, 429})
    if status != 202:
        return
    url = json.loads(answer)["url"]
    status, answer = await ask(place, "GET", url)
    tally.check("talk, status", status, {200})
    if chance.random() < 0.7:
        status, _ = await ask(place, "POST", f"{url}/cancel")
        tally.check("talk, cancel", status, {202, 409})
    if chance.random() < 0.5:
        status, _ = await ask(place, "DELETE", url)
        tally.check("talk, delete", status, {204, 409})
        if status == 204:
            status, _ = await ask(place, "GET", url)
            tally.check("talk, gone", status, {404})


async def do_huge(place: Place, tally: Tally, chance: random.Random) -> None:
    """Send too much, saying so or not."""
    if chance.random() < 0.5:
        body = form(bytes(MEDIA_LIMIT + 1 + chance.randrange(MEDIA_LIMIT)))
        status, _ = await ask(place, "POST", "/api/jobs", body, {"Content-Type": _MULTIPART})
        tally.check("huge", status, {413, 429})
        return
    head = f"POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: {_MULTIPART}\r\n"
    piece = b"10000\r\n" + bytes(65536) + b"\r\n"
    start = form(b"").partition(b"\r\n--x--")[0]
    data = (
        f"{head}Transfer-Encoding: chunked\r\n\r\n{len(start):x}\r\n".encode()
        + start
        + b"\r\n"
        + piece * (2 * MEDIA_LIMIT // 65536)
    )
    status, _ = await speak(place, data)
    tally.check("huge, endless", status, {413, 429})


async def do_terabyte(place: Place, tally: Tally, _chance: random.Random) -> None:
    """Announce a terabyte."""
    headers = {"Content-Type": _MULTIPART, "Content-Length": str(1 << 40)}
    status, _ = await ask(place, "POST", "/api/jobs", b"--x\r\n", headers)
    tally.check("terabyte", status, {413})


async def do_slow(place: Place, tally: Tally, _chance: random.Random) -> None:
    """Send a talk byte by byte."""
    head = (
        f"POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: {_MULTIPART}\r\n"
        f"Content-Length: 100000\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(place.host, place.port)
    try:
        writer.write(head.encode() + form(b"").partition(b"\r\n--x--")[0])
        answer = asyncio.ensure_future(read_all(reader))
        begun = time.monotonic()
        while not answer.done() and time.monotonic() - begun < _PATIENCE:
            with suppress(OSError):
                writer.write(b"x")
                await writer.drain()
            await asyncio.wait([answer], timeout=0.3)
        status, _ = parse_answer(await answer if answer.done() else b"")
        tally.check("slow", status, {408, 429})
    finally:
        writer.transport.abort()


async def do_silent(place: Place, tally: Tally, chance: random.Random) -> None:
    """Begin a request, and never end it."""
    start = chance.choice([b"", b"GET /", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-"])
    status, _ = await speak(place, start)
    tally.check("silent", status, {0})


async def do_hang_up(place: Place, tally: Tally, chance: random.Random) -> None:
    """Hang up in the middle of an upload, or of an answer."""
    body = form(bytes(200_000))
    head = (
        f"POST /api/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Type: {_MULTIPART}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode()
    data = chance.choice([head + body[: chance.randrange(len(body))], b"GET / HTTP/1.1\r\n\r\n"])
    _, writer = await asyncio.open_connection(place.host, place.port)
    writer.write(data)
    with suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.drain(), 1)
    writer.transport.abort()
    tally.check("hang up", 0, {0})


async def do_stream(place: Place, tally: Tally, chance: random.Random) -> None:
    """Listen to progress for a while, and hang up."""
    reader, writer = await asyncio.open_connection(place.host, place.port)
    try:
        writer.write(f"GET {place.job}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        status, _ = parse_answer(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _PATIENCE))
        tally.check("stream", status, {200, 503})
        await asyncio.sleep(chance.random())
    finally:
        writer.transport.abort()


async def do_stray(place: Place, tally: Tally, chance: random.Random) -> None:
    """Ask along paths that lead elsewhere."""
    path = chance.choice(
        [
            f"{place.job}/files/../../../../../etc/passwd",
            f"{place.job}/files/..%2f..%2f..%2fetc%2fpasswd",
            f"{place.job}/files/%2e%2e/%2e%2e/report.json",
            f"{place.job}/files/source/document/talk.txt",
            "/static/..%2fvalues.py",
            "/../../etc/passwd",
            "/api/jobs/..",
            "/api/jobs/%00",
        ]
    )
    status, body = await ask(place, "GET", path)
    tally.check("stray path", status, {404, 307})
    if b"root:" in body:
        tally.wrong.append(f"stray path: {path} was served")


async def do_wrong(place: Place, tally: Tally, chance: random.Random) -> None:
    """Ask for what makes no sense, or may not be asked for."""
    plain = {"Content-Type": "application/json"}
    local = json.dumps({"address": "http://127.0.0.1/a.mp3"}).encode()
    file = json.dumps({"address": "file:///etc/passwd"}).encode()
    evil = {"Origin": "http://evil.example"}
    method, path, body, headers, status = chance.choice(
        [
            ("POST", "/api/jobs", b"{", plain, 400),
            ("POST", "/api/jobs", local, plain, 422),
            ("POST", "/api/jobs", file, plain, 422),
            ("POST", "/api/jobs", b"--x\r\nnonsense", {"Content-Type": _MULTIPART}, 400),
            ("POST", "/api/jobs", b"a=b", {}, 415),
            ("POST", "/api/jobs", form(RUBBISH), {"Content-Type": _MULTIPART, **evil}, 403),
            ("DELETE", place.job, b"", evil, 403),
            ("GET", "/api/jobs", b"", {"Host": "evil.example"}, 421),
            ("DELETE", "/api/jobs", b"", {}, 405),
            ("GET", "/api/jobs?limit=-1", b"", {}, 422),
        ]
    )
    found, _ = await ask(place, method, path, body, headers)
    full = {429} if path == "/api/jobs" and status in {400, 422} and method == "POST" else set()
    tally.check(f"wrong, {status}", found, {status} | full)


async def do_rubbish(place: Place, tally: Tally, chance: random.Random) -> None:
    """Send what is no HTTP."""
    rubbish = chance.choice([chance.randbytes(500), b"A" * 40_000, b"GET / HTTP/7\r\n\r\n"])
    status, _ = await speak(place, rubbish + b"\r\n\r\n")
    tally.check("rubbish", status, {0, 400})


Deed = Callable[[Place, Tally, random.Random], Awaitable[None]]
Deeds = tuple[tuple[Deed, int], ...]
DEEDS: Deeds = (
    (do_status, 30),
    (do_list, 8),
    (do_talk, 12),
    (do_huge, 4),
    (do_terabyte, 3),
    (do_slow, 2),
    (do_silent, 3),
    (do_hang_up, 10),
    (do_stream, 4),
    (do_stray, 8),
    (do_wrong, 12),
    (do_rubbish, 6),
)


# --- the whole


async def run_clients(
    place: Place, count: int, seconds: float, seed: int, deeds: Deeds = DEEDS
) -> Tally:
    """Return what ``count`` clients met with in ``seconds``."""
    tally = Tally()
    until = time.monotonic() + seconds

    async def live(number: int) -> None:
        chance = random.Random(seed * 1000 + number)  # noqa: S311 - for a load, not for a secret
        known, weights = zip(*deeds, strict=True)
        while time.monotonic() < until:
            deed: Deed = chance.choices(known, weights)[0]
            try:
                await deed(place, tally, chance)
            except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
                tally.wrong.append(f"{deed.__name__}: {type(error).__name__} {error}")

    await asyncio.gather(*(live(number) for number in range(count)))
    return tally


def probe(address: str, job: str, seconds: float) -> list[float]:
    """Return how long status calls took, in seconds, one after another over one connection."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    wire = http.client.HTTPConnection(host, int(port), timeout=_PATIENCE)
    found = []
    until = time.monotonic() + seconds
    with closing(wire):
        while time.monotonic() < until:
            begun = time.perf_counter()
            wire.request("GET", job)
            answer = wire.getresponse()
            answer.read()
            found.append(time.perf_counter() - begun)
            if answer.status != 200:
                raise SystemExit(f"a status call was answered {answer.status}")
            time.sleep(0.02)
    return found


@dataclass(frozen=True)
class Look:
    """A service from outside: its descriptors, its memory, its processor time in seconds."""

    descriptors: int
    memory: int
    seconds: float

    @staticmethod
    def at(pid: int) -> Look:
        """Return what process ``pid`` has (Linux)."""
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
        count = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        times = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        seconds = (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")
        return Look(count, int(line.split()[1]) << 10, seconds)


def start(library: Path) -> tuple[subprocess.Popen[str], str]:
    """Return a service with small limits, and its address."""
    limits = ["--max-upload", "1M", "--max-waiting", str(_WAITING), "--upload-time", "15"]
    command = [sys.executable, "-m", "subtools", "serve", str(library), "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, "--workers", "1", *limits],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    )
    if process.stdout is None:
        raise SystemExit("it has no output")
    return process, str(json.loads(process.stdout.readline())["address"])


def measure(
    clients: int, seconds: float, seed: int, library: Path, deeds: Deeds = DEEDS
) -> dict[str, Any]:
    """Return what came of it, with what is wrong under ``wrong``."""
    process, address = start(library)
    try:
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        job = asyncio.run(_begin(Place(host, int(port), "")))
        place = Place(host, int(port), job)
        asyncio.run(
            run_clients(place, clients, min(5.0, seconds), seed + 1, deeds)
        )  # to its usual size
        settle(place)
        quiet = probe(address, job, min(5.0, seconds))
        before = Look.at(process.pid)
        prober = subprocess.Popen(
            [sys.executable, "-m", "scripts.load_service", "--probe", address, job, str(seconds)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        tally = asyncio.run(run_clients(place, clients, seconds, seed, deeds))
        printed, _ = prober.communicate(timeout=seconds + 2 * _PATIENCE)
        took = sorted(json.loads(printed))
        is_settled = settle(place)
        after = Look.at(process.pid)
        process.send_signal(signal.SIGINT)
        status = process.wait(60)
    finally:
        if process.poll() is None:
            process.kill()
        if process.stdout is not None:
            process.stdout.close()
    left = [str(path) for path in (library / ".subtools/service/incoming").iterdir()]
    left += [str(path) for path in (library / ".subtools/runs").glob("*/*") if path.name != "lock"]
    wrong = [*tally.wrong, *(f"left: {path}" for path in left)]
    wrong += [] if is_settled else ["jobs or uploads never came to an end"]
    wrong += [] if status == 0 else [f"the service ended with {status}"]
    if after.descriptors > before.descriptors + 3:
        wrong.append(f"descriptors: {before.descriptors} before, {after.descriptors} after")
    return {
        "clients": clients,
        "answers": dict(sorted(tally.answers.items())),
        "requests": sum(tally.answers.values()),
        "processor_ms_a_request": round(
            1000 * (after.seconds - before.seconds) / (sum(tally.answers.values()) + len(took)), 1
        ),
        "status_p99_ms_before": _say_p99(quiet),
        "status_calls": len(took),
        "status_median_ms": round(1000 * statistics.median(took), 1),
        "status_p99_ms": _say_p99(took),
        "status_max_ms": round(1000 * took[-1], 1),
        "descriptors": [before.descriptors, after.descriptors],
        "memory_mb": [before.memory >> 20, after.memory >> 20],
        "wrong": wrong,
    }


def settle(place: Place) -> bool:
    """Return whether all that is under way came to an end."""
    until = time.monotonic() + _SETTLE
    while time.monotonic() < until:
        status, body = asyncio.run(ask(place, "GET", "/api/health"))
        counts = json.loads(body) if status == 200 else {"waiting": 1}
        if not (counts["waiting"] or counts["running"] or counts["uploads"]):
            time.sleep(1)  # for connections that are just being closed
            return True
        _, body = asyncio.run(ask(place, "GET", "/api/jobs?limit=100"))
        for job in json.loads(body)["jobs"]:
            if job["state"] == "waiting":
                asyncio.run(ask(place, "POST", f"{job['url']}/cancel"))
        time.sleep(0.5)
    return False


def _say_p99(seconds: list[float]) -> float:
    return round(1000 * sorted(seconds)[int(0.99 * (len(seconds) - 1))], 1)


async def _begin(place: Place) -> str:
    headers = {"Content-Type": _MULTIPART}
    status, body = await ask(place, "POST", "/api/jobs", form(RUBBISH), headers)
    if status != 202:
        raise SystemExit(f"the first job was answered {status}: {body.decode()}")
    return str(json.loads(body)["url"])


def main() -> None:
    """Run it, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--probe", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.probe:
        address, job, seconds = arguments.probe
        print(json.dumps(probe(address, job, float(seconds))))
        return
    with tempfile.TemporaryDirectory() as folder:
        found = measure(
            arguments.clients, arguments.seconds, arguments.seed, Path(folder) / "library"
        )
    wrong = Counter(found.pop("wrong"))
    print(json.dumps(found, indent=1))
    for what, count in wrong.most_common(20):
        print(f"wrong, {count} times: {what}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
