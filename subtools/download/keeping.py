"""What was fetched of a stream so far: one file whose name says of how many bytes in all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Begun:
    """The beginning of a stream on the disk.

    Attributes:
        place: The work folder.
        name: What tells the stream from others of its video.
    """

    place: Path
    name: str

    @property
    def path(self) -> Path | None:
        """The file, if there is one; several cannot be told apart, and go."""
        found = self._files()
        if len(found) > 1:
            self.discard()
            return None
        return found[0] if found else None

    @property
    def whole(self) -> int | None:
        """How many bytes the stream has in all, if that is known."""
        path = self.path
        size = path.name.split(".")[-2] if path else _UNKNOWN
        return None if size == _UNKNOWN else int(size)

    @property
    def held(self) -> int:
        """How many bytes of it are there."""
        path = self.path
        return path.stat().st_size if path else 0

    def path_for(self, whole: int | None) -> Path:
        """Return the name of the file for a stream of ``whole`` bytes."""
        return self.place / f"{self.name}.{_UNKNOWN if whole is None else whole}.part"

    def discard(self) -> None:
        """Remove what is there."""
        for path in self._files():
            path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        files = sorted(self.place.glob(f"{self.name}.*.part"))
        return [path for path in files if path.name.split(".")[-2] in {_UNKNOWN, *_numbers(path)}]


def _numbers(path: Path) -> list[str]:
    size = path.name.split(".")[-2]
    return [size] if size.isdecimal() else []
