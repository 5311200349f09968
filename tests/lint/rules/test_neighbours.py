"""Rules beside their nearest innocent neighbours; the examples in their docstrings run in test_explanations."""

from __future__ import annotations

import pytest

from corefile.lint import checks
from corefile.lint.codes import rules
from corefile.world import World

ZONE = "@ 60 SOA ns.example. host.example. 1 7200 3600 1209600 300\n"
WORLD = {"files": {"db": ZONE}, "cluster": []}
RULES = {name for name, *_ in rules()}


def found(text: str, release: str = "1.14.7") -> list[tuple[str, int]]:
    findings = checks(text, release=release, world=World(**WORLD))  # type: ignore[arg-type]
    assert not [f for f in findings if f.severity == "error"], findings
    return [(f.code, f.span.line if f.span else 0) for f in findings if f.code in RULES]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("empty-corefile", 1)]),
        ("\n  \n# x\n", [("empty-corefile", 1)]),
        ("errors\nforward . 10.0.0.1\n", [("directive-as-zone", 1)]),
        # a zone that has the name of a directive
        ("local {\nfile db\n}\n", []),
        ("local lan {\nwhoami\n}\n", []),
        ("file db {\nreload 10s\n}\n", [("directive-as-zone", 1)]),
        (".:53\nforward . 10.0.0.1\n", []),  # a Corefile with one block needs no braces
        (".:53\nwhoami\n}\n", [("block-without-brace", 1)]),
        ("example.org{\nwhoami\n}\n", [("glued-brace", 1)]),
        (". {\nwhoami\n}\n}\n", [("stray-brace", 4)]),
        (". {\ncache 30{\n}\nwhoami\n}\n", [("glued-brace", 2)]),
        ('. {\nlog . "{remote}{"\nwhoami\n}\n', []),
        # endpoints
        (". {\nhealth\nprometheus :8080\nwhoami\n}\n", [("endpoint-on-a-shared-port", 3)]),
        (". {\nhealth\nready\nprometheus\npprof\nwhoami\n}\n", []),
        (". {\nprometheus\nwhoami\n}\na.b {\nprometheus\nwhoami\n}\n", []),  # they share it by design
        (". {\nready\nwhoami\n}\na.b {\nready\nwhoami\n}\n", []),
        (". {\nhealth\nwhoami\n}\na.b {\nhealth\nwhoami\n}\n", [("endpoint-on-a-shared-port", 6)]),
        (". {\nhealth\nwhoami\n}\na.b {\nhealth :8081\nwhoami\n}\n", []),
        (".:8080 {\nhealth\nwhoami\n}\n", [("endpoint-on-a-shared-port", 2)]),
        # all of a port are one mistake, and so is one in a snippet
        (
            "a.b {\nhealth\nwhoami\n}\nb.b {\nhealth\nwhoami\n}\nc.b {\nhealth\nwhoami\n}\n",
            [("endpoint-on-a-shared-port", 6)],
        ),
        (
            "(s) {\nhealth\nwhoami\n}\na.b {\nimport s\n}\nb.b {\nimport s\n}\nc.b {\nimport s\n}\n",
            [("endpoint-on-a-shared-port", 2)],
        ),
        ("(s) {\nready\nprometheus\nwhoami\n}\na.b {\nimport s\n}\nb.b {\nimport s\n}\n", []),
        (". {\nhealth 127.0.0.1:8080\nprometheus 127.0.0.2:8080\nwhoami\n}\n", []),
        # zones
        ("*.a.b {\nwhoami\n}\n", [("wildcard-zone", 1)]),
        ("a*.b {\nwhoami\n}\n", []),
        ("http://a.b {\nwhoami\n}\n", [("unknown-transport", 1)]),
        ("grpc://a.b {\nwhoami\n}\n", []),
        ("a.b:99x {\nwhoami\n}\n", [("port-in-the-name", 1)]),
        ("2001:db8::1 {\nwhoami\n}\n", [("port-in-the-name", 1)]),
        ("2001:db8::beef {\nwhoami\n}\n", [("port-in-the-name", 1)]),
        ("2001:db8::/32 {\nwhoami\n}\n", []),
        ("a.b:0 {\nwhoami\n}\n", [("random-port", 1)]),
        ("a.b:00053 {\nwhoami\n}\n", []),
        (".:53 {\nwhoami\n}\ngrpc://.:53 {\nwhoami\n}\n", [("transports-on-one-port", 4)]),
        (".:53 {\nbind 127.0.0.1\nwhoami\n}\ngrpc://.:53 {\nbind 127.0.0.2\nwhoami\n}\n", []),
        # what answers
        (". {\nerrors\nlog\ncache\n}\n", [("block-answers-nothing", 1)]),
        ("hostname.bind {\nchaos\n}\n", []),
        (". {\nacl {\nblock\n}\n}\n", []),
        ("a.b {\nkubernetes cluster.local\n}\n", [("zone-outside-the-block", 2)]),
        ("a.b {\nrewrite name suffix a.b cluster.local answer auto\nkubernetes cluster.local\n}\n", []),
        ("a.b {\nfile db c.a.b\n}\n", []),
        ("c.a.b {\nforward a.b 10.0.0.1\n}\n", []),
        ("a.b {\nfile db 10.in-addr.arpa\n}\n", [("zone-outside-the-block", 2)]),
        ("a.b 10.0.0.0/8 {\nfile db 10.in-addr.arpa\n}\n", []),
        ("lan.example {\nforward corp.example 10.0.0.1\n}\n", [("zone-outside-the-block", 2)]),
        (". {\nforward . 10.0.0.1\nforward . 10.0.0.2\n}\n", [("second-forward", 3)]),
        (". {\nforward a.b 10.0.0.1\nforward . 10.0.0.2\n}\n", []),
        (". {\nforward . 10.0.0.1\nforward a.b 10.0.0.2\n}\n", [("second-forward", 3)]),
        (". {\nforward . 10.0.0.1 {\nexcept a.b\n}\nforward a.b 10.0.0.2\n}\n", []),
        # log
        (". {\nlog\nlog a.b\nwhoami\n}\n", [("shadowed-log", 3)]),
        (". {\nlog a.b\nlog c.d\nwhoami\n}\n", []),
        (". {\nlog . {remote} {name}\nwhoami\n}\n", [("log-format-in-pieces", 2)]),
        (". {\nlog . {combined}\nwhoami\n}\n", []),
        # fallthrough
        (". {\nkubernetes cluster.local in-addr.arpa {\nfallthrough ip6.arpa\n}\n}\n", [("fallthrough-elsewhere", 3)]),
        (". {\nkubernetes cluster.local in-addr.arpa {\nfallthrough 10.in-addr.arpa\n}\n}\n", []),
        (". {\nhosts {\n10.0.0.1 a.b\nfallthrough a.b\n}\n}\n", []),
        (". {\ncache {\ndenial 0\n}\nwhoami\n}\n", [("denial-zero", 3)]),
        (". {\ncache {\ndenial 9984 1\n}\nwhoami\n}\n", []),
    ],
)
def test_a_rule_and_its_neighbours(text: str, expected: list[tuple[str, int]]) -> None:
    assert found(text) == expected


