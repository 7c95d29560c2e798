"""A style by what a user calls it: its name, or the file that it stands in."""

from __future__ import annotations

from pathlib import Path

from subtools.core import CueRules
from subtools.decoding import decode_text
from subtools.errors import DocumentError
from subtools.places import data_folder
from subtools.styles.files import parse_style
from subtools.styles.named import named_style

_SUFFIX = ".toml"


def find_style(name: str | Path) -> CueRules:
    """Return the rules of a style: built in, in a file, or in the user's folder of styles.

    Args:
        name: A name that is built in, a path that ends with ``.toml``, or the name of such a
            file in the folder ``styles`` of the user's data.

    >>> find_style("bbc").max_columns
    37

    Raises:
        DocumentError: If there is no such style, or it cannot be read.
    """
    if str(name).lower().endswith(_SUFFIX):
        return _load_style(Path(name))
    own = data_folder() / "styles" / f"{name}{_SUFFIX}"
    try:
        return named_style(str(name))
    except DocumentError:
        if Path(name).name == str(name) and own.is_file():
            return _load_style(own)
        raise


def _load_style(path: Path) -> CueRules:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise DocumentError("no such file", hint="check the name", path=path) from error
    except OSError as error:
        raise DocumentError(
            f"cannot be read: {error.strerror}", hint="give a readable text file", path=path
        ) from error
    return parse_style(decode_text(data, path=path), path=path)
