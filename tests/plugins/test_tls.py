"""tls: its files, which clients may come, and what CoreDNS refuses, in the releases (more of that is in test_refusals.py). What comes of it is in
tests/chain/test_transports.py."""

from __future__ import annotations

import pytest

from corefile import releases
from corefile.api import build, loads
from corefile.findings import Source
from corefile.plugins import find
from corefile.testing.certificates import NAMED
from corefile.world import World

PEM = {name: NAMED[name] for name in NAMED}


def refused(text: str, release: str, files: dict[str, str]) -> str | None:
    errors = build(Source("Corefile", text), releases.find(release), World(files=files, assume=False)).errors
    return errors[0].coredns if errors else None


def test_relative_paths_are_below_root_since_1_11_3() -> None:
    text = "tls://. {\n root /pki\n tls cert.pem /pki/key.pem\n whoami\n}\n"
    below = {f"/pki/{name}": content for name, content in PEM.items()}
    assert refused(text, "1.11.3", below) is None
    assert (
        refused(text, "1.11.1", below)
        == "plugin/tls: could not load TLS cert: open cert.pem: no such file or directory"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.pem", 'reading ACME CA root "/pki/none.pem": open /pki/none.pem: no such file or directory'),
        ("folder", 'reading ACME CA root "/pki/folder": read /pki/folder: is a directory'),
        ("empty.pem", 'ACME CA root "/pki/empty.pem" contains no certificates'),
    ],
)
def test_the_authorities_of_acme_are_below_root(name: str, said: str) -> None:
    """As 1.14.7 said."""
    text = f"tls://. {{\n root /pki\n tls {{\n  acme a.example\n  ca_root {name}\n }}\n whoami\n}}\n"
    assert refused(text, "1.14.7", {"/pki/empty.pem": "", "/pki/folder/x": ""}) == f"plugin/tls: {said}"


def test_the_authorities_may_be_left_out_since_1_1_3() -> None:
    text = "tls://. {\n tls cert.pem key.pem\n whoami\n}\n"
    words = "Corefile:2 - Error during parsing: Wrong argument count or unexpected line ending after 'key.pem'"
    assert refused(text, "1.1.2", PEM) == f"plugin/tls: {words}"
    assert refused(text, "1.1.3", PEM) is None


def test_the_authorities_are_those_of_the_system_where_they_have_no_name() -> None:
    assert refused('tls://. {\n tls cert.pem key.pem ""\n whoami\n}\n', "1.14.7", PEM) is None
    said = refused('tls://. {\n tls cert.pem "" ca.pem\n whoami\n}\n', "1.14.7", PEM)
    assert said == "plugin/tls: could not load TLS cert: open : no such file or directory"


@pytest.mark.parametrize(
    ("cert", "key", "named"),
    [
        ("key.pem", "cert.pem", 1),
        ("key.pem", "key.pem", 1),
        ("cert.pem", "cert.pem", 2),
        ("empty.pem", "key.pem", 1),
        ("cert.pem", "empty.pem", 2),
    ],
)
def test_the_file_of_a_pair_that_is_refused_is_named_where_it_stands(cert: str, key: str, named: int) -> None:
    """Which of the two is refused is not told by the words about it, which may name both."""
    source = Source("Corefile", f"tls://. {{\n tls {cert} {key}\n whoami\n}}\n")
    files = {"cert.pem": PEM["cert.pem"], "key.pem": PEM["key.pem"], "empty.pem": ""}
    (error,) = build(source, releases.LATEST, World(files=files, assume=False)).errors
    assert error.message.startswith(f"tls: `{(cert, key)[named - 1]}`: ")
    assert error.span is not None
    assert error.span.start == source.text.index("tls ") + len(" ".join(("tls", cert, key)[:named])) + 1


def test_a_server_that_needs_a_certificate_has_one_only_with_tls() -> None:
    bare = "quic://. {\n whoami\n}\n"
    assert refused(bare, "1.14.7", PEM) == "ListenPacket: quic: tls.Config not set"
    assert refused(bare.replace("whoami", "tls cert.pem key.pem\n whoami"), "1.14.7", PEM) is None


@pytest.mark.parametrize("release", ["1.0.0", "1.2.2", "1.5.0"])
def test_a_block_of_the_releases_without_one_is_another_tls_without_files(release: str) -> None:
    text = "tls://. {\n tls cert.pem key.pem ca.pem {\n  nosuch\n }\n whoami\n}\n"
    said = "plugin/tls: Corefile:2 - Error during parsing: Unexpected token '{', expecting argument"
    assert refused(text, release, PEM) == said


def test_secrets_of_connections_are_written() -> None:
    text = "tls://. {\n tls cert.pem key.pem {\n  keylog /tmp/keys\n }\n whoami\n}\n"
    server = loads(text, world=World(files=PEM))
    assert '[WARNING] plugin/tls: Writing TLS Key Log to "/tmp/keys"\n' in server.take_log()


def test_acme_is_taken_for_granted_and_said() -> None:
    server = loads("tls://. {\n tls {\n  acme dns.example\n }\n whoami\n}\n")
    assert [(f.code, f.severity) for f in server.findings] == [("acme-not-simulated", "notice")]
    assert server.query("a.example", transport="tls").rcode == "NOERROR"


def test_its_history() -> None:
    tls = find("tls")
    assert tls is not None
    assert [p.name for p in tls.PROPERTIES if p.since == "1.14.7"] == [
        "acme",
        "email",
        "ca",
        "storage",
        "ca_root",
        "resolver",
    ]
