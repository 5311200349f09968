"""What fills a limit is measured: here, shapes that take little time."""

from __future__ import annotations

import pytest

from tests.fuzz import bounds


def test_shapes_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert bounds.main(["block: aliases", "block: deep"]) == 0
    assert capsys.readouterr().out.count(" MB") == 2


def test_what_takes_too_long_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bounds, "MOST_SECONDS", 0.001)
    assert bounds.main(["block: deep"]) == 1
    assert "beyond" in capsys.readouterr().out


def test_lines_fill_a_size() -> None:
    assert bounds.up_to(10, "ab\n") == "ab\n" * 3
    assert bounds.up_to(20, "h# @\n") == "h0 10.0.0.0\n"
    assert bounds.up_to(1000, "h#\n", 2) == "h0\nh1\n"
