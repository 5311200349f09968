"""https, https3, quic and grpc_server: their values. What CoreDNS refuses is in test_refusals.py."""

from __future__ import annotations

from typing import Any

import pytest

from corefile.api import loads


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("https", {"max_connections": 200}),
        ("https {\n max_connections 0\n}", {"max_connections": 0}),
        ("https {\n max_connections 1\n}\nhttps {\n max_connections 2\n}", {"max_connections": 1}),
        ("https3 {\n max_streams 7\n}", {"max_connections": 200, "max_streams": 7}),
        ("grpc_server {\n max_streams 0\n}", {"max_connections": 200, "max_streams": 0}),
        ("quic {\n worker_pool_size 3\n}", {"max_streams": 256, "worker_pool_size": 3}),
    ],
)
def test_values(text: str, values: dict[str, Any]) -> None:
    server = loads(f". {{\n{text}\nwhoami\n}}\n")
    (handler, _) = server.process.instance.sites[0].handlers
    assert vars(handler.config) == values
    assert server.query("a.example").rcode == "NOERROR"
