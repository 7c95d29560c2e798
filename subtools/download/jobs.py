"""From an address to the videos and parts that are wanted, each fetched in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yt_dlp.extractor.bilibili import BiliBiliIE

from subtools.core import Progress, Seconds
from subtools.download.addresses import Address, Kind, hide_secrets, own_address, parse_address
from subtools.download.asking import Item, ask_item, check_upload
from subtools.download.bilibili import PartInfo
from subtools.download.folders import (
    empty,
    find_finished,
    name_key,
    remove_leftovers,
    reserved,
    tidy,
)
from subtools.download.leading import opened, resolve, visit
from subtools.download.making import BILIBILI, Job, make_files, renew_texts
from subtools.download.metadata import Metadata
from subtools.download.opening import Opener
from subtools.download.options import FetchOptions, Parts
from subtools.download.texts import lacks_texts
from subtools.download.verifying import Measure, check_stated
from subtools.errors import FetchError

_ASKED = 3  # times: signatures expire, and answers that make no sense may the next time
_GENERIC = "Generic"  # yt-dlp's name for sites that it does not know
_ALIKE: Seconds = 3.0  # between two parts whose lengths, in whole seconds, do not tell them apart
_LISTED = 30  # parts that an error names

Result = tuple[Path, Metadata, bool]  # where the metadata is, the metadata, whether it is new


def list_parts(
    address: Address, options: FetchOptions, sleep: Callable[[Seconds], None]
) -> tuple[PartInfo, ...]:
    """Return the parts of the video at ``address``, or the videos of a list.

    Raises:
        FetchError: If the site does not say.
    """
    with opened(options, sleep) as opener:
        address = resolve(opener, address)
        if address.kind is Kind.BILIBILI:
            return visit(opener, address)
        found = ask_item(opener, address.url)
        if isinstance(found, Item):
            return (PartInfo(1, found.title, found.duration, None, found.url),)
        return found


@dataclass(frozen=True, slots=True)
class Workshop:
    """All that fetching needs, whatever is fetched.

    Attributes:
        opener: Makes the requests.
        folder: Where finished files go.
        work: Where unfinished ones are.
        measure: Decodes a file and returns its length.
        options: What is wanted, and how to get it.
        progress: Told the bytes fetched.
    """

    opener: Opener
    folder: Path
    work: Path
    measure: Measure
    options: FetchOptions
    progress: Progress

    @staticmethod
    @contextmanager
    def opened(
        folder: Path,
        work: Path,
        measure: Measure,
        options: FetchOptions,
        progress: Progress,
        sleep: Callable[[Seconds], None],
    ) -> Iterator[Workshop]:
        """Return a context with a workshop; its connections are closed at the end."""
        with opened(options, sleep) as opener:
            yield Workshop(opener, folder, work, measure, options, progress)

    def fetch(self, address: Address) -> tuple[Result, ...]:
        """Return all that is wanted of ``address``.

        Raises:
            FetchError: If it cannot be had, or if it has parts and none is named.
            OutputError: If it cannot be written.
        """
        address = resolve(self.opener, address)
        if address.kind is Kind.BILIBILI:
            return self._fetch_video(address, self._parts_wanted(address))
        found = self._ask(address.url, _anything)
        if isinstance(found, Item):
            return self._fetch_found(found, address.url)
        if self.options.parts is None:
            raise _several(found, address.url)
        numbers = self.options.parts.choose(
            [p.number for p in found], url=hide_secrets(address.url)
        )
        return tuple(
            result for part in found if part.number in numbers for result in self._fetch_entry(part)
        )

    def _parts_wanted(self, address: Address) -> Callable[[tuple[PartInfo, ...]], tuple[int, ...]]:
        def choose(parts: tuple[PartInfo, ...]) -> tuple[int, ...]:
            numbers = [part.number for part in parts]
            if self.options.parts is not None:
                return self.options.parts.choose(numbers, url=address.url)
            if address.part is None and len(parts) > 1:
                raise _several(parts, address.url)
            number = address.part or numbers[0]
            return Parts(((number, number),)).choose(numbers, url=address.url)

        return choose

    def _fetch_entry(self, entry: PartInfo) -> tuple[Result, ...]:
        """Return all of one video of a list."""
        address = resolve(self.opener, parse_address(entry.url))
        if address.kind is Kind.BILIBILI:
            return self._fetch_video(address, lambda parts: tuple(p.number for p in parts))
        item = self._item(address.url, _anything)
        return self._fetch_found(item, address.url, label=f"fetch {entry.number}")

    def _fetch_found(self, item: Item, url: str, label: str = "fetch") -> tuple[Result, ...]:
        """Return the one video at ``url``; all of ours for Bilibili, if that is where it leads."""
        place = parse_address(item.url)
        if item.site == BILIBILI and place.kind is Kind.BILIBILI:
            return self._fetch_video(place, self._parts_wanted(place))
        again = partial(self._item, url, _anything)
        return (self._fetch_part(item, again, None, unique=own_address(url), label=label),)

    def _fetch_video(
        self, address: Address, choose: Callable[[tuple[PartInfo, ...]], tuple[int, ...]]
    ) -> tuple[Result, ...]:
        """Return the parts of a video on Bilibili that ``choose`` wants."""
        parts = visit(self.opener, address)
        wanted = choose(parts)
        return tuple(
            self._fetch_numbered(
                address, parts, index, f"fetch P{part.number}" if len(wanted) > 1 else "fetch"
            )
            for index, part in enumerate(parts)
            if part.number in wanted
        )

    def _fetch_numbered(
        self, address: Address, parts: tuple[PartInfo, ...], index: int, label: str
    ) -> Result:
        part = parts[index]
        known = find_finished(
            self.folder,
            lambda m: (
                m.site == BILIBILI
                and m.id == address.bvid
                and m.part == part.number
                and part.cid in {None, m.cid}
            ),
            video=self.options.video,
        )
        if known and not lacks_texts(known[0][1], self.options):
            tidy(self.work, self.folder, known[0][1].key)
            return (*known[0], False)
        # yt-dlp takes the number for a position in the list of the page.
        url = address.at_part(index + 1 if len(parts) > 1 else None).url

        def check(item: Item) -> None:
            _check_video(item, address)
            if part.cid is not None:
                is_unlike = bool(item.duration) and has_own_length(part, parts)
                others = [p.cid for p in parts if p.cid is not None]
                check_upload(item, part.cid, others=others, is_unlike=is_unlike, url=part.url)
            if item.site == BILIBILI:
                check_stated(item.duration, part.duration, url=part.url)

        def again() -> Item:
            return self._item(url, check)

        return self._fetch_part(again(), again, part, parts=len(parts), label=label)

    def _fetch_part(
        self,
        item: Item,
        again: Callable[[], Item],
        part: PartInfo | None,
        *,
        parts: int = 1,
        unique: str = "",
        label: str = "fetch",
    ) -> Result:
        """Return one video or part, ours alone meanwhile; another run may have been faster."""
        if item.site == _GENERIC:  # its ids are made of the names of files
            unique = unique or item.url
        key = name_key(item.site, item.id, part.number if part else None, url=unique)
        waiting = partial(self.progress, "waiting for another run", 0.0, 0.0)
        with reserved(self.work, key, waiting=waiting) as place:
            remove_leftovers(self.folder, key)
            known = find_finished(
                self.folder,
                lambda m: m.key == key and (part is None or part.cid in {None, m.cid}),
                video=self.options.video,
            )
            job = Job(
                key=key,
                item=item,
                again=again,
                part=part,
                parts=parts,
                opener=self.opener,
                folder=self.folder,
                place=place,
                measure=self.measure,
                options=self.options,
                report=partial(self.progress, label),
            )
            if known and lacks_texts(known[0][1], self.options):
                path, metadata = renew_texts(job, known[0][1])
            elif known:
                return (*known[0], False)
            else:
                path, metadata = make_files(job)
            empty(place)
        return path, metadata, True

    def _item(self, url: str, check: Callable[[Item], None]) -> Item:
        found = self._ask(url, check)
        if not isinstance(found, Item):
            hint = "give the address of one video"
            raise FetchError("this is a list within a list", url=hide_secrets(url), hint=hint)
        return found

    def _ask(self, url: str, check: Callable[[Item], None]) -> Item | tuple[PartInfo, ...]:
        """Return what is at ``url`` once it passes ``check``; ask again if it does not."""
        for attempt in range(1, _ASKED):
            try:
                return self._ask_once(url, check)
            except FetchError:
                if self.opener.refusal or self.opener.is_unreachable:
                    raise
                # It may hold the keys of yesterday for half a minute more.
                getattr(BiliBiliIE, "_wbi_key_cache", {}).clear()
                self.opener.wait(attempt)
        return self._ask_once(url, check)

    def _ask_once(self, url: str, check: Callable[[Item], None]) -> Item | tuple[PartInfo, ...]:
        found = ask_item(self.opener, url)
        if isinstance(found, Item):
            check(found)
        return found


def has_own_length(part: PartInfo, parts: Sequence[PartInfo]) -> bool:
    """Return whether no other part lasts about as long as ``part``."""
    if part.duration is None:
        return len(parts) == 1
    others = (other.duration for other in parts if other != part)
    return all(other is not None and abs(other - part.duration) > _ALIKE for other in others)


def _anything(item: Item) -> None:
    """Accept every item."""


def _check_video(item: Item, address: Address) -> None:
    if item.site != BILIBILI:
        return  # what was a video became an episode of a series
    if (address.bvid or item.id) != item.id or (address.aid or item.aid) != item.aid:
        hint = "check the id, or open it in a browser"
        raise FetchError(f"the site shows another video, {item.id}", url=address.url, hint=hint)


def _several(parts: tuple[PartInfo, ...], url: str) -> FetchError:
    listed = "; ".join(f"{part.number} {part.title}" for part in parts[:_LISTED])
    more = f"; and {len(parts) - _LISTED} more" if len(parts) > _LISTED else ""
    return FetchError(
        f"there are {len(parts)} parts, and none is named: {listed}{more}",
        url=hide_secrets(url),
        hint=f"say which: ?p={parts[-1].number} after the address, or fetch them with --parts all",
    )
