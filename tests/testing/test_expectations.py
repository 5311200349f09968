"""Expectations are values: what means nothing is a mistake of the test, and records compare as records."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.testing.cases import run

TEST = """corefile: |
  .:53 {
    hosts {
      10.0.0.1 a.example
    }
  }
steps:
- query: a.example. A
  expect:
    rcode: NOERROR
    flags: qr aa rd
    answer: ["a.example. 3600 IN A 10.0.0.1"]
"""


def outcome(tmp_path: Path, old: str, new: str) -> dict[str, object]:
    path = tmp_path / "dns.yaml"
    path.write_text(TEST.replace(old, new))
    return run(str(path))


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("NOERROR", "NOEROR", (10, 5), "`NOEROR` is no response code: did you mean `NOERROR`?"),
        ("NOERROR", "noerror", (10, 5), "response codes are in capitals: `NOERROR` (0)"),
        ("qr aa rd", "qr AA rd", (11, 5), "`AA` is no flag of a header (qr, aa, tc, rd, ra, ad, cd, or none)"),
        ("3600 IN A 10.0.0.1", "3600 IN A 10.0.0", (12, 14), "a record is NAME TTL CLASS TYPE DATA"),
        ("3600 IN A", "IN A", (12, 14), "has no TTL; write NAME TTL CLASS TYPE DATA"),
    ],
)
def test_what_means_nothing_is_named_before_anything_runs(
    tmp_path: Path, old: str, new: str, place: tuple[int, int], said: str
) -> None:
    result = outcome(tmp_path, old, new)
    assert said in str(result["problem"])
    assert (result["place"], result["steps"]) == (place, [])


@pytest.mark.parametrize("line", ["a.example. IN 3600 A 10.0.0.1", "a.example.   3600  in  a  10.0.0.1"])
def test_records_compare_as_records(tmp_path: Path, line: str) -> None:
    assert outcome(tmp_path, "a.example. 3600 IN A 10.0.0.1", line)["passed"]


def test_a_wrong_record_still_differs(tmp_path: Path) -> None:
    assert not outcome(tmp_path, "3600 IN A 10.0.0.1", "3600 IN A 10.0.0.2")["passed"]
