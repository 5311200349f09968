"""The forms in which `corefile check` prints, which findings it prints, and its settings."""

from __future__ import annotations

import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from corefile.cli import _watch
from corefile.cli._config import LISTS, SWITCHES, TEXTS
from corefile.cli.check import _settings, parser
from corefile.lint.codes import numbers

from .conftest import Run

BROKEN = """. {
    prometeus :9153
    log . "{remote} {name}"
    whoami [x] & "%,: é"
}
"""
WARNED = ". {\n    log . {remote} {name}\n    whoami\n}\n"
MAP = "kind: ConfigMap\nmetadata: {name: coredns}\ndata:\n  Corefile: |\n    .:53 {\n        prometeus :9153\n    }\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "bad one").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "warned").write_text(WARNED, encoding="utf-8")
    (tmp_path / "cm.yaml").write_text(MAP, encoding="utf-8")
    return tmp_path


ALL = ("bad one", "warned", "cm.yaml", "Corefile")


def is_a(value: Any, shape: Any, where: str = "$") -> None:
    """Whether JSON has a shape: a type, a tuple of alternatives, [of items], {name: of a value, "name?": of one that may be
    absent}; nothing else may be in an object."""
    if isinstance(shape, tuple):
        errors = []
        for one in shape:
            try:
                is_a(value, one, where)
                return
            except AssertionError as e:
                errors.append(str(e))
        raise AssertionError("; ".join(errors))
    if isinstance(shape, list):
        assert isinstance(value, list), where
        for number, item in enumerate(value):
            is_a(item, shape[0], f"{where}[{number}]")
    elif isinstance(shape, dict):
        assert isinstance(value, dict), where
        names = {name.rstrip("?"): name for name in shape}
        assert set(value) <= set(names), f"{where}: {set(value) - set(names)}"
        for name, key in names.items():
            if name in value:
                is_a(value[name], shape[key], f"{where}.{name}")
            else:
                assert key.endswith("?"), f"{where}.{name} is missing"
    elif isinstance(shape, str):
        assert isinstance(value, str), where
        assert re.fullmatch(shape, value), f"{where}: {value!r}"
    elif isinstance(shape, type):
        assert type(value) is shape, f"{where}: {value!r}"
    else:
        assert value == shape, f"{where}: {value!r}"


RANGE = dict.fromkeys(("line", "column", "end_line", "end_column"), (int, None))
PLACE = {"path": (str, None), "context": (str, None), **RANGE}
JSON = {
    "corefiles": int,
    "assumed": [str],
    "findings": [
        {
            "code": r"[a-z0-9]+(-[a-z0-9]+)+",
            "number": r"CF[1-69]\d\d",
            "severity": r"error|warning|notice",
            "message": str,
            "label": str,
            "hint": str,
            "coredns": str,
            "first": bool,
            "release": r"\d+\.\d+\.\d+",
            "related": [{**PLACE, "message": str}],
            "fix": (
                None,
                {"description": str, "safety": r"safe|unsafe|display", "edits": [{**PLACE, "text": str}]},
            ),
            **PLACE,
        }
    ],
}

TEXT = {"text": r"(?s).+"}
REGION = {"startLine": int, "startColumn?": int, "endLine?": int, "endColumn?": int}
URI = r"[A-Za-z0-9/._~%-]+"
LOCATION = {"artifactLocation": {"uri": URI}, "region": REGION}
SARIF = {
    "$schema": r"https://\S+/sarif-schema-2\.1\.0\.json",
    "version": "2.1.0",
    "runs": [
        {
            "tool": {
                "driver": {
                    "name": "corefile",
                    "version": str,
                    "semanticVersion": r"\d+\.\d+\.\d+.*",
                    "rules": [
                        {
                            "id": r"CF\d\d\d",
                            "name": r"([A-Z][a-z0-9]*)+",
                            "shortDescription": TEXT,
                            "fullDescription": TEXT,
                            "help": TEXT,
                        }
                    ],
                }
            },
            "columnKind": r"utf16CodeUnits|unicodeCodePoints",
            "results": [
                {
                    "ruleId": r"CF\d\d\d",
                    "ruleIndex": int,
                    "level": r"none|note|warning|error",
                    "message": TEXT,
                    "locations": [{"physicalLocation": LOCATION}],
                    "relatedLocations?": [{"id": int, "physicalLocation": LOCATION, "message": TEXT}],
                    "fixes?": [
                        {
                            "description": TEXT,
                            "artifactChanges": [
                                {
                                    "artifactLocation": {"uri": URI},
                                    "replacements": [{"deletedRegion": REGION, "insertedContent": {"text": str}}],
                                }
                            ],
                        }
                    ],
                }
            ],
        }
    ],
}
"""What SARIF 2.1.0 (OASIS) asks of the parts that are used: names, required ones, types, enumerations and patterns."""


