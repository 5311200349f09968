"""local: localhost, its reverse names, and names that begin or end with it, by release."""

from __future__ import annotations

import pytest

from corefile.api import loads

from .refusals import refusals


@pytest.mark.parametrize(
    ("name", "type", "release", "rcode", "answer"),
    [
        ("localhost", "A", "1.14.7", "NOERROR", ["localhost. 604800 IN A 127.0.0.1"]),
        ("localhost", "AAAA", "1.14.7", "NOERROR", ["localhost. 604800 IN AAAA ::1"]),
        ("localhost", "NS", "1.14.7", "NOERROR", ["localhost. 604800 IN NS localhost."]),
        ("localhost", "MX", "1.14.7", "NOERROR", []),
        ("127.in-addr.arpa", "A", "1.14.7", "NOERROR", []),
        ("1.0.0.127.in-addr.arpa", "PTR", "1.14.7", "NOERROR", ["1.0.0.127.in-addr.arpa. 604800 IN PTR localhost."]),
        ("2.0.0.127.in-addr.arpa", "PTR", "1.14.7", "NXDOMAIN", []),
        ("localhost.example.org", "A", "1.14.7", "NOERROR", ["localhost.example.org. 604800 IN A 127.0.0.1"]),
        ("a.localhost", "A", "1.14.7", "NOERROR", ["a.localhost. 604800 IN A 127.0.0.1"]),
        ("a.localhost", "A", "1.14.4", "NXDOMAIN", []),
        ("a.example.org", "A", "1.14.7", "SERVFAIL", []),
    ],
)
def test_names(name: str, type: str, release: str, rcode: str, answer: list[str]) -> None:
    reply = loads(".:53 {\n local\n}\n", release=release).query(name, type)
    assert (reply.rcode, [str(rr) for rr in reply.answer]) == (rcode, answer)
    assert bool(reply.authority) == (rcode != "SERVFAIL" and not answer)


def test_the_label_in_front_can_be_left_alone() -> None:
    server = loads(".:53 {\n local {\n  localhost_prefix off\n }\n}\n")
    assert server.query("localhost.example.org").rcode == "SERVFAIL"
    assert server.query("a.localhost").rcode == "NOERROR"


def test_a_query_for_the_label_is_counted_and_logged_with_debug() -> None:
    server = loads(".:53 {\n local\n debug\n prometheus :9153\n}\n")
    log = server.query("localhost.example.org").log
    assert log == ['[DEBUG] plugin/local: Intercepting localhost query for "localhost.example.org." A, from 127.0.0.1']
    assert server.samples(["coredns_local_localhost_requests_total"]) == ["coredns_local_localhost_requests_total 1"]


@pytest.mark.parametrize(
    ("release", "block", "refused"),
    [
        ("1.14.7", "localhost_prefix", "Wrong argument count or unexpected line ending after 'localhost_prefix'"),
        ("1.14.7", "localhost_prefix no", "localhost_prefix expects 'on' or 'off', got \"no\""),
        ("1.14.7", "ttl 5", "unknown property 'ttl'"),
    ],
)
def test_refused(release: str, block: str, refused: str) -> None:
    said = refusals(f".:53 {{\n local {{\n  {block}\n }}\n}}\n", release)
    assert said == [f"plugin/local: Corefile:3 - Error during parsing: {refused}"]
