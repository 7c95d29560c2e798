"""A library of talks in one SQLite file, and finding the moments when something is said.

what goes in, what comes out   values
the file                       schema (tables, versions, rights)
a talk into it                 units and passages ──► vocabulary, characters ──► tokens, writing
a question                     questions, pinyin, parts ──► patterns (what may be written)
                               ──► limiting, finding, reading (the words around)
"""

from subtools.catalogue.finding import find_moments
from subtools.catalogue.limiting import find_talk_keys
from subtools.catalogue.reading import list_entries
from subtools.catalogue.schema import Catalogue, catalogue_file, open_catalogue
from subtools.catalogue.values import Entry, Filters, Found, Match, Moment, Recording
from subtools.catalogue.writing import (
    add_recording,
    forget_files,
    is_indexed,
    is_known,
    known_files,
    prepare_recording,
    remove_talks,
)

__all__ = [
    "Catalogue",
    "Entry",
    "Filters",
    "Found",
    "Match",
    "Moment",
    "Recording",
    "add_recording",
    "catalogue_file",
    "find_moments",
    "find_talk_keys",
    "forget_files",
    "is_indexed",
    "is_known",
    "known_files",
    "list_entries",
    "open_catalogue",
    "prepare_recording",
    "remove_talks",
]
