"""What CoreDNS would do with a Corefile, without running CoreDNS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import Server, load, loads
    from .findings import CorefileError
    from .lint import check, checks
    from .world import Fault, World

__version__ = "0.1.0"
__all__ = ["CorefileError", "Fault", "Server", "World", "check", "checks", "load", "loads"]

_WHERE = {
    "Server": "api",
    "check": "lint",
    "checks": "lint",
    "load": "api",
    "loads": "api",
    "World": "world",
    "Fault": "world",
    "CorefileError": "findings",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, and only that: the command starts fast."""
    if name in _WHERE:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
