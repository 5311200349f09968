"""The command, run in this process."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from corefile.cli import main


class Done(NamedTuple):
    """What came of a run."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]

COREFILE = """.:53 {
    errors
    hosts {
        10.0.0.1 a.example.org
        fallthrough
    }
    forward . 10.0.0.53
}
"""


class Stdin:
    def __init__(self, text: str) -> None:
        self.buffer = io.BytesIO(text.encode())


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command in an empty directory that has the Corefile above."""
    monkeypatch.chdir(tmp_path)
    for name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR", "COREFILE_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "Corefile").write_text(COREFILE, encoding="utf-8")

    def call(*argv: str, stdin: str = "") -> Done:
        monkeypatch.setattr(sys, "stdin", Stdin(stdin))
        try:
            code: Any = main(list(argv))
        except SystemExit as e:
            code = e.code
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert isinstance(code, int)
        return Done(code, out, err)

    return call
