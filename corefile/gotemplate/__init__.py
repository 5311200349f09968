"""Go's package text/template, in the newest release: what its documentation and its source say, down to the texts of errors.

A template is parsed once and executed often:

>>> from corefile.gotemplate import values
>>> template = parse("t", "{{range $i, $name := .}}{{if $i}}, {{end}}{{$name | printf \\"%q\\"}}{{end}}")
>>> template.execute(values.strings(["a", "b"]))
'"a", "b"'

Data are typed as Go's are (`values`). What is left out: channels, iterators, and values that can only be had with them.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import nodes
from .build import TemplateError
from .execute import MAX_STEPS, ExecError, Execution
from .functions import BUILTINS
from .parser import parse as _parse
from .values import Func, TooMuch, Unmodelled, Value


class Template:
    """A template. name: that errors call it by. text: as it was written. needs: features of the language that came late, with
    the release of Go that brought each."""

    def __init__(self, name: str, text: str, functions: Mapping[str, Func]) -> None:
        self.name = name
        self.text = text
        self.functions = functions
        self.templates, self.needs = _parse(name, text, functions.keys() | BUILTINS.keys())

    @property
    def source(self) -> str:
        """The template as Go prints it."""
        return nodes.source(self.templates[self.name])

    def execute(self, data: Value, *, max_steps: int = MAX_STEPS) -> str:
        """What it prints for `data`. Octets that are not UTF-8 are lone surrogates.

        Raises ExecError with Go's error; TooMuch where it takes more than `max_steps` or is larger than is allowed;
        Unmodelled for what is not known here.
        """
        octets = Execution(self.name, self.text, self.templates, self.functions, max_steps).run(data)
        return octets.decode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        return f"<Template {self.name} {self.text!r}>"


def parse(name: str, text: str, functions: Mapping[str, Func] | None = None) -> Template:
    """The template `text`, which may call `functions` besides Go's own. Raises TemplateError."""
    return Template(name, text, functions or {})


__all__ = ["ExecError", "Template", "TemplateError", "TooMuch", "Unmodelled", "parse"]
