"""Base64 as Go's encoding/base64 reads it: what Go 1.26 said to the same texts."""

from __future__ import annotations

import pytest

from corefile.golang.b64 import decode
from corefile.golang.errors import GoError


@pytest.mark.parametrize(
    ("text", "octets"),
    [
        ("", b""),
        ("c2VjcmV0", b"secret"),
        ("YWJjZA==", b"abcd"),
        ("YWJjZB==", b"abcd"),
        ("YW\nJj\r\n", b"abc"),
        ("YWJjZA=\n=\n", b"abcd"),
    ],
)
def test_what_is_base64(text: str, octets: bytes) -> None:
    assert decode(text) == decode(text.encode()) == octets


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("YWJj=", 4),
        ("YWJj==", 4),
        ("YWJjZA", 4),
        ("YWJjZA=", 7),
        ("YWJjZA===", 8),
        ("YWJjZA==YWJj", 8),
        ("=", 0),
        ("====", 0),
        ("Y", 0),
        ("YW", 0),
        ("YWJ", 0),
        ("YW\nJ", 1),
        ("Y=", 1),
        ("YW=J", 2),
        ("YW=", 3),
        ("YW=\n", 4),
        ("x_-8", 1),
        ("c2Vj!mV0", 4),
        ("c2Vj mV0", 4),
        ("\N{LATIN SMALL LETTER E WITH ACUTE}w==", 0),
        ("c2VjcmV0\0", 8),
        ("YWJjZA==\nx", 9),
        ("\udcff", 0),
    ],
)
def test_what_is_no_base64(text: str, at: int) -> None:
    with pytest.raises(GoError) as refused:
        decode(text)
    assert refused.value.text == f"illegal base64 data at input byte {at}"
