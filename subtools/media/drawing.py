"""What libass is given to draw, and a trial of it: whether it has a glyph for each character."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from subtools.errors import MediaError
from subtools.media.font_files import Font
from subtools.media.fonts import EAST_ASIAN, INSTALL, find_font, visible_characters
from subtools.media.graphs import compile_graph, run_program
from subtools.media.sound import find_ffmpeg

_TEXT, _TRIAL, _FONTS = "talk.ass", "trial.ass", "fonts"  # names in the work folder
_WIDTH, _HEIGHT = 1920, 1080  # the picture that subtitles of ours are made for
_NOT_DRAWN = re.compile(r"failed to find any fallback with glyph 0x([0-9A-Fa-f]+)")
_SECTION = re.compile(r"\s*\[([^\]]+)\]\s*")
_STYLE = re.compile(r"Style:([^,]*),([^,]*),")
_EVENTS = (
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
_AT_ONCE = 500  # characters drawn in one trial picture
# What every program writes that was not told a font: nobody chose it, and it has no Chinese.
_NO_CHOICE = frozenset({"arial", ""})
_UNFIT = re.compile(r"[,=]")  # would end a name among the styles given to libass


@dataclass(frozen=True, slots=True)
class Drawing:
    """Subtitles to be drawn.

    Attributes:
        text: All of an ASS file.
        shown: The text that will be seen, whatever its order.
        is_styled: Whether its look is somebody's choice, and stays.
    """

    text: str
    shown: str
    is_styled: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """How subtitles are drawn.

    Attributes:
        font: A font file or the name of a font; None for the best one found.
        size: Height of the letters, where the picture has 1080 lines (in the units of a styled
            file); None for that of the file.
        allow_missing: Whether characters that no font has may be drawn as boxes.
    """

    font: str | None = None
    size: float | None = None
    allow_missing: bool = False


PLAIN_LOOK = Look()


@dataclass(frozen=True, slots=True)
class Plan:
    """What draws subtitles, and what it is told.

    Attributes:
        program: An ffmpeg with libass and x264.
        settings: Of its filter ``subtitles``, in the work folder.
        font: The font; None where those that a styled file names are used.
    """

    program: str
    settings: Mapping[str, str]
    font: Font | None


@dataclass(frozen=True, slots=True)
class _Artist:
    """An ffmpeg that can draw, and whether it breaks lines of Chinese."""

    program: str
    breaks_lines: bool


def plan_drawing(drawing: Drawing, look: Look, size: tuple[int, int], folder: Path) -> Plan:
    """Put what is to be drawn into ``folder``, and see whether all of it can be.

    Args:
        drawing: The subtitles.
        look: How they are to look.
        size: Width and height of the picture.
        folder: An empty work folder.

    Raises:
        MediaError: If no ffmpeg can draw, or no font has the characters.
        OSError: If the folder cannot be written to.
    """
    artist = _find_artist()
    is_chosen = drawing.is_styled and not set(_fonts_named(drawing.text)) <= _NO_CHOICE
    font = None if is_chosen and look.font is None else _choose_font(drawing, look)
    _lay_out(font, folder / _FONTS)
    for name, text in ((_TEXT, drawing.text), (_TRIAL, _compose_trial(drawing))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    settings = {"filename": _TEXT, "fontsdir": _FONTS}
    if style := _compose_style(drawing, look, font, size):
        settings["force_style"] = style
    if artist.breaks_lines and not drawing.is_styled:
        settings["wrap_unicode"] = "1"
    if not look.allow_missing:
        _try_drawing(drawing, artist, settings, folder)
    return Plan(artist.program, settings, font)


# --- what draws


def _find_artist() -> _Artist:
    """Return an ffmpeg that can draw: some on the PATH cannot, and then imageio-ffmpeg's can.

    Raises:
        MediaError: If there is none.
    """
    for program in _programs():
        options = _ask(program, "filter=subtitles")
        if "force_style" in options and "crf" in _ask(program, "encoder=libx264"):
            return _Artist(program, "wrap_unicode" in options)
    hint = "install one that has both, or the package imageio-ffmpeg"
    raise MediaError("no ffmpeg here has libass and x264, which burning takes", hint=hint)


def _programs() -> Iterator[str]:
    yield find_ffmpeg()
    import imageio_ffmpeg

    with suppress(RuntimeError):  # it brings none for this system
        yield str(imageio_ffmpeg.get_ffmpeg_exe())


def _ask(program: str, topic: str) -> str:
    command = [program, "-hide_banner", "-h", topic]
    done = subprocess.run(  # noqa: S603 - our ffmpeg, no shell
        command, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.stdout.decode(errors="replace")


# --- fonts


def _fonts_named(text: str) -> dict[str, str]:
    """Return the fonts that styles name, in lower case, each with one of these styles."""
    found = (_STYLE.match(line) for line in text.splitlines())
    return {style[2].strip().lower(): style[1].strip() for style in found if style}


def _choose_font(drawing: Drawing, look: Look) -> Font:
    font = find_font(drawing.shown, look.font, allow_missing=look.allow_missing)
    if _UNFIT.search(font.name):
        hint = "choose another one with --font"
        raise MediaError(f"libass cannot be told this font's name: {font.name}", hint=hint)
    return font


def _lay_out(font: Font | None, folder: Path) -> None:
    """Put ``font`` into ``folder``, where libass reads all there is."""
    folder.mkdir()
    if font is None:
        return
    place = folder / f"font{font.path.suffix.lower()}"
    try:
        place.symlink_to(font.path.absolute())
    except OSError:  # Windows, for most people
        shutil.copyfile(font.path, place)


def _compose_style(drawing: Drawing, look: Look, font: Font | None, size: tuple[int, int]) -> str:
    """Return what libass is to read instead of what the file says."""
    style = {}
    if font is not None:
        style["FontName"] = font.name
    if look.size is not None:
        style["FontSize"] = f"{look.size:g}"
    if not drawing.is_styled:  # the same size of letters in pictures of any shape
        width, height = size
        scale = max(_WIDTH / width, _HEIGHT / height)
        style |= {"PlayResX": str(round(width * scale)), "PlayResY": str(round(height * scale))}
    return ",".join(f"{key}={value}" for key, value in style.items())


# --- whether all can be drawn


def _compose_trial(drawing: Drawing) -> str:
    """Return a file of subtitles that shows each character once in each font, one a second."""
    characters = iter(re.sub(r"[{}\\]", "", visible_characters(drawing.shown)))
    blocks = [*iter(lambda: "".join(islice(characters, _AT_ONCE)), "")]
    styles = [*_fonts_named(drawing.text).values()] or ["Default"]
    shown = [f"{style},,0,0,0,,{block}" for style in styles for block in blocks]
    times = [f"{k // 3600}:{k // 60 % 60:02}:{k % 60:02}.00" for k in range(len(shown) + 1)]
    events = "".join(
        f"Dialogue: 0,{times[k]},{times[k + 1]},{line}\n" for k, line in enumerate(shown)
    )
    return f"{_without_events(drawing.text)}\n{_EVENTS}{events}"


def _without_events(text: str) -> str:
    kept, section = [], ""
    for line in text.splitlines():
        if found := _SECTION.fullmatch(line):
            section = found[1].strip().lower()
        if section != "events":
            kept.append(line)
    return "\n".join(kept)


def _try_drawing(
    drawing: Drawing, artist: _Artist, settings: Mapping[str, str], folder: Path
) -> None:
    """Let libass draw every character once: it takes what a font lacks from others, if it can.

    Raises:
        MediaError: Naming the characters that would be boxes.
    """
    import ffmpeg

    seconds = (folder / _TRIAL).read_text(encoding="utf-8").count("\nDialogue:")
    ground = ffmpeg.input(f"color=size=64x64:rate=1:duration={seconds + 1}", format="lavfi")
    drawn = ground.filter("subtitles", **{**settings, "filename": _TRIAL})
    output = drawn.output("-", format="null", v="warning", nostats=None)
    with run_program(compile_graph(output, artist.program), folder) as program:
        program.output.read()
        status = program.process.wait()
        complaints = program.complaints()
    if status:
        hint = "check the subtitles, or give another font with --font"
        raise MediaError(f"libass cannot draw them: {'; '.join(complaints[:2])}", hint=hint)
    boxes = {chr(int(code, 16)) for line in complaints for code in _NOT_DRAWN.findall(line)}
    if missing := "".join(c for c in visible_characters(drawing.shown) if c in boxes):
        codes = " ".join(f"{c} (U+{ord(c):04X})" for c in missing[:8])
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        advice = INSTALL if EAST_ASIAN.search(missing) else "give a font that has them with --font"
        hint = f"{advice}; --allow-missing draws boxes"
        raise MediaError(f"no font on this computer has {codes}{more}", hint=hint)
