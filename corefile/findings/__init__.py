"""What is wrong with a Corefile, where, and how it is shown.

source, finding: places and findings, as data. error: the exception that carries them. report, layout: their text.
limits: how much is read.
"""

from __future__ import annotations

from .error import CorefileError
from .finding import Expected, Finding, Fix, Severity, by_severity, did_you_mean, in_place, write_instead
from .limits import LIMITS, Limits, TooLarge
from .source import MADE_UP, Embedding, Position, Source, Span

__all__ = [
    "LIMITS",
    "MADE_UP",
    "CorefileError",
    "Embedding",
    "Expected",
    "Finding",
    "Fix",
    "Limits",
    "Position",
    "Severity",
    "Source",
    "Span",
    "TooLarge",
    "by_severity",
    "did_you_mean",
    "in_place",
    "write_instead",
]
