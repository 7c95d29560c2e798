"""Terms and names: files of them, the ones that ship, those that a text itself shows.

a file in, terms out    parsing (YAML, TOML, or a term a line)
terms that ship         starter ──► terms.tsv
terms of a text         mining
together                merging
how a term sounds       sounding
"""

from subtools.glossary.merging import convert_glossary, fold_name, merge_glossaries
from subtools.glossary.mining import mine_terms
from subtools.glossary.parsing import parse_glossary
from subtools.glossary.sounding import term_sounds
from subtools.glossary.starter import starter_glossary

__all__ = [
    "convert_glossary",
    "fold_name",
    "merge_glossaries",
    "mine_terms",
    "parse_glossary",
    "starter_glossary",
    "term_sounds",
]