def test_json_has_the_shape_that_is_promised(run: Run, files: Path) -> None:
    data = json.loads(run("check", "--format", "json", *ALL).out)
    is_a(data, JSON)
    assert data["corefiles"] == 4
    assert [(f["path"], f["line"], f["first"]) for f in data["findings"]] == [
        ("bad one", 2, True),
        ("bad one", 4, False),
        ("warned", 2, False),
        ("cm.yaml", 6, True),
    ]
    schema = json.loads((Path(__file__).parents[2] / "docs" / "check.schema.json").read_text(encoding="utf-8"))
    finding = schema["properties"]["findings"]["items"]
    assert set(finding["required"]) == set(data["findings"][0]) == set(finding["properties"])
    assert set(schema["required"]) == set(data)


def test_sarif_is_sarif(run: Run, files: Path) -> None:
    done = run("check", "--format", "sarif", *ALL)
    log = json.loads(done.out)
    is_a(log, SARIF)
    (one,) = log["runs"]
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in one["results"])
    first = one["results"][0]["locations"][0]["physicalLocation"]
    assert first["artifactLocation"]["uri"] == "bad%20one"
    assert first["region"] == {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 14}
    assert done.code == 1
    is_a(json.loads(run("check", "--format", "sarif", "Corefile").out), SARIF)


def test_junit_is_junit(run: Run, files: Path) -> None:
    root = ET.fromstring(run("check", "--format", "junit", *ALL).out)
    assert root.tag == "testsuites"
    assert root.attrib == {"name": "corefile check", "tests": "5", "failures": "3", "errors": "0"}
    assert [suite.attrib["name"] for suite in root] == [
        "bad one",
        "warned",
        "cm.yaml (ConfigMap coredns, key Corefile)",
        "Corefile",
    ]
    for suite in root:
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == {"name", "tests", "failures", "errors", "skipped"}
        assert int(suite.attrib["tests"]) == len(suite)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
        for case in suite:
            assert case.tag == "testcase"
            assert {"classname", "name"} <= set(case.attrib)
            assert [x.tag for x in case] in (["failure"], ["system-out"], [])
    strict = ET.fromstring(run("check", "--strict", "--format", "junit", "warned").out)
    assert strict.attrib["failures"] == "1"


def test_gitlab_has_what_gitlab_asks_for(run: Run, files: Path) -> None:
    report = json.loads(run("check", "--format", "gitlab", *ALL).out)
    shape = {
        "description": str,
        "check_name": str,
        "fingerprint": r"[0-9a-f]{64}",
        "severity": r"info|minor|major|critical|blocker",
        "location": {"path": str, "lines": {"begin": int}},
    }
    is_a(report, [shape])
    marks = [one["fingerprint"] for one in report]
    assert len(set(marks)) == len(marks) == 4
    (files / "bad one").write_text("# a line more\n" + BROKEN, encoding="utf-8")
    moved = json.loads(run("check", "--format", "gitlab", *ALL).out)
    assert [one["fingerprint"] for one in moved] == marks
    assert json.loads(run("check", "--format", "gitlab", "Corefile").out) == []


def test_github_gets_commands_that_hold_nothing_else(run: Run, files: Path) -> None:
    lines = run("check", "--format", "github", *ALL).out.splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "::error file=bad one",
        "::error file=bad one",
        "::warning file=warned",
        "::error file=cm.yaml",
    ]
    assert "line=6,col=9,endLine=6,endColumn=18::CoreDNS 1.14.7 has no directive `prometeus`%0A" in lines[3]
    (files / "a,b::c").write_text(". {\n    \x1b]x%0A::error::y\n}\n", encoding="utf-8")
    (line,) = run("check", "--format", "github", "a,b::c").out.splitlines()
    assert line.startswith("::error file=a%2Cb%3A%3Ac,title=CF401 unknown-directive,line=2,")
    assert "\x1b" not in line
    assert "%250A" in line


