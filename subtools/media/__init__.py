"""The edge that turns a media file into samples."""

from subtools.media.measuring import measure_sound
from subtools.media.probing import AudioTrack, MediaInfo, probe_media
from subtools.media.sound import find_ffmpeg, load_audio

__all__ = [
    "AudioTrack",
    "MediaInfo",
    "find_ffmpeg",
    "load_audio",
    "measure_sound",
    "probe_media",
]
