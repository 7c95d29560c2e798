"""Readable texts as Markdown, HTML, DOCX and plain text."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import docx
import pytest
from docx.document import Document
from hypothesis import given
from hypothesis import strategies as st

from subtools.core import Source
from subtools.prose import Passage, Reading, Section, TextFormat, compose_reading

PAGE = "https://www.bilibili.com/video/BV1zE421N7UJ?p=8"
NASTY = "<script>alert(1)</script> & \"q\" 'a' [x](javascript:1) **b** `c` # d\x00\x0b\ufffe"
READING = Reading(
    title="圓桌討論",
    source=Source(title="大會", part=8, part_title="圓桌討論", uploader="社區"),
    page=PAGE,
    language="zh-Hant",
    sections=(
        Section(
            "數據從哪裡來",
            12.6,
            (
                Passage("王老師", 12.6, "我們先說數據。"),
                Passage("王老師", 75.0, "再說模型。"),
                Passage("Ann", 754.9, "Yes, of course."),
            ),
        ),
        Section("模型", 3700.0, (Passage(None, None, "沒有時間的話。"),)),
    ),
)


def text_of(kind: TextFormat, reading: Reading = READING) -> str:
    composed = compose_reading(reading, kind)
    assert isinstance(composed, str)
    return composed


def open_docx(reading: Reading = READING) -> Document:
    composed = compose_reading(reading, TextFormat.DOCX)
    assert isinstance(composed, bytes)
    return docx.Document(io.BytesIO(composed))


def nasty() -> Reading:
    return Reading(
        NASTY,
        Source(title=NASTY, part=1, part_title=NASTY, uploader=NASTY),
        'https://example.org/"><script>alert(1)</script>',
        "zh",
        (Section(NASTY, 1.0, (Passage(NASTY, 1.0, NASTY),)),),
    )


def test_markdown_has_topics_speakers_and_times_that_lead_there() -> None:
    assert text_of(TextFormat.MD) == (
        "# 圓桌討論\n\n"
        f"大會, P8 · 社區 · <{PAGE}>\n\n"
        "## 數據從哪裡來\n\n"
        f"**王老師** [0:12]({PAGE}&t=12)\n\n"
        "我們先說數據。\n\n"
        f"[1:15]({PAGE}&t=75) 再說模型。\n\n"
        f"**Ann** [12:34]({PAGE}&t=754)\n\n"
        "Yes, of course.\n\n"
        "## 模型\n\n"
        "沒有時間的話。\n"
    )


def test_without_a_page_times_are_only_times() -> None:
    text = text_of(TextFormat.MD, replace(READING, page=None))
    assert "**王老師** 0:12\n" in text
    assert "](" not in text


def test_plain_text_has_no_markup() -> None:
    text = text_of(TextFormat.TXT)
    assert text.startswith("圓桌討論\n\n大會, P8 · 社區\n\n== 數據從哪裡來 ==\n\n王老師  0:12\n")
    assert "*" not in text


def test_nothing_in_markdown_is_markup_that_was_said() -> None:
    text = text_of(TextFormat.MD, nasty())
    assert "\\<script\\>" in text
    assert not re.search(r"(?<!\\)<script", text)
    assert "\\[x\\](javascript" in text


def test_html_is_whole_in_itself_and_runs_nothing() -> None:
    text = text_of(TextFormat.HTML)
    assert "default-src 'none'; style-src 'sha256-" in text
    assert '<html lang="zh-Hant">' in text
    assert "<script" not in text
    assert not re.search(r'\b(?:src|href)="(?!https://www\.bilibili\.com|#topic-)', text)
    assert f'<a href="{PAGE}&amp;t=12" rel="noreferrer">' in text
    assert text.count('href="#topic-') == 2


def test_nothing_in_html_is_markup_that_was_said() -> None:
    text = text_of(TextFormat.HTML, nasty())
    assert "<script" not in text
    assert "\x00" not in text
    assert 'href="https://example.org/"' not in text


def test_docx_has_headings_bold_speakers_and_links() -> None:
    document = open_docx()
    styles = [(p.style.name if p.style else None, p.text) for p in document.paragraphs]
    assert ("Title", "圓桌討論") in styles
    assert ("Heading 1", "數據從哪裡來") in styles
    assert ("Heading 1", "模型") in styles
    speaker = next(p for p in document.paragraphs if p.text.startswith("王老師"))
    assert speaker.runs[0].bold
    assert [(link.text, link.url) for link in speaker.hyperlinks] == [("0:12", f"{PAGE}&t=12")]
    later = next(p for p in document.paragraphs if p.text.startswith("1:15"))
    assert later.text == "1:15  再說模型。"
    assert document.core_properties.title == "圓桌討論"


def test_docx_takes_what_xml_does_not() -> None:
    text = "\n".join(p.text for p in open_docx(nasty()).paragraphs)
    assert "<script>alert(1)</script>" in text
    assert "\x00" not in text


@pytest.mark.parametrize("kind", TextFormat)
def test_the_same_text_gives_the_same_file(kind: TextFormat) -> None:
    assert compose_reading(READING, kind) == compose_reading(READING, kind)


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_can_be_written(text: str, name: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    name = name.encode("utf-8", "ignore").decode()
    sections = (Section(name, 0.0, (Passage(name or None, 0.0, text),)),)
    reading = replace(READING, title=name, sections=sections)
    for kind in (TextFormat.MD, TextFormat.HTML, TextFormat.TXT):
        assert text_of(kind, reading)


# --- what a Word document looks like


def xml_of(element: Any) -> str:
    return str(element.xml)


@pytest.mark.parametrize(
    ("language", "size"),
    [("zh-Hant", (210, 297)), ("zh-Hans", (210, 297)), ("de", (210, 297)), ("en-US", (216, 279))],
)
def test_the_paper_is_a4_but_where_letter_is_usual(language: str, size: tuple[int, int]) -> None:
    section = open_docx(replace(READING, language=language)).sections[0]
    assert section.page_width is not None and section.page_height is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == size


@pytest.mark.parametrize(
    ("language", "font", "region"),
    [("zh-Hant", "Microsoft JhengHei", "zh-TW"), ("zh-Hans", "Microsoft YaHei", "zh-CN")],
)
def test_chinese_has_its_font_in_all_styles(language: str, font: str, region: str) -> None:
    document = open_docx(replace(READING, language=language))
    for name in ("Normal", "Title", "Heading 1", "Header", "Footer"):
        style = xml_of(document.styles[name].element)
        assert f'w:eastAsia="{font}"' in style
        assert "eastAsiaTheme" not in style
    defaults = xml_of(document.styles.element).partition("</w:docDefaults>")[0]
    assert f'w:eastAsia="{font}"' in defaults and "eastAsiaTheme" not in defaults
    assert f'w:lang w:eastAsia="{region}"' in xml_of(document.styles["Normal"].element)


def test_the_title_is_above_every_page_but_the_first_and_numbers_are_below_all() -> None:
    section = open_docx().sections[0]
    assert section.different_first_page_header_footer
    assert [p.text for p in section.header.paragraphs] == ["圓桌討論"]
    assert [p.text for p in section.first_page_header.paragraphs] == [""]
    for footer in (section.footer, section.first_page_footer):
        assert "PAGE" in xml_of(footer._element)
