"""Fetches that others ask for reach the public web only, whatever names and redirects say.

What a name leads to is looked at when a connection is made, not before: a name may lead
elsewhere a second later, and a public page may redirect to a private one.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from subtools.errors import FetchError

_NOT_PUBLIC = "addresses of the local network are not fetched"
_HINT = "fetch it yourself, and give the file"


class PrivateAddressError(OSError):
    """A name leads to this machine, or into its network."""


@contextmanager
def public_only(*, proxy: str | None = None) -> Iterator[None]:
    """Return a context in which this process connects to public hosts only.

    Args:
        proxy: A proxy that all goes through, besides those of the environment; it may be
            anywhere, and decides by itself.
    """
    look_up = socket.getaddrinfo
    spared = {_host(one) for one in (proxy, *getproxies().values()) if one}

    def look_up_public(host: Any, *args: Any, **options: Any) -> Any:
        found = look_up(host, *args, **options)
        if _text(host).lower() in spared:
            return found
        public = [one for one in found if is_public(str(one[4][0]))]
        if not public:
            raise PrivateAddressError(_NOT_PUBLIC) from FetchError(_NOT_PUBLIC, hint=_HINT)
        return public

    socket.getaddrinfo = look_up_public
    try:
        yield
    finally:
        socket.getaddrinfo = look_up


def is_public(number: str) -> bool:
    """Return whether an IP address is one of the public web.

    >>> [is_public(ip) for ip in ("1.1.1.1", "10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1")]
    [True, False, False, False]
    """
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    if mapped is not None and not mapped.is_global:
        return False
    return address.is_global and not address.is_multicast


def _host(proxy: str) -> str:
    return urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname or ""


def _text(host: Any) -> str:
    return host.decode("latin-1") if isinstance(host, bytes) else str(host)
