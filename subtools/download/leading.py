"""Where an address leads: short links followed, the parts of a video listed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from yt_dlp.networking.exceptions import HTTPError

from subtools.core import Seconds
from subtools.download.addresses import Address, Kind, parse_address
from subtools.download.bilibili import PartInfo, ask_parts
from subtools.download.explaining import FAILURES, explain
from subtools.download.observing import find_page_id, find_page_parts
from subtools.download.opening import Opener
from subtools.download.options import FetchOptions
from subtools.errors import FetchError

_ASKED = 3  # times: of the servers that answer, one may know less than the others


@contextmanager
def opened(options: FetchOptions, sleep: Callable[[Seconds], None]) -> Iterator[Opener]:
    """Return a context with an opener; its connections are closed at the end."""
    opener = None
    try:
        opener = Opener(options, sleep=sleep)
        yield opener
    except FAILURES as error:
        raise explain(error, "") from error
    finally:
        if opener is not None:
            opener.close()


def visit(opener: Opener, address: Address) -> tuple[PartInfo, ...]:
    """Return the parts of the video, asked for as a browser would: the page, then the list.

    Raises:
        FetchError: If it has none, or if parts that its page names are missing in the list: a
            list that is cut short would make a conference its opening speech.
    """
    try:
        page = opener.visit(address.url)
    except FAILURES as error:
        raise explain(error, address.url) from error
    named = find_page_parts(page)
    bvid = address.bvid or find_page_id(page, address.aid)
    for attempt in range(1, _ASKED + 1):
        parts = ask_parts(opener, address, bvid)
        if named <= {part.number for part in parts}:
            return parts
        if attempt < _ASKED:
            opener.wait(attempt)
    message = f"the site lists {len(parts)} of the {len(named)} parts that its page names"
    raise FetchError(message, url=address.url, hint="try again later")


def resolve(opener: Opener, address: Address) -> Address:
    """Return where a short link leads; any other ``address`` as it is.

    Raises:
        FetchError: If it leads nowhere, or not to the web.
    """
    if address.kind is not Kind.SHORT:
        return address
    try:
        with opener.urlopen(address.url) as response:
            target = response.url
    except HTTPError as error:
        error.close()
        target = error.response.url  # the page may refuse; where it is, is what was asked
        if not target or target == address.url:
            raise explain(error, address.url) from error
    except FAILURES as error:
        raise explain(error, address.url) from error
    found = parse_address(target)
    if found.kind not in {Kind.BILIBILI, Kind.OTHER}:
        hint = "open it in a browser, and give the address of the page"
        raise FetchError("the short link leads nowhere", url=address.url, hint=hint)
    return found