def test_concise_is_one_line_for_each_finding(run: Run, files: Path) -> None:
    done = run("check", "--format", "concise", "cm.yaml", "warned", "Corefile")
    assert done.out == (
        "cm.yaml:6:9: error CF401 unknown-directive: CoreDNS 1.14.7 has no directive `prometeus`; did you mean "
        "`prometheus`? (CoreDNS stops here)\n"
        "warned:2:11: warning CF613 log-format-in-pieces: `{remote}` is taken for a zone: the format is the last word "
        'alone; write `"{remote} {name}"`\n'
    )


@pytest.mark.parametrize("form", ["full", "concise", "json", "github", "gitlab", "junit", "sarif"])
def test_every_form_says_the_same_with_its_exit_code(run: Run, files: Path, form: str) -> None:
    bad = run("check", "--format", form, "cm.yaml")
    assert (bad.code, bad.err) == (1, "")
    assert "prometeus" in bad.out
    assert run("check", "--format", form, "warned").code == 0
    assert run("check", "--format", form, "Corefile").code == 0
    assert run("check", "--format", form, "gone").code == 2


def test_exit_codes(run: Run, files: Path) -> None:
    assert run("check", "--exit-zero", "cm.yaml").code == 0
    assert run("check", "--strict", "warned").code == 1
    assert run("check", "--strict", "--ignore", "CF6", "warned").code == 0
    (files / "empty").mkdir()
    assert run("check", "empty").code == 2
    assert run("check", "--allow-none", "empty") == (0, "", "")


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ([], ["unknown-directive", "argument-count"]),
        (["--select", "CF401"], ["unknown-directive"]),
        (["--select", "unknown-directive"], ["unknown-directive"]),
        (["--select", "CF4", "--ignore", "CF401"], ["argument-count"]),
        (["--ignore", "CF4", "--select", "ALL,CF406"], ["argument-count"]),
        (["--select", "CF401", "--select=CF406"], ["unknown-directive", "argument-count"]),
        (["--ignore", "ALL"], []),
        (["--ignore", "CF4"], []),
        (["--per-file-ignores", "bad*:CF401"], ["argument-count"]),
        (["--per-file-ignores", "other:CF4"], ["unknown-directive", "argument-count"]),
    ],
)
def test_select_and_ignore(run: Run, files: Path, options: list[str], codes: list[str]) -> None:
    data = json.loads(run("check", "--format", "json", *options, "bad one").out)
    assert [f["code"] for f in data["findings"]] == codes


@pytest.mark.parametrize("how", ["--ignore", "noqa", "--select"])
def test_what_is_suppressed_does_not_make_coredns_start(run: Run, files: Path, how: str) -> None:
    """An error that goes unsaid is one still, for the last line and for the exit code."""
    text = f". {{\n    prometeus :9153{'  # noqa' * (how == 'noqa')}\n    forward . 10.0.0.53\n}}\n"
    (files / "x").write_text(text, encoding="utf-8")
    options = {"--ignore": ["--ignore", "CF401"], "--select": ["--select", "CF6"]}.get(how, [])
    last = "CoreDNS 1.14.7 would not start with it: 1 error is suppressed"
    assert run("check", *options, "x") == (1, f"{last}\n", "")
    assert run("check", *options, "--format", "concise", "x") == (1, "", f"corefile check: {last}\n")
    assert run("check", *options, "--exit-zero", "x").code == 0
    (files / "y").write_text(". {\n    forward . 10.0.0.53\n}\n", encoding="utf-8")
    assert "would not start with 1 of 2 Corefiles: 1 error is" in run("check", *options, "x", "y").out


