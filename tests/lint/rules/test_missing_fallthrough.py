"""missing-fallthrough: plugins that are never asked."""

from __future__ import annotations

import pytest

import corefile
from corefile.world import World

ZONE = "@ 60 SOA ns h 1 2 3 4 5\n* 60 A 192.0.2.1\n"
KEYS = f"""\
key "{"long" * 20}.example." {{
  secret "c2VjcmV0";
}};
key "good.example." {{
  algorithm hmac-sha256;
  secret "c2VjcmV0";
}};
"""


def found(text: str, release: str = "1.14.7") -> list[tuple[str, int, list[int]]]:
    """Code, line, and the lines of what is not asked."""
    world = World(files={"db": ZONE, "keys": KEYS}, cluster=[])
    findings = corefile.checks(text, release=release, world=world)
    assert all(f.severity == "warning" for f in findings)
    return [(f.code, f.span.line if f.span else 0, [span.line for span, _ in f.related]) for f in findings]


@pytest.mark.parametrize(
    ("text", "line", "behind"),
    [
        (".:53 {\nforward . 192.0.2.53\nhosts {\n10.0.0.1 a.example\n}\n}\n", 3, [2]),
        (".:53 {\nhosts {\n10.0.0.1 a.example\n}\nkubernetes cluster.local\nforward . 192.0.2.53\n}\n", 2, [5, 6]),
        ("example.org {\nfile db\nforward . 192.0.2.53\n}\n", 2, [3]),
        ("a.example.org b.example.org:5353 {\nfile db example.org\nforward . 192.0.2.53\n}\n", 2, [3]),
        ("cluster.local {\nkubernetes\ncache\nforward . 192.0.2.53\n}\n", 2, [4]),
        # questions are signed where they have to be, with a key that can sign
        (".:53 {\ntsig {\nsecret k.example. c2VjcmV0\nrequire all\n}\nhosts\nforward . 192.0.2.53\n}\n", 6, [7]),
        (".:53 {\ntsig {\nsecrets keys\nrequire all\n}\nhosts\nforward . 192.0.2.53\n}\n", 6, [7]),
    ],
)
def test_never_asked(text: str, line: int, behind: list[int]) -> None:
    assert found(text) == [("missing-fallthrough", line, behind)]


@pytest.mark.parametrize(
    "text",
    [
        ".:53 {\nhosts {\n10.0.0.1 a.example\nfallthrough\n}\nforward . 192.0.2.53\n}\n",
        ".:53 {\nhosts {\n10.0.0.1 a.example\nfallthrough example\n}\nforward . 192.0.2.53\n}\n",
        ".:53 {\nhosts {\n10.0.0.1 a.example\n}\nerrors\ncache\nlog\n}\n",  # nothing answers behind it
        ".:53 {\nkubernetes cluster.local 10.in-addr.arpa\nforward . 192.0.2.53\n}\n",  # other names go on
        ".:53 {\nfile db example.org\nforward . 192.0.2.53\n}\n",
        "example.org example.com {\nfile db example.org\nforward . 192.0.2.53\n}\n",
        "grpc://example.org {\nwhoami\n}\n",
        "bind {\nchaos\n}\n",
        "example.org {\nkubernetes cluster.local\nk8s_external example.org\n}\n",  # the one behind is for other names
    ],
)
def test_nothing_to_say(text: str) -> None:
    assert found(text) == []


def test_blocks_with_several_zones_had_several_chains() -> None:
    """Up to 1.8.4 each key had a `forward` of its own."""
    text = "example.org example.com {\nhosts {\n10.0.0.1 a.example.org\n}\nforward . 192.0.2.53\n}\n"
    assert found(text, "1.8.4") == found(text, "1.8.5") == [("missing-fallthrough", 2, [5])]


def test_a_directive_is_named_once() -> None:
    """However often it waits."""
    text = ". {\n    hosts {\n    }\n    forward a.example 10.0.0.1\n    forward b.example 10.0.0.2\n}\n"
    (said,) = corefile.checks(text)
    assert said.message.endswith("`forward` is not asked for them")
    assert [span.line for span, _ in said.related] == [4, 5]


def test_proxy_waited_too() -> None:
    assert found(".:53 {\nhosts {\n10.0.0.1 a.example\n}\nproxy . 192.0.2.53\n}\n", "1.2.2") == [
        ("missing-fallthrough", 2, [5])
    ]


def test_a_misspelt_one_is_one_mistake() -> None:
    """What follows from a word that is told as a slip of the pen goes without saying."""
    text = ".:53 {\nhosts {\n10.0.0.1 a.example\nfalthrough\n}\nforward . 192.0.2.53\n}\n"
    (finding,) = corefile.checks(text)
    assert (finding.code, finding.hint) == ("ignored-line", "did you mean `fallthrough`?")


