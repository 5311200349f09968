"""route53: records of Route 53, whether they are fetched beforehand or asked for, and where credentials are."""

from __future__ import annotations

from typing import Any

import pytest

from corefile import World, loads
from corefile.api import build
from corefile.findings import Source
from corefile.plugins.route53._records import NotTaken, unescaped
from corefile.plugins.route53._rules import Route53Rules
from corefile.releases import find

from .test__hosted_zones import aws, serving


def unescape(text: str, release: str = "1.14.7") -> str:
    return unescaped(text, Route53Rules.of(find(release)))


def test_escapes_are_octal() -> None:
    assert unescape("\\052.example.org.") == "*.example.org."
    assert unescape("a\\141\\055\\056\\060") == "aa-.0"
    assert unescape("\\052.a", "1.6.5") == "\\052.a", "there, escapes begin with two backslashes"
    assert unescape("\\\\052.a", "1.6.5") == "*.a"
    assert unescape("\\052.a", "1.4.0") == "\\052.a"


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("a.\\052", "1.14.7", "`*' only supported as wildcard (leftmost label)"),
        ("a.\\\\052", "1.6.2", "`*' ony supported as wildcard (leftmost label)"),
        ("\\137dmarc", "1.14.7", "invalid character: \\0137"),
        ("\\007", "1.14.7", "invalid character: \\007"),
        ("a\\05", "1.14.7", "invalid escape sequence: '\\05'"),
        ("a\\999", "1.14.7", "invalid escape sequence: '\\999'"),
        ("a\\377", "1.14.7", "invalid escape sequence: '\\377'"),
        ("a\\-12", "1.14.7", "invalid character: \\-012"),
    ],
)
def test_escapes_that_coredns_does_not_know(text: str, release: str, said: str) -> None:
    with pytest.raises(NotTaken) as caught:
        unescape(text, release)
    assert str(caught.value) == said


def test_what_is_not_taken_is_in_the_log() -> None:
    zone = aws("\\137a.example.org. 60 TXT x", "b.example.org. 60 A nonsense")
    world = World(stores={"route53@Z1": zone})
    instance = build(Source("Corefile", ".:53 {\nroute53 example.org.:Z1\n}\n"), find("1.14.7"), world)
    assert instance.take_log()[:2] == [
        (
            "[WARNING] plugin/route53: Failed to process resource record set: failed to unescape `\\137a.example.org.' name: "
            "invalid character: \\0137"
        ),
        (
            "[WARNING] plugin/route53: Failed to process resource record set: failed to parse resource record: dns: bad A A: "
            '"nonsense" at line: 1:31'
        ),
    ]


def test_an_alias_has_no_records() -> None:
    zone = [*aws(), {"Name": "a.example.org.", "Type": "A", "AliasTarget": {"DNSName": "b.", "HostedZoneId": "Z2"}}]
    assert serving("route53 example.org.:Z1", Z1=zone).query("a.example.org").rcode == "NXDOMAIN"


# -- up to 1.2.2 ------------------------------------------------------------------------------------------------------


def asking(*records: str, release: str = "1.2.2", text: str = "route53 example.org:Z1") -> Any:
    return serving(text, release, Z1=aws(*records)).query


def test_older_releases_ask_for_one_record_set() -> None:
    query = asking(
        "a.example.org. 60 A 192.0.2.1", "c.example.org. 60 AAAA 2001:db8::1", "d.example.org. 60 A 192.0.2.4"
    )
    reply = query("a.example.org")
    assert (reply.answer, reply.flags) == (["a.example.org. 60 IN A 192.0.2.1"], ("qr", "aa", "rd", "ra"))
    assert query("c.example.org", "AAAA").answer == ["c.example.org. 60 IN AAAA 2001:db8::1"]
    assert "whoami" in str(query("a.example.org", "TXT").trace), "other types are passed on"
    assert "whoami" in str(query("z.example.org").trace), "and so is what comes behind all record sets"


def test_older_releases_take_the_next_record_set_for_a_name_that_is_not_there() -> None:
    query = asking("a.example.org. 60 A 192.0.2.1", "c.example.org. 60 A 192.0.2.3")
    assert query("b.example.org").answer == ["b.example.org. 60 IN A 192.0.2.3"]
    mixed = asking(
        "a.example.org. 60 A 192.0.2.1", "c.example.org. 60 AAAA 2001:db8::1", "d.example.org. 60 A 192.0.2.4"
    )
    assert mixed("a.example.org", "AAAA").answer == ["a.example.org. 60 IN AAAA 2001:db8::1"]
    assert mixed("d.example.org", "AAAA").rcode == "NOERROR"
    four = asking("a.example.org. 60 A 192.0.2.1", "d.example.org. 60 A 192.0.2.4")
    assert four("a.example.org", "AAAA").answer == ["a.example.org. 60 IN AAAA ::ffff:192.0.2.4"]


def test_ptr_since_1_1_1() -> None:
    record = "1.2.0.192.in-addr.arpa. 60 PTR www.example.org."
    text = "route53 in-addr.arpa:Z1"
    name = "1.2.0.192.in-addr.arpa"
    assert asking(record, release="1.1.1", text=text)(name, "PTR").answer == [f"{name}. 60 IN PTR www.example.org."]
    assert "whoami" in str(asking(record, release="1.1.0", text=text)(name, "PTR").trace)


def test_a_store_that_goes_away_is_an_error_of_the_question() -> None:
    server = serving("errors\nroute53 example.org:Z1", "1.2.2", Z1=aws("a.example.org. 60 A 192.0.2.1"))
    server.world.stores["route53@Z1"] = None
    reply = server.query("a.example.org")
    assert reply.rcode == "SERVFAIL"
    assert "NoSuchHostedZone: No hosted zone found with ID: Z1" in reply.log[0]


