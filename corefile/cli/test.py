"""`corefile test`: run resolution tests."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from typing import TYPE_CHECKING, Any

from ..findings.layout import Line, line
from ..light import NamedTuple
from ._coverage import add_coverage, is_wanted, measured
from ._inputs import (
    Parser,
    WrongUse,
    add_common,
    add_reading,
    add_release,
    assumed_words,
    fail,
    limits_of,
    processes,
    within_of,
)
from ._terminal import complain, say, show, show_json

if TYPE_CHECKING:
    from ..findings import Limits
    from ..findings.layout import Style

EXAMPLES = """
corefile test dns.yaml
corefile test tests/dns/ --run shop --junit dns.xml
corefile test --update --diff dns.yaml
corefile test --init coredns.yaml --cluster cluster.yaml
corefile test --against ./coredns dns.yaml
"""

FEW = 40
"""Files below which no further process is started."""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "test",
        "[options] [PATH...]",
        "Run resolution tests: YAML files with a Corefile, the world around it, "
        "and what is expected of each query.\nThe exit code is 1 where one fails. The format is described in "
        "docs/testing.md.",
        EXAMPLES,
    )
    p.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="a test file, or a folder: dns.yaml, *.dns.yaml, and YAML with a test's keys (default: .)",
    )
    group = p.add_argument_group("which tests")
    group.add_argument(
        "--run",
        metavar="REGEX",
        help="compare only steps whose path, `about` or words this finds something in; the others happen all the same",
    )
    group.add_argument(
        "--against",
        metavar="BINARY",
        help="run the tests on this CoreDNS, too, in a network of its own, and say where it answers otherwise",
    )
    group = p.add_argument_group("writing tests")
    group.add_argument("--update", action="store_true", help="write what was answered into the tests, for review")
    group.add_argument("--diff", action="store_true", help="print what --update would write, and write nothing")
    group.add_argument(
        "--init",
        metavar="COREFILE",
        nargs="?",
        const=".",
        help="write a first test of a Corefile, ConfigMap or folder (default: .) to dns.yaml beside it",
    )
    group.add_argument("--cluster", metavar="FILE", help="with --init: the objects of its cluster")
    group.add_argument("--output", metavar="FILE", help="with --init: where to write it; - for standard output")
    add_release(group)
    p.add_argument("--no-trace", action="store_true", help="leave out the traces of failing steps")
    p.add_argument("-q", "--quiet", action="store_true", help="no line for each file")
    p.add_argument("--junit", metavar="FILE", help="write the results as JUnit's XML, too")
    p.add_argument(
        "--jobs", type=processes, metavar="N", help="processes that run many files (default: one for each core)"
    )
    add_coverage(p)
    add_common(p)
    add_reading(p)
    return p


def files_in(paths: list[str]) -> list[str]:
    """The test files that paths stand for. Of a folder those that are tests: ConfigMaps, clusters and zones may lie beside
    them."""
    from ..testing.collect import in_folder

    return [file for path in paths for file in (in_folder(path) if os.path.isdir(path) else (path,))]


def main(argv: list[str]) -> int:
    """Run the verb."""
    p = parser()
    args = p.parse_args(argv)
    try:
        within, limits = within_of(args), limits_of(args)
        chosen = _expression(args.run)
        if args.init is not None:
            return _init(args, within, limits)
        if args.cluster or args.output:
            raise WrongUse("--cluster and --output go with --init")
        if args.update and args.run:
            raise WrongUse("--update and --run do not go together: what was not compared would be left as it is")
        measures = is_wanted(args)
    except WrongUse as e:
        fail(p, e)
    args.paths = args.paths or ["."]
    missing = [path for path in args.paths if not os.path.exists(path)]
    files = files_in(args.paths)
    if missing or not files:
        p.exit(2, f"{p.prog}: {f'{missing[0]}: No such file or directory' if missing else _none_in(args.paths)}\n")
    try:
        if args.against is not None:
            from ._against import against

            return against(args.against, files, args, within, limits, chosen)
        if args.update or args.diff:
            return _update(files, within, limits, write=args.update and not args.diff)
        if measures:
            args.jobs = 1
            return measured(lambda: _run(files, args, within, limits, chosen), args)
        return _run(files, args, within, limits, chosen)
    except WrongUse as e:
        fail(p, e)


def _none_in(paths: list[str]) -> str:
    """What to do where no path has a test."""
    return (
        f"no test files in {', '.join(paths)}: a test is dns.yaml, *.dns.yaml, or YAML with `corefile` and `names`, `steps` or "
        "`error`; `corefile test --init COREFILE` writes a first one"
    )


def _expression(text: str | None) -> re.Pattern[str] | None:
    try:
        return None if text is None else re.compile(text)
    except re.error as e:
        raise WrongUse(f"--run {text}: not a regular expression: {e}") from None


class Outcome(NamedTuple):
    """What is left of a file's result where it was run in a process of its own. broken: it could not run, or not pass as a
    whole."""

    path: str
    passed: bool
    broken: bool
    steps: int
    bad: int
    shown: list[Line]
    json: dict[str, Any]
    suite: str


def _run(files: list[str], args: Any, within: str | None, limits: Limits, chosen: re.Pattern[str] | None) -> int:
    """Run the files and say how it went; the exit code."""
    from ..testing.cases import as_json, run
    from ..testing.junit import document, suite
    from ._parallel import each

    def one(path: str) -> Outcome:
        began = time.perf_counter()
        result = run(path, within, limits, chosen)
        steps = [s for s in result["steps"] if not s["skipped"]]
        return Outcome(
            path,
            result["passed"],
            bool(result["problem"]) and not result["passed"],
            len(steps),
            sum(not s["passed"] for s in steps),
            lines_of(result, trace=not args.no_trace) if args.format == "text" else [],
            as_json(result) if args.format == "json" else {},
            suite(result, time.perf_counter() - began) if args.junit else "",
        )

    outcomes: list[Outcome] = []
    width = min(max(map(len, files)), 60)
    for outcome in each(one, files, args.jobs, FEW, 8, bar=args.quiet or args.format == "json"):
        if chosen is not None and not outcome.steps and not outcome.broken:
            continue
        outcomes.append(outcome)
        show(outcome.shown, width=118)
        if args.format == "text" and len(files) > 1 and not args.quiet:
            show([_file_line(outcome, width)])
        sys.stdout.flush()
    failed = sum(not o.passed for o in outcomes)
    steps, bad, broken = (
        (sum(numbers) for numbers in zip(*((o.steps, o.bad, o.broken) for o in outcomes), strict=True))
        if outcomes
        else (0, 0, 0)
    )
    if args.junit:
        suites = [o.suite for o in outcomes]
        alone = sum(o.broken or not o.steps for o in outcomes)
        _write(args.junit, document(suites, steps + alone, bad, broken))
    if args.format == "json":
        counts = {"passed": len(outcomes) - failed, "failed": failed}
        show_json({"files": [o.json for o in outcomes], **counts}, indent=None)
    elif not outcomes:
        complain(f"corefile test: --run {args.run}: no step has this in its path, its `about` or its words")
    else:
        show(summary(steps, bad, len(outcomes), broken))
    return 2 if not outcomes else 1 if failed else 0


def _file_line(outcome: Outcome, width: int) -> Line:
    head = f"{outcome.path:<{width}}  "
    if outcome.broken:
        return line(head, "could not run, or did not start as expected", "error")
    if outcome.bad:
        return line(head, f"{outcome.bad} of {_count(outcome.steps, 'step')} failed", "error")
    return line(head, f"{_count(outcome.steps, 'step')} passed" if outcome.steps else "refused as expected", "good")


def summary(steps: int, bad: int, files: int, broken: int) -> list[Line]:
    """How many steps failed, and how many files as a whole."""
    out = []
    if bad:
        out.append(line("", f"{bad} of {_count(steps, 'step')} failed", "error"))
    if broken:
        out.append(line("", f"{broken} of {_count(files, 'file')} could not run or did not start as expected", "error"))
    if not out:
        among = f"{_count(steps, 'step')} in {_count(files, 'file')} passed"
        out.append(line("", among if steps else f"{_count(files, 'file')} passed: refused as expected", "good"))
    return out


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def lines_of(result: dict[str, Any], *, trace: bool) -> list[Line]:
    """What failed in one file, and what else there is to say of it."""
    from ..findings.report import WIDE, report
    from ..testing.show import between, failure, problem
    from ._terminal import columns_of

    out: list[Line] = []
    if result["problem"] and not result["passed"]:
        out += problem(result)
        if result["findings"]:
            out += report(result["findings"], width=columns_of(sys.stdout) or WIDE)
        out.append(line(""))
    left_out = [f.directive for f in result["notices"] if f.span is not None]
    if left_out:
        words = f"not simulated, so answers may differ from CoreDNS's: {', '.join(dict.fromkeys(left_out))}"
        out.append(line(f"{result['path']}  ", words, "warning"))
    for step in result["steps"]:
        if not step["passed"]:
            out += [*failure(result, step, trace=trace), line("")]
    out += between(result)
    words = assumed_words(result["assumed"], file="files:", cluster="cluster:")
    if not result["passed"]:
        out += [line(f"{result['path']}  ", f"{f.message} ({f.hint})", "warning") for f in result["elsewhere"]]
    if words and not result["passed"]:
        out += [line(f"{result['path']}  assumed: {words}"), line("")]
    return out


def _update(files: list[str], within: str | None, limits: Limits, *, write: bool) -> int:
    """Write what was answered into the tests, or show what would be written; the exit code."""
    from difflib import unified_diff

    from ..testing.cases import Case, run, run_all
    from ..testing.format import BadTest, place_of, text_of
    from ..testing.show import at, problem
    from ..testing.update import updated

    total, left = 0, 0
    for path in files:
        result = run(path, within, limits)
        if result["problem"] and not result["passed"] and not _can_update(result):
            show([*problem(result), line("")])
            left += 1
            continue
        text = text_of(path)
        new = updated(text, result)
        for keys, why in new.left:
            show([line(f"{at({'path': path, 'place': place_of(path, keys)})}  ", f"not written: {why}", "warning")])
        left += len(new.left)
        if new.text == text:
            continue
        try:
            after = run_all(Case.in_text(path, new.text, within, limits))
        except BadTest as e:
            after = {"passed": False, "problem": str(e), "steps": []}
        if sum(not s["passed"] for s in after["steps"]) > len(new.left) or (after["problem"] and not after["passed"]):
            show([line(f"{path}  ", "not written: the test would not pass with it; please report this", "error")])
            left += 1
            continue
        total += new.number
        if not write:
            rows = unified_diff(text.splitlines(), new.text.splitlines(), path, path, lineterm="")
            styles: dict[str, Style] = {"+": "good", "-": "error", "@": "dim"}
            show([line("", row, styles.get(row[:1], "")) for row in rows])
            continue
        _write(path, new.text)
        say(f"{path}  {_count(new.number, 'expectation')} written")
    if not total and not left:
        say("nothing to write: what was answered is what is expected")
    return 1 if left or (total and not write) else 0


def _write(path: str, text: str) -> None:
    """Write a file, with the ends of lines that the text has. Raises WrongUse."""
    try:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as e:
        raise WrongUse(f"{path}: {e.strerror}") from None


def _can_update(result: dict[str, Any]) -> bool:
    """Whether it is the `error` that is expected otherwise."""
    return result["error"] is not None and result["place"] is not None and bool(result["findings"])


def _init(args: Any, within: str | None, limits: Limits) -> int:
    """Write a first test; the exit code."""
    from ..findings import CorefileError
    from ..testing.format import BadTest
    from ..testing.start import first_test
    from ._inputs import release_of
    from ._terminal import show_findings

    if args.paths:
        raise WrongUse("--init takes no tests, but one Corefile: corefile test --init coredns.yaml")
    for path in filter(None, (args.init, args.cluster)):
        if not os.path.exists(path):
            raise WrongUse(f"{path}: No such file or directory")
    folder = args.init if os.path.isdir(args.init) else os.path.dirname(args.init) or "."
    target = args.output or os.path.join(folder, "dns.yaml")
    if target != "-" and os.path.exists(target):
        raise WrongUse(f"{target} is there already; --output FILE writes to another place")
    if target != "-":
        folder = os.path.dirname(target) or "."
    try:
        text = first_test(args.init, args.cluster, release_of(args.release), folder, within, limits)
    except BadTest as e:
        raise WrongUse(str(e)) from None
    except CorefileError as e:
        show_findings(list(e.findings))
        return 1
    if target == "-":
        say(*text.splitlines())
        return 0
    _write(target, text)
    say(f"{os.path.normpath(target)} is written; `corefile test {os.path.normpath(target)}` runs it")
    return 0
