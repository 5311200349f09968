"""Texts that Go's url.Parse takes for URLs, and what it says of others."""

from __future__ import annotations

import pytest

from corefile.golang.urls import parse_error
from corefile.releases import find


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
        # the scheme is of ASCII, and a query is no segment
        ("é:1", "first path segment in URL cannot contain colon"),
        ("a/b:c", ""),
        ("a b?x:1", ""),
        ("#a:b", ""),
        # escapes: of ASCII none in a host, any elsewhere; what has no path is kept as it stands
        ("http://a%20b", 'invalid URL escape "%20"'),
        ("http://a%C3%A4", ""),
        ("http://a%:80", 'invalid URL escape "%:8"'),
        ("http://a/%20", ""),
        ("http://a/%zz", 'invalid URL escape "%zz"'),
        ("http://a/%4", 'invalid URL escape "%4"'),
        ("http://a/#%zz", 'invalid URL escape "%zz"'),
        ("foo%zz", 'invalid URL escape "%zz"'),
        ("foo%aé", 'invalid URL escape "%a\\xc3"'),
        ("http:x%zz", ""),
        # brackets
        ("http://[fe80::1%25lo]:80", ""),
        ("http://[::1", "missing ']' in host"),
        ("http://[127.0.0.1]:80", "invalid IP-literal"),
        ("http://a[::1]", "invalid IP-literal"),
        ("http://[abc]", 'invalid host: ParseAddr("abc"): unable to parse IP'),
        # a user
        ("http://u@h:1", ""),
        ("http://u%41@h", ""),
        ("http://u:%zz@h", 'invalid URL escape "%zz"'),
        ("http://u^u@h", "net/url: invalid userinfo"),
    ],
)
def test_what_go_takes_for_a_url(text: str, words: str) -> None:
    assert parse_error(text) == words


@pytest.mark.parametrize("host", ["[127.0.0.1]:80", "[abc]"])
def test_what_brackets_hold(host: str) -> None:
    """Go looks since 1.25.2, which CoreDNS 1.13.1 is built with."""
    assert parse_error(f"http://{host}", find("1.13.0")) == ""
    assert parse_error(f"http://{host}", find("1.13.1")) != ""
