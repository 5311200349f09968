"""One mistake is one finding, the first is CoreDNS's, and what was read otherwise because of it goes unsaid."""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pytest

from corefile.findings import Finding
from corefile.lint import checks
from corefile.world import World

from .defaults import all_defaults
from .mutations import all_mutations

RECORDED = (Path(__file__).parents[1] / "data" / "mutations.txt").read_text(encoding="utf-8").split("\n")[:-1]
"""The last line of CoreDNS 1.14.7 for each mutation that it refuses, in their order."""


def refused() -> list[tuple[str, list[Finding]]]:
    defaults = all_defaults()
    out = []
    for name, kind, text in all_mutations():
        found = checks(text, world=World(files=defaults[name].beside))
        if any(f.severity == "error" for f in found):
            out.append((f"{kind} in {name}", found))
    return out


def test_a_mistake_in_a_usual_corefile_is_one_finding_and_the_one_that_coredns_stops_at() -> None:
    mutated = refused()
    assert len(mutated) == len(RECORDED) >= 500
    counts = [len(found) for _, found in mutated]
    assert median(counts) == 1
    assert max(counts) <= 3
    assert sum(counts) <= 1.05 * len(counts)
    for (what, found), line in zip(mutated, RECORDED, strict=True):
        first = next(f for f in found if f.severity == "error")
        said = first.coredns.rstrip("'\n").split("\n")[-1].strip() if "quote" in what else first.coredns
        assert said in line or line.strip("'") == "" or line in first.coredns, what


def found(text: str, **world: object) -> list[tuple[str, int]]:
    return [(f.code, f.span.line if f.span else 0) for f in checks(text, world=World(**world))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        # below a lost `}` nothing is known; above it other mistakes are
        (
            ".:53 {\n errorz\n forward . 10.0.0.1 {\n max_fails 1\n cache 30\n loop x\n}\n",
            [("unknown-directive", 2), ("unknown-property", 5)],
        ),
        (".:53 {\n forward . 10.0.0.1 {\n max_fails 1\n cache 30\n loop x\n}\n", [("unknown-property", 4)]),
        # below a quote that is closed by another one
        ('. {\n log . "{remote}\n errors\n log . "x"\n whoami y\n}\n', [("argument-count", 5)]),
        # two mistakes are two
        (". {\n errorz\n whoamy\n}\n", [("unknown-directive", 2), ("unknown-directive", 3)]),
        # a lost `{`
        (". {\n cache 30\n success 10\n denial 10\n }\n whoami\n}\n", [("unknown-directive", 3)]),
        # a `}` too many
        (". {\n errors\n }\n cache 30 {\n success 10\n denial 10\n}\n whoami\n}\n", [("unknown-directive", 5)]),
    ],
)
def test_what_follows_from_a_brace_or_a_quote_goes_unsaid(text: str, codes: list[tuple[str, int]]) -> None:
    assert found(text) == codes


def test_an_import_of_files_that_clusters_mount_may_be_empty() -> None:
    assert found(". {\n import custom/*.override\n whoami\n}\n") == []
    assert found(". {\n import /etc/coredns/custom/*.override\n whoami\n}\n") == []
    assert found(". {\n import parts/*.conf\n whoami\n}\n") == [("import-without-match", 2)]
    assert [f.severity for f in checks(". {\n import parts/*.conf\n whoami\n}\n")] == ["notice"]
    there = World(files={"custom/README": "x", "parts/x": ""})
    text = ". {{\n import {0}custom/*.override\n import parts/*.conf\n whoami\n}}\nimport {0}custom/*.server\n"
    for folder in ("", "/etc/coredns/"):
        (one,) = checks(text.format(folder), world=there)
        assert (one.code, one.severity, one.span and one.span.text) == (
            "import-without-match",
            "warning",
            "parts/*.conf",
        )
    assert checks(". {\n import parts/*.override\n whoami\n}\nimport parts/*.server\n", world=there) == []


def test_a_file_that_several_directives_name_is_said_once() -> None:
    text = "a.b {\n file db a.b\n}\nc.d {\n file db c.d\n}\n"
    (one,) = checks(text)
    assert (one.code, [words for _, words in one.related]) == ("missing-file", ["named here, too"])


