"""Texts that Go's url.Parse takes for URLs, and what it says of others."""

from __future__ import annotations

import pytest

from corefile.golang.urls import parse_error


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://127.0.0.1:4646", ""),
        ("foo", ""),
        ("foo://127.0.0.1", ""),
        ("unix:///secrets/api.sock", ""),
        ("http://[::1]:4646/x", ""),
        (":4646", "missing protocol scheme"),
        ("127.0.0.1:4646", "first path segment in URL cannot contain colon"),
        ("http://[::1]", ""),
        ("http://[::1]?x", ""),
        ("http://a b", 'invalid character " " in host name'),
        ("http://%zz", 'invalid URL escape "%zz"'),
        ("http://a:b", 'invalid port ":b" after host'),
        ("http://a:1\n", "net/url: invalid control character in URL"),
    ],
)
def test_what_go_takes_for_a_url(text: str, words: str) -> None:
    assert parse_error(text) == words
