"""`corefile test`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from unittest.mock import ANY

import pytest

from .conftest import Run

GOOD = """corefile: |
  .:53 {
      errors
      hosts {
          10.0.0.1 a.example.org
      }
  }
steps:
- query: a.example.org. A
  expect: {rcode: NOERROR, flags: qr aa rd, answer: [a.example.org. 3600 IN A 10.0.0.1]}
"""


NONE = (
    "corefile test: no test files in {}: a test is dns.yaml, *.dns.yaml, or YAML with `corefile` and `names`, `steps` or "
    "`error`; `corefile test --init COREFILE` writes a first one\n"
)


@pytest.fixture
def good(tmp_path: Path) -> str:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    return GOOD


def test_tests_that_pass(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "more" / "deep").mkdir(parents=True)
    (tmp_path / "more" / "deep" / "b.yml").write_text(good, encoding="utf-8")
    (tmp_path / "more" / "notes.txt").write_text("no test", encoding="utf-8")
    assert run("test", "good.yaml") == (0, "1 step in 1 file passed\n", "")
    assert run("test", "good.yaml", "more") == (
        0,
        "good.yaml        1 step passed\nmore/deep/b.yml  1 step passed\n2 steps in 2 files passed\n",
        "",
    )
    assert run("test", "-q", "good.yaml", "more") == (0, "2 steps in 2 files passed\n", "")


def test_a_failing_step_shows_expected_against_actual_and_the_trace(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(good.replace("IN A 10.0.0.1]", "IN A 10.0.0.2]"), encoding="utf-8")
    done = run("test", "bad.yaml")
    assert (done.code, done.err) == (1, "")
    assert done.out == (
        "bad.yaml:9:3  a.example.org. A   answer differs\n"
        "   - a.example.org. 3600 IN A 10.0.0.2\n"
        "   + a.example.org. 3600 IN A 10.0.0.1\n"
        "\n"
        '  :53   server "." (Corefile:1)\n'
        "  |- errors 2   passes on; errors would be logged\n"
        "  `- hosts  3   a.example.org. has 1 entry -> NOERROR\n"
        "\n"
        "1 of 1 step failed\n"
    )


def test_several_fields_are_told_apart(run: Run, good: str, tmp_path: Path) -> None:
    text = good.replace(
        "rcode: NOERROR, flags: qr aa rd, answer: [a.example.org. 3600 IN A 10.0.0.1]",
        "rcode: NXDOMAIN, flags: qr rd, edns: {udp: 1232}",
    )
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    done = run("test", "--no-trace", "bad.yaml")
    assert done.out == (
        "bad.yaml:9:3  a.example.org. A   rcode, flags, edns and answer differ\n"
        "   rcode  - NXDOMAIN\n"
        "          + NOERROR\n"
        "   flags  - qr rd\n"
        "          + qr aa rd\n"
        "   edns   - {udp: 1232}\n"
        "   answer + a.example.org. 3600 IN A 10.0.0.1\n"
        "   `expect` does not mention answer, so none may come; with `compare: mentioned` it says nothing about what it does\n"
        "   not mention\n"
        "   came from hosts (Corefile:3): a.example.org. has 1 entry\n"
        "\n"
        "1 of 1 step failed\n"
    )


def test_a_corefile_that_is_refused_is_shown_where_it_stands(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(good.replace("errors", "erors"), encoding="utf-8")
    done = run("test", "bad.yaml")
    assert done.code == 1
    assert done.out == (
        "bad.yaml  CoreDNS would not start\n"
        "error[unknown-directive]: CoreDNS 1.14.7 has no directive `erors`\n"
        "  bad.yaml:3:7  (resolution test, key corefile, line 2)\n"
        "  |\n"
        "3 |       erors\n"
        "  |       ^^^^^ did you mean `errors`?\n"
        "  = CoreDNS would not start: \"Corefile:2 - Error during parsing: Unknown directive 'erors'\"\n"
        "\n"
        "1 error in 1 Corefile\n"
        "\n"
        "1 of 1 file could not run or did not start as expected\n"
    )


def test_an_error_that_was_expected(run: Run, tmp_path: Path) -> None:
    refused = 'corefile: |\n  . {\n      erors\n  }\nerror: "%s"\n'
    for text in ("Corefile:2 - Error during parsing: Unknown directive 'erors'", "Unknown directive"):
        (tmp_path / "x.yaml").write_text(refused % text, encoding="utf-8")
        assert run("test", "x.yaml").code == 0
    (tmp_path / "x.yaml").write_text(refused % "Corefile:3 - Error", encoding="utf-8")
    done = run("test", "x.yaml")
    assert done.out.startswith(
        "x.yaml:5:1  CoreDNS would not start, but for another reason than expected\n"
        "   - Corefile:3 - Error\n"
        "   + Corefile:2 - Error during parsing: Unknown directive 'erors'\n"
    )
    (tmp_path / "x.yaml").write_text("corefile: |\n  . {\n      errors\n  }\nerror: nothing\n", encoding="utf-8")
    assert run("test", "x.yaml").out.startswith(
        "x.yaml:5:1  CoreDNS was expected to refuse the Corefile, and starts\n   - nothing\n"
    )


def test_one_broken_file_does_not_hide_the_others(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "broken.yaml").write_text(good.replace("expect:", "expects:"), encoding="utf-8")
    done = run("test", "broken.yaml", "good.yaml")
    assert done.code == 1
    assert done.out == (
        "broken.yaml:10:3  `expects` is not known here: did you mean `expect`?\n"
        "\n"
        "broken.yaml  could not run, or did not start as expected\n"
        "good.yaml    1 step passed\n"
        "1 of 2 files could not run or did not start as expected\n"
    )


def test_json(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(good.replace("IN A 10.0.0.1]", "IN A 10.0.0.2]"), encoding="utf-8")
    (tmp_path / "refused.yaml").write_text(good.replace("errors", "erors"), encoding="utf-8")
    done = run("test", "--format", "json", "good.yaml", "bad.yaml", "refused.yaml")
    data = json.loads(done.out)
    assert (done.code, data["passed"], data["failed"]) == (1, 1, 2)
    assert [(f["path"], f["error"], f["line"]) for f in data["files"]] == [
        ("good.yaml", None, None),
        ("bad.yaml", None, None),
        ("refused.yaml", "Corefile:2 - Error during parsing: Unknown directive 'erors'", 2),
    ]
    (step,) = data["files"][1]["steps"]
    assert step["passed"] is False
    assert step["actual"] == {
        "rcode": "NOERROR",
        "flags": "qr aa rd",
        "answer": ["a.example.org. 3600 IN A 10.0.0.1"],
    }
    assert step["differences"] == [
        {
            "field": "answer",
            "expect": ["a.example.org. 3600 IN A 10.0.0.2"],
            "actual": ["a.example.org. 3600 IN A 10.0.0.1"],
        }
    ]


def test_without_expectations_the_actual_reply_is_there_all_the_same(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(good[: good.index("  expect")], encoding="utf-8")
    (file,) = json.loads(run("test", "--format", "json", "x.yaml").out)["files"]
    assert file["steps"][0]["actual"]["answer"] == ["a.example.org. 3600 IN A 10.0.0.1"]
    assert file["steps"][0]["expect"] is None


def test_without_a_path_the_current_folder_is_tested(run: Run, good: str, tmp_path: Path) -> None:
    assert run("test") == (0, "1 step in 1 file passed\n", "")
    (tmp_path / "good.yaml").unlink()
    assert run("test") == (2, "", NONE.format("."))


def test_wrong_use(run: Run, tmp_path: Path) -> None:
    assert run("test", "gone.yaml") == (2, "", "corefile test: gone.yaml: No such file or directory\n")
    (tmp_path / "empty").mkdir()
    assert run("test", "empty") == (2, "", NONE.format("empty"))


def test_a_file_that_cannot_be_written(run: Run, good: str, tmp_path: Path) -> None:
    done = run("test", "--junit", "no/out.xml", "good.yaml")
    assert (done.code, done.err) == (2, "corefile test: no/out.xml: No such file or directory\n")


def test_a_file_without_steps_tests_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none.yaml").write_text("corefile: |\n  . {\n      whoami\n  }\nsteps: []\n", encoding="utf-8")
    done = run("test", "none.yaml")
    assert done.code == 1
    assert done.out.startswith("none.yaml  there is nothing to test: it has no `steps`")


def test_a_test_of_a_refusal_has_no_steps(run: Run, tmp_path: Path) -> None:
    """The kind: a file that passes or fails as a whole. JSON says why."""
    test = "corefile: |\n  . {\n      %s\n  }\nerror: Unknown directive 'erors'\n"
    (tmp_path / "x.yaml").write_text(test % "erors", encoding="utf-8")
    assert run("test", "x.yaml") == (0, "1 file passed: refused as expected\n", "")
    (file,) = json.loads(run("test", "--format", "json", "x.yaml").out)["files"]
    assert (file["passed"], file["problem"]) == (True, None)
    (tmp_path / "x.yaml").write_text(test % "errors", encoding="utf-8")
    (file,) = json.loads(run("test", "--format", "json", "x.yaml").out)["files"]
    assert (file["passed"], file["error"]) == (False, None)
    assert file["problem"].startswith("CoreDNS was expected to refuse the Corefile, and starts")


@pytest.mark.usefixtures("not_simulated")
def test_directives_that_an_upstream_leaves_out_are_named(run: Run, tmp_path: Path) -> None:
    text = """corefile: |
  . {
      forward . 10.0.0.53
  }
