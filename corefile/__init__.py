"""What CoreDNS would do with a Corefile, without running CoreDNS.

`load` and `loads` make a `Server` of a Corefile, which answers queries as CoreDNS would; its `World` is everything
outside the Corefile. `check` and `checks` return what is wrong with a Corefile. `Classes` divides all questions into
those that a server answers alike. `corefile.testing` has assertions, Hypothesis strategies and coverage for tests.

>>> from corefile import loads
>>> server = loads(".:53 {\\n hosts {\\n  10.0.0.1 a.example.org\\n }\\n whoami\\n}")
>>> server.query("a.example.org").answer
[<Record a.example.org. 3600 IN A 10.0.0.1>]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = [
    "Asked",
    "BadName",
    "BadRecord",
    "Behaviour",
    "Cell",
    "Chooser",
    "Class",
    "Classes",
    "Clock",
    "Cluster",
    "ClusterSource",
    "Content",
    "CorefileError",
    "Edns",
    "Fault",
    "Files",
    "Finding",
    "Fix",
    "Hop",
    "Http",
    "Key",
    "Limits",
    "Lookup",
    "ManifestError",
    "Position",
    "Question",
    "Record",
    "RecordKind",
    "Release",
    "Reply",
    "Route",
    "Rpc",
    "Server",
    "Severity",
    "Source",
    "Span",
    "Step",
    "Store",
    "Stores",
    "TooLarge",
    "Trace",
    "Transport",
    "UnknownRelease",
    "Upstream",
    "Via",
    "Weighted",
    "World",
    "check",
    "checks",
    "load",
    "loads",
    "releases",
]

if TYPE_CHECKING:
    from . import releases
    from .api import Asked, Server, Transport, load, loads
    from .chain.reply import Reply
    from .chain.trace import Hop, Lookup, Trace
    from .chain.transports import Http, Rpc, Via
    from .classes import Behaviour, Cell, Class, Classes, Question, RecordKind, Route, Step
    from .dns.errors import BadName
    from .dns.message import Edns
    from .dns.record import BadRecord, Record
    from .dns.tsig import Key
    from .findings import CorefileError, Finding, Fix, Limits, Position, Severity, Source, Span, TooLarge
    from .language.files import Files
    from .lint import check, checks
    from .releases import Release, UnknownRelease
    from .world import Chooser, Clock, Fault, Store, Upstream, Weighted, World
    from .world.cluster import Cluster, ClusterSource
    from .world.files import Content
    from .world.manifests import ManifestError
    from .world.stores import Stores
else:
    _ROOMS = {
        "api": ("Asked", "Server", "Transport", "load", "loads"),
        "chain.reply": ("Reply",),
        "chain.trace": ("Hop", "Lookup", "Trace"),
        "chain.transports": ("Http", "Rpc", "Via"),
        "classes": ("Behaviour", "Cell", "Class", "Classes", "Question", "RecordKind", "Route", "Step"),
        "dns.errors": ("BadName",),
        "dns.message": ("Edns",),
        "dns.record": ("BadRecord", "Record"),
        "dns.tsig": ("Key",),
        "findings": ("CorefileError", "Finding", "Fix", "Limits", "Position", "Severity", "Source", "Span", "TooLarge"),
        "language.files": ("Files",),
        "lint": ("check", "checks"),
        "releases": ("Release", "UnknownRelease"),
        "world": ("Chooser", "Clock", "Fault", "Store", "Upstream", "Weighted", "World"),
        "world.cluster": ("Cluster", "ClusterSource"),
        "world.files": ("Content",),
        "world.manifests": ("ManifestError",),
        "world.stores": ("Stores",),
    }

    def __getattr__(name):
        """Import what is asked for, and only that: the command starts fast."""
        from importlib import import_module

        if name == "releases":
            return import_module(f"{__name__}.releases")
        for room, names in _ROOMS.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{room}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return sorted([*__all__, "__version__"])
