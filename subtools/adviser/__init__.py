"""An optional language model that says which reading of a stretch fits its context.

where it is, who may ask it    endpoints
what is asked, what counts     prompting ──► replies
over the wire                  posting (the standard library; no redirect, no other host)
how much, and how often        limits
all together                   asking
"""

from subtools.adviser.asking import Advice, LanguageModel, ask_adviser
from subtools.adviser.endpoints import KEY_VARIABLE, Endpoint, read_endpoint
from subtools.adviser.limits import Limits

__all__ = [
    "KEY_VARIABLE",
    "Advice",
    "Endpoint",
    "LanguageModel",
    "Limits",
    "ask_adviser",
    "read_endpoint",
]
