"""Search lists of files like /etc/resolv.conf."""

from __future__ import annotations

import pytest

from corefile.plugins._resolvconf import search_list


@pytest.mark.parametrize(
    ("content", "want"),
    [
        (None, ()),
        (b"", ()),
        (b"nameserver 192.0.2.1\n", ()),
        (b"search One.Example two.example.\n", ("one.example.", "two.example.")),
        (b"search a.example\nsearch b.example\n", ("b.example.",)),
        (b"search a.example b.example\ndomain c.example d.example\n", ("c.example.",)),
        (b"search a.example\ndomain\n", ()),
        (b"  search a.example\r\n", ("a.example.",)),
        (b"#search a.example\nsearchlist b.example\n", ()),
    ],
)
def test_search_lists(content: bytes | None, want: tuple[str, ...]) -> None:
    assert search_list(content) == want
