"""What is wrong with a Corefile, where, and how it is shown.

source, finding: places and findings, as data. error: the exception that carries them. report, layout: their text.
"""

from __future__ import annotations

from .error import CorefileError
from .finding import Finding, Fix, Severity
from .source import MADE_UP, Embedding, Position, Source, Span

__all__ = ["MADE_UP", "CorefileError", "Embedding", "Finding", "Fix", "Position", "Severity", "Source", "Span"]
