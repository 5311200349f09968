"""The shell sessions in the README are run as they stand there, and print what they show.

A session is a block marked `console`. Lines that begin with `$ ` are commands, run one after another in one shell; what
follows each is its output. The first session of a page begins at the root of the project, the others where the one
before ended. After a change: `python -m tests.test_readme` writes what the commands print now.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SESSION = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


def sessions(page: Path) -> list[tuple[str, str]]:
    """The sessions of a page, each with the commands that lead to its directory."""
    texts = [m[1] for m in SESSION.finditer(page.read_text(encoding="utf-8"))]
    moves = [re.findall(r"^\$ (cd .*)\n", text, re.M) for text in texts]
    return [(text, "\n".join(x for before in moves[:i] for x in before)) for i, text in enumerate(texts)]


ALL = [
    pytest.param(*session, id=f"{page.relative_to(ROOT)}-{i + 1}")
    for page in PAGES
    for i, session in enumerate(sessions(page))
]


def run(session: str, moves: str, tools: Path) -> str:
    """The session with the output that its commands have now."""
    tool = tools / "corefile"
    tool.write_text(f'#!/bin/sh\nexec {sys.executable} -m corefile "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    commands = [line[2:] for line in session.splitlines() if line.startswith("$ ")]
    mark = "--- next ---"
    script = "".join(f"{command} 2>&1\necho '{mark}'\n" for command in commands)
    environment = {"PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "HOME": str(tools)}
    done = subprocess.run(
        ["bash", "-c", f"{moves}\n{script}"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    outputs = done.stdout.split(mark + "\n")
    return "".join(f"$ {command}\n{output}" for command, output in zip(commands, outputs, strict=False))


@pytest.mark.parametrize(("session", "moves"), ALL)
def test_a_session_prints_what_the_page_shows(session: str, moves: str, tmp_path: Path) -> None:
    assert run(session, moves, tmp_path) == session


def test_there_are_sessions() -> None:
    assert len(ALL) >= 5


def test_the_test_in_the_readme_is_the_one_of_the_example() -> None:
    """What its session says of three steps is said of the steps that the page shows."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", PAGES[0].read_text(encoding="utf-8"), re.M | re.S)
    assert text == (ROOT / "examples/shop/dns.yaml").read_text(encoding="utf-8")


if __name__ == "__main__":
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for session, moves in sessions(page):
            with tempfile.TemporaryDirectory() as folder:
                text = text.replace(f"```console\n{session}```", f"```console\n{run(session, moves, Path(folder))}```")
        if text != page.read_text(encoding="utf-8"):
            page.write_text(text, encoding="utf-8")
            print(f"{page.relative_to(ROOT)} written")
