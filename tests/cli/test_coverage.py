"""`corefile test --coverage`: the table, the files, and the least share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corefile.cli import main
from corefile.testing.coverage import Report

COREFILE = ".:53 {\n    hosts {\n        10.0.0.1 a.example.org\n    }\n}\n"
TEST = "corefile: ./Corefile\nsteps:\n- query: a.example.org. A\n  expect: {only: true, rcode: NOERROR}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "Corefile").write_text(COREFILE, encoding="utf-8")
    (tmp_path / "dns.yaml").write_text(TEST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--coverage", "dns.yaml"]) == 0
    assert capsys.readouterr().out == (
        "1 step in 1 file passed\n"
        "\n"
        "Corefile  50 % (4 of 8)\n"
        "   server blocks     1 of 1\n"
        "   directives        1 of 1\n"
        "   entries           1 of 1\n"
        "   branches          1 of 5\n"
        "   Corefile:1:1  branch server: end-of-the-chain   ask . PTR\n"
        "   Corefile:2:5  branch hosts: no-entry   ask . A\n"
        "   Corefile:2:5  branch hosts: no-entry-for-address   ask . PTR\n"
        "   Corefile:2:5  branch hosts: no-entry-of-this-type   ask localhost. AAAA\n"
    )


def test_several_files_are_measured_together(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(45):
        (folder / f"{number}.dns.yaml").write_text(TEST.replace("a.example.org", f"{number}.example"), encoding="utf-8")
    assert main(["test", "--coverage-json", "c.json", "."]) == 1
    assert main(["test", "--coverage-json", "c.json", "--coverage-min", "60", "dns.yaml", "1.dns.yaml"]) == 1
    report = Report.from_json(json.loads((folder / "c.json").read_text(encoding="utf-8")))
    assert [p.hits for p in report.files[0].parts if p.kind == "server block"] == [2]
    assert [p.name for p in report.files[0].missed] == [
        "server: end-of-the-chain",
        "hosts: no-entry-for-address",
        "hosts: no-entry-of-this-type",
    ]
    assert "is less than" not in capsys.readouterr().out


def test_the_least_share_and_the_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--coverage-min", "50", "--coverage-html", "c.html", "dns.yaml"]) == 0
    assert "<title>Corefile coverage: 50 %</title>" in (folder / "c.html").read_text(encoding="utf-8")
    assert main(["test", "--coverage-min", "50.1", "dns.yaml"]) == 1
    assert capsys.readouterr().out.endswith("50.0 % is less than --coverage-min 50.1\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--coverage-min", "101"], "--coverage-min takes a number from 0 to 100, not 101"),
        (["--coverage-min", "abc"], "--coverage-min takes a number from 0 to 100, not abc"),
        (["--coverage-min", "nan"], "--coverage-min takes a number from 0 to 100, not nan"),
        (["--coverage", "--format", "json"], "beside --format json, --coverage-json FILE writes it"),
        (["--coverage", "--update"], "--update and --diff go without coverage"),
        (["--coverage-html", "no/c.html"], "no/c.html: No such file or directory"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_what_does_not_go(options: list[str], words: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        code = main(["test", *options, "dns.yaml"])
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
    assert words in capsys.readouterr().err
