"""capacity-below-the-least: TTLs where a capacity stands."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "capacity-below-the-least"


def found(line: str) -> list[str]:
    findings = checks(f".:53 {{\ncache {{\n{line}\n}}\nforward . 192.0.2.53\n}}\n")
    return [f.hint for f in findings if f.code == NAME]


@pytest.mark.parametrize("line", ["success 30", "denial 5", "success 1023"])
def test_it_fires(line: str) -> None:
    name, number = line.split()
    assert found(line) == [f"write `{name} 9984 {number}` for a TTL of {number} s"]


@pytest.mark.parametrize(
    "line", ["success 1024", "success 9984 30", "success 100 30", "denial 0", "prefetch 5", "serve_stale"]
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(line: str) -> None:
    assert found(line) == []
