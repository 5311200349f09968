"""Certificates and keys as Go reads them."""

from __future__ import annotations

import pytest

from corefile.golang.errors import GoError
from corefile.golang.x509 import blocks, certificate, key_pair, pool
from corefile.testing.certificates import NAMED

FILES = {name: NAMED[name].encode() for name in NAMED} | {
    "text": b"hello",
    "broken": b"-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n",
    "brokenkey": b"-----BEGIN PRIVATE KEY-----\naGVsbG8=\n-----END PRIVATE KEY-----\n",
    "request": b"-----BEGIN CERTIFICATE REQUEST-----\naGVsbG8=\n-----END CERTIFICATE REQUEST-----\n",
    "nobase64": b"-----BEGIN CERTIFICATE-----\n****\n-----END CERTIFICATE-----\n",
}


def test_a_certificate_and_who_has_signed_it() -> None:
    found = key_pair(FILES["cert.pem"], FILES["key.pem"])
    assert (found.names, found.addresses) == (("dns.example",), ("127.0.0.1", "127.0.0.53", "::1"))
    (ca,), (other,) = pool(FILES["ca.pem"]), pool(FILES["other-ca.pem"])
    assert (found.is_signed_by(ca), found.is_signed_by(other), ca.is_signed_by(ca)) == (True, False, True)


@pytest.mark.parametrize(
    ("cert", "key", "words"),
    [
        ("text", "key.pem", "tls: failed to find any PEM data in certificate input"),
        ("nobase64", "key.pem", "tls: failed to find any PEM data in certificate input"),
        ("cert.pem", "text", "tls: failed to find any PEM data in key input"),
        ("cert.pem", "cert.pem", "tls: found a certificate rather than a key in the PEM for the private key"),
        ("ca.pem", "key.pem", "tls: private key does not match public key"),
        (
            "key.pem",
            "cert.pem",
            (
                "tls: failed to find certificate PEM data in certificate input, but did find a private key; "
                "PEM inputs may have been switched"
            ),
        ),
        (
            "request",
            "key.pem",
            (
                'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the '
                "following types: [CERTIFICATE REQUEST]"
            ),
        ),
        (
            "cert.pem",
            "request",
            (
                'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of '
                "the following types: [CERTIFICATE REQUEST]"
            ),
        ),
        ("broken", "key.pem", "x509: malformed certificate"),
        ("cert.pem", "brokenkey", "tls: failed to parse private key"),
    ],
)
def test_pairs_that_are_refused(cert: str, key: str, words: str) -> None:
    with pytest.raises(GoError) as e:
        key_pair(FILES[cert], FILES[key])
    assert e.value.text == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dns.example", ""),
        ("DNS.example.", ""),
        ("127.0.0.53", ""),
        ("::1", ""),
        ("dns.elsewhere.example", "x509: certificate is valid for dns.example, not dns.elsewhere.example"),
        ("127.0.0.54", "x509: certificate is valid for 127.0.0.1, 127.0.0.53, ::1, not 127.0.0.54"),
    ],
)
def test_names_of_a_certificate(name: str, words: str) -> None:
    assert pool(FILES["cert.pem"])[0].wrong_name(name) == words


def test_certificates_without_names_and_with_patterns() -> None:
    (bare,) = pool(FILES["ca.pem"])
    assert bare.wrong_name("a.b") == "x509: certificate is not valid for any names, but wanted to match a.b"
    assert "doesn't contain any IP SANs" in bare.wrong_name("127.0.0.1")
    wild = bare._replace(names=("*.example.org",))
    assert [bool(wild.wrong_name(x)) for x in ("a.example.org", "example.org", "a.b.example.org")] == [
        False,
        True,
        True,
    ]


def test_whatever_octets_are_certificates_or_value_errors() -> None:
    octets = next(octets for _, octets in blocks(FILES["cert.pem"]))
    for size in range(len(octets)):
        with pytest.raises(ValueError, match=r"."):
            certificate(octets[:size])


def test_the_same_text_is_read_once() -> None:
    """A client looks at the system's authorities for each question, and reading them takes 30 ms."""
    text = FILES["ca.pem"]
    assert pool(text) is pool(bytes(bytearray(text)))
