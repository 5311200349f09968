"""Server blocks that are compiled into chains."""

from __future__ import annotations

import pytest

from corefile import checks


@pytest.mark.parametrize("lines", ["cache", "secondary {\n  transfer from 10.9.9.9\n }", "sign db {\n  key file K\n }"])
def test_zones_do_not_multiply_with_the_keys_of_old_releases(lines: str) -> None:
    """Up to 1.8.4 each key has directives of its own, with the zones of all keys: a few networks are millions."""
    text = " ".join(f"10.0.{number}.0/25" for number in range(100)) + f" {{\n {lines}\n whoami\n}}\n"
    (error,) = [finding for finding in checks(text, release="1.8.4") if finding.severity == "error"]
    assert error.code == "too-large"
    assert error.span is not None
    assert error.span.text == lines.split()[0]
    assert not [f for f in checks("10.0.0.0/25 {\n cache\n whoami\n}\n", release="1.8.4") if f.severity == "error"]
