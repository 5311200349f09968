"""Stores that directives look into: what is in each, in the store's own form, or that it is out of reach.

A store is called as the directive is that looks into it, and the module of that name here reads what is given of it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from typing import Any, Union

from ..clock import Clock
from ..upstreams import Fault
from ._hosted import HostedZone, RecordSet

KINDS = ("azure", "clouddns", "etcd", "nomad", "route53")
"""The stores that can be given."""

FAULTS = ("refused", "timeout", "unreachable")

Store = Union[str, "os.PathLike[str]", Mapping[str, Any], "list[Any]", Fault, None]
"""The contents of a store: text or a file as the store's own tools print it, or the data of its JSON; a `Fault`, or
`{"fault": "timeout"}`, for a store that fails; None where nothing listens."""


class Stores(dict[str, Any]):
    """Stores that directives look into, by name: `etcd`, `nomad`, `NAME@ADDRESS` for one of several, and hosted zones
    (`route53@ID`, `azure@GROUP:ZONE`, `clouddns@PROJECT:ZONE`). A dict; a change counts from CoreDNS's next access on.

    version: how often it has changed. since: when each store was put there, in seconds since the epoch.

    Raises ValueError or TypeError for what is no store, OSError for a file that cannot be read.

    >>> stores = Stores()
    >>> stores["etcd"] = {"/skydns/example/web": {"host": "10.0.0.1"}}
    >>> stores["nomad@http://127.0.0.2:4646"] = None
    >>> stores
    {'etcd': <etcd: 1 key>, 'nomad@http://127.0.0.2:4646': Fault.refused()}
    """

    def __init__(self, given: Mapping[str, Store] | None = None, clock: Clock | None = None) -> None:
        super().__init__()
        self.version = 0
        self.clock = clock or Clock()
        self.since: dict[str, float] = {}
        if not isinstance(given, Mapping | None):
            raise TypeError(f"stores are a mapping from a directive's name to what is in its store, not {given!r:.60}")
        for name, store in (given or {}).items():
            self[name] = store

    def at(self, name: str, *addresses: str) -> str | None:
        """The key of the store that is reached at one of `addresses`: the first that is not out of reach, or else the first;
        None where no such store is given."""
        keys = [key if (key := f"{name}@{address}") in self else name for address in addresses or ("",)]
        given = [key for key in keys if key in self]
        return next((key for key in given if not isinstance(self[key], Fault)), given[0] if given else None)

    def __setitem__(self, name: str, store: Store) -> None:
        super().__setitem__(str(name), _loaded(str(name), store))
        self.since[str(name)] = self.clock.now
        self.version += 1

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self.version += 1

    def update(self, *given: Any, **named: Store) -> None:
        """Put stores there; none of them if one is wrong."""
        found = {str(name): _loaded(str(name), store) for name, store in dict(*given, **named).items()}
        super().update(found)
        self.since.update(dict.fromkeys(found, self.clock.now))
        self.version += 1

    def __deepcopy__(self, memo: dict[int, Any]) -> Stores:
        from copy import deepcopy

        other = memo[id(self)] = Stores(clock=deepcopy(self.clock, memo))
        dict.update(other, self)  # what is in them never changes
        other.since, other.version = dict(self.since), self.version
        return other


def _loaded(name: str, given: Store) -> Any:
    kind = name.partition("@")[0]
    if kind not in KINDS:
        from difflib import get_close_matches

        close = get_close_matches(kind, KINDS, n=1)
        more = f": did you mean {close[0]}?" if close else f" (one of {', '.join(KINDS)})"
        raise ValueError(f"there is no store {kind}{more}")
    if given is None:
        return Fault.refused()
    if isinstance(given, Mapping) and list(given) == ["fault"]:
        given = Fault(given["fault"])
    if isinstance(given, Fault):
        if given.kind not in FAULTS:
            raise ValueError(f"store {name}: it may be {', '.join(FAULTS)}, but not {given.kind}")
        return given
    if isinstance(given, os.PathLike):
        from ..corefiles import read_text

        given = read_text(os.fspath(given))
    if not isinstance(given, str | Mapping | list):
        raise TypeError(
            f"store {name}: text, a pathlib.Path, a mapping, a list or a Fault is needed, not {given!r:.40}"
        )
    try:
        return import_module(f"{__name__}.{kind}").load(given)
    except RecursionError:
        raise ValueError(f"store {name}: what is given is nested too deep") from None
    except ValueError as e:
        raise ValueError(f"store {name}: {e}") from None


__all__ = ["FAULTS", "KINDS", "HostedZone", "RecordSet", "Store", "Stores"]
