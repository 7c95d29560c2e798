"""A font that has the characters of a text: found on this computer, and looked into.

None is bundled: a font with the characters of Chinese has 5 to 20 MB, each system has one
or gets it from its package index, and viewers have a taste. What fontconfig or the usual folders
offer is read with fonttools: whether the characters are in it, and by which name libass knows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from subtools.errors import MediaError
from subtools.media.font_files import (
    REGULAR,
    SUFFIXES,
    Font,
    characters_of,
    files_called,
    files_with,
    read_fonts,
)

_TRIED = 40  # fonts whose characters are read, the likeliest first
# Scripts that most fonts lack; of a text that has any of them, the font must have these.
EAST_ASIAN = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f"
    r"\uff00-\uffef\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}
_SELECTORS = re.compile(r"[\ufe00-\ufe0f\U000e0100-\U000e01ef]")  # of a variant; drawn by none

# How families are called, the better ones for subtitles first, by what they were drawn for: Han
# characters look different in Taiwan, on the mainland, in Japan and in Korea.
_FAMILIES = {
    "traditional": (
        *("PingFang TC", "Noto Sans CJK TC", "Noto Sans TC", "Source Han Sans TC"),
        *("Source Han Sans TW", "Microsoft JhengHei", "Hiragino Sans CNS", "Heiti TC"),
        *("LiHei Pro", "PMingLiU", "AR PL UMing TW", "AR PL UKai TW"),
    ),
    "simplified": (
        *("PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC"),
        *("Source Han Sans CN", "Microsoft YaHei", "Hiragino Sans GB", "Heiti SC", "STHeiti"),
        *("SimHei", "SimSun", "AR PL UMing CN", "AR PL UKai CN"),
    ),
    "japanese": (
        *("Hiragino Sans", "Hiragino Kaku Gothic", "Noto Sans CJK JP", "Noto Sans JP"),
        *("Source Han Sans", "Yu Gothic", "Meiryo", "IPAexGothic", "MS Gothic"),
    ),
    "korean": (
        *("Apple SD Gothic Neo", "Noto Sans CJK KR", "Noto Sans KR", "Source Han Sans K"),
        *("Malgun Gothic", "NanumGothic"),
    ),
    "other": ("Arial", "Helvetica", "Liberation Sans", "Segoe UI", "DejaVu Sans", "Noto Sans"),
    "any": (
        *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback", "AR PL UMing"),
        *("Arial Unicode MS", "Noto Sans CJK", "Source Han Sans"),
    ),
}
INSTALL = (
    "install one, such as fonts-noto-cjk (Debian, Ubuntu), google-noto-sans-cjk-fonts (Fedora) or "
    "noto-fonts-cjk (Arch), or give a font file with --font"
)


def visible_characters(text: str) -> str:
    r"""Return each character of ``text`` that a font must have, the most frequent first.

    >>> visible_characters("好 好a\n\u200d")
    '好a'
    """
    counted = Counter(text).most_common()
    return "".join(
        c
        for c, _ in counted
        if unicodedata.category(c) not in _INVISIBLE and not _SELECTORS.match(c)
    )


def find_font(
    text: str,
    wanted: str | None = None,
    *,
    files: Iterable[Path] | None = None,
    allow_missing: bool = False,
) -> Font:
    """Return the best font for ``text``; it has all of its characters, or most.

    Args:
        text: What is to be shown.
        wanted: A font file, or the name of a font; None for the best one there is.
        files: Where to look; None for everything that is installed.
        allow_missing: Whether it may lack most of the characters, if no other has them.

    Raises:
        MediaError: If there is no such font, or none for this script.
    """
    characters = visible_characters(text)
    needed = "".join(EAST_ASIAN.findall(characters)) or characters
    if wanted is None:
        fonts = read_fonts(files_with(needed) if files is None else files)
        return _choose(fonts, needed, "no font on this computer has", allow_missing=allow_missing)
    if Path(wanted).suffix.lower() in SUFFIXES or Path(wanted).is_file():
        path = Path(wanted)
        fonts = read_fonts([path], strict=True)
        return _choose(fonts, needed, f"{path}: this font lacks", allow_missing=allow_missing)
    called = read_fonts(files_called(wanted) if files is None else files)
    named = [font for font in called if font.is_called(wanted)]
    if not named:
        hint = "give the name as fc-list or the system's font book shows it, or a font file"
        raise MediaError(f"no font is called {wanted}", hint=hint)
    return _choose(named, needed, f"the font {wanted} lacks", allow_missing=allow_missing)


def _choose(fonts: Iterable[Font], needed: str, what: str, *, allow_missing: bool) -> Font:
    """Return the font that has all or most of ``needed``.

    Raises:
        MediaError: If each lacks more than half of them, and must not.
    """
    order = _preference(needed)
    ranked = sorted(fonts, key=lambda font: _rank(font, order))
    lacking = {}
    for font in ranked[:_TRIED]:
        lacking[font] = len(set(needed) - characters_of(font))
        if not lacking[font]:
            return font
    best = min(lacking, key=lacking.__getitem__, default=None)
    if best is None or (lacking[best] * 2 > len(needed) and not allow_missing):
        shown = " ".join(needed[:8])
        raise MediaError(f"{what} the characters of these subtitles: {shown}", hint=INSTALL)
    return best


def _preference(characters: str) -> tuple[str, ...]:
    """Return the families of fonts for ``characters``, the best first.

    >>> [_preference(text)[0] for text in ("這個們", "这个们", "これは", "한국어", "abc")]
    ['PingFang TC', 'PingFang SC', 'Hiragino Sans', 'Apple SD Gothic Neo', 'Arial']
    """
    first = _script(characters)
    others = [families for script, families in _FAMILIES.items() if script not in {first, "any"}]
    return (*_FAMILIES[first], *_FAMILIES["any"], *(name for names in others for name in names))


def _script(characters: str) -> str:
    if not EAST_ASIAN.search(characters):
        return "other"
    if re.search(r"[\u3041-\u30fa]", characters):
        return "japanese"
    if re.search(r"[\uac00-\ud7a3]", characters):
        return "korean"
    only_simplified = sum(not _is_in(c, "big5") for c in characters)
    only_traditional = sum(not _is_in(c, "gb2312") for c in characters)
    return "simplified" if only_simplified > only_traditional else "traditional"


def _is_in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _rank(font: Font, order: Sequence[str]) -> tuple[int, bool, int, str, int]:
    place = next((k for k, family in enumerate(order) if font.is_of(family)), len(order))
    return place, not font.is_plain, abs(font.weight - REGULAR), str(font.path), font.number
