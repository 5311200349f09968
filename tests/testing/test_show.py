"""A difference of many lines is cut, and says how much more there is."""

from __future__ import annotations

from corefile.findings.layout import plain
from corefile.testing.show import MOST, failure


def test_a_long_difference_is_cut() -> None:
    log = [f"[INFO] line {n}" for n in range(MOST + 5)]
    step = {
        "what": "a. A",
        "place": (1, 1),
        "expect": {"log": []},
        "differences": [{"field": "log", "expect": [], "actual": log}],
        "trace": None,
        "came_from": "",
    }
    text = plain(failure({"path": "t.yaml"}, step, trace=False), 100)
    assert text.count("[INFO]") == MOST
    assert "... and 5 more lines of log" in text
