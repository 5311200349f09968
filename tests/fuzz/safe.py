"""What may be on a terminal, or in the log of a CI system."""

from __future__ import annotations

import re

_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_COMMAND = re.compile(r"^\s*::[A-Za-z].*::|##(?:vso)?\[", re.M)


def safe(text: str) -> None:
    """Nothing that steers a terminal or is a command of a CI system, and no words about an error of ours."""
    raw = _RAW.search(text)
    assert raw is None, f"raw {raw[0]!r} in {text[max(0, raw.start() - 60) : raw.end() + 20]!r}"
    command = _COMMAND.search(text)
    assert command is None, f"a command: {command[0]!r}"
    assert "internal error" not in text, text
    assert "Traceback" not in text, text


__all__ = ["safe"]
