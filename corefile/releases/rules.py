"""What differs between releases, as named values: a page that is the history of a plugin, or of another part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Generic, TypeVar, cast

from ..light import NamedTuple
from . import Release

T = TypeVar("T")
S = TypeVar("S")
R = TypeVar("R", bound="ReleaseRules")


class Change(NamedTuple):
    """From `release` on (None: from the first), the rule `name` has this value. `doc` says what the rule is."""

    release: str | None
    name: str
    value: Any
    doc: str


class ByRelease(Generic[T]):
    """A value that differs between releases: `first`, and from each of `steps` (oldest first) another one."""

    __slots__ = ("doc", "first", "steps")

    def __init__(self, first: T, steps: Mapping[str, T], doc: str = "") -> None:
        self.first = first
        self.steps = tuple(steps.items())
        self.doc = doc

    def at(self, release: Release) -> T:
        """The value in `release`."""
        value = self.first
        for version, changed in self.steps:
            if release >= version:
                value = changed
        return value


def since(version: str, doc: str = "") -> bool:
    """True from `version` on."""
    return cast("bool", ByRelease(False, {version: True}, doc))


def until(version: str, doc: str = "") -> bool:
    """True in the releases before `version`."""
    return cast("bool", ByRelease(True, {version: False}, doc))


def between(version: str, end: str, doc: str = "") -> bool:
    """True from `version` on, and before `end`."""
    return cast("bool", ByRelease(False, {version: True, end: False}, doc))


def changed(first: T, steps: Mapping[str, S], doc: str = "") -> T | S:
    """`first`, and from each release in `steps` (oldest first) the value that stands there."""
    made: ByRelease[Any] = ByRelease(first, steps, doc)
    return cast("T | S", made)


def at(value: T, release: Release) -> T:
    """`value` in `release`, where it may differ between releases."""
    return cast("T", value.at(release)) if isinstance(value, ByRelease) else value


class ReleaseRules:
    """The rules of one release, as attributes. Subclasses declare them:

    >>> class Example(ReleaseRules):
    ...     sets_ra = until("1.3.1", "replies have RA set")
    ...     name = changed("old", {"1.7.0": "new"}, "what the metric is called")
    >>> from corefile.releases import find
    >>> Example(find("1.2.0")).sets_ra, Example(find("1.8.0")).name
    (True, 'new')
    """

    declared: ClassVar[dict[str, ByRelease[Any]]] = {}
    _made: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if isinstance(value, ByRelease)}
        inherited: dict[str, ByRelease[Any]] = {}
        for base in reversed(cls.__bases__):
            inherited |= getattr(base, "declared", {})
        cls.declared = inherited | own
        cls._made = {}
        for name in own:  # Python reads an attribute of an instance much faster where the class has none of its name
            delattr(cls, name)

    def __init__(self, release: Release) -> None:
        self.release = release
        for name, rule in self.declared.items():
            setattr(self, name, rule.at(release))

    def __deepcopy__(self, memo: object) -> ReleaseRules:
        return self  # they never change

    @classmethod
    def of(cls: type[R], release: Release) -> R:
        """The rules of `release`, made once."""
        made: dict[str, R] = cls._made
        try:
            return made[release.version]
        except KeyError:
            found = made[release.version] = cls(release)
            return found

    @classmethod
    def history(cls) -> list[Change]:
        """All values that rules ever had, by rule and release."""
        return [
            Change(version, name, value, rule.doc)
            for name, rule in cls.declared.items()
            for version, value in ((None, rule.first), *rule.steps)
        ]


__all__ = ["ByRelease", "Change", "ReleaseRules", "at", "between", "changed", "since", "until"]
