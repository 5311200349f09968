"""Hypothesis strategies for property tests: names, questions, records, messages, packets, zones, clusters, worlds, Corefiles
and what happens to a running server. All of them shrink to something that a person reads."""

from .corefiles import Broken, broken_corefiles, corefiles, directives, values
from .histories import Apply, Ask, Delete, Fail, Recover, Reload, Rename, Step, Wait, histories
from .names import LABEL, labels, names, names_in, queries, questions, respelled
from .records import addresses, messages, records, ttls, wire, zones
from .worlds import ENV, FILES, STORES, UPSTREAMS, choices, clusters, faults, upstreams, worlds

__all__ = [
    "ENV",
    "FILES",
    "LABEL",
    "STORES",
    "UPSTREAMS",
    "Apply",
    "Ask",
    "Broken",
    "Delete",
    "Fail",
    "Recover",
    "Reload",
    "Rename",
    "Step",
    "Wait",
    "addresses",
    "broken_corefiles",
    "choices",
    "clusters",
    "corefiles",
    "directives",
    "faults",
    "histories",
    "labels",
    "messages",
    "names",
    "names_in",
    "queries",
    "questions",
    "records",
    "respelled",
    "ttls",
    "upstreams",
    "values",
    "wire",
    "worlds",
    "zones",
]
