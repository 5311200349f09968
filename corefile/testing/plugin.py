"""pytest's plugin: files named `dns.yaml` or `*.dns.yaml` are resolution tests, one item per step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr


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
            titles = [(step.what, c.variant.label) for c in Case.runs(str(self.path)) for step in c.steps]
        except BadTest:
            titles = []
        for number, (what, run) in enumerate(titles or [("starts", "")]):
            name = f"{number + 1}: {what}{f' [{run}]' if run else ''}"
            yield ResolutionStep.from_parent(self, name=name, number=number)

    def outcome(self) -> dict[str, Any]:
        """The result of the whole file."""
        if self.result is None:
            from .cases import run

            self.result = run(str(self.path))
        return self.result


class StepFailed(Exception):
    """A step gave something else than expected."""


class ResolutionStep(pytest.Item):
    """One step."""

    def __init__(self, *, number: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.number = number

    def runtest(self) -> None:
        """Raise StepFailed where the step did not give what it should."""
        assert isinstance(self.parent, ResolutionFile)
        result = self.parent.outcome()
        if result["passed"]:
            return
        if self.number >= len(result["steps"]):
            raise StepFailed(_problem(result))
        step = result["steps"][self.number]
        if not step["passed"]:
            from ..findings.layout import plain
            from .show import failure

            raise StepFailed(plain(failure(result, step, trace=True), 118))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """The differences, without a Python traceback."""
        if isinstance(excinfo.value, StepFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the step is."""
        return self.path, None, self.name


def _problem(result: dict[str, Any]) -> str:
    from ..findings.layout import plain
    from ..findings.report import render
    from .show import problem

    return "\n".join(filter(None, (plain(problem(result)), render(result["findings"]))))
