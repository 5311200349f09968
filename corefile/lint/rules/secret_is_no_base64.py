"""secret-is-no-base64: the secret of a key of `tsig` is not written in base64.

Why: CoreDNS starts, and takes every signature with this key for wrong: queries that have one are answered NOTAUTH.

Fix: Write the secret as the client has it: in base64, with its padding. `tsig-keygen` of BIND prints one.

Bad:
    . {
        tsig {
            secret key.example. top-secret
            require all
        }
        whoami
    }

Good:
    . {
        tsig {
            secret key.example. dG9wLXNlY3JldA==
            require all
        }
        whoami
    }
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...golang import b64
from ..rule import Mistake

if TYPE_CHECKING:
    from ...findings import Span
    from ..subject import Subject

SHORTEST = 22
"""Characters of a secret of 128 bits without its padding: of a shorter text it is not known whether padding is all it lacks."""
OTHER_ALPHABET = str.maketrans("-_", "+/")


def look(subject: Subject) -> Iterator[Mistake]:
    """One for each key in the Corefile, and for each in a file of keys."""
    for use in subject.uses("tsig"):
        for line in use.lines:
            words = line.arguments
            if line.name == "secret" and len(words) == 2 and not _is_base64(words[1].text):
                yield _mistake(f"the secret of the key `{words[0].text}`", words[1].span, _mended(words[1].text))
        keys = getattr(use.handler, "keys", {})
        written = {line.arguments[-1].text for line in use.lines if line.name == "secret" and line.arguments}
        files = [line.arguments[0] for line in use.lines if line.name == "secrets" and line.arguments]
        for name, secret in keys.items() if files else ():
            if secret not in written and not _is_base64(secret):
                path = files[0] if len(files) == 1 else use.head
                yield _mistake(f"the secret of the key `{name}` in its file", path.span)


def _mistake(what: str, span: Span, write: str | None = None) -> Mistake:
    hint = "" if write else "`tsig-keygen` prints one that is"
    return Mistake(f"{what} is no base64, so that each signature with it is wrong", span, hint=hint, write=write)


def _is_base64(text: str) -> bool:
    """Whether it is base64, as CoreDNS reads it."""
    try:
        b64.decode(text)
    except ValueError:
        return False
    return True


def _mended(text: str) -> str | None:
    """A secret with its padding, and in the letters of base64; None where that makes none of it."""
    bare = text.rstrip("=").translate(OTHER_ALPHABET)
    whole = bare + "=" * (-len(bare) % 4)
    return whole if len(bare) >= SHORTEST and _is_base64(whole) else None