def test_coredns_does_not_come_to_what_stands_behind_an_error_that_is_suppressed(run: Run, files: Path) -> None:
    text = ". {{\n    prometeus :9153{}\n    whoami x{}\n}}\n"
    (files / "x").write_text(text.format("  # noqa", ""), encoding="utf-8")
    done = run("check", "x")
    assert "Wrong argument" not in done.out
    assert done.out.splitlines()[-2:] == [
        "1 error in 1 Corefile",
        "CoreDNS 1.14.7 would not start with it: 1 error is suppressed",
    ]
    (files / "x").write_text(text.format("", "  # noqa"), encoding="utf-8")
    done = run("check", "x")
    assert "Unknown directive" in done.out
    assert done.out.splitlines()[-1] == "1 error in 1 Corefile"


def test_a_warning_that_is_suppressed_says_nothing_of_the_start(run: Run, files: Path) -> None:
    assert run("check", "--ignore", "CF6", "warned") == (0, "1 Corefile: nothing wrong for CoreDNS 1.14.7\n", "")


def test_what_is_too_large_is_no_error_of_coredns(run: Run, files: Path) -> None:
    done = run("check", "--limit", "words=5", "warned")
    assert done.code == 2
    assert done.out.splitlines()[-1] == "1 text too large to be read in 1 Corefile"
    many = ". {\n" + "    nonsense\n" * 20 + "}\n"
    (files / "many").write_text(many, encoding="utf-8")
    done = run("check", "--limit", "findings=5", "many")
    assert (done.code, done.out.splitlines()[-1]) == (1, "6 errors in 1 Corefile")


def test_a_code_that_is_none(run: Run, files: Path) -> None:
    done = run("check", "--select", "CF777", "Corefile")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("corefile check: `CF777` is the code of no finding")


def test_statistics(run: Run, files: Path) -> None:
    done = run("check", "--statistics", *ALL)
    assert done.out.splitlines()[:3] == [
        "2  CF401  error    unknown-directive",
        "1  CF406  error    argument-count",
        "1  CF613  warning  log-format-in-pieces",
    ]


def test_quiet_prints_findings_alone(run: Run, files: Path) -> None:
    assert run("check", "-q", "Corefile") == (0, "", "")
    assert run("check", "-q", "warned").out.count("\n") < run("check", "warned").out.count("\n")


# -- noqa ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("comment", "codes"),
    [
        ("# noqa", []),
        ("# noqa: CF613", []),
        ("# noqa: log-format-in-pieces", []),
        ("# because  # noqa: CF6", ["log-format-in-pieces"]),
        ("# NOQA:CF401,CF613", []),
        ("# NoQA: CF613", []),
        ("# noqa: CF401", ["log-format-in-pieces", "unused-noqa"]),
        ("# noqa: CF999", ["log-format-in-pieces", "unused-noqa"]),
        ("# no", ["log-format-in-pieces"]),
    ],
)
def test_a_comment_suppresses_findings_of_its_line(run: Run, files: Path, comment: str, codes: list[str]) -> None:
    (files / "x").write_text(WARNED.replace("{name}", f"{{name}}  {comment}"), encoding="utf-8")
    assert [f["code"] for f in json.loads(run("check", "--format", "json", "x").out)["findings"]] == codes


@pytest.mark.parametrize(
    ("comment", "count"), [("# corefile: noqa", 0), ("# corefile: noqa: CF4", 0), ("# corefile: noqa: CF406", 1)]
)
def test_a_comment_suppresses_findings_of_its_file(run: Run, files: Path, comment: str, count: int) -> None:
    (files / "x").write_text(f"{comment}\n{BROKEN}", encoding="utf-8")
    assert len(json.loads(run("check", "--format", "json", "x").out)["findings"]) == count


def test_a_comment_of_a_corefile_that_is_refused_may_be_for_what_is_found_later(run: Run, files: Path) -> None:
    """What rules find is not looked for there, so that no such comment can be said to suppress nothing."""
    text = ". {\n    log . {remote} {name}  # noqa: CF613\n    PLACE\n}\n"
    (files / "x").write_text(text.replace("PLACE", "prometeus :9153"), encoding="utf-8")
    assert [f["code"] for f in json.loads(run("check", "--format", "json", "x").out)["findings"]] == [
        "unknown-directive"
    ]
    (files / "x").write_text(text.replace("PLACE", "whoami"), encoding="utf-8")
    assert run("check", "--format", "json", "x").code == 0
    (files / "x").write_text(text.replace("PLACE", "whoam  # noqa: CF999"), encoding="utf-8")
    assert "there is no finding `CF999`" in run("check", "x").out


