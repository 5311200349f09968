"""Go's package text/template, in the newest release: what its documentation and its source say, down to the texts of errors.

A template is parsed once and executed often:

>>> from corefile.gotemplate import values
>>> template = parse("t", "{{range $i, $name := .}}{{if $i}}, {{end}}{{$name | printf \\"%q\\"}}{{end}}")
>>> template.execute(values.strings(["a", "b"]))
'"a", "b"'

Data are typed as Go's are (`values`). What is left out: channels, iterators, and values that can only be had with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from . import nodes
from .build import BUILTINS, TemplateError
from .errors import ExecError, TooMuch, Unmodelled
from .parser import parse as _parse

if TYPE_CHECKING:
    from .values import Func, Value


class Template:
    """A template. name: that errors call it by. text: as it was written. needs: features of the language that came late, with
    the release of Go that brought each."""

    def __init__(self, name: str, text: str, functions: Collection[str]) -> None:
        self.name = name
        self.text = text
        self.functions = functions if isinstance(functions, Mapping) else {}
        self.templates, self.needs = _parse(name, text, BUILTINS.union(functions))

    @property
    def fields(self) -> frozenset[str]:
        """The names of the fields that are read of something, the first ones of chains of fields; `''` where something is used as
        a whole, such as `.` or `$`."""
        return frozenset(name for tree in self.templates.values() for name in nodes.fields(tree))

    @property
    def source(self) -> str:
        """The template as Go prints it."""
        return nodes.source(self.templates[self.name])

    def execute(self, data: Value, functions: Mapping[str, Func] | None = None, *, max_steps: int | None = None) -> str:
        """What it prints for `data`, with the functions that it was parsed with or these. Octets that are not UTF-8 are lone
        surrogates.

        Raises ExecError with Go's error; TooMuch where it takes more than `max_steps` (by default 250,000) or is larger than
        is allowed; Unmodelled for what is not known here.
        """
        from .execute import MAX_STEPS, Execution

        steps = MAX_STEPS if max_steps is None else max_steps
        known = self.functions if functions is None else functions
        octets = Execution(self.name, self.text, self.templates, known, steps).run(data)
        return octets.decode("utf-8", "surrogateescape")

    def __repr__(self) -> str:
        return f"<Template {self.name} {self.text!r}>"


def parse(name: str, text: str, functions: Collection[str] = ()) -> Template:
    """The template `text`, which may call `functions` besides Go's own: them by name, or the names alone. Raises
    TemplateError."""
    return Template(name, text, functions)


__all__ = ["ExecError", "Template", "TemplateError", "TooMuch", "Unmodelled", "parse"]
