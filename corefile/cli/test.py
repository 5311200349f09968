"""`corefile test`: run resolution tests."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from ..findings.layout import Line, line
from ._inputs import Parser, WrongUse, add_common, add_reading, assumed_words, fail, limits_of, within_of
from ._terminal import say, show, show_findings, show_json

EXAMPLES = """
corefile test dns.yaml
corefile test tests/dns/
corefile test --format json dns.yaml
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser(
        "test",
        "[options] PATH...",
        "Run resolution tests: YAML files with a Corefile, the world around it, "
        "and what is expected of each query.\nThe exit code is 1 where one fails. The format is described in "
        "docs/testing.md.",
        EXAMPLES,
    )
    p.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a test file, or a folder: dns.yaml, *.dns.yaml, and YAML with a test's keys",
    )
    p.add_argument("--no-trace", action="store_true", help="leave out the traces of failing steps")
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
    except WrongUse as e:
        fail(p, e)
    missing = [path for path in args.paths if not os.path.exists(path)]
    files = files_in(args.paths)
    if missing or not files:
        p.exit(
            2,
            f"{p.prog}: {f'{missing[0]}: No such file or directory' if missing else 'no test files in '}"
            f"{'' if missing else ', '.join(args.paths)}\n",
        )
    from ..testing.cases import as_json, run

    results = []
    for path in files:
        results.append(run(path, within, limits))
        if args.format == "text":
            show_failures(results[-1], trace=not args.no_trace)
            sys.stdout.flush()
    failed = sum(not r["passed"] for r in results)
    if args.format == "json":
        counts = {"passed": len(files) - failed, "failed": failed}
        show_json({"files": [as_json(r) for r in results], **counts}, indent=None)
    else:
        show(summary(results))
    return 1 if failed else 0


def summary(results: list[dict[str, Any]]) -> list[Line]:
    """How many steps failed, and how many files as a whole."""
    steps = [s for r in results for s in r["steps"]]
    bad = sum(not s["passed"] for s in steps)
    broken = sum(bool(r["problem"]) and not r["passed"] for r in results)
    out = []
    if bad:
        out.append(line("", f"{bad} of {_count(len(steps), 'step')} failed", "error"))
    if broken:
        out.append(
            line("", f"{broken} of {_count(len(results), 'file')} could not run or did not start as expected", "error")
        )
    if not out:
        out.append(line("", f"{_count(len(steps), 'step')} in {_count(len(results), 'file')} passed", "good"))
    return out


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def show_failures(result: dict[str, Any], *, trace: bool) -> None:
    """Print what failed in one file."""
    from ..testing.show import between, failure, problem

    if result["problem"] and not result["passed"]:
        show(problem(result))
        if result["findings"]:
            show_findings(result["findings"])
        say("")
    left_out = [f.span.text for f in result["notices"] if f.span is not None]
    if left_out:
        words = f"not simulated, so answers may differ from CoreDNS's: {', '.join(dict.fromkeys(left_out))}"
        show([line(f"{result['path']}  ", words, "warning")])
    for step in result["steps"]:
        if not step["passed"]:
            show([*failure(result, step, trace=trace), line("")], width=118)
    show(between(result), width=118)
    words = assumed_words(result["assumed"], file="files:", cluster="cluster:")
    if words and not result["passed"]:
        say(f"{result['path']}  assumed: {words}")
        say("")
