"""What the verbs read: files in layers, manifests told from Corefiles, Corefiles told from zone files."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.cli._inputs import (
    ASSUMED,
    LayeredFiles,
    WrongUse,
    address_of,
    is_corefile,
    looks_like_manifest,
    pair,
    read_text,
    upstream_of,
)
from corefile.findings import Source

from .conftest import Run


def test_given_files_hide_those_on_disk_and_those_the_assumed_ones(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("disk", encoding="utf-8")
    (tmp_path / "b").write_text("disk", encoding="utf-8")
    files = LayeredFiles(str(tmp_path), {"a": "given", "dir/c": "given"})
    assert [files.read(x) for x in ("a", "b", "dir/c", "gone")] == [b"given", b"disk", b"given", None]
    assert files.glob("*") == ["a", "b", "dir"]
    assert (files.is_dir("dir"), files.is_dir("a")) == (True, False)
    assert files.assumed == set()
    assert files.read("/etc/resolv.conf") == ASSUMED["/etc/resolv.conf"]
    assert files.assumed == {"/etc/resolv.conf"}
    files.write("/etc/resolv.conf", "nameserver 10.0.0.1\n")
    assert files.read("/etc/resolv.conf") == b"nameserver 10.0.0.1\n"


def test_the_source_of_a_given_file_keeps_its_place() -> None:
    source = Source("map.yaml", "whoami\n")
    assert LayeredFiles(".", {"extra": source}).source("extra") is source


@pytest.mark.parametrize(
    ("text", "manifest"),
    [
        ("apiVersion: v1\nkind: ConfigMap\n", True),
        ('{"apiVersion": "v1"}', True),
        ("- kind: ConfigMap\n", True),
        (". {\n    whoami\n}\n", False),
        ("kind.example.org {\n    whoami\n}\n", False),
        ("", False),
    ],
)
def test_manifests_are_told_from_corefiles(text: str, manifest: bool) -> None:
    assert looks_like_manifest(text) is manifest


@pytest.mark.parametrize(
    ("text", "corefile"),
    [
        (". {\n    whoami\n}\n", True),
        ("# ours\n\n.:53 {\n}", True),
        ("(snippet) {\n}\n", True),
        ("example.org. 300 IN A 10.0.0.1\n", False),
        ('x.example.org. 300 IN TXT "a {"\n', False),
        ("; . {\nexample.org. 300 IN A 10.0.0.1\n", False),
        ("@ IN SOA ns h (\n 1 2 3 4 5 )\n", False),
    ],
)
def test_corefiles_are_told_from_zone_files(text: str, corefile: bool) -> None:
    assert is_corefile(text) is corefile


def test_pairs() -> None:
    assert pair("A=B=C", "--env", "NAME=VALUE") == ("A", "B=C")
    assert pair("A=", "--env", "NAME=VALUE") == ("A", "")
    with pytest.raises(WrongUse, match="--file takes PATH=FILE, not 'x='"):
        pair("x=", "--file", "PATH=FILE")


def test_addresses() -> None:
    assert [address_of(x, "--to") for x in ("10.0.0.1", "10.0.0.1:53", "[fd00::1]:53", "fd00::1")] == [
        "10.0.0.1",
        "10.0.0.1",
        "fd00::1",
        "fd00::1",
    ]
    for wrong in ("", "dns", "10.0.0", "10.0.0.256", "[fd00::1"):
        with pytest.raises(WrongUse, match="--to takes an IP address"):
            address_of(wrong, "--to")


def test_upstreams(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("a.example.org. 60 IN A 10.0.0.1\n", encoding="utf-8")
    (tmp_path / "corefile").write_text(". {\n    whoami\n}\n", encoding="utf-8")
    assert upstream_of("10.0.0.1", "@istio") == {"istio": True}
    assert upstream_of("10.0.0.1", "@timeout") == {"fault": "timeout"}
    assert upstream_of("10.0.0.1", "@servfail") == {"rcode": "SERVFAIL"}
    assert upstream_of("10.0.0.1", str(tmp_path / "zone")).startswith("a.example.org.")
    path = str(tmp_path / "corefile")
    given = {"corefile": Source(path, ". {\n    whoami\n}\n"), "cluster": True}
    assert upstream_of("10.0.0.1", path) == given


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="Is a directory"):
        read_text(str(tmp_path))
    (tmp_path / "x").write_bytes(b"a\xffb")
    assert read_text(str(tmp_path / "x")) == "a\ufffdb"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--bufsize", "70000"), "argument --bufsize: `70000` is not a size from 0 to 65535"),
        (("--bufsize", "-1"), "argument --bufsize: `-1` is not a size from 0 to 65535"),
        (("--bufsize", "big"), "argument --bufsize: `big` is not a size from 0 to 65535"),
        (("--short", "--trace"), "argument --trace: not allowed with argument --short"),
        (("--address", "node"), "--address takes an IP address"),
        (("--format", "xml"), "argument --format: invalid choice: 'xml' (choose from "),
    ],
)
def test_options_that_make_no_sense(run: Run, argv: tuple[str, ...], said: str) -> None:
    done = run("query", "a.b", *argv)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"corefile query: {said}")
