"""English text to IPA by the espeak-ng library.

``espeakng_loader`` brings the library and its data; where it has none for this machine,
there is no IPA, and ``english`` goes by the letters.
"""

from __future__ import annotations

import atexit
import ctypes
import shutil
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_UTF8 = 1
_IPA = 0x02

_LONGEST_PATH = 120  # bytes; the library keeps 160 for this path and the names below it

_LOCK = threading.Lock()  # the library keeps its state in globals


def english_ipa(word: str) -> str | None:
    """Return the American pronunciation of ``word`` in IPA; None without the library.

    >>> english_ipa("subtitle")
    'sˈʌbtaɪɾəl'
    """
    with _LOCK:
        library = _load_library()
        return None if library is None else _speak(library, word)


@cache
def _load_library() -> Any:
    try:
        import espeakng_loader

        library = ctypes.CDLL(espeakng_loader.get_library_path())
        folder = _shorten_path(espeakng_loader.get_data_path()).encode()
    except (ImportError, OSError, RuntimeError):
        return None  # no wheel for this platform, or its library does not run here
    if library.espeak_Initialize(_SYNCHRONOUS, 0, folder, _DO_NOT_EXIT) < 0:
        return None
    if library.espeak_SetVoiceByName(b"en-us") != 0:
        return None
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    library.espeak_TextToPhonemes.argtypes = [
        *(ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int)
    ]
    return library


def _shorten_path(folder: str) -> str:
    """Return a path to ``folder`` that the library does not cut off.

    Raises:
        OSError: If no link can be made.
    """
    if len(folder.encode()) <= _LONGEST_PATH:
        return folder
    place = Path(tempfile.mkdtemp(prefix="espeak-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    link = place / "data"
    link.symlink_to(folder, target_is_directory=True)
    return str(link)


def _speak(library: Any, text: str) -> str:
    rest = ctypes.c_char_p(text.encode())
    clauses = []
    while rest.value is not None:  # the library moves it clause by clause, at last to NULL
        clauses.append(library.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _IPA) or b"")
    return b" ".join(clauses).decode(errors="ignore")
