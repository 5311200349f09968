"""A failed test as a reader sees it."""

from __future__ import annotations

from typing import Any

from ..findings.layout import Line, Part, line, plain, visible
from ..findings.report import render
from .compare import changes

MOST = 20
"""Lines of one difference that are shown."""


def at(result: dict[str, Any], step: dict[str, Any] | None = None) -> str:
    """`path:line:column`, or as much of it as is known."""
    place = (step or result).get("place")
    return ":".join(map(str, (result["path"], *(place or ()))))


def problem(result: dict[str, Any]) -> list[Line]:
    """Why a file could not run, or not pass as a whole."""
    first, *rest = result["problem"].split("\n")
    out = [line(f"{at(result)}  ", first, "bold"), *(line("", x) for x in rest)]
    return [*out, line("   ", DEBUG, "dim")] if result["raised"] else out


DEBUG = "COREFILE_DEBUG=1 in the environment shows where it comes from."


def whole_problem(result: dict[str, Any]) -> str:
    """The same as text, with the findings or the exception that it comes from."""
    raised = result["raised"]
    words = problem({**result, "raised": None})
    return "\n".join(filter(None, (plain(words), render(result["findings"]), raised and f"\n{raised.rstrip()}")))


def lines_of(differences: list[dict[str, Any]]) -> list[Line]:
    """What differs, line by line."""
    out = []
    fields = [d["field"] for d in differences]
    width = max(map(len, fields)) + 1 if len(fields) > 1 else 0
    for difference in differences:
        field = difference["field"] if width else ""
        found = changes(difference)
        for sign, value in found[:MOST]:
            head = (Part(f"   {field:<{width}}"), Part(f"{sign} ", "error" if sign == "-" else "good"))
            out.append(Line(head, (Part(value),)))
            field = ""
        if len(found) > MOST:
            out.append(line("   ", f"... and {len(found) - MOST} more lines of {difference['field']}", "dim"))
    return out


def between(result: dict[str, Any]) -> list[Line]:
    """Where the runs of a test answer otherwise than the first. Those that answer alike are told once."""
    out = []
    alike: dict[str, tuple[dict[str, Any], list[str]]] = {}
    for one in result["between"]:
        key = repr((one["what"], one["place"], one["differences"]))
        alike.setdefault(key, (one, []))[1].append(one["runs"][1])
    for one, others in alike.values():
        named = "; ".join(others[:MOST]) + ("; ..." if len(others) > MOST else "")
        answer = "answers" if len(others) == 1 else "answer"
        words = f"{one['what']}   {named} (+) {answer} otherwise than {one['runs'][0]} (-)"
        out += [line(f"{at(result, one)}  ", words, "notice"), *lines_of(one["differences"]), line("")]
    return out


def failure(result: dict[str, Any], step: dict[str, Any], *, trace: bool) -> list[Line]:
    """What a failed step should have given, what it gave, and why: the trace, or where the answer came from."""
    fields = [d["field"] for d in step["differences"]]
    named = " and ".join(filter(None, (", ".join(fields[:-1]), fields[-1])))
    run = f" [{step['variant']}]" if step.get("variant") else ""
    words = f"{step['what']}{run}   {named} {'differs' if len(fields) == 1 else 'differ'}"
    out = [line(f"{at(result, step)}  ", words, "bold"), *lines_of(step["differences"])]
    extra = [f for f in fields if f not in (step["expect"] or {})]
    if extra:
        out.append(
            line(
                "   ",
                f"`expect` does not mention {' and '.join(extra)}, so none may come; with `compare: mentioned` "
                "it says nothing about what it does not mention",
                "dim",
            )
        )
    if trace and step.get("trace"):
        out += [line(""), *step["trace"].lines()]
    elif step.get("came_from"):
        out.append(line("   came from ", step["came_from"]))
    return out


def in_short(step: dict[str, Any]) -> str:
    """What differs in a failed step, in one line: of the first field, without the words that are the same."""
    difference = step["differences"][0]
    found = changes(difference)
    gone, come = ([value for sign, value in found if sign == mark] for mark in "-+")
    if len(gone) == len(come) == 1:
        one, other = gone[0].split(), come[0].split()
        while len(one) > 1 and len(other) > 1 and one[0] == other[0]:
            del one[0], other[0]
        words = f"{' '.join(other)} in place of {' '.join(one)}"
    else:
        words = ", ".join(f"{sign} {value}" for sign, value in found[:MOST])
    more = len(step["differences"]) - 1
    return visible(f"{difference['field']}: {words}{f' (and {more} more)' if more else ''}")
