"""Where a language model is, and with which key it is asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from subtools.errors import AdviserError

KEY_VARIABLE = "SUBTOOLS_LLM_KEY"
_PATH = "/chat/completions"
_HINT = "give the address that its API begins with: https://HOST/v1, http://localhost:11434/v1"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A language model behind an API as OpenAI's.

    Attributes:
        url: Where chat completions are asked for.
        model: What the server calls the model.
        key: What lets us ask; empty for none. It is shown nowhere.
    """

    url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def is_local(self) -> bool:
        """Whether the model is on this computer."""
        return _is_local(urlsplit(self.url).hostname or "")


def read_endpoint(url: str, model: str, *, environment: Mapping[str, str] = os.environ) -> Endpoint:
    """Return the endpoint at ``url``, with the key of the environment variable ``KEY_VARIABLE``.

    Args:
        url: What the API's addresses begin with, or the one of its chat completions.
        model: What the server calls the model.
        environment: Where the key is.

    Raises:
        AdviserError: If it is no such address, would be asked in the clear over a network,
            or the key cannot be sent.

    >>> read_endpoint("http://localhost:11434/v1/", "qwen3", environment={}).url
    'http://localhost:11434/v1/chat/completions'
    """
    parts = _split(url)
    if not model.strip() or not model.isprintable():
        raise AdviserError("the language model needs a name", hint="say --model-name NAME")
    path = parts.path.rstrip("/")
    path = path if path.endswith(_PATH) else path + _PATH
    return Endpoint(parts._replace(path=path).geturl(), model.strip(), _read_key(environment))


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise AdviserError(f"{url!r} is no address", hint=_HINT) from error
    if parts.username is not None or parts.password is not None:  # not shown: it is a password
        hint = f"put the key into the environment variable {KEY_VARIABLE}"
        raise AdviserError("the language model's address has a password in it", hint=hint)
    if parts.scheme not in {"http", "https"} or not host or parts.fragment:
        raise AdviserError(f"{url!r} is no address of a language model", hint=_HINT)
    if any(c.isspace() or not c.isprintable() for c in url.strip()):
        raise AdviserError(f"{url!r} is no address of a language model", hint=_HINT)
    if parts.scheme == "http" and not _is_local(host):
        hint = "use https; http is for a model on this computer"
        raise AdviserError(f"{url!r} would be asked in the clear", hint=hint)
    return parts


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_key(environment: Mapping[str, str]) -> str:
    key = environment.get(KEY_VARIABLE, "").strip()
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise AdviserError(f"the key in {KEY_VARIABLE} has characters that no key has")
    return key
