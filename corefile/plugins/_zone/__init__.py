"""Zone data and the look-up in it, for the plugins that are authoritative for zones.

Source: plugin/file (lookup.go, zone.go, dname.go, closest.go, reload.go and tree) of each release. The order of names
is that of its tree: label by label from the right, where a label ends in its dot, so that `a-b` comes before `a`.
"""

from __future__ import annotations

from .aliases import MAX_CHAIN, Resolve
from .data import LoadError, Node, NotServed
from .landmarks import zone_landmarks
from .load import SameSerial, load
from .lookup import Zone
from .rules import ZoneRules
from .sections import DELEGATION, NAME_ERROR, NO_DATA, SERVER_FAILURE, SUCCESS, Found

__all__ = [
    "DELEGATION",
    "MAX_CHAIN",
    "NAME_ERROR",
    "NO_DATA",
    "SERVER_FAILURE",
    "SUCCESS",
    "Found",
    "LoadError",
    "Node",
    "NotServed",
    "Resolve",
    "SameSerial",
    "Zone",
    "ZoneRules",
    "load",
    "zone_landmarks",
]
