"""What all tests share: Hypothesis's settings, and the counts of the recorded cases, by group, at the end of a run."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
from hypothesis import settings

from corefile import plugins

# A run gives the same result each time; `make fuzz` goes looking for what it never tried. No test is timed.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("fuzz", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


@pytest.fixture
def not_simulated(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a directive that is not simulated, whatever there is."""
    monkeypatch.setitem(plugins._found, "geoip", None)
    return "geoip"


groups: dict[str, Counter[str]] = {}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Recorded cases, right and wrong, by group."""
    if not groups:
        return
    terminalreporter.section("recorded cases")
    for group in sorted(groups):
        c = groups[group]
        parts = [f"{c[k]} {k}" for k in ("right", "wrong") if c[k]]
        terminalreporter.write_line(f"{group}: {', '.join(parts)}")
    total = sum(groups.values(), Counter())
    terminalreporter.write_line(f"all: {total['right']} right, {total['wrong']} wrong")
