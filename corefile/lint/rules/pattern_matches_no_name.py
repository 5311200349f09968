"""pattern-matches-no-name: a pattern ends behind the last label of a name, or stands between slashes.

Why: The names that `template` and `rewrite` look at end in a dot, so that `org$` is the end of none; and slashes around a pattern
are a part of it.

Fix: Write `[.]$` at the end, and the pattern without slashes around it.

Bad:
    . {
        template IN A example.org {
            match ^www[.]example[.]org$
            answer "{{ .Name }} 60 IN A 10.0.0.1"
            fallthrough
        }
        forward . 10.0.0.53
    }

Good:
    . {
        template IN A example.org {
            match ^www[.]example[.]org[.]$
            answer "{{ .Name }} 60 IN A 10.0.0.1"
            fallthrough
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...light import regex
from ..rule import Mistake

if TYPE_CHECKING:
    from ...language.words import Token
    from ..subject import Subject, Use

ENDS = regex(r"(?s)(.*(?<!\\)[A-Za-z0-9-])\$")
ESCAPED = regex(r"(?s).*\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[pP][A-Z]|Q[^\\]*)\$")
"""Such an end may be a part of an escape, which may stand for a dot."""
SLASHES = regex(r"/(.+)/[a-z]*")
BEHIND = ("name", "ttl", "cname", "rcode")
"""Rules of `rewrite` whose patterns are those of names."""


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such pattern."""
    for use in subject.uses("template", "rewrite"):
        for word in _patterns(use):
            match = SLASHES.fullmatch(word.text)
            if match is not None:
                said = f"the slashes of `{word.text}` are a part of it, which names do not have"
                yield Mistake(said, word.span, write=_quoted(match[1], word))
                continue
            match = ENDS.fullmatch(word.text)
            if match is not None and "|" not in word.text and ESCAPED.fullmatch(word.text) is None:
                said = f"names end in a dot, so that `{word.text}` matches none"
                yield Mistake(said, word.span, write=_quoted(f"{match[1]}[.]$", word))


def _patterns(use: Use) -> Iterator[Token]:
    """The patterns of names."""
    if use.name == "template":
        for line in use.lines:
            yield from line.words[1:] if line.name == "match" else ()
        return
    for words in (list(use.words), *(list(line.words) for line in use.lines)):
        for place, word in enumerate(words[:-1]):
            before = words[place - 1].text if place else ""
            if (word.text == "regex" and before in BEHIND) or (word.text == "name" and before == "answer"):
                yield words[place + 1]


def _quoted(text: str, word: Token) -> str:
    return f'"{text}"' if word.quoted else text
