"""How long a sound really lasts: every packet of it is decoded, and none may be damaged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subtools.core import Seconds
from subtools.errors import MediaError
from subtools.media.probing import LOCAL_ONLY, media_url

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_HINT = "download or copy it again"


def measure_sound(path: Path) -> Seconds:
    """Return how many seconds of sound the first audio track of ``path`` decodes to.

    Stricter than loading it: what a player would hide by a click or by silence is an error.

    Raises:
        MediaError: If it cannot be read, holds no sound, or is damaged anywhere.
    """
    import av

    try:
        with av.open(media_url(path), options={**LOCAL_ONLY, "err_detect": "explode"}) as container:
            if not container.streams.audio:
                raise MediaError("there is no audio track in it", hint=_HINT, path=path)
            return _decode(container, container.streams.audio[0])
    except (av.FFmpegError, OSError) as error:
        reason = error.strerror or str(error)
        raise MediaError(f"it cannot be decoded whole: {reason}", hint=_HINT, path=path) from error


def _decode(container: InputContainer, stream: AudioStream) -> Seconds:
    return sum(frame.samples / frame.sample_rate for frame in container.decode(stream))
