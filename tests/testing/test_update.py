"""What was answered is written into a test, and nothing else of its text changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from corefile.testing.cases import Case, run, run_all
from corefile.testing.update import block, flow, scalar, updated

HEAD = """# what this file is for
corefile: |
  .:53 {
      hosts {
          10.0.0.1 a.test   # one
          10.0.0.2 a.test
          fd00::1 a.test
      }
  }
"""


def write(tmp_path: Path, text: str) -> tuple[str, list[str]]:
    """The text after an update, without the head, and what was left; the new text passes where nothing was."""
    path = tmp_path / "dns.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    new = updated(HEAD + text, run(str(path)))
    assert new.text.startswith(HEAD)
    if not new.left:
        result = run_all(Case.in_text(str(path), new.text))
        assert result["passed"], (new.text, result["steps"])
        path.write_text(new.text, encoding="utf-8")
        again = updated(new.text, run(str(path)))
        assert (again.text, again.number) == (new.text, 0)
    return new.text.removeprefix(HEAD), [why for _, why in new.left]


A1, A2 = "a.test. 3600 IN A 10.0.0.1", "a.test. 3600 IN A 10.0.0.2"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # a table of names
        ("names:\n  a.test: 10.9.9.9  # why\n", "names:\n  a.test: [10.0.0.1, 10.0.0.2]  # why\n"),
        ("names:\n  a.test: [10.0.0.1, 10.9.9.9]\n", "names:\n  a.test: [10.0.0.1, 10.0.0.2]\n"),
        ("names: {a.test AAAA: NXDOMAIN, b.org: NODATA}\n", "names: {a.test AAAA: fd00::1, b.org: SERVFAIL}\n"),
        ("names:\n  a.test MX:\n  - 10 mx.a.test\n", "names:\n  a.test MX: NODATA\n"),
        (
            "names:\n  a.test: {ttl: <= 30, data: [10.0.0.1]}\n",
            "names:\n  a.test: {ttl: 3600, data: [10.0.0.1, 10.0.0.2]}\n",
        ),
        # fields in braces
        (
            "steps:\n- query: a.test. AAAA\n  expect: {compare: mentioned, rcode: NXDOMAIN, flags: qr}  # this\n",
            "steps:\n- query: a.test. AAAA\n  expect: {compare: mentioned, rcode: NOERROR, flags: qr aa rd}  # this\n",
        ),
        (
            f"steps:\n- query: a.test. A\n  expect: {{rcode: NOERROR, flags: rd aa qr, answer: [{A2}]}}\n",
            f"steps:\n- query: a.test. A\n  expect: {{rcode: NOERROR, flags: rd aa qr, answer: [{A2}, {A1}]}}\n",
        ),
        (
            "steps:\n- query: b.org. A\n  expect: {rcode: NOERROR, flags: qr rd, edns: {udp: 512}}\n",
            "steps:\n- query: b.org. A\n  expect: {rcode: SERVFAIL, flags: qr rd}\n",
        ),
        # fields on lines of their own, with comments
        (
            (
                f"steps:\n- query: a.test. A\n  expect:\n    rcode: NXDOMAIN  # r\n    # flags\n    flags: qr aa rd\n"
                f"    answer:\n    - {A1}  # first\n    - a.test. 3600 IN A 10.9.9.9  # second\n"
            ),
            (
                f"steps:\n- query: a.test. A\n  expect:\n    rcode: NOERROR  # r\n    # flags\n    flags: qr aa rd\n"
                f"    answer:\n    - {A1}  # first\n    - {A2}  # second\n"
            ),
        ),
        (
            f"steps:\n- query: a.test. A\n  expect:\n    compare: mentioned\n    answer:\n      - {A1}  # first\n# end\n",
            f"steps:\n- query: a.test. A\n  expect:\n    compare: mentioned\n    answer:\n      - {A1}  # first\n      - {A2}\n# end\n",
        ),
        (
            f"steps:\n- query: a.test. AAAA\n  expect:\n    compare: mentioned\n    answer:\n    - {A1}\n    - a.test. 3600 IN AAAA fd00::1\n- query: a.test. MX\n",
            (
                "steps:\n- query: a.test. AAAA\n  expect:\n    compare: mentioned\n    answer:\n    - a.test. 3600 IN AAAA fd00::1\n- query: a.test. MX\n"
                "  expect: {rcode: NOERROR, flags: qr aa rd}\n"
            ),
        ),
        (
            f"steps:\n- query: a.test. MX\n  expect:\n    compare: mentioned\n    answer:\n    - {A1}\n    rcode: NOERROR\n",
            "steps:\n- query: a.test. MX\n  expect:\n    compare: mentioned\n    answer: []\n    rcode: NOERROR\n",
        ),
        (
            "steps:\n- query: b.org. A\n  expect:\n    rcode: SERVFAIL\n    edns: {udp: 512}  # why\n    flags: qr rd\n",
            "steps:\n- query: b.org. A\n  expect:\n    rcode: SERVFAIL\n    # why\n    flags: qr rd\n",
        ),
        (
            (
                f"steps:\n- query: a.test. A\n  expect:\n    compare: mentioned\n    answer:\n    - {A1}\n    - {A2}  # two\n"
                f"    - a.test. 3600 IN A 10.9.9.9  # why\n"
            ),
            (
                f"steps:\n- query: a.test. A\n  expect:\n    compare: mentioned\n    answer:\n    - {A1}\n    - {A2}  # two\n"
                f"    # why\n"
            ),
        ),
        (
            "steps:\n- query: b.org. A\n  expect:\n    rcode: SERVFAIL\n",
            "steps:\n- query: b.org. A\n  expect:\n    rcode: SERVFAIL\n    flags: qr rd\n",
        ),
        (
            "steps:\n- query: b.org. A\n  expect:\n    rcode: SERVFAIL\n    edns: {udp: 512}\n    body: x\n# end\n",
            "steps:\n- query: b.org. A\n  expect:\n    rcode: SERVFAIL\n    flags: qr rd\n# end\n",
        ),
        (
            "steps:\n- query: b.org. A\n  expect:\n    body: x\n",
            "steps:\n- query: b.org. A\n  expect: {rcode: SERVFAIL, flags: qr rd}\n",
        ),
        # loose lists
        (
            "steps:\n- query: a.test. A\n  expect:\n    compare: mentioned\n    answer: {contains: [A 10.9.9.9], count: 1}\n",
            (
                "steps:\n- query: a.test. A\n  expect:\n    compare: mentioned\n"
                f"    answer: {{contains: [{A1}, {A2}], count: 2}}\n"
            ),
        ),
        (
            "steps:\n- query: a.test. A\n  expect: {compare: mentioned, answer: {any: [A 10.9.9.9]}, ttl: <= 30}\n",
            f"steps:\n- query: a.test. A\n  expect: {{compare: mentioned, answer: {{any: [{A1}, {A2}]}}, ttl: 3600}}\n",
        ),
        # no expectation, and no reply
        (
            "steps:\n- query: a.test. A   # this\n\n- write: {x: y}\n",
            f"steps:\n- query: a.test. A   # this\n  expect: {{rcode: NOERROR, flags: qr aa rd, answer: [{A1}, {A2}]}}\n\n- write: {{x: y}}\n",
        ),
        ("steps:\n- {query: b.org. A}\n", "steps:\n- {query: b.org. A, expect: {rcode: SERVFAIL, flags: qr rd}}\n"),
        (
            "steps:\n- query: b.org. A\n  expect: {reply: none}\n",
            "steps:\n- query: b.org. A\n  expect: {rcode: SERVFAIL, flags: qr rd}\n",
        ),
        (
            "steps:\n- query: b.org. A\n  to: 10.9.9.9\n  expect: {only: true, rcode: SERVFAIL}\n",
            "steps:\n- query: b.org. A\n  to: 10.9.9.9\n  expect: {only: true, reply: none}\n",
        ),
    ],
)
def test_what_differs_is_written(before: str, after: str, tmp_path: Path) -> None:
    new, left = write(tmp_path, before)
    assert left == []
    assert new == after


@pytest.mark.parametrize(
    "text",
    [
        "steps:\n- query: a.test. AAAA\n  expect: &e {rcode: NXDOMAIN}\n- query: b.org. A\n  expect: *e\n",
        "steps:\n- &s\n  query: b.org. A\n  expect:\n    rcode: REFUSED\n    log: [a]\n- *s\n",
        "steps:\n- &s {query: b.org. A}\n- *s\n",
        "steps:\n- query: b.org. A\n  expect: {rcode: &r REFUSED}\n- query: c.org. A\n  expect: {rcode: *r}\n",
        "steps:\n- query: b.org. A\n  edns: &c {udp: 512}\n- query: c.org. A\n  edns: *c\n",
    ],
)
def test_nothing_is_written_where_an_alias_takes_it_elsewhere(text: str, tmp_path: Path) -> None:
    new, left = write(tmp_path, text)
    assert new == text
    assert len(left) == 2
    assert all("YAML alias" in why for why in left)


def test_what_is_merged_in_gets_an_expectation_of_its_own(tmp_path: Path) -> None:
    text = "steps:\n- &s\n  query: b.org. A\n  expect: {rcode: REFUSED}\n- {<<: *s, from: 10.9.9.9%s}\n"
    new, left = write(tmp_path, text % "")
    assert new == text % ", expect: {rcode: SERVFAIL, flags: qr rd}"
    assert len(left) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "steps:\n- query: a.test. AAAA\n  expect: {rcode: NXDOMAIN,  # why\n    flags: qr}\n",
            "there is a comment inside of the braces",
        ),
        ("coredns: [1.11.3, 1.14.7]\nsteps:\n- query: x.w.test. A\n  expect: {rcode: REFUSED}\n", "answer differently"),
    ],
)
def test_what_would_lose_something_is_left(
    text: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.testing.test_update.HEAD", HEAD.replace("fd00::1 a", "10.0.0.9 *.w.test\n          fd00::1 a")
    )
    _, left = write(tmp_path, text)
    assert len(left) == 1
    assert why in left[0]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("NOERROR", "NOERROR"),
        ("a: b", "'a: b'"),
        ("* A", "'* A'"),
        ("[INFO] x", "'[INFO] x'"),
        ("it's", "'it''s'"),
        ("10", "'10'"),
        ("true", "'true'"),
        ("", "''"),
        ("a\nb", '"a\\nb"'),
        ("x #y", "'x #y'"),
        ("fd00::1", "fd00::1"),
    ],
)
def test_text_as_yaml(text: str, written: str) -> None:
    import yaml

    assert scalar(text) == written
    for shown in (f"a: {scalar(text)}", f"a: {scalar(text, block=True)}", f"{{a: {flow(text)}}}", f"a: {flow([text])}"):
        value = yaml.safe_load(shown)["a"]
        assert value == text or value == [text]


def test_a_long_value_has_lines_of_its_own() -> None:
    value = {"rcode": "NOERROR", "answer": [f"a.example.org. 3600 IN A 10.0.0.{n}" for n in range(4)]}
    assert block("expect", value, 2).startswith("expect:\n    rcode: NOERROR\n    answer:\n    - a.example.org.")
