"""One directive, one file, found by its name. `find` is the registry that the chain compiles with.

A plugin of somebody else is a class that `register` was given, or that a package offers under the entry point
`corefile.plugins` by the directive's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from ..chain.shapes import Plugin
    from ..releases import Release

GROUP = "corefile.plugins"
"""The group of entry points, name of the directive to class."""

_found: dict[str, type[Plugin] | None] = {}


def find(name: str) -> type[Plugin] | None:
    """The class of the directive `name`, or None where there is none. Imports only that directive's module."""
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
            cls = _offered(name)
        else:
            cls = getattr(module, "".join(part.capitalize() for part in name.split("_")))
            assert cls is not None
        if cls is not None:
            cls.name = name
    _found[name] = cls
    return cls


def _offered(name: str) -> type[Plugin] | None:
    """The class that an installed package offers. Raises ValueError for one that cannot be imported, or is no
    plugin."""
    point = _offers().get(name)
    if point is None:
        return None
    try:
        return _checked(point.load(), f"the entry point `{point.value}`")
    except Exception as error:  # a package may do anything as it is imported
        raise ValueError(f"`{name}` of `{point.value}` cannot be used: {type(error).__name__}: {error}") from error


@cache
def _offers() -> Mapping[str, EntryPoint]:
    """The entry points of installed packages, by name, the first of each. To find them, all packages are looked through."""
    from importlib.metadata import entry_points

    return {point.name: point for point in reversed(tuple(entry_points(group=GROUP)))}


def _checked(cls: object, what: str) -> type[Plugin]:
    from ..chain.shapes import Plugin

    if not (isinstance(cls, type) and issubclass(cls, Plugin)):
        raise TypeError(f"{what} is no plugin: a class of a shape of `corefile.plugin` is needed, not {cls!r}")
    return cls


def register(name: str, cls: type[Plugin]) -> None:
    """Have a directive that CoreDNS does not come with be simulated by a class of one of the four shapes.

    It is known from then on in this process; a release has it where `plugins=[name]` (or `--plugin NAME`) says so. The
    class says in `BEFORE` which directive it stands before.

    Raises ValueError for the name of a directive of CoreDNS, TypeError for a class that is no plugin.
    """
    if name in names():
        raise ValueError(f"`{name}` is a directive of CoreDNS")
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError(f"a directive's name is a word such as `my_records`, not `{name}`")
    _found[name] = _checked(cls, f"`{name}`")
    cls.name = name


def with_plugins(release: Release, added: Iterable[str] = (), order: Iterable[str] | None = None) -> Release:
    """`releases.external.with_plugins`, with the places that registered plugins say of themselves."""
    if isinstance(added, str):
        raise ValueError(f"`plugins` is a list of NAME or NAME:BEFORE, such as [{added!r}]")
    placed = []
    for text in added:
        name, colon, _ = text.partition(":")
        cls = find(name)
        placed.append(f"{text}:{cls.BEFORE}" if cls is not None and cls.BEFORE and not colon else text)
    if not placed and order is None:
        return release
    from ..releases import external

    return external.with_plugins(release, placed, order)


def names() -> list[str]:
    """All directives that are simulated, in alphabetical order; without registered ones."""
    from pkgutil import iter_modules

    return sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_"))
