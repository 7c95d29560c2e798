"""The font files of this computer: where they are, and what is in them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from subtools.errors import MediaError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
REGULAR = 400  # weight class of OpenType
_ASKED = 50  # most frequent characters that fontconfig is asked for
_FAMILY, _FULL, _POSTSCRIPT, _BETTER_FAMILY = 1, 4, 6, 16  # numbers in the table of names
_WINDOWS = 3  # the platform whose names libass reads


@dataclass(frozen=True, slots=True)
class Font:
    """One font of a file.

    Attributes:
        path: The file, which may hold others.
        name: What libass finds it by.
        names: What it is called: family, full and PostScript names.
        number: Its place in the file.
        weight: 400 is regular, 700 bold.
        is_plain: Neither slanted nor one whose weight is chosen when it is drawn.
    """

    path: Path
    name: str
    names: tuple[str, ...]
    number: int = 0
    weight: int = REGULAR
    is_plain: bool = True

    def is_called(self, name: str) -> bool:
        """Return whether ``name`` is one of its names; spaces and signs do not count."""
        return plain(name) in map(plain, self.names)

    def is_of(self, family: str) -> bool:
        """Return whether one of its names begins with ``family``."""
        return any(plain(name).startswith(plain(family)) for name in self.names)


def plain(name: str) -> str:
    """Return ``name`` without what people write in one way or another.

    >>> plain("Noto Sans CJK TC") == plain("NotoSansCJKtc")
    True
    """
    return re.sub(r"[\W_]", "", name).casefold()


def files_with(characters: str) -> list[Path]:
    """Return the font files that have the most frequent of ``characters``, or may have."""
    codes = " ".join(f"{ord(c):x}" for c in characters[:_ASKED])
    return [Path(line) for line in _ask_fontconfig(f":charset={codes}")] or _search_folders()


def files_called(name: str) -> list[Path]:
    """Return the font files that may hold a font called ``name``."""
    form = "%{file}\t%{family},%{fullname},%{postscriptname}\n"
    listed = [line.partition("\t") for line in _ask_fontconfig(":", form)]
    named = [Path(file) for file, _, names in listed if plain(name) in plain(names)]
    return [*dict.fromkeys(named)] or _search_folders()


def read_fonts(files: Iterable[Path], *, strict: bool = False) -> Iterator[Font]:
    """Yield the fonts of ``files``; what cannot be read is passed over unless ``strict``.

    Raises:
        MediaError: If a file cannot be read, and ``strict``.
    """
    from fontTools.ttLib import TTLibError

    for path in files:
        try:
            with ExitStack() as stack:
                fonts = [_describe(path, k, font) for k, font in enumerate(_opened(path, stack))]
        except (TTLibError, OSError, LookupError, ValueError, AssertionError) as error:
            if strict:
                reason = getattr(error, "strerror", None) or "it is no TrueType or OpenType font"
                hint = "give a .ttf, .otf or .ttc file"
                raise MediaError(f"cannot be read: {reason}", hint=hint, path=path) from error
        else:
            yield from fonts


def characters_of(font: Font) -> set[str]:
    """Return the characters that ``font`` has; none if they cannot be read."""
    from fontTools.ttLib import TTLibError

    try:
        with ExitStack() as stack:
            table = _opened(font.path, stack)[font.number].getBestCmap()
    except (TTLibError, OSError, LookupError, ValueError, AssertionError):
        return set()
    return {chr(code) for code in table or ()}


def _ask_fontconfig(pattern: str, form: str = "%{file}\n") -> list[str]:
    """Return the lines that fontconfig lists for ``pattern``; none where it is not installed."""
    program = shutil.which("fc-list")
    if program is None:
        return []
    command = [program, f"--format={form}", pattern]
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fc-list
    return [*dict.fromkeys(filter(None, os.fsdecode(done.stdout).splitlines()))]


def _search_folders() -> list[Path]:
    found = (path for folder in _folders() for path in sorted(folder.rglob("*")))
    return [path for path in found if path.suffix.lower() in SUFFIXES]


def _folders() -> Iterator[Path]:
    """Yield the folders where this system keeps fonts, those that are there."""
    home = Path.home()
    if sys.platform == "win32":
        folders = [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"]
        folders += [home / "AppData/Local/Microsoft/Windows/Fonts"]
    elif sys.platform == "darwin":
        folders = [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
        folders += [Path("/System/Library/AssetsV2")]  # fonts that macOS fetches, PingFang too
    else:
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
        folders += [home / ".local/share/fonts", home / ".fonts"]
    return (folder for folder in folders if folder.is_dir())


def _opened(path: Path, stack: ExitStack) -> list[TTFont]:
    """Return the fonts of a file, open until ``stack`` ends; tables are read when asked for."""
    from fontTools.ttLib import TTCollection, TTFont

    file = stack.enter_context(path.open("rb"))
    if file.read(4) == b"ttcf":
        fonts: list[TTFont] = TTCollection(file, lazy=True).fonts
        return fonts
    return [TTFont(file, lazy=True)]


def _describe(path: Path, number: int, font: TTFont) -> Font:
    ids = (_FAMILY, _FULL, _POSTSCRIPT, _BETTER_FAMILY)
    records = [record for record in font["name"].names if record.nameID in ids]
    names = dict.fromkeys(record.toUnicode(errors="replace") for record in records)
    style = font["OS/2"]
    is_upright = not style.fsSelection & 1
    return Font(
        path=path,
        name=_libass_name(font),
        names=tuple(names),
        number=number,
        weight=style.usWeightClass,
        is_plain=is_upright and "fvar" not in font,
    )


def _libass_name(font: TTFont) -> str:
    """Return a name that means this font of its file and no other.

    Source: libass/ass_fontselect.c: the PostScript name of fonts with PostScript outlines,
    the full name of the others.
    """
    names = font["name"]
    if "CFF " in font or "CFF2" in font:
        return str(names.getDebugName(_POSTSCRIPT))
    full = [r for r in names.names if r.nameID == _FULL and r.platformID == _WINDOWS]
    english = next((r for r in full if r.langID == 0x409), full[0] if full else None)
    return str(english.toUnicode() if english else names.getDebugName(_FAMILY))