upstreams:
  10.0.0.53:
    corefile: |
      . {
          geoip a
          whoami
      }
steps:
- query: x. A
  expect: {only: true, rcode: REFUSED}
"""
    (tmp_path / "left.yaml").write_text(text, encoding="utf-8")
    assert run("test", "left.yaml").out.startswith(
        "left.yaml  not simulated, so answers may differ from CoreDNS's: geoip\n"
    )
    (file,) = json.loads(run("test", "--format", "json", "left.yaml").out)["files"]
    assert [(x["directive"], x["line"]) for x in file["not_simulated"]] == [("geoip", 2)]


@pytest.mark.usefixtures("not_simulated")
def test_directives_that_are_left_out_are_named(run: Run, tmp_path: Path) -> None:
    text = "corefile: |\n  . {\n      geoip a\n      whoami\n  }\nsteps:\n- query: x. A\n  expect: {only: true, rcode: REFUSED}\n"
    (tmp_path / "left.yaml").write_text(text, encoding="utf-8")
    done = run("test", "left.yaml")
    assert done.code == 1
    assert done.out.startswith("left.yaml  not simulated, so answers may differ from CoreDNS's: geoip\n")
    assert "not simulated, so this may not be CoreDNS's answer: geoip (2)" in done.out


def test_a_directive_that_is_left_out_is_named_whatever_its_notice_says(run: Run, tmp_path: Path) -> None:
    """The notice is about a function of an expression."""
    text = """corefile: |
  . {
      view v {
          expr now() != nil
      }
      whoami
  }
