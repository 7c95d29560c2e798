"""The service on a real uvicorn on 127.0.0.1: with nobody who works, or as a user starts it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from subtools.batch import open_workplace
from subtools.service import Limits, Policy
from subtools.service.desk import Desk
from subtools.service.house import House
from subtools.service.records import Records
from subtools.service.serving import make_server
from subtools.service.values import Stand, Ticket
from tests.commands import environment

TOKEN = "0123456789abcdef-token"
SMALL = Limits(media=200_000, document=20_000, waiting=5, spare=0)
SOUND = b"RIFF" + bytes(1000)  # nobody listens to it here


@dataclass(frozen=True, slots=True)
class Served:
    """A service without anybody who works: jobs wait until a test takes them."""

    address: str
    desk: Desk
    client: httpx.Client
    library: Path
    forgotten: list[Ticket]

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    def ask(self, **fields: Any) -> httpx.Response:
        """Send a small job."""
        files = {"media": ("talk.wav", SOUND)}
        return self.client.post("/api/jobs", files={**files, **fields.pop("files", {})}, **fields)

    def incoming(self) -> list[Path]:
        return list(self.desk.records.incoming.iterdir())

    def finish(self, **files: str) -> Ticket:
        """Do the next job as the engine would."""
        ticket = self.desk.take()
        assert ticket is not None
        folder = self.desk.records.folder(ticket)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        sizes = {name: len(text.encode()) for name, text in files.items()}
        self.desk.finish(ticket, stand=Stand.DONE, files=sizes, seconds=10.0)
        return self.desk.find(ticket.id)

    def speak(self, data: bytes, *, seconds: float = 10.0) -> bytes:
        """Return what is answered to raw bytes, until the service hangs up."""
        with closing(socket.create_connection(("127.0.0.1", self.port), seconds)) as wire:
            wire.sendall(data)
            return b"".join(iter(lambda: wire.recv(65536), b""))


@contextmanager
def serving(
    library: Path, *, limits: Limits = SMALL, policy: Policy | None = None, private: bool = False
) -> Iterator[Served]:
    """Run a service in a thread of this process."""
    with open_workplace(library) as place, _bound() as listener:
        desk = Desk(Records(place), limits)
        forgotten: list[Ticket] = []
        house = House(desk, forgotten.append, policy or Policy(), private)
        answers = threading.Event()
        server = make_server(house, answers.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.start()
        try:
            assert answers.wait(20)
            with httpx.Client(base_url=address, timeout=20) as client:
                yield Served(address, desk, client, library, forgotten)
        finally:
            desk.close(2)
            server.should_exit = True
            thread.join(20)
            assert not thread.is_alive()


@contextmanager
def _bound() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield listener


@dataclass(frozen=True, slots=True)
class Running:
    """``subtools serve`` in a process of its own."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str) -> Any:
        return httpx.get(self.address + path.removeprefix("/"), timeout=30).json()

    def await_job(self, url: str, until: Callable[[Any], bool]) -> Any:
        for _ in range(1200):
            job = self.get(url)
            if until(job):
                return job
            time.sleep(0.1)
        raise AssertionError(f"it never came to that: {job}")

    def stop(self, how: int = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(60)


def start_service(library: Path, *arguments: str, env: dict[str, str] | None = None) -> Running:
    """Start the command, and wait until it says where it answers."""
    command = [sys.executable, "-m", "subtools", "serve", str(library), "--port", "0", "--json"]
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(env or {}),
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(process.stderr.read())
    return Running(process, json.loads(line)["address"])


def kill_service(running: Running) -> None:
    """End it as a power failure does."""
    os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait()


def close_pipes(running: Running) -> None:
    for pipe in (running.process.stdout, running.process.stderr):
        if pipe is not None:
            pipe.close()
