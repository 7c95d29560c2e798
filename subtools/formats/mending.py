"""What a reader mended, counted where it is the same in many places."""

from __future__ import annotations

from subtools.core import Remark

_SHOWN = 60  # characters of a file that a remark repeats


class Log:
    """Remarks as they come up.

    What changes nothing that is shown is told once, with the first line and how often; what
    does is told each time.
    """

    def __init__(self) -> None:
        self._single: list[Remark] = []
        self._counted: dict[str, tuple[str, int, int]] = {}

    def add(self, text: str, line: int | None) -> None:
        """Remark ``text`` of ``line``."""
        self._single.append(Remark(text, line))

    def count(self, text: str, line: int, *, kind: str = "") -> None:
        """Remark ``text`` of ``line``, or that one of the same ``kind`` came up once more."""
        first, at, times = self._counted.get(kind or text, (text, line, 0))
        self._counted[kind or text] = (first, at, times + 1)

    def remarks(self) -> tuple[Remark, ...]:
        """Return all remarks by line, those about the whole file first."""
        counted = (
            Remark(text if times == 1 else f"{text} (and {times - 1} more)", line)
            for text, line, times in self._counted.values()
        )
        return tuple(sorted([*self._single, *counted], key=lambda remark: remark.line or 0))


def quote(text: str) -> str:
    r"""Return ``text`` as a remark repeats it, cut where it is long.

    >>> quote(" a\tb ")
    "'a b'"
    """
    shown = " ".join(text.split())
    return f"'{shown[:_SHOWN]}…'" if len(shown) > _SHOWN else f"'{shown}'"
