"""The checksum of a Corefile, as recorded from real binaries (see test_watch.py for those that are logged)."""

from __future__ import annotations

import pytest

from corefile.chain.checksum import Unreadable, checksum
from corefile.findings import Source
from corefile.releases import find
from corefile.world import World

SECOND = """.:53 {
    errors
    prometheus :9153
    health
    ready
    log
    hosts {
        192.0.2.2 a.house.example
    }
}
"""


def sum_of(text: str, release: str, **files: str) -> str:
    return checksum(Source("Corefile", text), find(release), World(files=files))


@pytest.mark.parametrize(
    ("release", "expected"),
    [("1.9.0", "db662209a7a8aae483ba7e74411a4198"), ("1.14.7", "07172be8f757ea569b880384f50c974ebc4b5954935a710f")],
)
def test_as_recorded(release: str, expected: str) -> None:
    assert sum_of(SECOND, release).startswith(expected)


def test_what_counts() -> None:
    for release, comments_count in (("1.6.0", True), ("1.6.1", False)):
        assert (sum_of(SECOND, release) != sum_of(SECOND + "# x\n", release)) is comments_count
    text = ". {\nimport part\n}\n"
    assert sum_of(text, "1.14.7", part="log\n") != sum_of(text, "1.14.7", part="errors\n")
    assert sum_of(text, "1.6.0", part="log\n") == sum_of(text, "1.6.0", part="errors\n")


def test_directives_that_no_release_knows_count_too() -> None:
    assert sum_of(". {\nfoo\n}\n", "1.14.7") != sum_of(". {\nbar\n}\n", "1.14.7")


def test_what_cannot_be_taken_apart() -> None:
    with pytest.raises(Unreadable):
        sum_of(".:53 {\nwhoami\n}\n}\n.:54 {\n", "1.14.7")
