"""`corefile test --against`: what is told of a real CoreDNS that answers otherwise. What it answers is given here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from .conftest import Run

TEST = """corefile: |
  .:53 {
      hosts {
          10.0.0.1 a.test
      }
  }
steps:
- query: a.test. A
- query: b.test. A
"""
GOOD = {"rcode": "NOERROR", "flags": "qr aa rd", "answer": ["a.test. 3600 IN A 10.0.0.1"]}
FAILED = {"rcode": "SERVFAIL", "flags": "qr rd"}


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[dict[str, Any]]:
    """The runs of the binary, which a test fills in."""
    runs: list[dict[str, Any]] = []
    monkeypatch.setattr("corefile.testing.real.version_of", lambda binary: "1.14.7")
    monkeypatch.setattr("corefile.testing.real.observed", lambda *given: runs)
    (tmp_path / "dns.yaml").write_text(TEST, encoding="utf-8")
    return runs


def test_it_answers_as_simulated(run: Run, real: list[dict[str, Any]]) -> None:
    real.append({"steps": [{"actual": GOOD}, {"actual": FAILED}]})
    assert run("test", "--against", "coredns", "dns.yaml") == (0, "2 steps: CoreDNS 1.14.7 answers as simulated\n", "")
    assert run("test", "--run", "a.test", "--against", "coredns", "dns.yaml").out.startswith("1 step: ")


CACHED = """corefile: |
  . {
      cache
      forward . 10.0.0.53
  }
upstreams:
  10.0.0.53: a.test. 20 IN A 10.0.0.1
steps:
- query: a.test. A
- {query: a.test. A, after: 3s}
"""


def test_the_simulation_has_the_time_that_the_binary_had(run: Run, real: list[dict[str, Any]], tmp_path: Path) -> None:
    """The kind: a difference of time alone. What happens between two steps takes a binary some of it."""
    (tmp_path / "dns.yaml").write_text(CACHED, encoding="utf-8")
    first, later = (
        {"rcode": "NOERROR", "flags": "qr aa rd", "answer": [f"a.test. {n} IN A 10.0.0.1"]} for n in (20, 16)
    )
    real.append({"steps": [{"at": 0.1, "actual": first}, {"at": 4.2, "actual": later}]})
    done = run("test", "--against", "coredns", "dns.yaml")
    assert done == (0, "2 steps: CoreDNS 1.14.7 answers as simulated\n", "")
    real[0]["steps"][1]["at"] = 3.2
    assert "16 IN A" in run("test", "--against", "coredns", "dns.yaml").out


def test_it_answers_otherwise(run: Run, real: list[dict[str, Any]]) -> None:
    real.append({"steps": [{"actual": {**GOOD, "answer": []}}, {"why": "it takes a package"}]})
    done = run("test", "--against", "coredns", "dns.yaml")
    assert done.code == 1
    assert done.out == (
        "dns.yaml  1 step not asked (b.test. A): it takes a package\n"
        "dns.yaml:8:3  a.test. A   CoreDNS (-) answers otherwise than simulated (+)\n"
        "   + a.test. 3600 IN A 10.0.0.1\n"
        "\n"
        "1 of 1 step: CoreDNS 1.14.7 answers otherwise than simulated\n"
        "1 step not asked, for the reasons above\n"
    )
    data = json.loads(run("test", "--format", "json", "--against", "coredns", "dns.yaml").out)
    assert (data["coredns"], data["differ"]) == ("1.14.7", 1)
    assert data["files"][0]["not_asked"] == [{"what": "b.test. A", "steps": 1, "why": "it takes a package"}]


def test_only_one_of_them_starts(run: Run, real: list[dict[str, Any]], tmp_path: Path) -> None:
    real.append({"error": "plugin/hosts: no"})
    done = run("test", "--against", "coredns", "dns.yaml")
    assert done.code == 1
    assert done.out == (
        "dns.yaml  CoreDNS (-) starts otherwise than simulated (+)\n"
        "   - plugin/hosts: no\n"
        "   + it starts\n"
        "1 of 1 file: only one of the two starts\n"
    )
    (tmp_path / "dns.yaml").write_text(TEST.replace("hosts", "hsts"), encoding="utf-8")
    assert run("test", "--against", "coredns", "dns.yaml").code == 0


def test_a_test_for_another_release_is_not_asked(run: Run, real: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "dns.yaml").write_text("coredns: 1.11.3\n" + TEST, encoding="utf-8")
    done = run("test", "--against", "coredns", "dns.yaml")
    assert done.code == 1
    assert done.out.startswith(
        "dns.yaml  2 steps not asked: it is for CoreDNS 1.11.3, and the binary is 1.14.7\nnothing was asked"
    )


def test_steps_that_are_not_asked_for_one_reason_are_one_line(run: Run, real: list[dict[str, Any]]) -> None:
    """None is passed over in silence: each counts."""
    real.append({"steps": [{"why": "it takes a package"}, {"why": "it takes a package"}]})
    done = run("test", "--against", "coredns", "dns.yaml")
    assert done.out == (
        "dns.yaml  2 steps not asked (a.test. A, b.test. A): it takes a package\n"
        "nothing was asked of CoreDNS 1.14.7\n"
        "2 steps not asked, for the reasons above\n"
    )
    assert done.code == run("test", "--format", "json", "--against", "coredns", "dns.yaml").code == 1


def test_a_mistake_of_the_test_is_no_reason_to_pass(run: Run, real: list[dict[str, Any]], tmp_path: Path) -> None:
    real.append({"steps": [{"actual": GOOD}, {"actual": FAILED}]})
    (tmp_path / "wrong.dns.yaml").write_text(TEST.replace("query", "qery"), encoding="utf-8")
    done = run("test", "--against", "coredns", "dns.yaml", "wrong.dns.yaml")
    assert done.code == 1
    assert "wrong.dns.yaml  `qery` is not known here" in done.out
    assert "1 of 2 files could not be run\n" in done.out


def test_runs_with_expectations_of_their_own_are_asked(run: Run, real: list[dict[str, Any]], tmp_path: Path) -> None:
    """Whatever tells the runs of a test apart stays, also where the binary's release is not the newest."""
    text = "client: [10.0.0.1, 10.0.0.2]\n" + TEST + "  expect-for:\n    10.0.0.2: {rcode: REFUSED}\n"
    (tmp_path / "dns.yaml").write_text(text, encoding="utf-8")
    real += [{"steps": [{"actual": GOOD}, {"actual": FAILED}]}] * 2
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("corefile.testing.real.version_of", lambda binary: "1.11.3")
        done = run("test", "--against", "coredns", "dns.yaml")
    assert done == (0, "4 steps: CoreDNS 1.11.3 answers as simulated\n", "")


def test_what_is_no_coredns(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dns.yaml").write_text(TEST, encoding="utf-8")
    done = run("test", "--against", "./gone", "dns.yaml")
    assert (done.code, done.err) == (2, "corefile test: ./gone: No such file or directory\n")
