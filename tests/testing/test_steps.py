"""Tables of names and lists of runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corefile.findings.layout import plain
from corefile.testing.cases import Case, run
from corefile.testing.show import between

COREFILE = """corefile: |
  .:53 {
      hosts {
          10.0.0.1 a.example.org
          10.0.0.2 a.example.org
          fd00::1 a.example.org
          10.0.0.3 *.example.org
      }
  }
"""


def result_of(tmp_path: Path, text: str, head: str = COREFILE) -> dict[str, Any]:
    path = tmp_path / "dns.yaml"
    path.write_text(head + text, encoding="utf-8")
    return run(str(path))


@pytest.mark.parametrize(
    "row",
    [
        "a.example.org: [10.0.0.2, 10.0.0.1]",
        "a.example.org.: fd00::1",
        "a.example.org AAAA: 'fd00:0::1'",
        "a.example.org MX: NODATA",
        "a.example.org CH A: REFUSED",
        "gone.org: SERVFAIL",
        "1.0.0.10.in-addr.arpa PTR: a.example.org",
        "a.example.org: {ttl: 3600, answer: {contains: ['* A 10.0.0.1'], count: 2}}",
    ],
)
def test_a_row_that_passes(tmp_path: Path, row: str) -> None:
    result = result_of(tmp_path, f"names:\n  {row}\n")
    assert result["problem"] is None
    assert result["passed"], result["steps"]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a.example.org: 10.0.0.1", "data"),
        ("a.example.org: [10.0.0.1, 10.0.0.2, 10.0.0.2]", "data"),
        ("a.example.org: NODATA", "data"),
        ("a.example.org: NXDOMAIN", "rcode"),
        ("a.example.org MX: NXDOMAIN", "rcode"),
        ("gone.org: NODATA", "rcode"),
        ("a.example.org: no reply", "reply"),
        ("a.example.org: {ttl: <= 30}", "ttl"),
    ],
)
def test_a_row_that_fails(tmp_path: Path, row: str, field: str) -> None:
    (step,) = result_of(tmp_path, f"names:\n  {row}\n")["steps"]
    assert [d["field"] for d in step["differences"]] == [field]
    assert step["place"] == (11, 3)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a.example.org: 10.0.0", "`10.0.0` is neither data of A records nor a word such as NXDOMAIN"),
        ("a.example.org: NXDOMIAN", "`NXDOMIAN` is neither A data nor a response code: did you mean `NXDOMAIN`?"),
        ("a.example.org:", "nothing is expected of it; write the data, NODATA, NXDOMAIN or another response code"),
        ("a.example.org AX: NODATA", "`AX` is no record type"),
        ("a.example.org: [NXDOMAIN]", "`NXDOMAIN` stands alone, and not in a list"),
    ],
)
def test_a_row_that_means_nothing(tmp_path: Path, row: str, words: str) -> None:
    result = result_of(tmp_path, f"names:\n  {row}\n")
    assert words in result["problem"]
    assert result["place"] == (11, 3 if "[" not in row else 19)


def test_a_table_as_a_step_has_the_step_s_client_and_waits_once(tmp_path: Path) -> None:
    text = """steps:
- names: {a.example.org: [10.0.0.1, 10.0.0.2], gone.org: SERVFAIL}
  from: 10.9.9.9
  after: 5s
"""
    path = tmp_path / "dns.yaml"
    path.write_text(COREFILE + text, encoding="utf-8")
    first, second = Case.read(str(path)).steps
    assert (first.data["after"], second.data.get("after")) == ("5s", None)
    assert second.data["from"] == "10.9.9.9"
    assert (first.what, second.keys) == ("a.example.org A", ("steps", 0, "names", "gone.org"))


RELEASES = "coredns: [1.11.3, 1.14.7]\n" + COREFILE


def test_a_list_of_releases_is_one_run_each_and_the_difference_is_told(tmp_path: Path) -> None:
    result = result_of(tmp_path, "steps:\n- query: x.example.org. A\n- query: a.example.org. MX\n", RELEASES)
    assert result["passed"]
    assert [s["variant"] for s in result["steps"]] == ["1.11.3", "1.11.3", "1.14.7", "1.14.7"]
    (between,) = result["between"]  # `*` in a hosts file is a wildcard since 1.12.1
    assert (between["what"], between["runs"]) == ("x.example.org. A", ["1.11.3", "1.14.7"])
    assert [d["field"] for d in between["differences"]][:1] == ["rcode"]


def test_one_run_may_have_an_expectation_of_its_own(tmp_path: Path) -> None:
    text = """steps:
- query: x.example.org. A
  expect: {compare: mentioned, data: [10.0.0.3]}
  expect-for: {1.11.3: {compare: mentioned, rcode: SERVFAIL}}
"""
    assert result_of(tmp_path, text, RELEASES)["passed"]
    assert not result_of(tmp_path, text.replace("SERVFAIL", "REFUSED"), RELEASES)["passed"]
    result = result_of(tmp_path, text.replace("1.11.3", "1.11.1"), RELEASES)
    assert result["problem"] == "`1.11.1` is none of the runs of this test: it has 1.11.3, 1.14.7"
    assert result["place"] == (14, 16)


def test_runs_that_answer_alike_are_told_once(tmp_path: Path) -> None:
    result = result_of(tmp_path, "steps:\n- query: x.example.org. A\n", RELEASES.replace("1.14.7]", "1.14.7, 1.14.6]"))
    told = plain(between(result))
    assert told.count("answer otherwise than") == 1
    assert "x.example.org. A   1.14.7; 1.14.6 (+) answer otherwise than 1.11.3 (-)" in told


def test_clients_and_corefiles_make_runs_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(".:53 {\n  acl {\n    block net 10.0.0.0/8\n  }\n  whoami\n}\n", encoding="utf-8")
    text = "client: [10.0.0.7, 192.0.2.7]\ncorefile: [./a, '.:53 {}']\nsteps:\n- query: a. A\n  expect: {compare: mentioned, rcode: NOERROR}\n"
    result = result_of(tmp_path, text, "")
    assert [(s["variant"], s["passed"]) for s in result["steps"]] == [
        ("client 10.0.0.7, corefile ./a", False),
        ("client 10.0.0.7, corefile .:53 {}", False),
        ("client 192.0.2.7, corefile ./a", True),
        ("client 192.0.2.7, corefile .:53 {}", False),
    ]


def test_what_is_wrong_in_one_run_is_said_with_its_name_and_place(tmp_path: Path) -> None:
    result = result_of(tmp_path, "corefile: ['.:53 {}', ./gone]\nsteps:\n- query: a. A\n", "")
    assert result["problem"] == f"corefile ./gone: there is no file {tmp_path}/gone"
    assert result["place"] == (1, 23)
    assert "the same value twice" in result_of(tmp_path, "coredns: [1.14.7, 1.14.7]\nsteps: []\n")["problem"]


def test_a_test_may_say_for_all_steps_that_only_what_is_mentioned_is_compared(tmp_path: Path) -> None:
    text = "steps:\n- query: a.example.org. A\n  expect: {rcode: NOERROR}\n"
    assert not result_of(tmp_path, text)["passed"]
    assert result_of(tmp_path, "compare: mentioned\n" + text)["passed"]
    everything = text.replace("{rcode", "{compare: everything, rcode")
    assert not result_of(tmp_path, "compare: mentioned\n" + everything)["passed"]
    assert result_of(tmp_path, text.replace("{rcode", "{only: true, rcode"))["passed"]
