"""Corrections with evidence: what may be wrong in a timed document, and what is done about it.

is it this sound    belonging
what may be wrong   spotting (terms in the sound) ──► candidates, spelling ──► choosing
what speaks for it  fitting ──► comparing; weighing
what is done        safety (what forbids it) ──► deciding
"""

from subtools.cleaning.belonging import measure_misfit
from subtools.cleaning.candidates import (
    find_broken_numbers,
    find_disagreements,
    find_rehearings,
    find_rereadings,
    locate_terms,
)
from subtools.cleaning.choosing import choose_candidates, fits_the_sound
from subtools.cleaning.comparing import Fit, Passage, compare_sounds, count_phones, plan_passages
from subtools.cleaning.deciding import CleaningSettings, decide
from subtools.cleaning.spelling import (
    find_lettered_units,
    find_misspelled_terms,
    find_transliterations,
)
from subtools.cleaning.spotting import Spotted, spot_patterns
from subtools.cleaning.values import Candidate, Page, Sought, fold, lay_out
from subtools.cleaning.weighing import Observation, add_up, could_reach, sum_up, weigh

__all__ = [
    "Candidate",
    "CleaningSettings",
    "Fit",
    "Observation",
    "Page",
    "Passage",
    "Sought",
    "Spotted",
    "add_up",
    "choose_candidates",
    "compare_sounds",
    "could_reach",
    "count_phones",
    "decide",
    "find_broken_numbers",
    "find_disagreements",
    "find_lettered_units",
    "find_misspelled_terms",
    "find_rehearings",
    "find_rereadings",
    "find_transliterations",
    "fits_the_sound",
    "fold",
    "lay_out",
    "locate_terms",
    "measure_misfit",
    "plan_passages",
    "spot_patterns",
    "sum_up",
    "weigh",
]
