"""The authors that each release names."""

from __future__ import annotations

from corefile import releases
from corefile.releases.authors import authors


def test_who_came_and_who_went() -> None:
    """As the recorded answers to authors.bind have it: fturib is an author of 1.5.0 and of no later release."""
    found = authors()
    assert "fturib" in found["1.5.0"]
    assert not any("fturib" in names for release, names in found.items() if release != "1.5.0")
    assert "thevilledev" in found["1.14.0"]


def test_each_change_is_one_of_a_release() -> None:
    """A name that comes twice, or goes without having come, would be lost without a word."""
    versions = [str(release) for release in releases.ALL]
    places = [versions.index(release) for release in authors()]
    assert places == sorted(places)
    seen: set[str] = set()
    for release, *changes in releases.table("authors.txt"):
        for change in changes:
            assert (change[1:] in seen) == (change[0] == "-"), (release, change)
            (seen.add if change[0] == "+" else seen.remove)(change[1:])
