"""`make new-plugin` writes files that pass: for each shape, in a copy of the project that lacks one of its plugins."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corefile import plugins

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("name", "shape"),
    [*(("erratic", shape) for shape in ("setting", "filter", "answerer", "gate")), ("stamp", "filter")],
)
def test_what_is_written_passes(tmp_path: Path, name: str, shape: str) -> None:
    """Of a directive of CoreDNS, and of one that it does not come with."""
    for part in ("corefile", "docs", "scripts"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("pyproject.toml", "CHANGELOG.md", "README.md", "LICENSE"):
        shutil.copy(ROOT / part, tmp_path / part)
    (tmp_path / "tests" / "plugins").mkdir(parents=True)
    (tmp_path / "corefile" / "plugins" / "erratic.py").unlink()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTEST_ADDOPTS": ""}

    def run(*command: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=tmp_path, env=environment, text=True, capture_output=True, check=False
        )
        assert not done.returncode, done.stdout + done.stderr
        return done.stdout

    written = run("scripts/new_plugin.py", name, shape, "--root", str(tmp_path)).split()
    assert written == [
        f"corefile/plugins/{name}.py",
        f"tests/plugins/test_{name}.py",
        "CHANGELOG.md",
        "docs/plugins.md",
    ]
    assert "2 passed" in run("-m", "pytest", "-q", "tests/plugins")
    run("-m", "ruff", "check", *written[:2])
    run("-m", "ruff", "format", "--check", *written[:2])
    run("-m", "mypy", "--strict", "--follow-imports=silent", written[0])


def test_names_and_shapes_that_will_not_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import new_plugin
    finally:
        sys.path.pop(0)
    assert new_plugin.main(["cache", "filter", "--root", str(ROOT)]) == 2
    assert capsys.readouterr().err == "new-plugin: there is a plugin cache already\n"
    with pytest.raises(ValueError, match="SHAPE is one of setting, filter, answerer, gate"):
        new_plugin.write(tmp_path, "nsid", "box")


@pytest.mark.parametrize("page", ["Makefile", "docs/plugin-authors.md", "scripts/new_plugin.py"])
def test_the_example_that_is_documented_is_one_that_is_written(page: str) -> None:
    """A name that is taken is refused."""
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = re.findall(r"make new-plugin NAME=(\w+) SHAPE=(\w+)", text)
    assert shown == [("stamp", "filter")]
    assert plugins.find("stamp") is None
