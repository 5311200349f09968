"""template-field-unknown: a record of `template` asks for something that templates are not given.

Why: CoreDNS starts, and every question that the stanza takes is answered SERVFAIL; a group that no pattern has is empty.

Fix: Write the field or the group as it is called.

Bad:
    ip.example {
        template IN A {
            match ^ip-(?P<last>[0-9]+)\\.
            answer "{{ .Nam }} 60 IN A 10.0.0.{{ .Group.lst }}"
        }
    }

Good:
    ip.example {
        template IN A {
            match ^ip-(?P<last>[0-9]+)\\.
            answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.last }}"
        }
    }
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ...findings import Span
from ...light import regex
from ...plugins.template._rules import TemplateRules
from ..arguments import SECTIONS
from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.words import Token
    from ..subject import Subject, Use

FIELDS = ("Zone", "Name", "Class", "Type", "Regex", "Match", "Group", "Message", "Question")
"""Those of all releases."""
ACTION = regex(r"\{\{(?!-?\s*/\*)(.*?)\}\}", re.S)
"""Without comments."""
FIELD = regex(r"(?<![\w.)\]\"`$])\.([A-Za-z]\w*)(?:\.(\w+))?|\bindex\s+\.(Match|Group)\s+(\d+|\"\w+\")")
STRING = regex(r'"(?:[^"\\]|\\.?)*+(?:"|\Z)|`[^`]*`')
CHANGES_DOT = regex(r"\b(?:range|with|define|template|block)\b")
"""What makes `.` something else."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such word of a template."""
    rules = TemplateRules.of(subject.release)
    fields = (*FIELDS, *["Meta"] * rules.metadata, *["Remote"] * rules.remote)
    for use in subject.uses("template"):
        groups = _groups(use)
        for line in use.lines:
            if line.name not in SECTIONS:
                continue
            for word in line.words[1:]:
                if "{{" in word.text and CHANGES_DOT.search(word.text) is None:
                    yield from _mistakes(word, fields, groups)


def _groups(use: Use) -> tuple[set[str], int] | None:
    """The names of the groups of all patterns, and how many one has at most; None where they are not known."""
    from ...golang.errors import GoError
    from ...golang.regexp import compile

    names: set[str] = set()
    most = 0
    for line in use.lines:
        for word in line.words[1:] if line.name == "match" else ():
            try:
                found = compile(word.text)
            except GoError:
                return None
            names.update(re.findall(r"\(\?P?<(\w+)>", word.text))
            most = max(most, found.groups)
    return names, most


def _mistakes(word: Token, fields: Sequence[str], groups: tuple[set[str], int] | None) -> Iterator[Mistake]:
    for action in ACTION.finditer(word.text, 0, word.text.rfind("}}") + 2):
        code = STRING.sub(lambda m: m[0] if re.fullmatch(r'"\w+"', m[0]) else '""', action[1])
        for match in FIELD.finditer(code):
            field, below, indexed, key = match.groups()
            if field is not None and field not in fields:
                close = get_close_matches(field.capitalize(), fields, n=1)
                message = f"templates are given no `.{field}`: the answer is SERVFAIL"
                if close:
                    yield _meant(message, word, f".{field}", f".{close[0]}")
                else:
                    yield Mistake(message, word.span, hint=f"there are {', '.join('.' + f for f in fields)}")
                return
            asked = below if field == "Group" else key.strip('"') if indexed == "Group" else None
            if groups is None:
                continue
            names, most = groups
            if asked and not (asked in names or (asked.isdigit() and int(asked) <= most)):
                close = get_close_matches(asked, names, n=1)
                message = f"no pattern has a group `{asked}`, so that nothing is written in its place"
                if close and field == "Group":
                    yield _meant(message, word, f".Group.{asked}", f".Group.{close[0]}")
                else:
                    hint = f"a pattern has groups as in `(?P<{asked}>...)`"
                    yield Mistake(message, word.span, hint=f"did you mean `.Group.{close[0]}`?" if close else hint)
                return
            if indexed == "Match" and key.isdigit() and int(key) > most:
                yield Mistake(
                    f"the patterns have {most} groups, so that there is no `index .Match {key}`: the answer is SERVFAIL",
                    word.span,
                    hint="the first group is 1",
                )
                return


def _meant(message: str, word: Token, field: str, meant: str) -> Mistake:
    """A field in a template that is another one misspelt."""
    source, start, end = word.span
    found = re.compile(rf"{re.escape(field)}\b").search(source.text, start, end)
    place = Span(source, *found.span()) if found is not None else None
    return Mistake(message, word.span, hint=f"did you mean `{meant}`?", write=meant if place else None, at=place)
