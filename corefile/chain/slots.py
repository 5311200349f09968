"""What directives leave for others of their server block, instance or process: one value of each type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Slots:
    """Values by their type. The type is shared by those who leave the value and those who read it.

    >>> slots = Slots()
    >>> slots.get(list).append("x")
    >>> slots.get(list)
    ['x']
    """

    __slots__ = ("_values",)

    def __init__(self) -> None:
        self._values: dict[type[Any], Any] = {}

    def get(self, kind: type[T]) -> T:
        """The value of this type; the first time, one made by calling the type."""
        found = self._values.get(kind)
        if found is None:
            found = self._values[kind] = kind()
        return cast("T", found)

    def find(self, kind: type[T]) -> T | None:
        """The value of this type, None where there is none yet."""
        return self._values.get(kind)

    def put(self, value: Any) -> None:
        """Leave a value, in place of one of the same type."""
        self._values[type(value)] = value


class Endpoints:
    """The addresses at which HTTP endpoints of plugins listen."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []


class Startup:
    """What is run when an instance has started. seconds: how long that takes. hooks: each returns the line of the log that
    comes as it is run."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.hooks: list[Callable[[], str]] = []


class Hooks(list[Callable[[], str]]):
    """A slot of the process: the hooks of all instances so far. Each instance that starts has all of them run."""


__all__ = ["Endpoints", "Hooks", "Slots", "Startup"]
