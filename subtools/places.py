"""Where a user's own files are kept: what can be made again, and what cannot."""

from __future__ import annotations

import os
from pathlib import Path

CACHE_VARIABLE = "SUBTOOLS_CACHE"  # environment variable: another cache folder
WORK_FOLDER = ".subtools"  # in a library: what a batch keeps for itself
DATA_VARIABLE = "SUBTOOLS_DATA_DIR"  # environment variable: another folder for what is the user's


def cache_folder() -> Path:
    """Return the folder of what can be fetched or made again; it need not exist."""
    import platformdirs

    named = os.environ.get(CACHE_VARIABLE)
    return Path(named) if named else platformdirs.user_cache_path("subtools", appauthor=False)


def data_folder() -> Path:
    """Return the folder of what the user gave to keep; it need not exist."""
    import platformdirs

    named = os.environ.get(DATA_VARIABLE)
    return Path(named) if named else platformdirs.user_data_path("subtools", appauthor=False)


def kept_sounds() -> Path:
    """Return the folder of what ``caption`` has fetched."""
    return cache_folder() / "fetched"


def unfinished_fetches() -> Path:
    """Return the folder of what is being fetched, one work folder for each video and part."""
    return cache_folder() / "unfinished"


def unfinished_recognitions() -> Path:
    """Return the folder of what is being recognised, one work folder for each sound and way."""
    return cache_folder() / "recognising"


def kept_hearings() -> Path:
    """Return the folder of what was heard for corrections, one folder for each sound."""
    return cache_folder() / "heard"