BOTH = "kubernetes cluster.local in-addr.arpa ip6.arpa"


@pytest.mark.parametrize(
    ("text", "line", "behind", "hint"),
    [
        (f".:53 {{\n{BOTH}\nforward . 192.0.2.53\n}}\n", 2, [3], "`fallthrough in-addr.arpa ip6.arpa`"),
        (
            f".:53 {{\n{BOTH} {{\nfallthrough in-addr.arpa\n}}\nforward . 192.0.2.53\n}}\n",
            2,
            [5],
            "write `fallthrough in-addr.arpa ip6.arpa`",  # those that are there stay
        ),
        (
            f".:53 {{\n{BOTH} {{\nfallthrough cluster.local\n}}\nforward . 192.0.2.53\n}}\n",
            2,
            [5],
            "write `fallthrough cluster.local in-addr.arpa ip6.arpa`",
        ),
        (
            "in-addr.arpa cluster.local {\nkubernetes\nforward . 192.0.2.53\n}\n",
            2,
            [3],
            "a `fallthrough`",  # for names of both zones
        ),
    ],
)
def test_a_cluster_that_is_asked_for_every_address(text: str, line: int, behind: list[int], hint: str) -> None:
    assert found(text) == [("missing-fallthrough", line, behind)]
    (finding,) = corefile.checks(text, world=World(cluster=[]))
    given = "" if hint.startswith("write") else f"give `kubernetes` {'' if hint.startswith('a ') else 'a '}"
    assert finding.hint == given + hint
    upstream = World(cluster=[], upstreams={"192.0.2.53": "7.100.51.198.in-addr.arpa. 60 IN PTR host.example.\n"})
    asked = corefile.loads(text, world=upstream).query("7.100.51.198.in-addr.arpa", "PTR")
    if "fallthrough in-addr.arpa\n" not in text:
        assert asked.rcode == "NXDOMAIN"


@pytest.mark.parametrize(
    "text",
    [
        f".:53 {{\n{BOTH} {{\nfallthrough in-addr.arpa ip6.arpa\n}}\nforward . 192.0.2.53\n}}\n",
        f".:53 {{\n{BOTH} {{\nfallthrough\n}}\nforward . 192.0.2.53\n}}\n",
        # for a part of them it is meant so
        f".:53 {{\n{BOTH} {{\nfallthrough 198.in-addr.arpa ip6.arpa\n}}\nforward . 192.0.2.53\n}}\n",
        # the networks of a cluster are its own
        ".:53 {\nkubernetes cluster.local 10.in-addr.arpa 10.96.0.0/12\nforward . 192.0.2.53\n}\n",
        # nothing behind it is for addresses
        f".:53 {{\n{BOTH}\ncache\n}}\n",
        f".:53 {{\n{BOTH}\nforward example.org 192.0.2.53\n}}\n",
        f".:53 {{\n{BOTH}\nforward . 192.0.2.53 {{\nexcept arpa\n}}\n}}\n",
    ],
)
def test_a_cluster_that_is_not(text: str) -> None:
    assert found(text) == []


def test_a_zone_of_addresses_that_is_misspelt_behind_it_is_one_mistake() -> None:
    text = f".:53 {{\n{BOTH} {{\nfallthrough in-addr.arpaip6.arpa\n}}\nforward . 192.0.2.53\n}}\n"
    assert [f.code for f in corefile.checks(text, world=World(cluster=[]))] == ["fallthrough-elsewhere"]
    text = text.replace("fallthrough in-addr.arpaip6.arpa", "falthrough")
    assert [f.code for f in corefile.checks(text, world=World(cluster=[]))] == ["unknown-property"]


def test_an_auto_without_a_directory_is_not_asked_anyway() -> None:
    assert [code for code, _, _ in found("example.org {\nfile db\nauto\n}\n")] == ["auto-without-directory"]


@pytest.mark.parametrize(
    ("text", "release", "hint"),
    [
        ("example.org {\nfile db\nforward . 192.0.2.53\n}\n", "1.12.2", "give `file` a `fallthrough`"),
        (
            "example.org {\nfile db\nforward . 192.0.2.53\n}\n",
            "1.12.1",
            "`file` has no `fallthrough` in CoreDNS 1.12.1",
        ),
        (
            ".:53 {\nauto {\ndirectory x\n}\nforward . 192.0.2.53\n}\n",
            "1.6.5",
            "`auto` has no `fallthrough` in CoreDNS",
        ),
    ],
)
def test_what_the_release_does_not_have_is_not_what_to_write(text: str, release: str, hint: str) -> None:
    findings = corefile.checks(text, release=release, world=World(files={"db": ZONE}, cluster=[]))
    assert [f.hint.startswith(hint) for f in findings if f.code == "missing-fallthrough"] == [True]
