"""The page about pytest: its tests run as they stand there, and type checkers pass over them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from .test_plugin import pytest_in

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = (ROOT / "docs" / "pytest.md").read_text(encoding="utf-8")

MORE = """\
from pathlib import Path

from hypothesis import given

import corefile
from corefile.testing import assert_rcode, assert_resolves, strategies
from corefile.testing.coverage import Coverage, FileCoverage, Part, Report


@given(strategies.names("corp.example"))
def test_everything_is_answered(name: str) -> None:
    server = corefile.loads(". {\\n whoami\\n}")
    assert server.query(name).received


def report_of(path: Path) -> Report:
    with Coverage() as coverage:
        server = corefile.load(path)
        reply: corefile.Reply = assert_resolves(server, "a.example", "10.0.0.1", client="10.0.0.9", transport="tcp")
        assert_rcode(server, "b.example", "NXDOMAIN", type="AAAA")
        assert reply.rcode
    return coverage.report(only_files=True)


def missed(report: Report) -> list[str]:
    files: tuple[FileCoverage, ...] = report.files
    parts: list[Part] = [part for file in files for part in file.missed]
    report.write(html=Path("coverage.html"), json="coverage.json")
    return [f"{part.line}: {part.kind} {part.name} {part.ask}" for part in parts if report.percent < 90]
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.M | re.S)


def project(folder: Path) -> None:
    """The page's configuration and tests, beside what examples/shop has."""
    for name in ("coredns.yaml", "cluster.yaml"):
        (folder / name).write_bytes((ROOT / "examples/shop" / name).read_bytes())
    (folder / "pytest.ini").write_text(*blocks("ini"), encoding="utf-8")
    (folder / "test_page.py").write_text(*blocks("py"), encoding="utf-8")
    (folder / "test_more.py").write_text(MORE, encoding="utf-8")


def test_the_tests_of_the_page_run(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "test_more.py").unlink()
    done = pytest_in(tmp_path)
    assert "4 passed" in done.stdout.splitlines()[-1], done.stdout


@pytest.mark.parametrize("checker", [["mypy", "--strict"], ["pyright"]], ids=lambda x: x[0])
def test_a_type_checker_passes_over_a_suite(tmp_path: Path, checker: list[str]) -> None:
    """Strictly. pyright is told so in its configuration."""
    pytest.importorskip(checker[0])
    project(tmp_path)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}', encoding="utf-8")
    options = ["--cache-dir", str(ROOT / ".mypy_cache")] if checker[0] == "mypy" else ["--pythonpath", sys.executable]
    command = [sys.executable, "-m", *checker, *options, "test_page.py", "test_more.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
