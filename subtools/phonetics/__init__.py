"""Text to comparable units of sound."""

from subtools.phonetics.inventory import NOISE, PHONE_INDEX, PHONES, SILENCE
from subtools.phonetics.numbers import CHINESE
from subtools.phonetics.readings import Reading, phones_to_text, read_words, spell_reading
from subtools.phonetics.scripts import (
    Script,
    convert_script,
    detect_script,
    simplify,
    unify_script,
)
from subtools.phonetics.spelling import Phones, fold_text, spell_phones

__all__ = [
    "CHINESE",
    "NOISE",
    "PHONES",
    "PHONE_INDEX",
    "SILENCE",
    "Phones",
    "Reading",
    "Script",
    "convert_script",
    "detect_script",
    "fold_text",
    "phones_to_text",
    "read_words",
    "simplify",
    "spell_phones",
    "spell_reading",
    "unify_script",
]
