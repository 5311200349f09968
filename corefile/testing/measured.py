"""pytest's options `--corefile-coverage...`: what the tests have exercised of the Corefiles, with xdist too."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .coverage import Coverage, Report

COVERAGE: pytest.StashKey[Coverage] = pytest.StashKey()
REPORTS: pytest.StashKey[list[Report]] = pytest.StashKey()
OF_FILES: pytest.StashKey[dict[str, Report]] = pytest.StashKey()
UNWRITTEN: pytest.StashKey[list[str]] = pytest.StashKey()
WORKERS_KEY = "corefile_coverage"
FILES = ("--corefile-coverage-html", "--corefile-coverage-json")
"""Options that name a file. Its folder is made, as that of pytest's own `--junit-xml`."""


def add_options(parser: pytest.Parser) -> None:
    """The options of the command line."""
    group = parser.getgroup("corefile", "coverage of Corefiles")
    group.addoption(
        "--corefile-coverage",
        action="store_true",
        help="show which parts of the Corefiles the tests have exercised (of those that are files, where some are)",
    )
    group.addoption("--corefile-coverage-html", metavar="FILE", help="write it as a page with the Corefiles")
    group.addoption("--corefile-coverage-json", metavar="FILE", help="write it as JSON")
    group.addoption(
        "--corefile-coverage-min",
        metavar="PERCENT",
        type=_share,
        help="fail where less than PERCENT of the parts were exercised",
    )


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise pytest.UsageError(f"--corefile-coverage-min takes a number from 0 to 100, not {text}")
    return share


def wanted(config: pytest.Config) -> bool:
    """Whether to measure."""
    names = ("", "-html", "-json", "-min")
    return any(config.getoption(f"--corefile-coverage{name}") not in (None, False) for name in names)


def start(config: pytest.Config) -> None:
    """Measure from now on, if it is asked for. Raises pytest.UsageError for a file that cannot be written."""
    if wanted(config):
        for option in FILES:
            why = _unwritable(config.getoption(option))
            if why:
                raise pytest.UsageError(f"{option}={config.getoption(option)}: {why}")
        from .coverage import Coverage

        config.stash[REPORTS] = []
        config.stash[OF_FILES] = {}
        config.stash[COVERAGE] = coverage = Coverage()
        coverage.start()


def _unwritable(path: str | None) -> str:
    """Why a file cannot be written; '' where it can be, or where there is none to write."""
    if not path:
        return ""
    if os.path.isdir(path):
        return "it is a folder"
    folder = os.path.dirname(os.path.abspath(path))
    while not os.path.lexists(folder):
        folder = os.path.dirname(folder)
    if not os.path.isdir(folder):
        return f"{folder} is no folder"
    at = path if os.path.exists(path) else folder
    return "" if os.access(at, os.W_OK) else f"{at} cannot be written"


def of_file(config: pytest.Config, path: str) -> AbstractContextManager[None]:
    """Meanwhile a test file is run."""
    coverage = config.stash.get(COVERAGE, None)
    return nullcontext() if coverage is None else coverage.apart(path)


def stop(config: pytest.Config) -> None:
    """Measure no more."""
    coverage = config.stash.get(COVERAGE, None)
    if coverage is not None:
        coverage.stop()


def finish(session: pytest.Session) -> None:
    """Put the reports together, and fail where it is too little. A worker of xdist hands its own on."""
    config = session.config
    coverage = config.stash.get(COVERAGE, None)
    if coverage is None:
        return
    coverage.stop()
    worker: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if worker is not None:
        rest, files = coverage.split(only_files=True)
        worker[WORKERS_KEY] = {"rest": rest.to_json(), "files": {path: one.to_json() for path, one in files.items()}}
        return
    report = (
        coverage.report(only_files=True).merged(*config.stash[REPORTS], *config.stash[OF_FILES].values()).only_files()
    )
    config.stash[REPORTS] = [report]
    config.stash[UNWRITTEN] = wrong = _written(config, report)
    if (wrong or _too_little(config, report)) and session.exitstatus in (
        pytest.ExitCode.OK,
        pytest.ExitCode.NO_TESTS_COLLECTED,
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _written(config: pytest.Config, report: Report) -> list[str]:
    """Write the files; why some could not be written, which must not hide what the tests have found."""
    wrong = []
    for option, what in zip(FILES, ("html", "json"), strict=True):
        path = config.getoption(option)
        try:
            if path:
                os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
                report.write(**{what: path})
        except OSError as e:
            wrong.append(f"{option}={path}: {e.strerror}")
    return wrong


def take(config: pytest.Config, node: Any) -> None:
    """Take the report of a worker. Each runs all of a test file of which it has a step, which counts once."""
    from .coverage import Report

    data = getattr(node, "workeroutput", {}).get(WORKERS_KEY)
    if data is not None and REPORTS in config.stash:
        config.stash[REPORTS].append(Report.from_json(data["rest"]))
        for path, one in data["files"].items():
            config.stash[OF_FILES].setdefault(path, Report.from_json(one))


def show(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table."""
    reports = config.stash.get(REPORTS, [])
    if not reports:
        return
    from ..findings.layout import plain

    report = reports[0]
    terminal.section("coverage of Corefiles")
    terminal.write_line(plain(report.lines()))
    for words in config.stash.get(UNWRITTEN, []):
        terminal.write_line(f"ERROR: {words}", red=True)
    if _too_little(config, report):
        least = config.getoption("--corefile-coverage-min")
        terminal.write_line(f"ERROR: {report.percent:.1f} % is less than --corefile-coverage-min={least:g}", red=True)


def _too_little(config: pytest.Config, report: Report) -> bool:
    least = config.getoption("--corefile-coverage-min")
    return least is not None and report.percent < float(least)
