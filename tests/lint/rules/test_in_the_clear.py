"""in-the-clear: servers named for TLS or HTTPS that have no certificate."""

from __future__ import annotations

import pytest

import corefile
from corefile.testing.certificates import NAMED
from corefile.world import World

WORLD = World(files={name: NAMED[name] for name in ("cert.pem", "key.pem")})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tls://example.org {\nwhoami\n}\n", ["plain DNS over TCP in the clear, at port 853"]),
        ("tls://example.org:8853 {\nwhoami\n}\n", ["plain DNS over TCP in the clear, at port 8853"]),
        ("https://example.org {\nwhoami\n}\n", ["HTTP in the clear, at port 443"]),
        ("https://example.org:8443 {\nwhoami\n}\n", ["HTTP in the clear, at port 8443"]),
        ("https://example.org:80 {\nwhoami\n}\n", []),  # behind what takes TLS off
        ("https://example.org:8080 {\nwhoami\n}\n", []),
        ("tls://a https://b c {\nwhoami\n}\n", ["plain DNS over TCP in the clear", "HTTP in the clear"]),
        ("tls://example.org {\ntls cert.pem key.pem\nwhoami\n}\n", []),
        ("grpc://example.org {\nwhoami\n}\n", []),  # is of use in the clear
        ("example.org {\nwhoami\n}\n", []),
    ],
)
def test_servers_without_a_certificate(text: str, found: list[str]) -> None:
    findings = corefile.checks(text, world=WORLD)
    assert [f.code for f in findings] == ["in-the-clear"] * len(found)
    assert all(words in f.message for f, words in zip(findings, found, strict=True))
