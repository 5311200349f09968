"""CoreDNS's errors about words and braces: what cannot stand where, what to say of it, and how reading goes on.

CoreDNS stops at the first; here a word is put before the one that was not expected, so that all errors of a file are
found.
"""

from __future__ import annotations

from collections.abc import Callable

from ..nodes import keys_of
from ..words import Token, breaks
from .base import NL, Reader, Word

CLOSE: Word = ("CLOSE", None)
NO_KEY: Word = ("NO_KEY", None)
STRAY: Word = ("STRAY", None)


def comma_before_brace(reader: Reader, here: Token | None) -> Word:
    """A `{` where a key is missing behind a comma."""
    comma = reader.values[-2][-1]
    reader.report(
        here,
        "comma-before-brace",
        "A comma stands behind the last zone of a server block",
        "Expected another address but had '{' - check for extra comma",
        label="expected another zone",
        related=((comma.span, "delete the comma here"),),
    )
    return NO_KEY


def comma_at_the_end(reader: Reader, here: Token | None) -> Word:
    """The end of the text where a key is missing behind a comma."""
    reader.report(
        here,
        "comma-at-the-end",
        "The Corefile ends behind a comma",
        "Unexpected EOF",
        label="expected another zone behind the comma",
    )
    return STRAY


def snippet_twice(reader: Reader, key: Token, here: Token | None) -> None:
    """The head of a snippet that there is already. here: the word behind the head."""
    known = reader.snippet_keys.get(key.text)
    if known is not None:
        name = key.text[1:-1]
        reader.report(
            here,
            "snippet-twice",
            f"The snippet `{name}` is defined twice",
            f"redeclaration of previously declared snippet {name}",
            span=key.span if here and key.line == here.line else None,
            related=((known.span, "first defined here"),),
        )


def snippet_without_brace(reader: Reader, here: Token | None) -> Word:
    """Anything but a `{` behind the head of a snippet: all up to the next empty line is left out."""
    (key,) = reader.keys
    snippet_twice(reader, key, here)
    reader.report(
        here,
        "snippet-without-brace",
        f"The snippet `{key.text[1:-1]}` has no `{{`",
        f"Unexpected token '{here.text if here else ''}', expecting '{{'",
        kind="Syntax error",
        label="expected `{`",
        related=((key.span, "the snippet"),),
    )
    last = reader.take()
    skipped = [last]
    while reader.ahead:
        following = reader.ahead[-1]
        if breaks(last, following) and following.line - last.line != 1:
            break
        last = reader.take()
        skipped.append(last)
    return "SKIPPED", skipped


def snippet_not_closed(reader: Reader, here: Token | None) -> Word:
    """The end of the text inside a snippet."""
    if not reader.ended and here:
        reader.ended = True
        head, opening = reader.values[1]
        (key,) = keys_of(head)
        reader.report(
            here,
            "block-not-closed",
            f"The snippet `{key.text[1:-1]}` is not closed before the file ends",
            f"Unexpected token '{here.text}', expecting '}}'",
            kind="Syntax error",
            label="expected a `}` behind this",
            related=((opening.span, "opened here"),),
        )
    return CLOSE


def closing_brace(reader: Reader, here: Token | None) -> Word:
    """A `}` on the line of a directive. It closes the server block all the same."""
    reader.report(
        here,
        "closing-brace",
        "This `}` closes nothing",
        "Unexpected '}' because no matching opening brace",
        hint="a `}` that ends the server block stands on a line of its own",
    )
    return NL


def directive_not_closed(reader: Reader, here: Token | None) -> Word:
    """The end of the text inside the braces of a directive."""
    if not reader.ended:
        reader.ended = True
        directive = reader.values[4 if isinstance(reader.values[1], list) else 3]
        name = directive[0] if isinstance(directive, list) else directive
        reader.report(
            here,
            "block-not-closed",
            f"The block of `{name.text}` is not closed before the file ends",
            "Unexpected EOF",
            label="the file ends here without a `}`",
            related=((reader.values[-2].span, "opened here"),),
        )
    return CLOSE


def block_not_closed(reader: Reader, here: Token | None) -> Word:
    """The end of the text inside the braces of a server block. CoreDNS lets the last word be the `}` of a directive."""
    opening = reader.opening
    if here is None or opening is None or here.text == "}":
        return CLOSE
    coredns = f"Unexpected token '{here.text}', expecting '}}'"
    written = here.span.text
    if written[0] == '"' and (len(written) < 2 or written[-1] != '"'):
        message = "A quote is not closed, and takes in the rest of the file"
        reader.report(here, "quote-not-closed", message, coredns, kind="Syntax error", label="opened here")
        return CLOSE
    names = " ".join(key.text for key in reader.keys[:3])
    reader.report(
        here,
        "block-not-closed",
        f"The server block `{names}` is not closed before the file ends",
        coredns,
        kind="Syntax error",
        label="expected a `}` behind this",
        related=((opening.span, "opened here"),),
    )
    return CLOSE


MISTAKES: dict[tuple[str, str], Callable[[Reader, Token | None], Word]] = {
    ("commas", "OPEN"): comma_before_brace,
    ("commas", "NO_BRACE"): comma_before_brace,
    ("commas", "$END"): comma_at_the_end,
    ("name", "NL"): snippet_without_brace,
    ("name", "NO_BRACE"): snippet_without_brace,
    ("texts", "$END"): snippet_not_closed,
    ("directive", "CLOSE"): closing_brace,
    ("properties", "$END"): directive_not_closed,
    ("body", "$END"): block_not_closed,
}
"""By the symbol behind which a word was not expected, and the kind of the word."""