steps:
- query: x. A
  expect: {only: true, rcode: REFUSED}
"""
    (tmp_path / "left.yaml").write_text(text, encoding="utf-8")
    done = run("test", "left.yaml")
    assert done.out.startswith("left.yaml  not simulated, so answers may differ from CoreDNS's: view\n")
    (file,) = json.loads(run("test", "--format", "json", "left.yaml").out)["files"]
    assert [(x["directive"], x["line"]) for x in file["not_simulated"]] == [("view", 3)]


WRONG = GOOD.replace("IN A 10.0.0.1]", "IN A 10.0.0.2]")


def test_only_some_steps_are_compared_and_all_happen(run: Run, good: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(WRONG + "- query: b.example.org. A\n  about: the other\n", encoding="utf-8")
    assert run("test", "--run", "the other", "bad.yaml", "good.yaml") == (
        0,
        "bad.yaml   1 step passed\n1 step in 1 file passed\n",
        "",
    )
    assert run("test", "--run", r"a\.example", "bad.yaml").out.endswith("1 of 1 step failed\n")
    done = run("test", "--run", "nowhere", "bad.yaml")
    assert (done.code, done.err) == (
        2,
        "corefile test: --run nowhere: no step has this in its path, its `about` or its words\n",
    )
    assert run("test", "--run", "(", "bad.yaml").code == 2


def test_junit(run: Run, good: str, tmp_path: Path) -> None:
    from xml.etree import ElementTree

    (tmp_path / "bad.yaml").write_text(WRONG, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(GOOD.replace("errors", "erors"), encoding="utf-8")
    assert run("test", "--junit", "out.xml", "good.yaml", "bad.yaml", "broken.yaml").code == 1
    root = ElementTree.parse(tmp_path / "out.xml").getroot()
    assert {k: root.get(k) for k in ("tests", "failures", "errors")} == {"tests": "3", "failures": "1", "errors": "1"}
    assert [s.get("name") for s in root] == ["good.yaml", "bad.yaml", "broken.yaml"]
    failure = root.find("testsuite/testcase/failure")
    assert failure is not None
    assert failure.text is not None
    assert failure.get("message") == "a.example.org. A   answer differs"
    assert "+ a.example.org. 3600 IN A 10.0.0.1" in failure.text
    assert "hosts  3   a.example.org. has 1 entry" in failure.text
    error = root.find("testsuite/testcase/error")
    assert error is not None
    assert error.get("message") == "CoreDNS would not start"


def test_runs_that_differ_are_told(run: Run, tmp_path: Path) -> None:
    text = "coredns: [1.11.3, 1.14.7]\n" + GOOD.replace("a.example.org\n", "'*.example.org'\n".replace("'", ""))
    (tmp_path / "runs.yaml").write_text(text[: text.index("  expect")], encoding="utf-8")
    done = run("test", "runs.yaml")
    assert done.code == 0
    assert done.out.startswith("runs.yaml:10:3  a.example.org. A   1.14.7 (+) answers otherwise than 1.11.3 (-)\n")
    assert "   answer + a.example.org. 3600 IN A 10.0.0.1\n" in done.out
    assert done.out.endswith("2 steps in 1 file passed\n")


def test_update_writes_what_was_answered(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(WRONG, encoding="utf-8")
    done = run("test", "--update", "--diff", "bad.yaml")
    assert done.code == 1
    assert "-  expect: {rcode: NOERROR, flags: qr aa rd, answer: [a.example.org. 3600 IN A 10.0.0.2]}\n" in done.out
    assert (tmp_path / "bad.yaml").read_text(encoding="utf-8") == WRONG
    assert run("test", "--update", "bad.yaml") == (0, "bad.yaml  1 expectation written\n", "")
    assert (tmp_path / "bad.yaml").read_text(encoding="utf-8") == GOOD
    assert run("test", "--update", "bad.yaml") == (
        0,
        "nothing to write: what was answered is what is expected\n",
        "",
    )


def test_update_of_an_error(run: Run, tmp_path: Path) -> None:
    text = "corefile: |\n  . {\n      erors\n  }\nerror: other words  # as CoreDNS says it\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    assert run("test", "--update", "x.yaml").code == 0
    assert run("test", "x.yaml").code == 0
    assert "  # as CoreDNS says it\n" in (tmp_path / "x.yaml").read_text(encoding="utf-8")
    (tmp_path / "x.yaml").write_text(text[: text.index("error:")] + "steps: []\n", encoding="utf-8")
    assert run("test", "--update", "x.yaml").code == 1


def test_a_first_test_is_written_from_what_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Corefile").write_text(
        ".:53 {\n  hosts {\n    10.0.0.1 a.example.org\n  }\n}\ncorp.test {\n  forward . 10.0.0.53\n}\n",
        encoding="utf-8",
    )
    assert run("test", "--init", "Corefile") == (0, "dns.yaml is written; `corefile test dns.yaml` runs it\n", "")
    text = (tmp_path / "dns.yaml").read_text(encoding="utf-8")
    assert "  a.example.org.: 10.0.0.1\n" in text
    assert (
        "# Nothing answers yet at 10.0.0.53, which is asked for corp.test.\n"
        "# Say what does:\n"
        "# upstreams:\n"
        "#   10.0.0.53: www.corp.test. 300 IN A 192.0.2.80\n"
    ) in text
    assert run("test", "dns.yaml").code == 0
    again = run("test", "--init", "Corefile")
    assert (again.code, again.err) == (
        2,
        "corefile test: ./dns.yaml is there already; --output FILE writes to another place\n",
    )
    assert run("test", "--init", "gone").code == 2
    (tmp_path / "dns.yaml").unlink()
    assert run("test", "--init").code == 0
    assert "corefile: ./\n" in (tmp_path / "dns.yaml").read_text(encoding="utf-8")
    assert run("test").code == 0
    (tmp_path / "Corefile").write_text(". {\n  erors\n}\n", encoding="utf-8")
    assert run("test", "--init", "Corefile", "--output", "-").code == 1


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ("forward . /etc/resolv.conf", ["www.example.com.: SERVFAIL"]),
        ("forward . 10.0.0.53:5353 10.0.0.54", ["www.example.com.: SERVFAIL"]),
        ("forward a.test 10.0.0.53", ["www.example.com.: SERVFAIL"]),
        ("acl {\n allow net 10.1.0.0/16\n block\n}\nwhoami", ["www.example.com. A: NODATA"]),
        ("view v {\n expr incidr(client_ip(), 'fd00::/8')\n}\nwhoami", ["www.example.com. A: NODATA"]),
        ("refuse { \n}", None),
    ],
)
def test_a_first_test_is_one_for_every_corefile(lines: str, rows: list[str] | None, run: Run, tmp_path: Path) -> None:
    """The kind: one asked nothing, or said REFUSED of names that are not, or of all as its client is not let in; what it
    says in comments is true once the `# ` is taken away."""
    (tmp_path / "Corefile").write_text(f". {{\n{lines}\n}}\n", encoding="utf-8")
    if rows is None:
        assert run("test", "--init", "Corefile").code == 1
        return
    assert run("test", "--init", "Corefile").code == 0
    text = (tmp_path / "dns.yaml").read_text(encoding="utf-8")
    assert [row for row in rows if f"  {row}\n" not in text] == []
    assert run("test", "dns.yaml").code == 0
    if "# upstreams" in text and "a.test" not in lines:
        text = re.sub(r"^# (?!Nothing|Say)", "", text, flags=re.M).replace("SERVFAIL", "192.0.2.80")
        (tmp_path / "dns.yaml").write_text(text, encoding="utf-8")
        assert run("test", "dns.yaml") == (0, ANY, "")


HOSTS = "    hosts {\n        10.0.0.1 a.example.org\n    }\n"


@pytest.mark.parametrize(
    ("corefile", "rows"),
    [
        (f"example.org:1053 {{\n{HOSTS}}}\n", ["- to: 127.0.0.1:1053", "    a.example.org.: 10.0.0.1"]),
        (
            f"example.org {{\n    bind 169.254.20.10\n{HOSTS}}}\n",
            ["- to: 169.254.20.10:53", "    a.example.org.: 10.0.0.1"],
        ),
        (f"example.org {{\n    bind ::1\n{HOSTS}}}\n", ["- to: '[::1]:53'", "    a.example.org.: 10.0.0.1"]),
        (
            f"tls://example.org {{\n    tls cert.pem key.pem\n{HOSTS}}}\n",
            ["- to: 127.0.0.1:853", "  transport: tls", "  names:", "    a.example.org.: 10.0.0.1"],
        ),
        (
            f"https://example.org {{\n{HOSTS}}}\n",
            ["- to: 127.0.0.1:443", "  transport: https", "  tls: false", "    a.example.org.: 10.0.0.1"],
        ),
        (f"grpc://example.org {{\n{HOSTS}}}\n", ["  transport: grpc", "    a.example.org.: 10.0.0.1"]),
        (
            f"example.org {{\n{HOSTS}}}\nexample.net:1053 {{\n{HOSTS.replace('org', 'net')}}}\n",
            [
                "names:",
                "  a.example.org.: 10.0.0.1",
                "  www.example.com.: REFUSED",
                "steps:",
                "- to: 127.0.0.1:1053",
                "  names:",
                "    a.example.net.: 10.0.0.1",
            ],
        ),
        (".:53 {\n    erratic example.com {\n        drop 2\n    }\n}\n", ["names:", "  www.example.com.: no reply"]),
        (
            "example.org {\n    loop\n    erratic\n}\n",
            ["names:", "  example.org.: 192.0.2.53", "  example.org. AAAA: no reply"],
        ),
        (
            f"example.org {{\n    bind 127.0.0.1\n{HOSTS}}}\nexample.net {{\n    bind 0.0.0.0\n    whoami\n}}\n",
            ["names:", "  a.example.org.: 10.0.0.1"],
        ),
    ],
)
def test_a_first_test_asks_where_the_corefile_listens(corefile: str, rows: list[str], run: Run, tmp_path: Path) -> None:
    """The kind: a table that was not asked for, but made up, and failed at once."""
    (tmp_path / "Corefile").write_text(corefile, encoding="utf-8")
    assert run("test", "--init", "Corefile").code == 0
    lines = (tmp_path / "dns.yaml").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line in rows] == rows
    assert run("test", "dns.yaml").code == 0


def test_many_files_run_in_processes_with_the_same_result(run: Run, tmp_path: Path) -> None:
    (tmp_path / "many").mkdir()
    for number in range(44):
        (tmp_path / "many" / f"{number:02}.dns.yaml").write_text(GOOD if number % 4 else WRONG, encoding="utf-8")
    alone, together = (run("test", "--no-trace", "--jobs", jobs, "many") for jobs in ("1", "2"))
    assert alone == together
    assert together.out.endswith("11 of 44 steps failed\n")


def test_a_file_that_a_failed_test_does_not_give_is_said(run: Run, tmp_path: Path) -> None:
    text = "corefile: |\n  example.org {\n      file /zones/db\n  }\nsteps:\n- query: example.org. SOA\n  expect: {only: true, rcode: %s}\n"
    said = "dns.yaml  /zones/db is not here, so what depends on it is not checked (its zone answers"
    (tmp_path / "dns.yaml").write_text(text % "NOERROR", encoding="utf-8")
    assert said in run("test", "dns.yaml").out
    (tmp_path / "dns.yaml").write_text(text % "SERVFAIL", encoding="utf-8")
    assert "zones" not in run("test", "dns.yaml").out
