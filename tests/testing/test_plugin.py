"""pytest runs files named `*.dns.yaml`: one item a step, and failures without a Python traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import corefile

TEXT = """corefile: |
  .:53 {
      hosts {
          10.0.0.1 a.example.org
      }
  }
steps:
- query: a.example.org. A
  expect: {only: true, answer: [a.example.org. 3600 IN A 10.0.0.1]}
- query: a.example.org. A
  expect: {only: true, answer: [a.example.org. 3600 IN A 10.0.0.2]}
- get: :8080/health
- metrics: [up]
- write: {x: y}
"""


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(corefile.__file__).parent.parent),
        "PYTEST_ADDOPTS": "",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "COLUMNS": "120",
    }
    command = [sys.executable, "-m", "pytest", "-p", "corefile.testing.plugin", "-p", "no:cacheprovider", "-rA"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_each_step_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "names.dns.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "other.yaml").write_text("no: test\n", encoding="utf-8")
    done = pytest_in(tmp_path)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert [x.split(" - ")[0] for x in lines if x.startswith(("PASSED", "FAILED"))] == [
        "PASSED names.dns.yaml::1: a.example.org. A",
        "PASSED names.dns.yaml::3: :8080/health",
        "PASSED names.dns.yaml::4: up",
        "PASSED names.dns.yaml::5: write x",
        "FAILED names.dns.yaml::2: a.example.org. A",
    ]
    assert "names.dns.yaml:10:3  a.example.org. A   answer differs" in done.stdout
    assert "   - a.example.org. 3600 IN A 10.0.0.2\n   + a.example.org. 3600 IN A 10.0.0.1\n" in done.stdout
    assert "  `- hosts 2   a.example.org. has 1 entry -> NOERROR\n" in done.stdout
    assert "Traceback" not in done.stdout
    assert "4 passed" in lines[-1]


def test_a_file_that_cannot_run_fails_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.dns.yaml").write_text("corefile: |\n  . {\n      whoam\n  }\nsteps: []\n", encoding="utf-8")
    (tmp_path / "b.dns.yml").write_text("corefile: '. {}'\nstps: []\n", encoding="utf-8")
    (tmp_path / "c.dns.yaml").write_text("corefile: |\n  . {\n      whoam\n  }\nerror: whoam\n", encoding="utf-8")
    done = pytest_in(tmp_path)
    assert done.returncode == 1
    assert "a.dns.yaml  CoreDNS would not start\n" in done.stdout
    assert "a.dns.yaml:3:7  (resolution test, key corefile, line 2)" in done.stdout
    assert "b.dns.yml:2:1  `stps` is not known here: did you mean `steps`?" in done.stdout
    assert "PASSED c.dns.yaml::1: starts\n" in done.stdout
    assert "2 failed, 1 passed" in done.stdout.splitlines()[-1]
