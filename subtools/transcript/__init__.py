"""Document text to a transcript.

``documents`` knows the order of the steps: ``headers`` takes off what is said about
the talk, ``markdown`` or ``plain`` finds the blocks of text, ``labels`` finds who
speaks them. What is left is the spoken text, whitespace and punctuation untouched.
"""

from subtools.transcript.documents import cues_to_transcript, parse_document

__all__ = ["cues_to_transcript", "parse_document"]
