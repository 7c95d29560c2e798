from __future__ import annotations

import pytest

from subtools.core import Source
from subtools.links import moment_link, page_link


@pytest.mark.parametrize(
    ("source", "page"),
    [
        (Source(), None),
        (Source(bvid="BV1zE421N7UJ"), "https://www.bilibili.com/video/BV1zE421N7UJ"),
        (Source(bvid="BV1zE421N7UJ", part=1), "https://www.bilibili.com/video/BV1zE421N7UJ"),
        (Source(bvid='BV1zE421N"><i', part=8), None),
        (Source(url="javascript:alert(1)"), None),
        (Source(url="https://youtu.be/x", bvid="BV1zE421N7UJ"), "https://youtu.be/x"),
    ],
)
def test_a_talk_comes_from_a_page(source: Source, page: str | None) -> None:
    assert page_link(source) == page


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (
            "https://www.bilibili.com/video/BV1zE421N7UJ?p=8",
            "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=754",
        ),
        (
            "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=5#reply1",
            "https://www.bilibili.com/video/BV1zE421N7UJ?p=8&t=754",
        ),
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=754s",
        ),
        ("https://notyoutube.com/x", "https://notyoutube.com/x#t=754"),
        ("https://example.org/talk.mp3?a=1", "https://example.org/talk.mp3?a=1#t=754"),
        ("talk.m4a#t=3", "talk.m4a#t=754"),
    ],
)
def test_a_link_plays_from_a_moment_on(page: str, link: str) -> None:
    assert moment_link(page, 754.96) == link


def test_a_moment_before_the_start_is_the_start() -> None:
    assert moment_link("talk.m4a", -1.0) == "talk.m4a#t=0"
