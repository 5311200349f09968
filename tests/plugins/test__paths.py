"""Relative paths of a server block, and paths that are no files: directories, and those that would lie below a file."""

from __future__ import annotations

import pytest

from corefile.api import build
from corefile.chain.site import Site
from corefile.findings import Source, Span
from corefile.plugins._paths import Root, below_root, place_in
from corefile.releases import find
from corefile.world import World

FILES = {"zones/db.example": "", "db.example": "", "cert.pem": "x", "key.pem": "x", "/var/lib/coredns/x": ""}
READERS = {
    "tls {} key.pem": "tls: could not load TLS cert: {}",
    "forward . tls://192.0.2.1 {{\n  tls {}\n }}": "forward: error reading {0}: {1}",
    "forward . tls://192.0.2.1 {{\n  tls {} key.pem\n }}": "forward: could not load TLS cert: {}",
    "grpc . 192.0.2.1 {{\n  tls {}\n }}": "grpc: error reading {0}: {1}",
    "etcd {{\n  endpoint http://127.0.0.1:1\n  tls {} key.pem\n }}": "etcd: could not load TLS cert: {}",
    "geoip {}": "geoip: Corefile:2 - Error during parsing: failed to open database file: {}",
    "clouddns example.org.:p:z {{\n  credentials {}\n }}": "clouddns: Corefile:3 - Error during parsing: "
    'invalid credentials file "{0}": {1}',
    "tls {{\n  acme a.example\n  ca_root {}\n }}": 'tls: reading ACME CA root "{0}": {1}',
}
"""Directives that read a file as they are set up, and what CoreDNS 1.14.7 said of it, with the path and Go's error."""
WHY = {
    "zones": "read zones: is a directory",
    "db.example/x": "open db.example/x: not a directory",
    "none": "open none: no such file or directory",
}
ROOT = "unable to access root path 'db.example/x': stat db.example/x: not a directory"


def refusal(text: str, release: str = "1.14.7") -> str | None:
    """What CoreDNS says of a block with these lines; None where it starts."""
    world = World(files=FILES, cluster="", assume=False)
    errors = build(Source("Corefile", f"tls://.:5300 {{\n {text}\n}}\n"), find(release), world).errors
    return errors[0].coredns if errors else None


@pytest.mark.parametrize("path", WHY)
@pytest.mark.parametrize("line", READERS)
def test_why_a_file_is_not_read(line: str, path: str) -> None:
    words = READERS[line]
    expected = words.format(path, WHY[path]) if "{0}" in words else words.format(WHY[path])
    assert refusal(line.format(path)) == f"plugin/{expected}"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("autopath db.example/x", 'autopath: failed to parse "db.example/x": open db.example/x: not a directory'),
        ("dnssec {\n  key file db.example/x\n }", "dnssec: open db.example/x.key: not a directory"),
        ("grpc . db.example/x", 'grpc: not an IP address or file "db.example/x": open db.example/x: not a directory'),
        ("sign db.example/x a.test {\n  key file db.example/x\n }", "sign: open db.example/x.key: not a directory"),
        ("root db.example/x", f"root: Corefile:2 - Error during parsing: {ROOT}"),
        ("loadbalance weighted zones", "loadbalance: read zones: is a directory"),
        (
            "kubernetes {\n  kubeconfig zones\n }",
            'kubernetes: error loading config file "zones": read zones: is a directory',
        ),
        (
            "kubernetes {\n  endpoint https://127.0.0.1:1\n  tls zones key.pem cert.pem\n }",
            'kubernetes: failed to create kubernetes notification controller: "read zones: is a directory"',
        ),
    ],
)
def test_words_of_their_own(line: str, words: str) -> None:
    """As 1.14.7 said."""
    assert refusal(line) == f"plugin/{words}"


@pytest.mark.parametrize("release", ["1.9.3", "1.14.7"])
def test_a_zone_file_below_a_file_is_looked_for_again(release: str) -> None:
    world = World(files=FILES, assume=False)
    instance = build(Source("Corefile", "a.test {\n file db.example/x\n}\n"), find(release), world)
    words = 'Failed to open "open db.example/x: not a directory": trying again in 1m0s'
    assert instance.take_log() == [f"[WARNING] plugin/file: {words}"]
    assert refusal("file db.example/x", "1.5.2") == "plugin/file: open db.example/x: not a directory"


def test_a_directory_of_secrets_is_an_empty_file() -> None:
    """1.14.7 starts with it."""
    assert refusal("tsig {\n  secrets zones\n }\n whoami") is None


def test_an_older_library_maps_its_database() -> None:
    """As 1.9.3 said."""
    words = "plugin/geoip: Corefile:2 - Error during parsing: failed to open database file: no such device"
    assert refusal("geoip zones", "1.9.3") == words