@pytest.mark.parametrize(
    ("text", "release", "said"),
    [
        ("route53 a:Z1 a.:Z1", "1.2.2", None),
        ("route53 a:Z1 a.:Z2", "1.2.2", "Corefile:2 - Error during parsing: conflict zone 'a.' ('Z1' vs. 'Z2')"),
        (
            "route53 a:Z1\nroute53 a.:Z2",
            "1.0.5",
            "Corefile:3 - Error during parsing: conflict zone 'a.' ('Z1' vs. 'Z2')",
        ),
        ("route53 a", "1.0.5", "Corefile:2 - Error during parsing: invalid zone 'a'"),
        ("route53 {\n upstream\n}", "1.2.2", "Corefile:3 - Error during parsing: unknown property 'upstream'"),
        (
            "route53 {\n upstream\n}",
            "1.2.5",
            "Corefile:3 - Error during parsing: local upstream not supported. please provide upstream endpoint",
        ),
        ("route53 {\n upstream\n}", "1.2.6", None),
        ("route53 {\n upstream 10.0.0.1\n}", "1.3.1", None),
        (
            "route53 {\n upstream junk\n}",
            "1.3.1",
            'Corefile:3 - Error during parsing: invalid upstream: not an IP address or file: "junk"',
        ),
        ("route53 {\n upstream junk\n}", "1.4.0", None),
    ],
)
def test_what_older_releases_refuse(text: str, release: str, said: str | None) -> None:
    world = World(env={"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"})
    errors = build(Source("Corefile", f".:53 {{\n{text}\n}}"), find(release), world).errors
    assert (errors[0].coredns if errors else None) == said


def test_upstream_was_a_server_until_1_4_0() -> None:
    zone = aws("out.example.org. 60 CNAME www.example.com.")
    for release, found in (("1.3.1", ["CNAME", "A"]), ("1.4.0", ["CNAME"])):
        world = World(stores={"route53@Z1": zone}, upstreams={"10.0.0.53": "www.example.com. 60 IN A 192.0.2.8"})
        text = ".:53 {\nroute53 example.org.:Z1 {\nupstream 10.0.0.53\n}\n}\n"
        reply = loads(text, release=release, world=world).query("out.example.org")
        assert [x.type for x in reply.answer] == found


def test_of_several_lines_the_last_upstream_counts() -> None:
    """Whether it has addresses or not: each one makes another `up` (plugin/route53/setup.go of 1.3.1)."""
    zone = aws("out.example.org. 60 CNAME www.example.com.")
    lines = "route53 example.org.:Z1 {\nupstream 10.0.0.53\n}\nroute53 example.net.:Z1 {\nupstream\n}\n"
    server = loads(f".:53 {{\n{lines}}}\n", release="1.3.1", world=World(stores={"route53@Z1": zone}))
    assert server.process.instance.sites[0].handler("route53").upstream.addresses == ()


# -- credentials ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("release", "env", "files", "fine"),
    [
        ("1.14.7", {"AWS_REGION": "x"}, {}, False),
        ("1.14.7", {"AWS_REGION": "x", "AWS_WEB_IDENTITY_TOKEN_FILE": "t"}, {}, True),
        ("1.14.7", {}, {"/root/.aws/credentials": "[default]\naws_access_key_id = a\n"}, False),
        (
            "1.14.7",
            {},
            {
                "/root/.aws/credentials": "[default]\naws_access_key_id = a\n",
                "/root/.aws/config": "[default]\nregion=x\n",
            },
            True,
        ),
        ("1.12.1", {}, {"/root/.aws/credentials": "[default]\naws_access_key_id = a\n"}, True),
        ("1.12.1", {"HOME": "/h"}, {"/root/.aws/credentials": "[default]\naws_access_key_id = a\n"}, False),
        ("1.12.1", {"AWS_PROFILE": "p"}, {"/root/.aws/credentials": "[default]\naws_access_key_id = a\n"}, False),
        ("1.14.7", {"AWS_PROFILE": "p"}, {"/root/.aws/config": "# x\n[profile p]\nregion = x\nrole_arn = y\n"}, True),
    ],
)
def test_where_credentials_and_a_region_are(release: str, env: Any, files: Any, fine: bool) -> None:
    world = World(env=env, files=files, assume=False)
    errors = build(Source("Corefile", ".:53 {\nroute53 example.org.:Z1\n}"), find(release), world).errors
    assert (errors == []) is fine


def test_a_profile_is_a_section_of_the_configuration_since_1_12_3() -> None:
    text = ".:53 {\nroute53 {\ncredentials p aws\n}\nwhoami\n}"

    def started(section: str, release: str) -> bool:
        world = World(env={"AWS_REGION": "x"}, files={"aws": f"[{section}]\naws_access_key_id = a\n"})
        return not build(Source("Corefile", text), find(release), world).errors

    assert [started("p", "1.14.7"), started("profile p", "1.14.7"), started("p", "1.12.1")] == [False, True, True]


def test_an_endpoint_has_no_effect_since_1_12_3() -> None:
    text = ".:53 {\nroute53 example.org.:Z1 {\naws_endpoint https://aws.test\n}\n}"
    world = World(stores={"route53@Z1": aws()})
    assert build(Source("Corefile", text), find("1.12.2"), world).errors == []
    (error,) = build(
        Source("Corefile", text), find("1.12.3"), World(stores={"route53@Z1": aws()}, env={"AWS_REGION": "x"})
    ).errors
    assert 'Get "/%7D/2013-04-01/hostedzonesbyname?dnsname=example.org.&hostedzoneid=Z1"' in error.coredns
