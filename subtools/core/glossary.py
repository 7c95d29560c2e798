"""Terms and names, and what else they are called."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """A term or name as it should be written.

    Attributes:
        name: The form to write.
        aliases: Other forms that mean the same and are not wrong (``LLM`` for 大語言模型).
        sounds: How it is spoken where spelling does not say: pinyin syllables with or
            without tones, or English words; one entry a way of saying it.
        source: Who lists it: a public list, the user's file, the document's title.
        is_own: Whether the user lists it, for these talks.
    """

    name: str
    aliases: tuple[str, ...] = ()
    sounds: tuple[str, ...] = ()
    source: str = ""
    is_own: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, the form to write first."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms, those of the user first.

    Attributes:
        terms: In order of precedence; no two have the same name.
    """

    terms: tuple[Term, ...] = ()
