"""The service from its start to its end."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from subtools.batch import Device, Ways, open_workplace
from subtools.core import Seconds
from subtools.download import FetchOptions
from subtools.errors import OutputError
from subtools.service.connecting import PatientProtocol
from subtools.service.desk import Desk
from subtools.service.guarding import Policy
from subtools.service.house import House
from subtools.service.records import Records
from subtools.service.routes import make_app
from subtools.service.slots import Slots
from subtools.service.values import Limits

_BACKLOG = 1024
_ANSWERING: Seconds = 3.0  # for requests that are being answered when it ends
_OPEN_FILES = 4096  # descriptors: connections, uploads, and what Python itself needs
_KILLED: Seconds = 15.0


@dataclass(frozen=True)
class Service:
    """How a service is to be.

    Attributes:
        library: Where results go.
        host: Where it listens.
        port: Where it listens; 0: any that is free.
        policy: Who is let in.
        limits: What it takes at most.
        workers: Jobs that are done at a time.
        memory: Bytes that they may need together; None: no limit.
        device: What heavy steps run on.
        options: How addresses are fetched.
        allow_private: Whether those of the local network are.
        grace: Seconds that running steps have when it ends.
    """

    library: Path
    host: str
    port: int
    policy: Policy
    limits: Limits
    workers: int
    memory: int | None
    device: Device
    options: FetchOptions
    allow_private: bool
    grace: Seconds


class Ending:
    """Told how urgently the service is to end: 1 after the running steps, 2 now."""

    def __init__(self) -> None:
        self.urgency = 0
        self._hear: Callable[[int], None] = lambda _urgency: None

    def hear(self, hearer: Callable[[int], None]) -> None:
        """Tell ``hearer`` from now on."""
        self._hear = hearer
        if self.urgency:
            hearer(self.urgency)

    def raise_urgency(self) -> int:
        """Return how urgent it is now that it was asked for once more."""
        self.urgency += 1
        self._hear(self.urgency)
        return self.urgency


def serve(
    service: Service,
    *,
    started: Callable[[str], None],
    ending: Ending,
    note: Callable[[str], None],
) -> None:
    """Serve until ``ending`` says so.

    Args:
        service: How it is to be.
        started: Told the address, as soon as it answers there.
        ending: Says when to end.
        note: Told what a person at the terminal should know.

    Raises:
        OutputError: If the library cannot be written to, or another run is at work there, or
            nobody can listen at that place.
    """
    _allow_open_files()
    with (
        _listening(service.host, service.port) as listener,
        open_workplace(service.library.absolute()) as place,
    ):
        desk = Desk(Records(place), service.limits)
        ways = Ways(service.options, place.unfinished, public_only=not service.allow_private)
        slots = Slots(
            desk,
            place,
            ways,
            count=service.workers,
            memory=service.memory,
            device=service.device,
            note=note,
        )
        house = House(desk, slots.forget, service.policy, service.allow_private)
        server = make_server(house, lambda: started(_say_address(listener)))

        def hear(urgency: int) -> None:
            server.should_exit = True
            server.force_exit = urgency > 1
            desk.urgency = max(desk.urgency, urgency)  # without its lock: this is a signal handler

        slots.start()
        ending.hear(hear)
        try:
            server.run(sockets=[listener])
        finally:
            _end(desk, slots, service.grace)


def make_server(house: House, started: Callable[[], None]) -> uvicorn.Server:
    """Return a server that answers for ``house``; it calls ``started`` when it does."""
    limits = house.limits
    protocol = type("Protocol", (PatientProtocol,), {"patience": limits.request})
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        make_app(house),
        http=protocol,
        ws="none",
        loop="asyncio",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        proxy_headers=False,  # nobody may say that a request comes from elsewhere
        limit_concurrency=limits.connections,
        backlog=_BACKLOG,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=int(_ANSWERING),
    )
    return _Server(config, started)


class _Server(uvicorn.Server):
    """A server that leaves signals to the command line, and says when it answers."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._tell()


def _end(desk: Desk, slots: Slots, grace: Seconds) -> None:
    """Let the running steps end; what is not done in time is done after the next start."""
    desk.close(1)
    waited: Seconds = 0.0
    while desk.urgency < 2 and waited < grace:
        if slots.join(0.2):
            return
        waited += 0.2
    desk.close(2)
    slots.join(_KILLED)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    """Return a context with a socket that listens.

    Raises:
        OutputError: If there can be none.
    """
    try:
        family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        hint = "give another --host"
        raise OutputError(f"nobody can listen at {host}: {error.strerror}", hint=hint) from error
    with closing(listener):
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(place)
        except OSError as error:
            what = f"nobody can listen at {host}, port {port}: {error.strerror}"
            raise OutputError(what, hint="give another --port; 0 takes any") from error
        listener.listen(_BACKLOG)
        yield listener


def _say_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - read, not bound
    return f"http://{shown}:{port}/"


def _allow_open_files() -> None:
    """Let this process open as many files as it may, up to what a busy hour needs."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
