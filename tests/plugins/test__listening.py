"""Addresses that plugins listen on, as Go's package net takes them."""

from __future__ import annotations

import pytest

from corefile.plugins._listening import refused
from corefile.world import World


@pytest.mark.parametrize(
    ("address", "error"),
    [
        (":8080", None),
        (":0", None),
        (":", None),
        (":+", None),
        (":http", None),
        ("localhost:8080", None),
        (":65536", "listen tcp: address 65536: invalid port"),
        (":-1", "listen tcp: address -1: invalid port"),
        (":" + "9" * 5000, f"listen tcp: address {'9' * 5000}: invalid port"),
        (":nosuch", "listen tcp: lookup tcp/nosuch: unknown port"),
        ("a..b:80", "listen tcp: lookup a..b: no such host"),
    ],
)
def test_what_go_refuses_to_listen_on(address: str, error: str | None) -> None:
    assert refused(address, World()) == error
