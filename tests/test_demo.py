"""`make demo` shows the main job: the article's cluster, in 2018 and today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_demo_runs_and_shows_the_stub_domain() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "--short service1.test.global\n127.255.0.2\n" in done.stdout
    assert 'server "global." (examples/istio/configmap.yaml:22)' in done.stdout
    assert 'server "global." (examples/istio/configmap-today.yaml:29)' in done.stdout
    assert "notice" not in done.stdout
    assert done.stdout.rstrip().endswith("3 errors in 1 Corefile")