def test_add_noqa_has_nothing_to_say_about_comments(run: Run, files: Path) -> None:
    """A comment about a comment that suppresses nothing would be one more of them."""
    text = "# corefile: noqa: CF301\n. {\n    log . {remote} {name}\n    errors  # noqa\n    whoami\n}\n"
    (files / "x").write_text(text, encoding="utf-8")
    assert run("check", "--add-noqa", "x").out.startswith("1 line with a comment more")
    assert (files / "x").read_text(encoding="utf-8") == text.replace("{name}", "{name}  # noqa: CF613")


def test_noqa_inside_of_quotes_is_none(run: Run, files: Path) -> None:
    (files / "x").write_text('. {\n    log . "{remote} # noqa"\n    whoami x\n}\n', encoding="utf-8")
    assert [f["code"] for f in json.loads(run("check", "--format", "json", "x").out)["findings"]] == ["argument-count"]


def test_add_noqa_leaves_nothing_to_say(run: Run, files: Path) -> None:
    for name in ALL[:3]:
        done = run("check", "--add-noqa", name)
        assert (done.code, done.err) == (0, "")
        assert json.loads(run("check", "--format", "json", name).out)["findings"] == []
    assert "prometeus :9153  # noqa: CF401\n" in (files / "cm.yaml").read_text(encoding="utf-8")
    (files / "x.json").write_text('{"kind": "ConfigMap", "data": {"Corefile": ". {\\n  foo\\n}\\n"}}', encoding="utf-8")
    assert run("check", "--add-noqa", "x.json").out.splitlines()[1].startswith("1 finding left")


# -- settings -----------------------------------------------------------------------------------------------------------


def test_settings_are_those_of_the_nearest_file_upward(run: Run, files: Path) -> None:
    (files / "pyproject.toml").write_text('[tool.corefile]\nignore = ["CF4"]\n', encoding="utf-8")
    (files / "k8s").mkdir()
    (files / "k8s" / "Corefile").write_text(BROKEN, encoding="utf-8")
    assert "argument-count" not in run("check", "k8s").out
    assert "argument-count" in run("check", "--isolated", "k8s").out
    assert "argument-count" in run("check", "--ignore", "CF6", "k8s").out  # the command line counts more
    (files / "k8s" / "pyproject.toml").write_text("[project]\nname = 'corefile'\n", encoding="utf-8")
    assert "argument-count" not in run("check", "k8s").out  # says nothing of this tool
    (files / "k8s" / "corefile.toml").write_text(
        'release = "1.3.1"\nformat = "concise"\n[per-file-ignores]\n"Core*" = ["CF401"]\n', encoding="utf-8"
    )
    assert [line.split(": ")[1][:12] for line in run("check", "k8s").out.splitlines()] == ["error CF406 "]
    assert "CoreDNS 1.3.1" not in run("check", "--release", "1.14.7", "--format", "full", "k8s").out
    (files / "mine.toml").write_text("strict = true\n", encoding="utf-8")
    assert run("check", "--config", "mine.toml", "warned").code == 1


def test_paths_in_settings_begin_in_their_folder(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (files / "dns" / "zones").mkdir(parents=True)
    (files / "dns" / "zones" / "db").write_text("@ 60 SOA ns h 1 2 3 4 5\n", encoding="utf-8")
    (files / "dns" / "Corefile").write_text("example.org {\n    file /zones/db\n}\n", encoding="utf-8")
    (files / "dns" / "corefile.toml").write_text('strict = true\nfile = ["/zones=zones"]\n', encoding="utf-8")
    said = "1 Corefile: nothing wrong for CoreDNS 1.14.7\n"
    assert run("check", "dns") == run("check", "--config", "dns/corefile.toml", "dns") == (0, said, "")
    monkeypatch.chdir(files / "dns" / "zones")
    assert run("check", "..") == (0, said, "")


@pytest.mark.parametrize("name", [*LISTS, *TEXTS, *SWITCHES])
def test_every_setting_reaches_what_is_done(files: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """As its option does: a setting without effect is worse than none."""
    monkeypatch.chdir(files)
    value: Any = ["x=y"] if name in LISTS else True if name in SWITCHES else "json"
    (files / "corefile.toml").write_text(f"{name} = {json.dumps(value)}\n", encoding="utf-8")
    args = parser().parse_args([])
    args.paths = ["."]
    assert getattr(args, name.replace("-", "_")) in (None, [])
    _settings(args)
    assert getattr(args, name.replace("-", "_")) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ignroe = []", "there is no setting `ignroe`: did you mean `ignore`?"),
        ("ignore = 'CF4'", "`ignore` is a list of texts"),
        ("strict = 1", "`strict` is true or false"),
        ("release = 1.3", "`release` is a text in quotes"),
        ("per-file-ignores = []", "`per-file-ignores` is a table of lists"),
        ("x = ", "this is no TOML: "),
        ("format = 'xml'", "`format` is one of full, concise"),
        ("select = ['CF999']", "`CF999` is the code of no finding"),
    ],
)
def test_settings_that_are_wrong(run: Run, files: Path, text: str, words: str) -> None:
    (files / "corefile.toml").write_text(text + "\n", encoding="utf-8")
    done = run("check", "Corefile")
    assert (done.code, done.out) == (2, "")
    assert words in done.err


