"""What all tests share: the counts of the recorded cases, by group, at the end of a run."""

from __future__ import annotations

from collections import Counter
from typing import Any

groups: dict[str, Counter[str]] = {}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Recorded cases: right, wrong, known gaps, and waiting for a plugin, by group."""
    if not groups:
        return
    terminalreporter.section("recorded cases")
    for group in sorted(groups):
        c = groups[group]
        parts = [f"{c['right']} right"] + [f"{c[k]} {k}" for k in ("wrong", "gap", "waiting") if c[k]]
        terminalreporter.write_line(f"{group}: {', '.join(parts)}")
    total = sum(groups.values(), Counter())
    terminalreporter.write_line(f"all: {total['right']} right, {total['wrong']} wrong, {total['gap']} known gaps, "
                                f"{total['waiting']} waiting for a plugin")  # fmt: skip
