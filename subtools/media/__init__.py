"""The edge that turns media files into samples, and into videos with subtitles."""

from subtools.media.burning import GOOD_QUALITY, PRESETS, Quality, burn_subtitles
from subtools.media.contents import has_picture
from subtools.media.drawing import PLAIN_LOOK, Drawing, Look
from subtools.media.languages import container_code, guess_language, title_of
from subtools.media.measuring import measure_sound
from subtools.media.muxing import Container, SubtitleTrack, container_for, mux_subtitles
from subtools.media.probing import AudioTrack, MediaInfo, probe_media, refuse_list
from subtools.media.sound import ffmpeg_version, find_ffmpeg, load_audio

__all__ = [
    "GOOD_QUALITY",
    "PLAIN_LOOK",
    "PRESETS",
    "AudioTrack",
    "Container",
    "Drawing",
    "Look",
    "MediaInfo",
    "Quality",
    "SubtitleTrack",
    "burn_subtitles",
    "container_code",
    "container_for",
    "ffmpeg_version",
    "find_ffmpeg",
    "guess_language",
    "has_picture",
    "load_audio",
    "measure_sound",
    "mux_subtitles",
    "probe_media",
    "refuse_list",
    "title_of",
]
