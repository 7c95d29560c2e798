"""What a path through text and sound pays for what does not match."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Prices:
    """What a path pays, in nats (natural logarithm of a probability).

    A frame of a word costs the negative log-probability of its phone. Silence between
    words costs that of silence or noise. Everything else has a price here.

    Attributes:
        filler_frame: For a frame of speech without text, beyond what its best phone costs.
        filler_open: For starting such a stretch.
        skip_phone: For a phone of the text that is not spoken.
        skip_open: For starting to skip.
        inside_clause: For beginning or ending either in the middle of a clause, in
            addition: what is left out or put in is a clause more often than not.
        floor: The most that a frame can cost; a classifier that is very sure is wrong
            now and then.

    They matter little: any of them a third smaller or half as large again changes what is found
    in altered talks of held-out voices by about one in a hundred.
    """

    filler_frame: float = 0.6
    filler_open: float = 20.0
    skip_phone: float = 2.0
    skip_open: float = 10.0
    inside_clause: float = 8.0
    floor: float = 7.0
