"""What recognition is told, and where its finished parts are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from subtools.core.glossary import Glossary


@dataclass(frozen=True, slots=True)
class Hints:
    """What a recogniser is told before it listens.

    Attributes:
        prompt: Text in the manner of what will be said.
        hotwords: Terms and names that may be said, the weightiest first.
    """

    prompt: str = ""
    hotwords: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.prompt or self.hotwords)


NO_HINTS = Hints()


class Parts(Protocol):
    """Finished parts of a long work, by name."""

    def read(self, name: str, /) -> str | None:
        """Return what was kept under ``name``; None if nothing was."""

    def write(self, name: str, text: str, /) -> None:
        """Keep ``text`` under ``name``."""


class Keep(Protocol):
    """Anything that keeps the parts of works apart."""

    def __call__(self, key: str, /) -> Parts:
        """Return the parts of the work that ``key`` identifies."""


class _Forgetful:
    """Keeps nothing."""

    def read(self, _name: str, /) -> str | None:
        """Return None."""
        return None

    def write(self, _name: str, _text: str, /) -> None:
        """Forget it."""


def keep_nothing(_key: str, /) -> Parts:
    """Return parts that are forgotten at once."""
    return _Forgetful()


def glossary_to_hints(
    glossary: Glossary, prompt: str = "", hotwords: tuple[str, ...] = ()
) -> Hints:
    """Return the terms of ``glossary`` as hotwords, after those given.

    Aliases are left out: the recogniser is to write the form that the user wants.
    """
    names = (term.name for term in glossary.terms)
    return Hints(prompt, tuple(dict.fromkeys([*hotwords, *names])))
