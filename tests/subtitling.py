"""The formats as tests of cues want them: cues in, cues out, nothing beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from subtools.core import Cue, Subtitles
from subtools.formats import FORMATS, Format, SpeakerStyle


@dataclass(frozen=True)
class CueFormat:
    """A format that forgets all of a file but its cues."""

    known: Format

    def compose(self, cues: Sequence[Cue], *, style: SpeakerStyle | None = None) -> str:
        assert self.known.compose is not None
        return self.known.compose(Subtitles(tuple(cues)), style=style)

    def parse(self, document: str) -> tuple[Cue, ...]:
        assert self.known.parse is not None
        return self.known.parse(document).cues


_KNOWN: dict[str, CueFormat] = {known.name: CueFormat(known) for known in FORMATS}
srt, vtt, ass, text = (_KNOWN[name] for name in ("srt", "vtt", "ass", "text"))
