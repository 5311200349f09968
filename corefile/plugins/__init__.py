"""One directive, one file, found by its name. `find` is the registry that the chain compiles with."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..chain.shapes import Plugin

_found: dict[str, type[Plugin] | None] = {}


def find(name: str) -> type[Plugin] | None:
    """The class of the directive `name`, or None where there is none yet. Imports only that directive's module."""
    try:
        return _found[name]
    except KeyError:
        pass
    cls: type[Plugin] | None = None
    path = f"{__name__}.{name}"
    if name.isidentifier() and not name.startswith("_"):
        try:
            module = import_module(path)
        except ModuleNotFoundError as error:
            if error.name != path:
                raise
        else:
            cls = getattr(module, "".join(part.capitalize() for part in name.split("_")))
            assert cls is not None
            cls.name = name
    _found[name] = cls
    return cls


def names() -> list[str]:
    """All directives that are simulated, in alphabetical order."""
    from pkgutil import iter_modules

    return sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_"))
