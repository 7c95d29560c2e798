"""What went wrong with a site, in words that tell what to do."""

from __future__ import annotations

import re

from yt_dlp.cookies import CookieLoadError
from yt_dlp.networking.exceptions import (
    CertificateVerifyError,
    HTTPError,
    ProxyError,
    TransportError,
)
from yt_dlp.utils import GeoRestrictedError, UnsupportedError, YoutubeDLError

from subtools.download.addresses import hide_secrets
from subtools.errors import FetchError

FAILURES = (YoutubeDLError, CookieLoadError, OSError)  # what a fetch may end with
# What code that trusts an answer comes up with when its parts are of other types than usual.
NONSENSE = (AttributeError, TypeError, ValueError, LookupError, OverflowError, AssertionError)

_COOKIES = "--cookies-from-browser firefox, or --cookies FILE"
_RISK_HINT = (
    f"give the cookies of a browser in which it plays ({_COOKIES}), or try again in an hour;"
    " a VPN makes it worse"
)
_RISK = re.compile(
    r"\b(?:412|352|rate limit|risk control|wait and try later|v_voucher|captcha)\b", re.I
)
_LOGIN = re.compile(
    r"\b(?:log ?in|logged in|members?|premium|cookies|your account|registered|supporters?)\b", re.I
)
_PLACE = re.compile(r"geo.?restrict|not available (?:in|from) your|region|country", re.I)
_REDIRECT = re.compile(r"a redirect (?:of a short link )?to \S+ is not followed")
_BY_HAND = "open it in a browser, and give the address of the page"
_NOISE = re.compile(
    r"^ERROR:\s*|\[[\w:+-]+\]\s*(?:[^\s:]+:\s)?|<urlopen error |>$|"
    r"; please report this issue.*|\(caused by.*|"
    r"\s*You might want to (?:use|try).*|\s*Use --cookies.*|\s*See +https?://.*",
    re.I | re.S,
)
_TIMED_OUT, _SERVER_FAILED = 408, 500  # statuses of HTTP; what is from 500 on is the server's fault
_SHORT = 60  # characters of a sign
_LONGEST = 300  # characters of a foreign message


def explain(error: BaseException, url: str) -> FetchError:
    """Return ``error``, which came up with ``url``, as ours: what happened, what helps."""
    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, FetchError):
            return one
    url = hide_secrets(url)
    for one in chain:
        if isinstance(one, CertificateVerifyError):
            hint = "name your own authority's file in SSL_CERT_FILE; checks are never turned off"
            return FetchError("the site's certificate is not trusted", url=url, hint=hint)
        if isinstance(one, HTTPError):
            one.close()
            return _explain_status(one, url)
        if isinstance(one, CookieLoadError):
            hint = "give a file in Netscape's format, or the name of a browser on this machine"
            return FetchError("the cookies cannot be read", url=url, hint=hint)
    return _explain_words(error, chain, url)


def refused_by_risk_control(url: str, *, sign: str = "HTTP 412") -> FetchError:
    """Return the error for a site that takes us for a robot."""
    message = f"the site refuses requests from here for now (risk control, {sign})"
    return FetchError(message, url=hide_secrets(url), hint=_RISK_HINT, may_pass=True)


def _causes(error: BaseException | None) -> list[BaseException]:
    """Return ``error`` and what it comes from, the outermost first."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or one in found:
            continue
        found.append(one)
        inner = getattr(one, "exc_info", None) or ()
        waiting += [getattr(one, "cause", None), *inner[1:2], one.__cause__, one.__context__]
    return found


def _explain_status(error: HTTPError, url: str) -> FetchError:
    if error.status in {412, 429}:
        return refused_by_risk_control(url, sign=f"HTTP {error.status}")
    if 300 <= error.status < 400:  # in a circle, or to what is no address of the web
        return FetchError("the address leads nowhere", url=url, hint=_BY_HAND)
    hints = {
        401: f"log in: {_COOKIES}",
        403: f"it may need a login ({_COOKIES}) or another country (--proxy)",
        404: "check the address; the video may be gone",
        410: "the video is gone",
        451: "it may not be shown where you are; --proxy goes through another country",
    }
    hint = hints.get(error.status, "try again later")
    message = f"the site answers {error.status} {error.reason or ''}".strip()
    may_pass = error.status == _TIMED_OUT or error.status >= _SERVER_FAILED
    return FetchError(message, url=url, hint=hint, may_pass=may_pass)


def _explain_words(error: BaseException, chain: list[BaseException], url: str) -> FetchError:
    reason = _plain(error)
    if any(isinstance(one, GeoRestrictedError) for one in chain) or _PLACE.search(reason):
        hint = "it is not shown everywhere, or is gone; --proxy goes through another country"
        return FetchError(reason, url=url, hint=hint)
    if any(isinstance(one, UnsupportedError) for one in chain):
        hint = "give the address of the page on which it plays, or of the file itself"
        return FetchError("no sound is known to be there", url=url, hint=hint)
    if any(isinstance(one, ProxyError) for one in chain) or "unsupported proxy" in reason.lower():
        return FetchError(
            f"the proxy refuses: {reason}", url=url, hint="check --proxy and HTTPS_PROXY"
        )
    if any(isinstance(one, TransportError) for one in chain):
        hint = "check the connection, and the proxy if there is one"
        message = f"the site cannot be reached: {reason}"
        return FetchError(message, url=url, hint=hint, may_pass=True)
    if _REDIRECT.search(reason):
        return FetchError(reason, url=url, hint=_BY_HAND)
    if _RISK.search(reason):
        return refused_by_risk_control(url, sign=reason[:_SHORT])
    if _LOGIN.search(reason):
        return FetchError(reason, url=url, hint=f"log in: {_COOKIES}")
    hint = "see whether it plays in a browser; if so, update yt-dlp: pip install -U yt-dlp"
    return FetchError(reason, url=url, hint=hint)


def _plain(error: BaseException) -> str:
    """Return what ``error`` says, without yt-dlp's advice to its own users."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    text = re.sub(r"(\w+://)\S*@", r"\1", text)  # the password of a proxy
    text = " ".join(_NOISE.sub("", text).split())
    return (text or type(error).__name__)[:_LONGEST].rstrip(". >")
