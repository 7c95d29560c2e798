"""A text as a DOCX document, for Word, LibreOffice and Pages."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from subtools.links import moment_link
from subtools.prose.reading import Passage, Reading, Section
from subtools.prose.writing import describe_source
from subtools.timecode import compose_clock

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINK_COLOUR = "14508C"
# Word picks the font of Chinese by the script of its language; these are on every system.
_FONTS = {"zh-TW": "Microsoft JhengHei", "zh-HK": "Microsoft JhengHei", "zh-CN": "Microsoft YaHei"}
_REGION = {"zh-Hant": "zh-TW", "zh-Hans": "zh-CN", "zh": "zh-CN"}
_LONG_AGO = datetime(1980, 1, 1)
_A4 = (210, 297)  # mm; all the world's paper but North America's
_LETTER = (215.9, 279.4)
_LETTER_LANGUAGES = {"en-US", "en-CA", "es-MX", "fr-CA"}
_MARGIN = 25  # mm
_STYLES = ("Normal", "Title", "Heading 1", "Header", "Footer")
_SOFT = "6B6862"


def compose_docx(reading: Reading) -> bytes:
    """Return ``reading`` as a document: topics are headings, speakers bold, times links.

    The same text gives the same bytes: dates are left at the beginning of time.
    """
    import docx

    document = docx.Document()
    language = _REGION.get(reading.language, reading.language)
    _set_language(document, language)
    _set_page(document, language)
    _write_margins(document, _clean(reading.title))
    properties = document.core_properties
    properties.title = _clean(reading.title)[:255]  # more python-docx refuses
    properties.author = _clean(reading.source.uploader or "")[:255]
    properties.created = properties.modified = _LONG_AGO
    properties.comments = ""
    _write_head(document, reading)
    for section in reading.sections:
        _write_section(document, section, reading)
    written = io.BytesIO()
    document.save(written)
    return _without_dates(written.getvalue())


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _set_language(document: Document, language: str) -> None:
    """Say what language the text is in, for fonts, hyphenation and spelling."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties: Any = document.styles["Normal"].element.get_or_add_rPr()
    is_east_asian = language[:2] in {"zh", "ja", "ko"}
    tag = OxmlElement("w:lang")
    tag.set(qn("w:eastAsia" if is_east_asian else "w:val"), language)
    properties.append(tag)
    font = _FONTS.get(language)
    if font is None:
        return
    defaults: Any = document.styles.element.find(f".//{qn('w:docDefaults')}//{qn('w:rFonts')}")
    used = [document.styles[name].element.get_or_add_rPr().get_or_add_rFonts() for name in _STYLES]
    for fonts in (defaults, *used):
        fonts.attrib.pop(qn("w:eastAsiaTheme"), None)
        fonts.set(qn("w:eastAsia"), font)
        fonts.set(qn("w:hint"), "eastAsia")  # quotes and dashes are as wide as Chinese has them


def _set_page(document: Document, language: str) -> None:
    from docx.shared import Mm

    width, height = _LETTER if language in _LETTER_LANGUAGES else _A4
    section = document.sections[0]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(_MARGIN)
    section.top_margin = section.bottom_margin = Mm(_MARGIN)


def _write_margins(document: Document, title: str) -> None:
    """Put the title above each page but the first, which has it, and the number below."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    section = document.sections[0]
    section.different_first_page_header_footer = True
    above = section.header.paragraphs[0]
    _soften(above.add_run(title))
    for footer in (section.footer, section.first_page_footer):
        below = footer.paragraphs[0]
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _add_page_number(below)


def _soften(run: Run) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size = Pt(9)
    run.font.color.rgb = RGBColor.from_string(_SOFT)


def _add_page_number(paragraph: Paragraph) -> None:
    """Add a field that shows on which page it is; python-docx writes none."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    run = paragraph.add_run()
    _soften(run)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)


def _write_head(document: Document, reading: Reading) -> None:
    if reading.title:
        document.add_heading(_clean(reading.title), level=0)
    source = _clean(describe_source(reading.source))
    if source or reading.page:
        paragraph = document.add_paragraph(source)
        if reading.page:
            paragraph.add_run(" · " if source else "")
            _add_link(paragraph, reading.page, reading.page)


def _write_section(document: Document, section: Section, reading: Reading) -> None:
    if section.title:
        document.add_heading(_clean(section.title), level=1)
    for speaker, passages in groupby(section.passages, key=lambda passage: passage.speaker):
        for number, passage in enumerate(passages):
            paragraph = document.add_paragraph()
            for text, address, is_name in _head(passage, reading, is_first=not number):
                if address is not None:
                    _add_link(paragraph, text, address)
                else:
                    paragraph.add_run(text).bold = is_name
            if speaker and not number:
                paragraph.paragraph_format.keep_with_next = True
                paragraph = document.add_paragraph()
            paragraph.add_run(_clean(passage.text))


def _head(
    passage: Passage, reading: Reading, *, is_first: bool
) -> Iterator[tuple[str, str | None, bool]]:
    """Yield what stands before a passage: text, where it leads to, whether it is a name."""
    has_name = passage.speaker is not None and is_first
    if passage.speaker is not None and is_first:
        yield _clean(passage.speaker), None, True
    if passage.start is not None:
        clock = compose_clock(passage.start)
        page = reading.page
        if has_name:
            yield "  ", None, False
        yield clock, None if page is None else moment_link(page, passage.start), False
        if not has_name:
            yield "  ", None, False


def _add_link(paragraph: Paragraph, text: str, address: str) -> None:
    """Add a run that leads to ``address``; python-docx reads links, but writes none."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import RGBColor

    run = paragraph.add_run(_clean(text))
    run.font.color.rgb = RGBColor.from_string(_LINK_COLOUR)
    link = OxmlElement("w:hyperlink")
    target = paragraph.part.relate_to(
        _clean(address), RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    link.set(qn("r:id"), target)
    link.append(run._r)
    paragraph._p.append(link)


def _without_dates(document: bytes) -> bytes:
    """Return a ZIP whose files all have the oldest date there is."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()
