"""Fetches for others reach the public web only, whatever names and redirects say."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from subtools.download import FetchOptions, Patience, fetch, public_only, shielding
from subtools.errors import FetchError
from subtools.media import measure_sound
from tests.web import Answer, Server, serving

QUICK = Patience(pause=0.01, silence=5.0, tries=2)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with serving() as running:
        yield running


def get(address: str, tmp_path: Path) -> None:
    with public_only():
        fetch(
            address,
            tmp_path / "out",
            work=tmp_path / "work",
            measure=measure_sound,
            options=FetchOptions(patience=QUICK),
        )


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_a_name_that_leads_here_is_not_asked(server: Server, tmp_path: Path, host: str) -> None:
    port = server.url.rsplit(":", 1)[1]
    with pytest.raises(FetchError, match="local network") as caught:
        get(f"http://{host}:{port}/a.ogg", tmp_path)
    assert not caught.value.may_pass
    assert server.asked == []


def test_a_redirect_into_the_local_network_is_not_followed(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shielding, "is_public", lambda number: number == "127.0.0.1")
    target = server.url.replace("127.0.0.1", "127.0.0.2")
    server.answers["/a.ogg"] = Answer(status=302, headers={"Location": f"{target}/secret"})
    with pytest.raises(FetchError, match="local network"):
        get(f"{server.url}/a.ogg", tmp_path)
    assert {path for path, _ in server.asked} == {"/a.ogg"}


def test_a_proxy_may_be_anywhere_and_the_rest_is_as_before() -> None:
    before = socket.getaddrinfo
    with public_only(proxy="http://127.0.0.1:3128"):
        assert socket.getaddrinfo("127.0.0.1", 3128)
        with pytest.raises(shielding.PrivateAddressError):
            socket.getaddrinfo("127.0.0.2", 80)
    assert socket.getaddrinfo is before
