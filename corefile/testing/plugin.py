"""pytest's plugin: files named `dns.yaml` or `*.dns.yaml` are resolution tests, one item per step; fixtures for tests in
Python; coverage of the Corefiles that tests are about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from . import fixtures, measured
from .fixtures import corefile_server, world

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

STEPS = "resolution: a step of a resolution test, each of which has this marker."


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plugin's options."""
    fixtures.add_options(parser)
    measured.add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers, and begin to measure."""
    for marker in (fixtures.SHORT, STEPS):
        config.addinivalue_line("markers", marker)
    measured.start(config)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Put together what was measured."""
    measured.finish(session)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of xdist has measured."""
    measured.take(node.config, node)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Show what was measured."""
    measured.show(terminalreporter, config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Measure no more."""
    measured.stop(config)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect `dns.yaml` and `*.dns.yaml` (or `.yml`)."""
    from .collect import is_named_so

    if is_named_so(file_path.name):
        collector: pytest.Collector = ResolutionFile.from_parent(parent, path=file_path)
        return collector
    return None


class ResolutionFile(pytest.File):
    """One test file. Its steps run in order, once, on the first one that is asked for."""

    result: dict[str, Any] | None = None

    def collect(self) -> Iterator[pytest.Item]:
        """One item per step, and one for a Corefile that has to be refused."""
        from .cases import Case
        from .format import BadTest

        try:
            steps = [(step, c.variant.label) for c in Case.runs(str(self.path)) for step in c.steps]
        except BadTest:
            steps = []
        for number, (step, run) in enumerate(steps):
            name = f"{number + 1}: {step.what}{f' [{run}]' if run else ''}"
            yield ResolutionStep.from_parent(self, name=name, keys=step.keys, run=run)
        if not steps:
            yield ResolutionStep.from_parent(self, name="1: starts")

    def outcome(self) -> dict[str, Any]:
        """The result of the whole file."""
        if self.result is None:
            from .cases import run

            here = Path.cwd()
            path = self.path.relative_to(here) if self.path.is_relative_to(here) else self.path
            with measured.of_file(self.config, os.fspath(path)):
                self.result = run(os.fspath(path))
        return self.result


class StepFailed(Exception):
    """A step gave something else than expected. short: what differs, in one line. line: of the test file, from 1."""

    def __init__(self, text: str, short: str, line: int) -> None:
        super().__init__(text)
        self.short = short
        self.line = line


class ResolutionStep(pytest.Item):
    """One step. keys: where it stands in the test; run: the run that it is of, where there are several."""

    def __init__(self, *, keys: tuple[str | int, ...] = (), run: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.keys = keys
        self.run = run
        self.add_marker("resolution")

    def runtest(self) -> None:
        """Raise StepFailed where the step did not give what it should."""
        assert isinstance(self.parent, ResolutionFile)
        result = self.parent.outcome()
        if result["passed"]:
            return
        step = next((s for s in result["steps"] if (s["keys"], s["variant"]) == (self.keys, self.run)), None)
        if step is None or (step["passed"] and result["problem"] and result["error"] is None):
            from .show import whole_problem

            raise StepFailed(whole_problem(result), result["problem"].partition("\n")[0], (result["place"] or (1,))[0])
        if not step["passed"]:
            from ..findings.layout import plain
            from .show import failure, in_short

            raise StepFailed(plain(failure(result, step, trace=True), 118), in_short(step), (step["place"] or (1,))[0])

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """The differences, without a Python traceback."""
        if isinstance(excinfo.value, StepFailed):
            return _shown(excinfo.value, self.path)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the step is."""
        return self.path, None, self.name


def _shown(failed: StepFailed, path: Path) -> TerminalRepr:
    """A failure as pytest, junit files and xdist take it: the text, and one line for summaries."""
    from _pytest._code.code import ExceptionChainRepr, ReprEntryNative, ReprFileLocation, ReprTraceback

    text = ReprTraceback([ReprEntryNative([f"{failed}\n"])], None, "native")
    return ExceptionChainRepr([(text, ReprFileLocation(os.fspath(path), failed.line, failed.short), None)])


__all__ = ["corefile_server", "world"]
