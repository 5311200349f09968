"""record-is-none: what `template` answers with is no record.

Why: CoreDNS starts, and answers SERVFAIL.

Fix: Write a name, a type and what stands behind the type, such as `"{{ .Name }} 60 IN A 10.0.0.1"`.

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
                    said = f"this is no record, so that the answer is SERVFAIL: {error.message}"
                    yield Mistake(said, word.span, hint="write a name, a TTL, a class, a type and what it takes")
                    continue
                if found is None:
                    said = "there is no record in this, so that the answer is SERVFAIL"
                    yield Mistake(said, word.span, hint="write a name, a TTL, a class, a type and what it takes")
