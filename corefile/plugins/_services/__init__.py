"""What plugins that answer from services share: CoreDNS's ServiceBackend and its look-ups (plugin/backend.go).

A plugin is a `Directory`: it has a `Backend`, which finds `ServiceRecord`s for an `Ask`, and `Answers` makes resource
records of them. What differs between releases is in `LookupRules`.
"""

from __future__ import annotations

from .answers import Answers, below, weights
from .ask import Answered, Ask, Backend, Failure, Found, Missing, Records, Unordered
from .directory import Directory, longer
from .external import External
from .record import ServiceRecord, host_type, of_one_group, stripped
from .rules import LookupRules

__all__ = [
    "Answered",
    "Answers",
    "Ask",
    "Backend",
    "Directory",
    "External",
    "Failure",
    "Found",
    "LookupRules",
    "Missing",
    "Records",
    "ServiceRecord",
    "Unordered",
    "below",
    "host_type",
    "longer",
    "of_one_group",
    "stripped",
    "weights",
]