def test_releases_that_a_rule_does_not_hold_for() -> None:
    hosts = ". {\nhosts {\n10.0.0.1 *.a.b\n}\n}\n"
    assert found(hosts, "1.14.4") == [("hosts-wildcard", 3)]
    assert found(hosts, "1.14.5") == []


def test_a_loop_through_the_blocks_own_address_is_seen() -> None:
    text = "in-addr.arpa {\nloop\nbind 169.254.20.10\nforward . 169.254.20.10\n}\n"
    assert [f.code for f in checks(text)] == ["forwarding-loop"]
    assert found(text.replace("loop\n", "")) == [("forwards-to-itself", 3)]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        # the servers of the same zone are for one line; those of a smaller one are asked if their line stands first
        (". {\nforward . 10.0.0.1\nforward . 10.0.0.2\n}\n", "name all servers behind the first"),
        (". {\nforward . 10.0.0.1\nforward a.b 10.0.0.2\n}\n", "put it above the other one"),
        ("a.b {\nfile db c.d e.f\n}\n", "add `c.d` and `e.f` to the zones of the block"),
    ],
)
def test_the_cure_is_for_what_was_meant(text: str, hint: str) -> None:
    (one,) = checks(text, world=World(files={"db": ZONE}))
    assert one.hint == hint
