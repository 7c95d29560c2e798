"""What the emulated site does wrong: one frozen set of switches, to be combined at will."""

from __future__ import annotations

import math
from dataclasses import dataclass

FOR_EVER = math.inf


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong. Counts are "so many times", ``FOR_EVER`` included.

    Faults of the streams:

    Attributes:
        short_body: The share of each stream that the servers hold; they claim it is all.
        cut_connection: How many answers with a stream are cut off.
        cut_after: After how many bytes of an answer that happens.
        stall: For how many seconds a stream stops; it goes on after that.
        stall_times: In how many answers.
        stall_after: After how many bytes of an answer.
        slow: Bytes a second; 0 for no limit.
        no_range: Answer requests for a range with the whole stream.
        no_length: Do not say how long a stream is, so that a cut looks like its end.
        damaged: Serve streams of the right length with garbage in the middle.
        html_body: How many streams are answered 200 with a page of HTML.
        http_403_expired: How many answers with stream addresses hold dead ones.
        requests_per_address: How many requests each stream address lives for.
        dead_first_host: The host of each ``base_url`` cannot be reached; backups can.
        silent_first_host: For so many seconds that host says nothing, then it hangs up.
        http_503: How many requests for streams are refused because the server is busy.
        dead_hosts: No host of streams can be reached.
        opaque: The addresses of streams do not tell which upload they are of.
        upload: Raised when the uploader replaces the sound, everything else unchanged.
        no_sizes: The site does not say how long its streams are.
        stream_url: What ``base_url`` says instead of a stream address.
        no_dash: There is only one file with sound and picture, as old videos have it.
        stream_of_part: The number of the part whose stream is served for all others.

    Faults of the pages and of the API:

    Attributes:
        http_412: How many requests risk control refuses.
        http_412_hosts: On which hosts.
        needs_buvid: Risk control refuses every API request without the ``buvid3`` cookie.
        risk_page: How many video pages are replaced by one that asks for a captcha.
        minus_352: How many playurl requests are answered -352.
        voucher: How many playurl requests are answered with a captcha voucher and code 0.
        playurl_412: How many playurl requests risk control refuses.
        playurl_code: What all playurl requests are answered with, instead of streams.
        pagelist_fails: How many pagelist requests fail.
        pagelist_empty: How many pagelist requests are answered with an empty list.
        pagelist_first: How many pagelist requests are answered with the first part alone.
        pagelist_of_ids: The list of parts is had by BV id only, not by number.
        view_fails: How many requests for a video's details fail.
        playinfo_of_part_1: The page of every part carries the streams of part 1.
        no_playinfo: The page carries no streams.
        missing_part: Number of a part that is gone; the others keep their numbers.
        login_only_track: The best track is only for logged-in users.
        preview: Of series there is only a preview, three seconds long.
        geo_block: The videos cannot be seen from here.
        huge_json: So many bytes of blanks in each JSON answer.
        packed: How pages and answers are packed, asked for or not: ``gzip``, ``deflate`` as
            standards have it, or ``raw`` deflate as servers do.
        chunked: Pages and answers come in chunks, without a length.
        stale_keys: How many signatures are refused, however right they are.

    Faults of the subtitles:

    Attributes:
        no_subtitles: There are none.
        subtitles_need_login: Only logged-in users are told of them.
        subtitles_fail: How many requests about subtitles fail.
        wrong_ai_subtitle: The list names an AI subtitle of another video.
        wrong_ai_text: The address is right, but the text is another video's.
        mobile_stays: The mobile site does not send desktop browsers to the full one.
    """

    short_body: float = 1.0
    cut_connection: float = 0
    cut_after: int = 20_000
    stall: float = 0
    stall_times: float = 1
    stall_after: int = 10_000
    slow: int = 0
    no_range: bool = False
    no_length: bool = False
    damaged: bool = False
    html_body: float = 0
    http_403_expired: float = 0
    requests_per_address: float = FOR_EVER
    dead_first_host: bool = False
    silent_first_host: float = 0
    http_503: float = 0
    dead_hosts: bool = False
    opaque: bool = False
    upload: int = 1
    no_sizes: bool = False
    stream_url: str | None = None
    no_dash: bool = False
    stream_of_part: int | None = None
    http_412: float = 0
    http_412_hosts: tuple[str, ...] = ("www.bilibili.com", "api.bilibili.com")
    needs_buvid: bool = False
    risk_page: float = 0
    minus_352: float = 0
    voucher: float = 0
    playurl_412: float = 0
    playurl_code: int = 0
    pagelist_fails: float = 0
    pagelist_empty: float = 0
    pagelist_first: float = 0
    pagelist_of_ids: bool = False
    view_fails: float = 0
    playinfo_of_part_1: bool = False
    no_playinfo: bool = False
    missing_part: int | None = None
    login_only_track: bool = False
    preview: bool = False
    geo_block: bool = False
    huge_json: int = 0
    packed: str = ""
    chunked: bool = False
    stale_keys: float = 0
    no_subtitles: bool = False
    subtitles_need_login: bool = False
    subtitles_fail: float = 0
    wrong_ai_subtitle: bool = False
    wrong_ai_text: bool = False
    mobile_stays: bool = False
