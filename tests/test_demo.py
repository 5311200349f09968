"""`make demo` shows the main job: the article's cluster, in 2018 and today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

ARTICLE = """
istiocoredns:
  adding DNS mapping: .test.global. ->[127.255.0.2]
coredns, at its start:
  [INFO] plugin/reload: Running configuration MD5 = 2a066f12ec80aeb2b92740dd74c17138
service1.test.global: SERVFAIL
coredns, after the change of its ConfigMap:
  [INFO] Reloading
  [INFO] plugin/reload: Running configuration MD5 = 05514b3e44bcf4ea805c87cc6cd56c07
  [INFO] Reloading complete
service1.test.global: 127.255.0.2
service2.test.global: 127.255.0.2
"""
"""The checksum after the change, the mapping and the addresses are those that the article shows."""


def test_the_demo_runs_and_shows_the_stub_domain() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "examples" / "demo.py")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert ARTICLE in done.stdout
    assert "--short service1.test.global\n127.255.0.2\n" in done.stdout
    assert "--short service2.test.global\n127.255.0.2\n" in done.stdout
    assert 'server "global." (examples/istio/configmap.yaml:23)' in done.stdout
    assert 'server "global." (examples/istio/configmap-today.yaml:29)' in done.stdout
    assert "notice" not in done.stdout
    assert done.stdout.rstrip().endswith("3 errors in 1 Corefile")
