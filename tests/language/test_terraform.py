"""Corefiles in here documents of Terraform."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile import check
from corefile.cli import main
from corefile.language.terraform import heredocs
from corefile.world.corefiles import corefiles

TEXT = """resource "kubernetes_config_map_v1_data" "coredns" {
  metadata {
    name = "coredns"
  }
  data = {
    Corefile = <<-EOT
      .:53 {
          prometeus

      }
    EOT
  }
}
"""


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("Corefile =", '"Corefile" ='),
        TEXT.replace("<<-EOT", "<<EOT"),
        TEXT.replace("      ", "\t"),
        TEXT.replace("EOT", "COREFILE"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_a_here_document_is_a_corefile(tmp_path: Path, text: str, named: bool) -> None:
    path = tmp_path / "dns.tf"
    path.write_bytes(text.encode())
    (one,) = corefiles([str(path if named else tmp_path)]).found
    assert one.source.text.split() == [".:53", "{", "prometeus", "}"]
    (finding,) = check(str(path))
    assert finding.code == "unknown-directive"
    assert finding.span is not None
    at = finding.span.locate()
    assert text.splitlines()[at.line - 1][at.column - 1 :] == "prometeus"


def test_blanks_that_all_lines_have_are_taken_away() -> None:
    (one,) = heredocs("x.tf", TEXT)
    assert one.text == ".:53 {\n    prometeus\n\n}\n"
    (one,) = heredocs("x.tf", TEXT.replace("<<-", "<<"))
    assert one.text.startswith("      .:53 {\n          prometeus\n\n")
    assert [s.text for s in heredocs("x.tf", TEXT + TEXT.replace("prometeus", "errors"))][1].split()[2] == "errors"
    assert list(heredocs("x.tf", "Corefile = <<EOT\n. {\n")) == []


def test_others_have_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "main.tf"
    path.write_text('data = {\n  Corefile = templatefile("Corefile.tftpl", {})\n}\n', "utf-8")
    assert main(["check", str(path)]) == 2
    assert "there is no Corefile in" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["${var.upstream}", "%{ for x in y }"])
def test_what_terraform_fills_in_is_not_checked(tmp_path: Path, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "main.tf"
    path.write_text(TEXT.replace("prometeus", f"forward . {word}"), "utf-8")
    assert main(["check", str(path)]) == 2
    assert "Terraform fills in its `${...}`" in capsys.readouterr().err
    assert main(["check", "-v", "--allow-none", str(tmp_path)]) == 0