@pytest.mark.parametrize(
    ("lines", "hint"),
    [
        # a slip or two of the pen
        ("chache 30", "did you mean `cache`?"),
        ("fowrard . 10.0.0.1", "did you mean `forward`?"),
        ("dnssek {\n key file x\n }", "did you mean `dnssec`?"),
        ("dnssek", "did you mean `dnssec`?"),
        ("metrics :9153", "did you mean `prometheus`?"),  # the plugin's name, which is not its directive's
        # words of somebody else, however like one of CoreDNS's
        ("crossans", 'if the image has it: plugins=["crossans:forward"], before `forward`'),
        ("tarcoos x", 'if the image has it: plugins=["tarcoos:forward"], before `forward`'),
        ("my-own", 'if the image has it: plugins=["my-own:forward"], before `forward`'),
        ("dnsseek {\n network x\n }", 'if the image has it: plugins=["dnsseek:forward"], before `forward`'),
        (
            "dnssrc x {\n to 10.0.0.1\n expire 30s\n }",
            'if the image has it: plugins=["dnssrc:forward"], before `forward`',
        ),
        ("hots {\n 10.0.0.1 a.example\n }", "did you mean `hosts`?"),
        ("pdsql x", 'if the image has it: plugins=["pdsql:forward"], before `forward`'),
        # properties
        ("fallthrough", "`fallthrough` is a property: it stands in the braces of a directive, such as `hosts`"),
        (
            "hosts {\n }\n no_reverse",
            "`no_reverse` is a property of `hosts`: it stands in the braces of that directive",
        ),
    ],
)
def test_an_unknown_directive_is_a_slip_or_another_plugin_or_a_property(lines: str, hint: str) -> None:
    findings = checks(f". {{\n errors\n {lines}\n}}\n")
    assert [f.hint for f in findings if f.code == "unknown-directive"] == [hint]


def test_a_plugin_that_the_image_may_have_is_said_once() -> None:
    (one,) = checks(". {\n mine a\n mine b\n}\na.b {\n mine\n}\n")
    assert [(span.line, words) for span, words in one.related] == [(3, "used here, too"), (6, "used here, too")]
    assert len(checks(". {\n chache\n chache\n}\n")) == 2


def test_an_unset_variable_that_stands_for_other_errors_stays_one() -> None:
    """The kind: what is left out because of a first mistake must not be lost where that mistake becomes a notice."""
    text = ". {\n rewrite foo\n {$KEY} common\n rewrite {\n}\nelm.example {\n whoami\n }\n}\n"
    assert [f.code for f in checks(text) if f.severity == "error"] == ["environment-unset"]
    assert not [f for f in checks(". {\n {$KEY}\n whoami\n}\n") if f.severity == "error"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (".:53 { errors forward . 10.0.0.53 }", "closing-brace"),
        (".:53 { forward . 10.0.0.53 }\n", "closing-brace"),
        (".:53 { whoam; errors }\na.test {\n    whoami\n}\n", "unknown-directive"),
    ],
)
def test_a_block_on_one_line_is_one_mistake(text: str, code: str) -> None:
    assert [f.code for f in checks(text) if f.severity == "error"] == [code]


def test_braces_in_the_braces_of_a_directive_that_has_none_are_one_mistake() -> None:
    """What stands behind them is read as further properties, and as directives."""
    text = "tls://. {\n tls {\n  acme {\n   domain a.test\n  }\n }\n whoami\n}\n"
    assert len([f for f in checks(text) if f.severity == "error"]) <= 3


def test_a_block_that_lacks_something_is_no_sign_of_a_missing_brace() -> None:
    """What a block lacks stands at its directive, not at its `}`, which would be taken for one too many."""
    found = checks(". {\n header {\n }\n forward . 10.0.0\n}\n")
    assert [f.message.partition(":")[0] for f in found] == ["header", "forward"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("a. {\n forward\n}\nb. {\n forward\n}\n", [("argument-count", 2), ("argument-count", 5)]),
        (
            "a. {\n forward\n}\nb. {\n forward . 192.0.2.1 {\n  max_fails x\n }\n}\n",
            [("argument-count", 2), ("invalid-argument", 6)],
        ),
        (
            ". {\n forward\n cache {\n  success foo\n }\n}\n",
            [("invalid-argument", 4), ("argument-count", 2)],
        ),
        (". {\n template\n hosts {\n  ttl x\n }\n}\n", [("argument-count", 2), ("invalid-argument", 4)]),
        # a property whose name is a directive's, too: without its arguments, and of another release
        (". {\n kubernetes {\n  tls\n  ttl x\n }\n}\n", [("argument-count", 3), ("invalid-argument", 4)]),
        (
            ". {\n file db.example example. {\n  transfer to *\n }\n forward . 192.0.2.1 {\n  max_fails x\n }\n}\n",
            [("removed-property", 3), ("invalid-argument", 6)],
        ),
        # a property that the directive has with other arguments
        (
            ". {\n loadbalance round_robin {\n  reload 3\n }\n cache {\n  success foo\n }\n}\n",
            [("unknown-property", 3), ("invalid-argument", 6)],
        ),
        # a `{` in the place of an argument
        (
            ". {\n forward {\n  max_fails 2\n  expire x\n }\n cache {\n  success foo\n }\n}\n",
            [("invalid-argument", 7), ("argument-count", 2)],
        ),
    ],
)
def test_a_directive_at_fault_itself_is_no_sign_of_a_missing_brace(text: str, codes: list[tuple[str, int]]) -> None:
    """The name of a directive shows that a brace is missing only where a property of another directive should stand."""
    assert [pair for pair in found(text) if pair[0] not in ("name-not-known", "missing-file")] == codes
