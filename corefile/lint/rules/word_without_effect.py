"""word-without-effect: CoreDNS knows a single word at a place, and ignores the other one that stands there.

Why: `key NAME` of `dnssec` and `sign` reads no key, so that nothing is signed; `dnstap` sends whole messages only with the word
`full`, and takes an address without `tcp://` for the path of a socket.

Fix: Write `key file NAME`, `full`, or `tcp://` before the address.

Bad:
    example.org {
        dnssec {
            key Kexample.org.+013+45330
        }
        forward . 10.0.0.53
    }

Good:
    example.org {
        dnssec {
            key file /keys/Kexample.org.+013+45330
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
    from ..subject import Subject

KINDS = ("file", "aws_secretsmanager")
ENDPOINT = regex(r"(?:(tcp|tls):/?)?(\d+\.\d+\.\d+\.\d+:\d+)|unix:(/(?!/)\S*)")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each such word."""
    for use in subject.uses("dnssec", "sign"):
        for line in use.lines:
            if line.name == "key" and len(line.words) == 2 and line.words[1].text not in KINDS:
                word = line.words[1]
                yield Mistake(
                    f"`{word.text}` is not read: `key` has to be `key file`", word.span, write=f"file {word.text}"
                )
    for use in subject.uses("dnstap"):
        words = use.words[1:] if use.words and use.words[0].text == "listen" else use.words
        if not words:
            continue
        match = ENDPOINT.fullmatch(words[0].text)
        if match is not None:
            new = match[3] or f"{match[1] or 'tcp'}://{match[2]}"
            yield Mistake(f"`{words[0].text}` is taken for the path of a socket", words[0].span, write=new)
        # Sizes may follow a word that takes the place of `full` on purpose.
        if len(words) == 2 and words[1].text != "full":
            said = f"`{words[1].text}` is not `full`, so that messages are not sent whole"
            yield Mistake(said, words[1].span, write="full")
