"""address-as-name: an entry of `hosts` has a second address, or a URL, where its names stand.

Why: It is taken for a name, which no client asks for.

Fix: Write one entry for each address, and names without `http://`.

Bad:
    . {
        hosts {
            10.0.0.1 10.0.0.2 www.example.org
            fallthrough
        }
        forward . 10.0.0.53
    }

Good:
    . {
        hosts {
            10.0.0.1 www.example.org
            10.0.0.2 www.example.org
            fallthrough
        }
        forward . 10.0.0.53
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...golang.addresses import parse_ip
from ..rule import Mistake

if TYPE_CHECKING:
    from ..subject import Subject


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such word."""
    for use in subject.uses("hosts"):
        for line in use.lines:
            words = line.words
            if len(words) < 2 or not (words[0].text[:1].isdigit() or ":" in words[0].text):
                continue
            for word in words[1:]:
                if word.text.startswith("#"):
                    break
                if "://" in word.text:
                    bare = word.text.partition("://")[2].partition("/")[0].partition(":")[0]
                    yield Mistake(f"`{word.text}` is a URL, and no name", word.span, write=bare or None)
                elif (word.text[:1].isdigit() or ":" in word.text) and parse_ip(word.text) is not None:
                    said = f"`{word.text}` is taken for a name: an entry has one address"
                    yield Mistake(said, word.span, hint=f"write an entry of its own for `{word.text}`")
