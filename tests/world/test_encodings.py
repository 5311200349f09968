"""YAML and JSON with a byte order mark of another encoding than UTF-8, as PowerShell's `>` writes them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from corefile import check, checks, load, loads
from corefile.cli import main
from corefile.world.cluster import Cluster
from corefile.world.corefiles import corefiles

from ..texts import config_map

MAP = config_map("hosts {", "    10.0.0.1 a.example  # ä", "}", "prometeus")
VALUES = "corefile: |\n  .:53 {\n      prometeus\n  }\n"
AS_JSON = '{"kind": "ConfigMap", "data": {"Corefile": ".:53 {\\n    prometeus\\n}\\n"}}'
MARKS = {
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-8": codecs.BOM_UTF8,
}


@pytest.mark.parametrize("encoding", MARKS)
@pytest.mark.parametrize("text", [MAP, MAP.replace("\n", "\r\n"), VALUES, AS_JSON])
def test_yaml_is_read_in_its_encoding(
    tmp_path: Path, text: str, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """kubectl reads it so, too (YAML 1.1, chapter 5.2): its findings are those of the same text in UTF-8, at their places."""
    path, plain = tmp_path / "coredns.yaml", tmp_path / "plain.yaml"
    octets = MARKS[encoding] + text.encode(encoding)
    path.write_bytes(octets)
    plain.write_bytes(text.encode())
    given = check(str(path))
    assert [f.code for f in given] == ["unknown-directive"]
    assert [f.span and f.span.locate()[1:3] for f in given] == [
        f.span and f.span.locate()[1:3] for f in check(str(plain))
    ]
    assert len(corefiles([str(tmp_path)]).found) == 2
    if text is not VALUES:
        assert [f.code for f in checks(octets)] == ["unknown-directive"]
    assert main(["check", "--format", "concise", str(path)]) == 1
    assert "unknown-directive" in capsys.readouterr().out


def test_a_server_and_a_cluster_of_such_files(tmp_path: Path) -> None:
    path = tmp_path / "all.yaml"
    namespace = "---\nkind: Namespace\napiVersion: v1\nmetadata: {name: x}\n"
    path.write_bytes(codecs.BOM_UTF16_LE + (MAP.replace("prometeus", "errors") + namespace).encode("utf-16-le"))
    assert load(str(path)).query("a.example").rcode == loads(path.read_bytes()).query("a.example").rcode == "NOERROR"
    assert "Namespace" in Cluster.load(path).objects


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_corefile_in_it_is_said_to_be(tmp_path: Path, encoding: str) -> None:
    """CoreDNS reads UTF-8 alone."""
    path = tmp_path / "Corefile"
    path.write_bytes(MARKS[encoding] + ".:53 {\n    whoami\n}\n".encode(encoding))
    assert [f.code for f in check(str(path))] == ["wrong-encoding"]


def test_no_comment_is_written_into_it(tmp_path: Path) -> None:
    path = tmp_path / "coredns.yaml"
    octets = codecs.BOM_UTF16_LE + MAP.encode("utf-16-le")
    path.write_bytes(octets)
    main(["check", "--add-noqa", str(path)])
    assert path.read_bytes() == octets
