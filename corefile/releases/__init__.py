"""The releases of CoreDNS: when they came out, and the order of their directives.

`history.txt` has one line per release: version, date, and how its `plugin.cfg` differs from the release before:
`+name/after` inserts, `~name/after` moves, `-name` removes (`after` is empty at the front). `successors.txt` has one
line per directive that was removed: its name, the directive that takes the same arguments or `-`, and what to use instead.
"""

from __future__ import annotations

import re
from functools import cache

from ..light import regex, text_beside

_VERSION = regex(r"(?:coredns[-_ ])?v?(\d+)\.(\d+)\.(\d+)(?![.\d])", re.I)
_SERIES = regex(r"(?:coredns[-_ ])?v?(\d+)\.(\d+)", re.I)


class UnknownRelease(ValueError):
    """No release of CoreDNS goes by this name."""


class Release:
    """One release of CoreDNS.

    version: such as `1.14.7`. date: of its publication, `YYYY-MM-DD`. order: its directives, in the order in which
    CoreDNS sets them up and chains them (its `plugin.cfg`). missing: those of them that a build knows by name, and has not
    in it. build: what it was built as, if that is not CoreDNS's own. Releases compare with each other and with strings:

    >>> find("1.11.3") >= "1.9.4"
    True
    """

    __slots__ = ("_directives", "_since", "build", "date", "missing", "number", "order", "version")
    version: str
    number: tuple[int, int, int]
    date: str
    order: tuple[str, ...]
    missing: frozenset[str]
    build: str

    def __init__(
        self,
        version: str,
        date: str,
        order: tuple[str, ...],
        missing: frozenset[str] = frozenset(),
        build: str = "",
    ) -> None:
        self.version = version
        self.missing = missing
        self.build = build
        self.number = _number(version)
        self.date = date
        self.order = order
        self._directives = frozenset(order)
        self._since: dict[Release | str, bool] = {}

    def has(self, directive: str) -> bool:
        """Whether this release knows the directive."""
        return directive in self._directives

    def __str__(self) -> str:
        return self.version

    def __repr__(self) -> str:
        return f"<Release {self.version}>"

    def __hash__(self) -> int:
        return hash(self.version)

    def __eq__(self, other: object) -> bool:
        return str(other) == self.version if isinstance(other, str | Release) else NotImplemented

    def __deepcopy__(self, memo: object) -> Release:
        return self  # it never changes

    def __ge__(self, other: Release | str) -> bool:
        # Conditions on the release stand on the way of every query: each is worked out once.
        try:
            return self._since[other]
        except KeyError:
            found = self._since[other] = self.number >= _number(other)
            return found

    def __lt__(self, other: Release | str) -> bool:
        return not self >= other

    def __le__(self, other: Release | str) -> bool:
        return self.number <= _number(other)

    def __gt__(self, other: Release | str) -> bool:
        return self.number > _number(other)


_numbers: dict[str, tuple[int, int, int]] = {}


def _number(release: Release | str) -> tuple[int, int, int]:
    if isinstance(release, Release):
        return release.number
    number = _numbers.get(release)
    if number is None:
        if not isinstance(release, str):
            raise TypeError(f"a release is compared with a version such as '1.11.3', not with {release!r:.40}")
        try:
            major, minor, patch = map(int, release.split("."))
        except ValueError:
            raise ValueError(f"`{release}` is no version of CoreDNS such as 1.11.3") from None
        number = _numbers[release] = (major, minor, patch)
    return number


def _read() -> tuple[Release, ...]:
    releases = []
    order: list[str] = []
    for line in text_beside(__name__, "history.txt").splitlines():
        version, date, *edits = line.split(" ")
        for edit in edits:
            name, _, after = edit[1:].partition("/")
            if edit[0] != "+":
                order.remove(name)
            if edit[0] != "-":
                order.insert(order.index(after) + 1 if after else 0, name)
        releases.append(Release(version, date, tuple(order)))
    return tuple(releases)


def table(name: str) -> list[list[str]]:
    """The words of each line of a file beside this one, but for comments."""
    return [line.split() for line in text_beside(__name__, name).splitlines() if line[0] != "#"]


ALL: tuple[Release, ...] = _read()
"""Every release, the oldest first."""

LATEST: Release = ALL[-1]

_by_version = {release.version: release for release in ALL}


def find(text: str | Release) -> Release:
    """The release that a version or an image name means.

    `1.11.3`, `v1.11.3`, `1.11.3-eksbuild.1`, `registry.k8s.io/coredns/coredns:v1.11.3@sha256:...`.
    Raises UnknownRelease, which names the nearest releases.

    >>> find("registry.k8s.io/coredns/coredns:v1.11.3").version
    '1.11.3'
    """
    if isinstance(text, Release):
        return text
    if not isinstance(text, str):
        raise UnknownRelease(f"`{text!r}` names no release of CoreDNS (expected a version such as {LATEST})")
    release = _by_version.get(text)
    if release is not None:
        return release
    name, _, digest = text.strip().partition("@")
    image, _, tag = name.rpartition("/")[2].rpartition(":")
    if image.endswith("node-cache"):
        from .node_cache import image as node_cache

        return node_cache(tag)
    if tag == "latest":
        return LATEST
    match = _VERSION.match(tag) or _VERSION.match(digest)
    if match is None:
        some = _SERIES.fullmatch(tag)
        known = [str(r) for r in ALL if some and r.number[:2] == (int(some[1]), int(some[2]))]
        if known:
            raise UnknownRelease(f"`{text}` is more than one release of CoreDNS: {', '.join(known)}")
        raise UnknownRelease(f"`{text}` names no release of CoreDNS (expected a version such as {LATEST})")
    number = (int(match[1]), int(match[2]), int(match[3]))
    release = _by_version.get("{}.{}.{}".format(*number))
    if release is None:
        raise UnknownRelease(f"CoreDNS has no release {'{}.{}.{}'.format(*number)}; {_nearest(number)}")
    return release


def _nearest(number: tuple[int, int, int]) -> str:
    older = [release for release in ALL if release.number < number]
    newer = [release for release in ALL if release.number > number]
    if older and newer:
        return f"the nearest are {older[-1]} and {newer[0]}"
    return f"the newest known is {older[-1]}" if older else f"the oldest known is {newer[0]}"


def directive_history(name: str) -> tuple[Release | None, Release | None]:
    """The first release that knows the directive, and the first later one that no longer does.

    >>> [str(release) for release in directive_history("proxy")]
    ['1.0.0', '1.5.0']
    """
    first = None
    for release in ALL:
        if release.has(name):
            first = first or release
        elif first:
            return first, release
    return first, None


def directive_successor(name: str) -> tuple[str, str]:
    """What took over from a directive that was removed: a directive that takes the same arguments, and what to say.

    >>> directive_successor("startup")
    ('', 'use `on startup`')
    """
    for line in text_beside(__name__, "successors.txt").splitlines():
        gone, directive, hint = line.split(" ", 2)
        if gone == name:
            return directive.strip("-"), hint
    return "", ""


@cache
def known_directives() -> frozenset[str]:
    """The directives of all releases."""
    return frozenset().union(*(release.order for release in ALL))
