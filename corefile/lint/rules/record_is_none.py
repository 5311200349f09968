"""record-is-none: what `template` answers with is no record.

Why: CoreDNS starts, and answers SERVFAIL.

Fix: Write a name, a type and what stands behind the type, such as `"{{ .Name }} 60 IN A 10.0.0.1"`. Several records are several `answer`s.

Bad:
    . {
        template IN A example.org {
            answer "{{ .Name }} 10.0.0.1"
        }
        forward . 10.0.0.53
    }

Good:
    . {
        template IN A example.org {
            answer "{{ .Name }} 60 IN A 10.0.0.1"
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...dns.zonefile import ZoneError, record
from ...light import regex
from ..arguments import SECTIONS
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject

NAME = regex(r"\{\{-?\s*\.(?:Name|Zone)\s*-?\}\}")

LINE_END = r"\n"
"""As other languages write the end of a line in quotes. A Corefile has no such signs but `\""`."""
WRITE = "write a name, a TTL, a class, a type and what it takes"


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each text that is no record whatever is asked for."""
    for use in subject.uses("template"):
        for line in use.lines:
            words = line.words[1:] if line.name in SECTIONS else ()
            if len(words) > 1 and not any(word.quoted for word in words):  # of which `record-in-pieces` speaks
                continue
            for word in words:
                text = NAME.sub("name.example.", word.text)
                if "{{" in text or "{$" in word.span.text:  # what depends on variables is said otherwise
                    continue
                try:
                    found = record(text, release=subject.release)
                except ZoneError as error:
                    said, hint = f"this is no record, so that the answer is SERVFAIL: {error.message}", WRITE
                    if LINE_END in text:
                        said = f"`{LINE_END}` ends no line here, so that this is no record, and the answer is SERVFAIL"
                        hint = f"write an `{line.name}` of its own for each record"
                    yield Mistake(said, word.span, hint=hint)
                    continue
                if found is None:
                    said = "there is no record in this, so that the answer is SERVFAIL"
                    yield Mistake(said, word.span, hint=WRITE)