# -- releases -----------------------------------------------------------------------------------------------------------

DEPLOYMENT = """---
kind: Deployment
metadata: {name: coredns}
spec: {template: {spec: {containers: [{name: coredns, image: "registry.k8s.io/coredns/coredns:v1.3.1", env: [{name: UP, value: 10.0.0.1}]}]}}}
"""


def test_the_release_and_variables_are_those_of_the_deployment(run: Run, files: Path) -> None:
    text = MAP.replace("prometeus :9153", "proxy . {$UP}")
    (files / "all.yaml").write_text(text + DEPLOYMENT, encoding="utf-8")
    done = run("check", "all.yaml")
    assert done.out == (
        "1 Corefile: nothing wrong for CoreDNS 1.3.1\n"
        "release: that of the image registry.k8s.io/coredns/coredns:v1.3.1 in all.yaml (--release)\n"
    )
    assert "removed-directive" in run("check", "--release", "1.14.7", "all.yaml").out
    assert "removed-directive" in run("check", "--kubernetes-version", "1.31", "all.yaml").out
    assert run("check", "--kubernetes-version", "v1.14.9", "all.yaml").code == 0
    unknown = run("check", "--kubernetes-version", "v1.31.1-gke.100", "all.yaml")
    assert unknown.code == 2
    assert "--release says it" in unknown.err


def test_directives_of_ones_own_image(run: Run, files: Path) -> None:
    (files / "x").write_text(". {\n    dnsredir . {\n        to 10.0.0.1\n    }\n    forward . 10.0.0.1\n}\n", "utf-8")
    assert "if the image has it: --plugin dnsredir, which stands before `forward`" in run("check", "x").out
    done = run("check", "--plugin", "dnsredir:forward", "x")
    assert (done.code, "not-simulated" in done.out) == (0, True)
    (files / "plugin.cfg").write_text("# order\nerrors:errors\ndnsredir:example.com/x\nforward:forward\n", "utf-8")
    assert run("check", "--plugin-cfg", "plugin.cfg", "x").code == 0
    reader, writer = os.pipe()  # is read once, whatever is checked
    os.write(writer, (files / "plugin.cfg").read_bytes())
    os.close(writer)
    assert run("check", "--plugin-cfg", f"/dev/fd/{reader}", "x", "x").code == 0
    os.close(reader)
    assert run("check", "--plugin", "a:nope", "x").code == 2


def test_watch_checks_again_when_a_file_changes(run: Run, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    turns = iter(range(10))

    def pause(_: float) -> None:
        turn = next(turns)
        if turn == 0:
            (files / "warned").write_text(BROKEN + "\n", encoding="utf-8")
        if turn == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(_watch, "sleep", pause)
    done = run("check", "--watch", "--format", "concise", "warned")
    assert done.code == 1
    assert done.out.count("waiting for a change") == 2
    assert done.out.count("CF401") == 1


def test_every_number_is_selected_by_its_beginning() -> None:
    from corefile.lint.codes import matching

    for name, number in numbers().items():
        assert name in matching(number) & matching(number[:3]) & matching(name) & matching("ALL") & matching("CF")
