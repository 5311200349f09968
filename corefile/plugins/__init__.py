"""One directive, one file, found by its name. `find` is the registry that the chain compiles with.

A plugin of somebody else is a class that `register` was given, or that a package offers under the entry point
`corefile.plugins` by the directive's name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..light import NamedTuple

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from types import TracebackType

    from ..chain.shapes import Plugin
    from ..releases import Release

GROUP = "corefile.plugins"
"""The group of entry points, name of the directive to class."""

_found: dict[str, type[Plugin] | ValueError | None] = {}
"""What there is of each name that was looked up: a class, or why that of an installed package cannot be used."""


def find(name: str) -> type[Plugin] | None:
    """The class of the directive `name`, or None where there is none that can be used. Imports only that directive's
    module."""
    found = _looked_up(name)
    return None if isinstance(found, ValueError) else found


def usable(name: str) -> type[Plugin] | None:
    """The same for a name that the user has asked for. Raises ValueError for the class of an installed package that cannot be
    used, with the reason."""
    found = _looked_up(name)
    if isinstance(found, ValueError):
        raise found
    return found


def _looked_up(name: str) -> type[Plugin] | ValueError | None:
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
            try:
                cls = _offered(name)
            except ValueError as unusable:
                _found[name] = unusable
                return unusable
        else:
            cls = getattr(module, "".join(part.capitalize() for part in name.split("_")))
            assert cls is not None
        if cls is not None:
            cls = _named(cls, name)
    _found[name] = cls
    return cls


def _named(cls: type[Plugin], name: str) -> type[Plugin]:
    """The class as that of the directive `name`: a class of its own for each directive, as traces name it."""
    if vars(cls).get("name", name) != name and _found.get(cls.name) is cls:
        about = {key: getattr(cls, key) for key in ("__module__", "__qualname__", "__doc__")}
        cls = type(cls.__name__, (cls,), about)
    cls.name = name
    return cls


def _offered(name: str) -> type[Plugin] | None:
    """The class that an installed package offers. Raises ValueError for one that cannot be imported, or is no
    plugin."""
    points = _offers().get(name, ())
    if not points:
        return None
    if len(points) > 1:
        values = " and ".join(f"`{each.value}`" for each in points)
        raise ValueError(
            f"`{name}` is offered by {len(points)} installed packages, as {values}: only one can have the name"
        )
    point = points[0]
    try:
        return _checked(point.load(), f"the entry point `{point.value}`")
    except Exception as error:  # a package may do anything as it is imported
        raise ValueError(f"`{name}` of `{point.value}` cannot be used: {type(error).__name__}: {error}") from error


@cache
def _offers() -> Mapping[str, Sequence[EntryPoint]]:
    """The entry points of installed packages, by name, those of different classes. To find them, all packages are looked
    through."""
    from importlib.metadata import entry_points

    offers: dict[str, dict[str, EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        offers.setdefault(point.name, {}).setdefault(point.value, point)
    return {name: tuple(points.values()) for name, points in offers.items()}


def _checked(cls: object, what: str) -> type[Plugin]:
    from ..chain.foreign import METHODS, check_arguments
    from ..chain.shapes import Answerer, Filter, Gate, Plugin, Setting

    if not (isinstance(cls, type) and issubclass(cls, Plugin)):
        raise TypeError(f"{what} is no plugin: a class of a shape of `corefile.plugin` is needed, not {cls!r}")
    serves: Any = cls.serve
    if serves is Plugin.serve and not issubclass(cls, Setting):
        raise TypeError(
            f"{what} is no plugin: {cls.__name__} has none of the shapes Setting, Filter, Answerer and Gate"
        )
    methods: tuple[tuple[Any, str], ...] = ((Answerer, "answer"), (Gate, "admit"), (Filter, "back"))
    for shape, method in methods:
        arguments = METHODS[method]
        if serves is shape.serve and getattr(cls, method) is getattr(shape, method):
            raise TypeError(
                f"{what} is no plugin: {cls.__name__} lacks `{method}(self, {arguments})` of {shape.__name__}"
            )
        if serves is shape.serve:
            check_arguments(cls, method)
    if isinstance(cls.FLAGS, str):
        raise TypeError(f"FLAGS of {cls.__name__} are several words, such as ({cls.FLAGS!r},)")
    return cls


def register(name: str, cls: type[Plugin]) -> None:
    """Have a directive that CoreDNS does not come with be simulated by a class of one of the four shapes.

    It is known from then on in this process; a release has it where `plugins=[name]` (or `--plugin NAME`) says so. The
    class says in `BEFORE` which directive it stands before.

    The class that is registered last takes the place of others of its name, an installed one, too. Raises ValueError for
    the name of a directive of CoreDNS, TypeError for a class that is no plugin, or lacks the method of its shape.
    """
    if not isinstance(name, str):
        raise TypeError(f"`register` takes a directive's name, and then its class, not {name!r:.60} first")
    if name in names():
        raise ValueError(f"`{name}` is a directive of CoreDNS")
    if not name.isidentifier() or name.startswith("_"):
        raise ValueError(f"a directive's name is a word such as `my_records`, not `{name}`")
    _found[name] = _named(_checked(cls, f"`{name}`"), name)


class FailedIn(NamedTuple):
    """The plugin of an installed package, or a registered one, in whose methods an exception was raised. traceback: from
    its own code on."""

    name: str
    traceback: TracebackType


def failed_in(error: BaseException) -> FailedIn | None:
    """Which of these plugins an exception comes from; None for one that corefile itself raises."""
    from ..chain.shapes import Plugin, is_own

    traceback = error.__traceback__
    while traceback is not None:
        held = traceback.tb_frame.f_locals
        for it in (held.get("self"), held.get("cls")):
            cls = it if isinstance(it, type) else type(it)
            if issubclass(cls, Plugin) and not is_own(cls.__module__):
                return FailedIn(cls.name, _from_own_code(traceback))
        traceback = traceback.tb_next
    return None


def _from_own_code(traceback: TracebackType) -> TracebackType:
    """The traceback from the first frame that is not in corefile; all of it where there is none."""
    from ..chain.shapes import is_own

    at: TracebackType | None = traceback
    while at is not None:
        if not is_own(str(at.tb_frame.f_globals.get("__name__"))):
            return at
        at = at.tb_next
    return traceback


def with_plugins(release: Release, added: Iterable[str] = (), order: Iterable[str] | None = None) -> Release:
    """`releases.external.with_plugins`, with the places that registered plugins say of themselves.

    A directive that some releases have and others not may be added to all. Raises ValueError, too, for one that every release
    has: what is added is not the same under its name."""
    if isinstance(added, str):
        raise ValueError(f"`plugins` is a list of NAME or NAME:BEFORE, such as [{added!r}]")
    placed = []
    for text in added:
        name, colon, _ = text.partition(":")
        if release.has(name) and name not in release.missing and (order is None or name in order):
            _refuse_own(name, release)
        cls = usable(name)
        placed.append(f"{text}:{cls.BEFORE}" if cls is not None and cls.BEFORE and not colon else text)
    if not placed and order is None:
        return release
    from ..releases import external

    return external.with_plugins(release, placed, order)


def _refuse_own(name: str, release: Release) -> None:
    """Raise ValueError for a directive of CoreDNS, where the user can only mean another plugin."""
    from ..releases import ALL

    if name not in names():
        return
    if name in _offers():
        value = _offers()[name][0].value
        raise ValueError(
            f"`{name}` is a directive of CoreDNS {release}: `{value}`, an installed plugin, needs another name"
        )
    if all(each.has(name) for each in ALL):
        raise ValueError(
            f"`{name}` is a directive of CoreDNS {release}: it is there already, and no other plugin has its name"
        )


def names() -> list[str]:
    """All directives that are simulated, in alphabetical order; without registered ones."""
    from pkgutil import iter_modules

    return sorted(m.name for m in iter_modules(__path__) if not m.name.startswith("_"))
