"""The one import of a plugin's author: `from corefile.plugin import ...`."""

from __future__ import annotations

from .chain.declare import Arg, Declaration, Given, Line, Maybe, Opt, Property, Reads, Rest, Zones
from .chain.fall import NO_FALL, Fall, Fallthrough
from .chain.instance import Instance
from .chain.landmarks import Below, Client, Exact, Flag, Landmark, Pattern
from .chain.query import (
    NEXT,
    Context,
    Next,
    Outcome,
    Panic,
    Query,
    Reason,
    Result,
    Why,
    failed,
    fallthrough,
    hint,
    words,
)
from .chain.rules import Rules, at, between, changed, since, until
from .chain.setup import Setup
from .chain.shapes import Answerer, Filter, Gate, Plugin, Scope, Setting
from .chain.site import Site
from .chain.types import Duration, Int, Listen, Name, OneOf, Type, Word, Zone
from .golang.errors import Invalid

__all__ = [
    "NEXT",
    "NO_FALL",
    "Answerer",
    "Arg",
    "Below",
    "Client",
    "Context",
    "Declaration",
    "Duration",
    "Exact",
    "Fall",
    "Fallthrough",
    "Filter",
    "Flag",
    "Gate",
    "Given",
    "Instance",
    "Int",
    "Invalid",
    "Landmark",
    "Line",
    "Listen",
    "Maybe",
    "Name",
    "Next",
    "OneOf",
    "Opt",
    "Outcome",
    "Panic",
    "Pattern",
    "Plugin",
    "Property",
    "Query",
    "Reads",
    "Reason",
    "Rest",
    "Result",
    "Rules",
    "Scope",
    "Setting",
    "Setup",
    "Site",
    "Type",
    "Why",
    "Word",
    "Zone",
    "Zones",
    "at",
    "between",
    "changed",
    "failed",
    "fallthrough",
    "hint",
    "since",
    "until",
    "words",
]
