"""Connections that do not come on are closed: uvicorn itself waits for a request for ever."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from subtools.core import Seconds
from subtools.service.values import Limits

_STALLED: Seconds = 60.0  # for a client that reads nothing of its answer


class PatientProtocol(H11Protocol):
    """HTTP/1.1 whose request heads and whose readers have a limited time."""

    patience: Seconds = Limits().request
    stalled: Seconds = _STALLED

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._head_timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what the client sends."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._forget_head()
        self._forget_reader()

    def pause_writing(self) -> None:
        """Wait for the client to read."""
        super().pause_writing()
        self._reader_timer = self.loop.call_later(self.stalled, self._give_up)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        self._forget_reader()

    def _watch(self) -> None:
        """Run a clock as long as no request is being answered."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget_head()
        elif self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(self.patience, self._give_up)

    def _forget_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _forget_reader(self) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.abort()
