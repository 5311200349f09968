"""Everything outside of the Corefile, owned by the caller: files, environment, cluster, upstreams, clock, choices."""

from __future__ import annotations

from .clock import Clock
from .stores import Store
from .upstreams import Fault, Upstream
from .world import HOSTNAME, Assumed, Chooser, Weighted, World, first

__all__ = ["HOSTNAME", "Assumed", "Chooser", "Clock", "Fault", "Store", "Upstream", "Weighted", "World", "first"]
