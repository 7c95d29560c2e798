"""Reference words and recognised words: times carried over, differences found.

The document is the truth about *what* is written, the recogniser about *when* something
was heard. Both are spelled in phones and aligned globally; a word of the document takes
the time of what stands against it. Words that nothing stands against get a time only
inside a short gap that has room for them; all others stay without one and are reported.
Works in every language the recogniser knows.
"""

from subtools.merging.merger import ALIGNER, merge_recognition

__all__ = ["ALIGNER", "merge_recognition"]
