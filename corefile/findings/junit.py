"""JUnit's XML, as most CI systems read it: suites of cases, each with what there is to say of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from ..light import regex
from .layout import visible

_NOT_XML = regex("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(name: str, suites: Iterable[str], tests: int, failures: int, errors: int = 0) -> str:
    """The document with some suites, without a newline at its end. tests, failures, errors: how many all suites have."""
    head = _start("testsuites", name=name, tests=tests, failures=failures, errors=errors)
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"{head}>", *suites, "</testsuites>"])


def suite(name: str, cases: Sequence[str], failures: int, errors: int = 0, seconds: float | None = None) -> str:
    """A suite with its cases. seconds: how long it took, if that is known."""
    head = _start("testsuite", name=name, tests=len(cases), failures=failures, errors=errors, skipped=0)
    time = "" if seconds is None else f' time="{seconds:.3f}"'
    return "\n".join([f"  {head}{time}>", *cases, "  </testsuite>"])


def case(path: str, name: str, kind: str = "", text: str = "", *, line: int | None = None, **attributes: str) -> str:
    """A case. kind: `failure`, `error` or `system-out`, with its text and attributes; '' where there is nothing to say."""
    place = {} if line is None else {"line": line}
    head = "    " + _start("testcase", classname=path, name=name, **place)
    if not kind:
        return f"{head}/>"
    said = f"      {_start(kind, **attributes)}>{escape(_clean(text))}</{kind}>"
    return "\n".join([f"{head}>", said, "    </testcase>"])


def _start(tag: str, **attributes: str | int) -> str:
    """A start tag up to its bracket."""
    return f"<{tag}" + "".join(f" {key}={quoteattr(_clean(str(value)))}" for key, value in attributes.items())


def _clean(text: str) -> str:
    """Text without what XML cannot have."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", "\n".join(map(visible, text.split("\n"))))


__all__ = ["case", "document", "suite"]
