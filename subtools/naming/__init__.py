"""Names from what is said: likeness of sound proposes, who speaks next decides."""

from subtools.naming.given import GivenName, NamesFile, clean_name, parse_names
from subtools.naming.naming import name_speakers
from subtools.naming.renaming import rename_speakers, restore_labels
from subtools.naming.reporting import best_quotes, report_names

__all__ = [
    "GivenName",
    "NamesFile",
    "best_quotes",
    "clean_name",
    "name_speakers",
    "parse_names",
    "rename_speakers",
    "report_names",
    "restore_labels",
]
