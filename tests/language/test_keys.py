"""Keys and zone arguments in the releases that differ."""

import pytest

from corefile.findings import Source
from corefile.language.keys import BadKey, Network, Zone, must_normalize, normalize, server_keys, split_host_port
from corefile.language.words import words
from corefile.releases import LATEST, find


def zones(text: str, release: str = "1.14.7") -> list[str]:
    found, findings = server_keys(words(Source("Corefile", text))[:-1], find(release))
    return [str(zone) for zone in found] + [finding.coredns for finding in findings]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (".", "dns://.:53"),
        (".:1053", "dns://.:1053"),
        ("Example.ORG", "dns://example.org.:53"),
        ("example.org.:+053", "dns://example.org.:53"),
        ("example.org:-1", "dns://example.org.:-1"),
        ("example.org:dns", "dns://example.org:dns.:53"),
        ("tls://.", "tls://.:853"),
        ("quic://a", "quic://a.:853"),
        ("grpc://a:1", "grpc://a.:1"),
        ("https://a", "https://a.:443"),
        ("https3://a", "https3://a.:443"),
        ("dns://tls://a", "dns://tls://a.:53"),
        ("DNS://a", "dns://dns://a.:53"),
        ("10.0.0.0/8", "dns://10.in-addr.arpa.:53"),
        ("10.1.2.3/24", "dns://2.1.10.in-addr.arpa.:53"),
        ("0.0.0.0/0", "dns://in-addr.arpa.:53"),
        ("10.0.0.0/32:5300", "dns://0.0.0.10.in-addr.arpa.:5300"),
        ("10.0.0.0/33", "dns://10.0.0.0/33.:53"),
        ("010.0.0.0/8", "dns://010.0.0.0/8.:53"),
        ("2001:db8::/32", "dns://8.b.d.0.1.0.0.2.ip6.arpa.:53"),
        ("2001:db8::5301", "dns://2001:db8:.:5301"),
    ],
)
def test_a_key_is_a_zone(key: str, expected: str) -> None:
    assert zones(key) == [expected]


def test_networks_between_labels_are_several_zones() -> None:
    assert zones("10.0.2.0/23") == ["dns://2.0.10.in-addr.arpa.:53", "dns://3.0.10.in-addr.arpa.:53"]
    assert zones("2001:db8::/31") == [f"dns://{n}.b.d.0.1.0.0.2.ip6.arpa.:53" for n in "89"]
    assert len(zones("10.0.0.0/9")) == 128


def test_networks_before_1_8_4_are_one_zone_with_a_filter() -> None:
    (zone,), _ = server_keys(words(Source("f", "10.0.2.0/23"))[:-1], find("1.6.5"))
    assert zone == Zone("dns", "2.0.10.in-addr.arpa.", "53", Network(0x0A000200, 23, 32))
    assert zones("10.2.128.0/17", "1.6.5") == ["dns://2.10.in-addr.arpa.:53"]
    assert zone.network is not None
    assert zone.network.holds((0x0A0003FF, 32))
    assert not zone.network.holds((0x0A000400, 32))
    (even,), _ = server_keys(words(Source("f", "10.0.2.0/24"))[:-1], find("1.6.5"))
    assert even.network is None


def test_the_rules_changed_with_the_releases() -> None:
    assert zones("Example.ORG", "1.14.6") == ["dns://Example.ORG.:53"]
    assert zones("quic://a", "1.10.1") == ["dns://quic://a.:53"]
    assert zones("https3://a", "1.13.1") == ["dns://https3://a.:53"]
    assert zones("::/0", "1.8.4") == ["dns://ip6.arpa.:53"]
    assert zones("::/0") == ["error inspecting server blocks: invalid CIDR ::/0"]
    assert zones(".a", "1.9.3") == ["dns://.a.:53"]
    assert zones("a\\", "1.11.3") == ["dns://a\\.:53"]
    assert zones("a\\") == ["error inspecting server blocks: zone is not a valid domain name: a\\"]
    assert zones(":53", "1.2.2") == ["dns://.:53"]
    assert zones("é", "1.9.3") == ["error inspecting server blocks: zone is not a valid domain name: é."]
    assert zones("é", "1.11.0") == ["dns://é.:53"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("a:", 'expecting data after last colon: "a:"'),
        ("tls://", 'expecting data after last colon: ""'),
        (":53", "zone is not a valid domain name: "),
        ("a..b", "zone is not a valid domain name: a..b"),
        (".a", "zone is not a valid domain name: .a"),
        ("x" * 64, "zone is not a valid domain name: " + "x" * 64),
        ("x" * 256, "specified zone is too long: 256 > 255"),
        ("é" * 128, "specified zone is too long: 256 > 255"),
    ],
)
def test_a_key_that_is_no_zone(key: str, expected: str) -> None:
    assert zones(key) == [f"error inspecting server blocks: {expected}"]
    with pytest.raises(BadKey, match=r"expecting|zone"):
        must_normalize(key, LATEST)


def test_all_bad_keys_are_found() -> None:
    found, findings = server_keys(words(Source("f", "a.. b c.."))[:-1], LATEST)
    assert [zone.zone for zone in found] == ["b."]
    assert [finding.span and finding.span.text for finding in findings] == ["a..", "c.."]


def test_zone_arguments_of_plugins() -> None:
    assert normalize("tls://Example.ORG:53", LATEST) == ("example.org.",)
    assert normalize("10.0.2.0/23", LATEST) == ("2.0.10.in-addr.arpa.", "3.0.10.in-addr.arpa.")
    assert normalize("10.0.2.0/23", find("1.2.2")) == ("2.0.10.in-addr.arpa.",)
    assert normalize("a..b", LATEST) == ()
    assert normalize("a..b", find("1.6.5")) == ()
    assert normalize("a..b", find("1.6.4")) == (".",)
    assert split_host_port("Example.org:53", LATEST) == (("Example.org",), "53")
