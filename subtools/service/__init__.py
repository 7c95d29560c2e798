"""A small service: a sound and its transcript by HTTP, subtitles back.

request ──► guarding ──► routes ──► receiving, asking ──► desk (the queue; on the disk: records)
                                                            │
                                                          slots ──► the batch's scheduler

FastAPI and uvicorn come with the extra ``serve``.
"""

from subtools.service.guarding import Policy
from subtools.service.serving import Ending, Service, serve
from subtools.service.values import Limits

__all__ = ["Ending", "Limits", "Policy", "Service", "serve"]
