"""Tests on a real CoreDNS: what a binary of the user's answers to the same steps.

Each file runs in a process of its own (`python -m corefile.testing.real`), which takes a network and a root folder of its
own before CoreDNS starts: its ports and addresses are on a loopback interface that nothing else sees, no packet leaves,
and CoreDNS reads no file but those of the test. That takes Linux; no rights are needed where users may make namespaces.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import Any

from ...findings import Limits


class NoBinary(Exception):
    """What is no CoreDNS that can be asked."""


def version_of(binary: str) -> str:
    """The release that a binary says it is. Raises NoBinary."""
    try:
        done = subprocess.run([binary, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as e:
        raise NoBinary(f"{binary}: {getattr(e, 'strerror', None) or e}") from None
    found = re.search(r"^CoreDNS-(\d+\.\d+\.\d+)", done.stdout, re.M)
    if found is None:
        raise NoBinary(f"{binary} does not say that it is CoreDNS (it is asked with -version)")
    return found[1]


def observed(binary: str, path: str, within: str | None, limits: Limits) -> list[dict[str, Any]]:
    """What the binary gives for each run of a test: `error` where it refuses the Corefile, or `steps` with what each gave and
    `at` which second since the start (`why` for one that cannot be asked here), or `why` it was not run at all. Raises
    NoBinary where nothing can be."""
    if not sys.platform.startswith("linux"):
        raise NoBinary("a real CoreDNS is asked in a network namespace, which only Linux has")
    given = {"binary": os.path.abspath(binary), "path": path, "within": within, "limits": limits._asdict()}
    done = subprocess.run(
        [sys.executable, "-m", __name__], input=json.dumps(given), capture_output=True, text=True, check=False
    )
    try:
        found = json.loads(done.stdout)
    except ValueError:
        raise NoBinary((done.stderr.strip().splitlines() or ["the process that asks it gave up"])[-1]) from None
    if "problem" in found:
        raise NoBinary(str(found["problem"]))
    runs: list[dict[str, Any]] = found["runs"]
    return runs


__all__ = ["NoBinary", "observed", "version_of"]
