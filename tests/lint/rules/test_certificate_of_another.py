"""certificate-of-another: servers whose certificates are for another name than `tls_servername`."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "certificate-of-another"


def found(servers: str, name: str, release: str = "1.14.7") -> list[tuple[str, str]]:
    text = f". {{\nforward . {servers} {{\ntls_servername {name}\n}}\n}}\n"
    return [(f.span.text, f.hint) for f in checks(text, release=release) if f.code == NAME and f.span]


@pytest.mark.parametrize(
    ("servers", "name", "marked"),
    [
        ("tls://1.1.1.1 tls://8.8.8.8", "cloudflare-dns.com", "tls://8.8.8.8"),
        ("tls://1.1.1.1 tls://9.9.9.9", "dns.quad9.net", "tls://1.1.1.1"),
        ("tls://9.9.9.9", "one.one.one.one", "tls://9.9.9.9"),
        ("tls://1.0.0.1:853 tls://8.8.4.4:853", "1dot1dot1dot1.cloudflare-dns.com", "tls://8.8.4.4:853"),
        ("tls://[2606:4700:4700::1111]:853", "dns.google", "tls://[2606:4700:4700::1111]:853"),
        ("tls://2620:fe::fe", "dns.google", "tls://2620:fe::fe"),
        ("10.0.0.53 tls://8.8.8.8", "dns.adguard-dns.com", "tls://8.8.8.8"),
    ],
)
def test_it_fires(servers: str, name: str, marked: str) -> None:
    assert [text for text, _ in found(servers, name)] == [marked]


@pytest.mark.parametrize(
    ("servers", "name"),
    [
        ("tls://1.1.1.1 tls://1.0.0.1", "cloudflare-dns.com"),
        ("tls://8.8.8.8 tls://8.8.4.4", "dns.google"),
        ("tls://9.9.9.11 tls://149.112.112.11", "dns11.quad9.net"),
        ("tls://94.140.14.14", "dns.adguard.com"),
        ("tls://1.1.1.1 8.8.8.8", "cloudflare-dns.com"),  # is asked in the clear
        ("tls://10.0.0.53 tls://1.1.1.1", "cloudflare-dns.com"),
        ("tls://1.1.1.1 tls://8.8.8.8", "dns.example"),  # a name that is not known
        ("tls://11.1.1.1", "dns.google"),
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(servers: str, name: str) -> None:
    assert found(servers, name) == []


def test_what_to_write_is_a_matter_of_the_release() -> None:
    servers, name = "tls://1.1.1.1 tls://8.8.8.8", "cloudflare-dns.com"
    assert "`tls://8.8.8.8%dns.google`" in found(servers, name)[0][1]
    assert found(servers, name, "1.13.1")[0][1].startswith("name servers of one operator")
    assert "`tls://8.8.8.8%dns.google:853`" in found("tls://1.1.1.1:853 tls://8.8.8.8:853", name)[0][1]
    assert checks(". {\nforward . tls://8.8.8.8%dns.google:853\n}\n") == []


def test_names_of_their_own_are_in_order() -> None:
    assert checks(". {\nforward . tls://1.1.1.1%cloudflare-dns.com tls://8.8.8.8%dns.google\n}\n") == []
