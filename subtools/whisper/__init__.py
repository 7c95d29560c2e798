"""Samples to recognised words, speech spans and encoder states, by faster-whisper.

The sound is worked through in windows of less than 30 s that begin and end in pauses,
each decoded on its own: nothing that goes wrong in one window reaches the next, the
words come in order, and memory does not grow with the length of the file.
"""

from subtools.whisper.devices import Cuda, find_cuda
from subtools.whisper.encoding import load_encoder
from subtools.whisper.recognising import Recognizer, known_languages, load_whisper
from subtools.whisper.settling import estimate_lag, settle_times
from subtools.whisper.windows import detect_speech, plan_windows

__all__ = [
    "Cuda",
    "Recognizer",
    "detect_speech",
    "estimate_lag",
    "find_cuda",
    "known_languages",
    "load_encoder",
    "load_whisper",
    "plan_windows",
    "settle_times",
]
