"""A Ray cluster on this machine: a head and nodes, each a group of processes of its own."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.commands import environment

_ACTOR = b"ray::StepWorker"  # what Ray calls the process of an actor
_OBJECTS = 80 << 20  # bytes; the smallest object store that Ray starts with is 75 MiB
_MEMORY = 4 << 30  # that each node says it has
_HOST = "127.0.0.1"
# With 0, whoever connects takes 127.0.0.1 as it is; with 1, several nodes are allowed.
_LOOPBACK = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
# `ray start` takes another address of the machine for 127.0.0.1, which others can reach.
_RAY = """
from ray._private import services
services.resolve_ip_for_localhost = lambda host: host
from ray.scripts.scripts import main
main()
"""


@dataclass
class Cluster:
    """A head without cores, and nodes.

    Attributes:
        port: Where the head listens.
        client_port: Where it listens to ``ray://``.
        folder: Its files.
        env: Variables of who works with it, among them the password of this cluster.
        nodes: Their processes, the head's first; each leads a group.
    """

    port: int
    client_port: int
    folder: Path
    env: Mapping[str, str]
    nodes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{_HOST}:{self.port}"

    def add_node(self, *, cores: int = 1) -> subprocess.Popen[bytes]:
        return self._start("--address", self.address, "--num-cpus", str(cores))

    def start_head(self) -> None:
        self._start(
            *("--head", "--port", str(self.port), "--num-cpus", "0"),
            *("--ray-client-server-port", str(self.client_port)),
            *("--include-dashboard", "false", "--temp-dir", str(self.folder)),
        )

    def close(self) -> None:
        for node in reversed(self.nodes):
            kill_node(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _RAY, "start", "--block", "--node-ip-address", _HOST]
        sizes = ["--object-store-memory", str(_OBJECTS), "--memory", str(_MEMORY)]
        with (self.folder / f"node-{len(self.nodes)}.log").open("wb") as log:
            node = subprocess.Popen(
                [*command, *sizes, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=environment({**self.env, _LOOPBACK: "1"}),
                start_new_session=True,
            )
        self.nodes.append(node)
        self._await(f"node-{len(self.nodes) - 1}.log")
        return node

    def _await(self, log: str) -> None:
        for _ in range(600):
            if b"Ray runtime started" in (self.folder / log).read_bytes():
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / log).read_text("utf-8"))


@contextmanager
def open_cluster(*, nodes: int) -> Iterator[Cluster]:
    """Return a context with a cluster of so many nodes of one core."""
    folder = Path(tempfile.mkdtemp(prefix="ray-", dir="/tmp"))
    env = {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "RAY_USAGE_STATS_ENABLED": "0",
        _LOOPBACK: "0",
    }
    cluster = Cluster(_free_port(), _free_port(), folder, env)
    try:
        cluster.start_head()
        for _ in range(nodes):
            cluster.add_node()
        yield cluster
    finally:
        cluster.close()


def find_actors(node: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes of actors that are below ``node``."""
    return [pid for pid in _descendants(node.pid) if _command(pid).startswith(_ACTOR)]


def is_working(actor: int) -> bool:
    """Return whether a step is being done in the process of an actor."""
    return _command(actor).startswith(_ACTOR + b".do")


def kill_node(node: subprocess.Popen[bytes]) -> None:
    """End all processes of a node at once, as when its power fails."""
    for pid in [node.pid, *_descendants(node.pid)]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    node.wait()


def _descendants(root: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError, IndexError):
                stat = (entry / "stat").read_text("utf-8", "replace")
                parent = int(stat.rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((_HOST, 0))
        return int(one.getsockname()[1])
