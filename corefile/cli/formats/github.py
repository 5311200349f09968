"""github: commands of GitHub Actions, which shows them at their lines of a pull request."""

from __future__ import annotations

from ...findings.layout import visible
from ...lint.codes import number
from .._terminal import show_commands
from . import Run, path_of, whole


def render(run: Run) -> None:
    """Print it."""
    out = []
    for one in run.checked:
        for finding in one.ordered:
            fields = {"file": path_of(finding, one), "title": f"{number(finding.code)} {finding.code}"}
            if finding.span is not None:
                start, end = finding.span.locate(), finding.span.source.locate(finding.span.end)
                fields |= {"line": str(start.line), "col": str(start.column), "endLine": str(end.line)}
                if end.line == start.line:
                    fields["endColumn"] = str(end.column)
            given = ",".join(f"{name}={_value(text)}" for name, text in fields.items())
            out.append(f"::{finding.severity} {given}::{_text(whole(finding, one))}")
    show_commands(out)


def _text(text: str) -> str:
    """Text of a command: GitHub's own escapes for line ends, and no other control characters."""
    shown = "\n".join(map(visible, text.split("\n")))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _value(text: str) -> str:
    return _text(visible(text)).replace(":", "%3A").replace(",", "%2C")


__all__ = ["render"]