@pytest.mark.parametrize(
    ("root", "path", "opened"),
    [
        ("", "db", "db"),
        ("", "/zones/db", "/zones/db"),
        ("/zones", "db", "/zones/db"),
        ("/zones", "../db", "/db"),
        ("/zones", "/etc/db", "/etc/db"),
        ("zones", "db", "zones/db"),
    ],
)
def test_relative_paths_are_those_below_root(root: str, path: str, opened: str) -> None:
    site = Site(0, (), Span(Source("Corefile", "x"), 0, 1))
    assert below_root(site, path) == path
    site.slots.put(Root(root))
    assert below_root(site, path) == opened


MINE = (
    "z.test. IN DNSKEY 257 3 13 RM+kzEDKoMZL1tF9H1rcQji/t4KF7lvs90N67+cLzv1/UbdXyYIcalIvJJAGtO4UQH5SdmvChet6kffMRJGZdQ==\n",
    "Private-key-format: v1.3\nAlgorithm: 13\nPrivateKey: ISGnrXBZ3xhttwfjNjGWo5aBW1oMeCEzjzhg9t0C6Z0=\n",
)
"""A pair of keys."""
NAMED = (
    *READERS,
    "forward . {}",
    "grpc . {}",
    "autopath {}",
    "dnssec {{\n  key file {}\n }}",
    "sign {} a.test {{\n  key file Kmine\n }}",
    "sign db.example a.test {{\n  key file {}\n }}",
    "sign db.example a.test {{\n  key file Kmine\n  directory {}\n }}",
    "loadbalance weighted {}",
    "loadbalance weighted {} {{\n  reload 0s\n }}",
    "kubernetes {{\n  kubeconfig {}\n }}",
    "kubernetes {{\n  endpoint https://127.0.0.1:1\n  tls {} key.pem cert.pem\n }}",
    "kubernetes {{\n  endpoint https://127.0.0.1:1\n  tls cert.pem {} cert.pem\n }}",
    "hosts {}",
    "hosts {} a.test",
    "file {} a.test",
    "file {} a.test {{\n  reload 0s\n }}",
    "auto {{\n  directory {}\n }}",
    "tsig {{\n  secrets {}\n }}",
)
"""Directives with a file or folder."""
OF_FILES = {"invalid-argument", "missing-file", "missing-directory", "hosts-directory", "weight-file"}


def places(line: str, path: str, root: str, release: str, *, assume: bool) -> set[str]:
    """The words that are marked in a block with this directive."""
    beside = {root + name: text for name, text in (FILES | {"bad": "x y z\n{"}).items()}
    keys = {f"{at}Kmine.{end}": text for at in ("", root) for end, text in zip(("key", "private"), MINE, strict=True)}
    world = World(files=FILES | beside | keys, cluster="", assume=assume)
    text = Source("Corefile", f"tls://.:5300 {{\n {f'root {root}' * bool(root)}\n {line.format(path)}\n}}\n")
    findings = build(text, find(release), world).findings
    return {f.span.text for f in findings if f.span is not None and f.code in OF_FILES}


@pytest.mark.parametrize("assume", [True, False])
@pytest.mark.parametrize("root", ["", "sub/", "/abs/"])
@pytest.mark.parametrize(
    ("line", "release"),
    [(line, "1.14.7") for line in NAMED] + [(line, "1.9.3") for line in NAMED if "acme" not in line],
)
def test_a_file_that_is_refused_is_marked_where_it_is_named(line: str, root: str, release: str, assume: bool) -> None:
    """Whatever is wrong with it, and wherever relative paths lead."""
    for path in ("none", "zones", "db.example/x", "bad"):
        assert places(line, path, root, release, assume=assume) <= {path}, path


def test_a_file_that_is_refused_is_marked() -> None:
    """The test above sees something for each directive."""
    for line in NAMED:
        found = set().union(*(places(line, path, "sub/", "1.14.7", assume=False) for path in ("none", "zones", "bad")))
        assert found, line


@pytest.mark.parametrize(
    ("word", "place"),
    [("0", "0"), ("10.0.0.1", "10.0.0.1"), ("0.0", "0.0"), ("x", "10.0.0.1 0 # y"), ("", "10.0.0.1 0 # y")],
)
def test_a_place_in_a_file_is_a_word_or_part_of_one_or_the_line(word: str, place: str) -> None:
    files = World(files={"w": "a\r\n  10.0.0.1 0 # y\r\n"}).files
    span = place_in("w", 2, word, files)
    assert span is not None
    assert (span.line, span.text) == (2, place)
    assert span.column == {"0": 12, "0.0": 4}.get(word, 3)
    assert place_in("w", 4, word, files) is None
