"""`make new-rule` writes files that pass, in a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corefile.lint.codes import numbers

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("about", ["", "erratic,chaos"])
def test_what_is_written_passes(tmp_path: Path, about: str) -> None:
    for part in ("corefile", "docs", "scripts"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "CHANGELOG.md", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, tmp_path / part)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTEST_ADDOPTS": ""}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=environment, text=True, capture_output=True, check=False
        )
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    arguments = [about] if about else []
    written = run("scripts/new_rule.py", "made-up-rule", *arguments, "--root", str(tmp_path)).split()
    assert written == [
        "corefile/lint/rules/made_up_rule.py",
        "tests/lint/rules/test_made_up_rule.py",
        "corefile/lint/codes.txt",
        "CHANGELOG.md",
        "docs/findings.md",
    ]
    assert "2 passed" in run("-m", "pytest", "-q", "tests/lint/rules")
    run("-m", "ruff", "check", *written[:2])
    run("-m", "ruff", "format", "--check", *written[:2])
    run("-m", "mypy", "--strict", "--follow-imports=silent", written[0])
    assert "## made-up-rule" in (tmp_path / "docs" / "findings.md").read_text(encoding="utf-8")
    again = run("scripts/new_rule.py", "another-rule", "template", "--root", str(tmp_path)).split()
    # `template` alone is refused, so that there is no example yet.
    expected = ["corefile/lint/rules/another_rule.py", "tests/lint/rules/test_another_rule.py", *written[2:4]]
    assert again == expected
    for path in again[:2]:
        (tmp_path / path).unlink()
    codes = tmp_path / "corefile" / "lint" / "codes.txt"
    codes.write_text(re.sub(r"CF\d+ another-rule .*\n", "", codes.read_text(encoding="ascii")), encoding="ascii")
    before = (ROOT / "corefile" / "lint" / "codes.txt").read_text(encoding="ascii").splitlines()
    after = (tmp_path / "corefile" / "lint" / "codes.txt").read_text(encoding="ascii").splitlines()
    (line,) = set(after) - set(before)
    assert line.split()[1:] == ["made-up-rule", about or "-"]
    assert line.split()[0] not in {old.split()[0] for old in before}


def test_names_that_will_not_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import new_rule
    finally:
        sys.path.pop(0)
    assert new_rule.main(["wildcard-zone", "--root", str(ROOT)]) == 2
    assert capsys.readouterr().err == "new-rule: there is a finding wildcard-zone already\n"
    with pytest.raises(ValueError, match="two words or more that state the fault"):
        new_rule.write(tmp_path, "Wildcard", "", "6")
    with pytest.raises(ValueError, match="first digit"):
        new_rule.write(tmp_path, "wildcard-zones", "", "7")


@pytest.mark.parametrize("page", ["Makefile", "docs/check.md", "scripts/new_rule.py"])
def test_the_example_that_is_documented_is_one_that_is_written(page: str) -> None:
    """A name that is taken is refused."""
    shown = re.findall(r"make new-rule NAME=([\w-]+) ABOUT=(\w+)", (ROOT / page).read_text(encoding="utf-8"))
    assert shown == [("cache-too-long", "cache")]
    assert "cache-too-long" not in numbers()
