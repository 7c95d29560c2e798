r"""Advanced SubStation Alpha (``.ass``) and its forerunner SSA v4 (``.ssa``).

A speaker is the ``Name`` of a line, and a style of their own with its colour. A field
ends at a comma, so a comma in a name becomes a full-width one. Times are hundredths of a
second and end before 10 hours. What is read is kept: sections and comments as blocks, tags and
fields that only ASS knows with their cues.
"""

from subtools.formats.ass.reading import parse
from subtools.formats.ass.sections import section_names
from subtools.formats.ass.styles import STYLES
from subtools.formats.ass.writing import LAST_TIME, compose, compose_ssa
from subtools.formats.speaker_colours import COLOURS

__all__ = ["COLOURS", "LAST_TIME", "compose", "compose_ssa", "parse", "recognise", "recognise_ssa"]


def recognise(text: str) -> bool:
    """Tell whether ``text`` looks like ASS: one of its sections is there."""
    names = section_names(text)
    return bool(names & {"script info", "events"}) and not recognise_ssa(text)


def recognise_ssa(text: str) -> bool:
    """Tell whether ``text`` looks like SSA v4: its styles are called so."""
    names = section_names(text)
    return STYLES[1] in names and STYLES[0] not in names
