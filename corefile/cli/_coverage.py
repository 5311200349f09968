"""`corefile test --coverage`: what tests have exercised of their Corefiles."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from ..findings.layout import line
from ._inputs import WrongUse
from ._terminal import complain, show


def add_coverage(parser: argparse.ArgumentParser) -> None:
    """The options."""
    group = parser.add_argument_group("coverage")
    group.add_argument(
        "--coverage",
        action="store_true",
        help="show which parts of the Corefiles the tests have exercised (of those that are files, where some are)",
    )
    group.add_argument("--coverage-html", metavar="FILE", help="write it as a page with the Corefiles")
    group.add_argument("--coverage-json", metavar="FILE", help="write it as JSON")
    group.add_argument("--coverage-min", metavar="PERCENT", help="exit code 1 where less than PERCENT was exercised")


def is_wanted(args: Any) -> bool:
    """Whether an option for coverage is given. Raises WrongUse where they do not fit."""
    if args.coverage_min is not None:
        args.coverage_min = _percentage(args.coverage_min)
    wanted = bool(args.coverage or args.coverage_html or args.coverage_json or args.coverage_min is not None)
    if args.coverage and args.format == "json":
        raise WrongUse("--coverage prints a table; beside --format json, --coverage-json FILE writes it")
    if wanted and (args.update or args.diff):
        raise WrongUse("--update and --diff go without coverage")
    return wanted


def _percentage(text: str) -> float:
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 100:
        raise WrongUse(f"--coverage-min takes a number from 0 to 100, not {text}")
    return number


def measured(run: Callable[[], int], args: Any) -> int:
    """Run tests in this process, measure, and report; the exit code."""
    from ..testing.coverage import Coverage

    with Coverage() as coverage:
        code = run()
    report = coverage.report(only_files=True)
    try:
        report.write(html=args.coverage_html, json=args.coverage_json)
    except OSError as e:
        complain(f"corefile test: {e.filename}: {e.strerror}")
        return 2
    if args.coverage:
        show([line(""), *report.lines()])
    if args.coverage_min is None or report.percent >= args.coverage_min:
        return code
    if args.format == "text":
        show([line("", f"{report.percent:.1f} % is less than --coverage-min {args.coverage_min:g}", "error")])
    return code or 1


__all__ = ["add_coverage", "is_wanted", "measured"]
