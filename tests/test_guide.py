"""The guide to properties is done as it stands there, from an empty folder: files are written, sessions print what they show.

After a change: `python -m tests.test_guide` writes what the commands print now.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "properties.md"
PART = re.compile(
    r"^`(?P<file>[\w.]+)`:\n\n```\w+\n(?P<content>.*?)^```$|^```shell\n(?P<session>.*?)^```$", re.M | re.S
)


def run(command: str, folder: Path) -> str:
    """What a command of the guide prints, without the time that it took and what Hypothesis explains of lines."""
    assert command.startswith("pytest ")
    arguments = [sys.executable, "-m", "pytest", *command.split()[1:], "-p", "no:cacheprovider"]
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "PYTEST_ADDOPTS", "HYPOTHESIS_PROFILE")}
    environment |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80"}
    done = subprocess.run(arguments, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    text = re.sub(r" in \d+\.\d+s.*", "", done.stdout)
    # What differs between versions of Hypothesis.
    text = text.replace("Falsifying example:", "Failing test case:").replace("  # or any other generated value", "")
    return re.sub(r"^E +Explanation:\n(E {11}.*\n)+", "", text, flags=re.M)


def done(page: str, folder: Path) -> str:
    """The page with the output that its commands have now."""

    def follow(part: re.Match[str]) -> str:
        if part["file"]:
            (folder / part["file"]).write_text(part["content"], encoding="utf-8")
            return part[0]
        command = part["session"].splitlines()[0].removeprefix("$ ")
        return f"```shell\n$ {command}\n{run(command, folder)}```"

    return PART.sub(follow, page)


def test_the_guide_shows_what_happens(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert done(page, tmp_path) == page
    failures = re.findall(r"^E +name='(.*?)',", page, re.M)
    assert failures == ["0.cluster.local.", "0.corp.example."], "the counterexamples are the smallest ones"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        PAGE.write_text(done(PAGE.read_text(encoding="utf-8"), Path(empty)), encoding="utf-8")
