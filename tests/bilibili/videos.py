"""What the emulated site holds: videos, their parts, subtitles, and titles that mean harm."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

PUBLISHED = 1_718_352_000  # 2024-06-14 16:00 in Beijing
CHAPTER_KIND = 2

HOSTILE_TITLES = (
    "../../x",
    "/etc/passwd",
    "</script><script>alert(1)</script>",
    "nul\x00byte\x1b[31m\r\n",
    "長" * 300,
    "🎙️👨‍👩‍👧‍👦 圓桌 🎉",
    "con",
    "-o%(id)s.$(touch x)`x`;'\"|&",
    "\u202eezalb.tfil\ufeff ...  ",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a subtitle or one danmaku: when it shows, in seconds, and its text."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Subtitle:
    """A subtitle the site offers.

    Attributes:
        language: The site's code, such as ``zh-Hans`` or, made by machine, ``ai-zh``.
        name: What the site calls it.
        lines: Its lines.
    """

    language: str
    name: str
    lines: tuple[Line, ...]

    @property
    def is_ai(self) -> bool:
        """Whether a machine made it."""
        return self.language.startswith("ai-")


@dataclass(frozen=True, slots=True)
class Page:
    """One part of a video.

    Attributes:
        cid: The number of its stream; never the same for two parts.
        part: Its title.
        duration: Its length in seconds.
        sound: A sound file to serve; a tone of its own for each ``cid`` if None.
        subtitles: What the site offers.
        danmaku: What viewers wrote over it.
        chapters: The site's ``view_points``.
    """

    cid: int
    part: str
    duration: int
    sound: Path | None = None
    subtitles: tuple[Subtitle, ...] = ()
    danmaku: tuple[Line, ...] = (Line(1.0, 1.0, "前排"), Line(2.5, 2.5, "<b>&amp;</b>"))
    chapters: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Video:
    """One video of the site, in parts.

    Attributes:
        bvid: Its id, such as ``BV1zE421N7UJ``.
        aid: The same as a number.
        title: The title of the whole.
        owner: Who put it there.
        pages: Its parts, in order.
        mid: The number of ``owner``.
        tags: Its tags.
        description: What ``owner`` says about it.
        needs_login: Whether only a logged-in user may see it.
        first_episode: For a series, the number of its first episode (``ep...``); else 0.
            Its season (``ss...``) has a tenth of that.
    """

    bvid: str
    aid: int
    title: str
    owner: str
    pages: tuple[Page, ...]
    mid: int = 483_162_496
    tags: tuple[str, ...] = ("人工智能", "大模型")
    description: str = "一年一度"
    needs_login: bool = False
    first_episode: int = 0


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of videos that ``mid`` put together."""

    mid: int
    season: int
    title: str
    bvids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file on another site: where it is, what it is, and its bytes."""

    host: str
    path: str
    kind: str
    body: bytes = field(repr=False)


def titled(video: Video, title: str) -> Video:
    """Return ``video`` with ``title`` as its own and that of all its parts."""
    return replace(video, title=title, pages=tuple(replace(p, part=title) for p in video.pages))


def _conference_parts() -> tuple[Page, ...]:
    names = (
        *("開幕致辭", "主題報告一", "主題報告二", "主題報告三", "主題報告四", "主題報告五"),
        *("主題報告六", "圆桌讨论", "工作坊一", "工作坊二", "工作坊三", "閉幕"),
    )
    ai = Subtitle(
        "ai-zh", "中文（自动生成）", (Line(0.2, 1.5, "首先我想问"), Line(1.5, 2.9, "各位嘉宾"))
    )
    by_hand = Subtitle("zh-Hant", "中文（繁體）", (Line(0.2, 1.5, "首先我想問"),))
    chapters = (Line(0, 2, "開場"), Line(2, 9, "問答 <1>"))
    return tuple(
        Page(
            cid=1_583_000_100 + 17 * number,
            part=name,
            duration=3 + number,
            subtitles=(ai, by_hand) if number == 8 else (),
            chapters=chapters if number == 8 else (),
        )
        for number, name in enumerate(names, start=1)
    )


CONFERENCE = Video(
    bvid="BV1zE421N7UJ",
    aid=1_655_903_810,
    title="2024北京智源大会-大语言模型",
    owner="智源社区",
    pages=_conference_parts(),
)
TALK = Video(
    bvid="BV1yi421S7ou",
    aid=1_455_123_456,
    title="一個人的演講",
    owner="智源社区",
    pages=(
        Page(
            cid=1_483_111_222,
            part="一個人的演講",
            duration=6,
            subtitles=(Subtitle("ai-zh", "中文（自动生成）", (Line(0.0, 2.0, "今天天氣很好"),)),),
        ),
    ),
)
MEMBERS = Video(
    bvid="BV1pJ4m1G7Qx",
    aid=1_255_345_678,
    title="只給登錄的人看",
    owner="某某",
    pages=(Page(cid=1_283_777_888, part="只給登錄的人看", duration=5),),
    mid=1234,
    needs_login=True,
)
SERIES = Video(
    bvid="BV1Lz421a76i",
    aid=1_355_111_222,
    title="講談系列",
    owner="智源社区",
    pages=(Page(1_383_000_001, "緣起", 4), Page(1_383_000_002, "轉折", 5)),
    first_episode=678_060,
)
VIDEOS = (CONFERENCE, TALK, MEMBERS, SERIES)
COLLECTION = Collection(CONFERENCE.mid, 3_662_502, "智源大會合集", (CONFERENCE.bvid, TALK.bvid))
