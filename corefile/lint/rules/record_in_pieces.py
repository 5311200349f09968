"""record-in-pieces: a record of `template` stands without quotes, so that each of its words is taken for a record.

Why: Hardly a single word is a record: CoreDNS starts, and answers SERVFAIL.

Fix: Put the record in quotes.

Bad:
    ip.example {
        template IN A {
            answer {{.Name}} 60 IN A 10.0.0.1
        }
    }

Good:
    ip.example {
        template IN A {
            answer "{{.Name}} 60 IN A 10.0.0.1"
        }
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...findings import Span
from ..arguments import SECTIONS, quoted
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each line with such words."""
    for use in subject.uses("template"):
        for line in use.lines:
            words = line.words[1:]
            if line.name not in SECTIONS or len(words) < 2 or any(word.quoted or " " in word.text for word in words):
                continue
            span = Span(words[0].span.source, words[0].span.start, words[-1].span.end)
            if words[-1].span.source is span.source:
                said = f"`{words[0].text}` is taken for a record of its own, and each word behind it likewise"
                yield Mistake(said, span, write=quoted(span.text))
