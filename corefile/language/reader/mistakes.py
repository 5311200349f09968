"""What to say of blocks that are not closed and of directives that the release does not have."""

from __future__ import annotations

from ...findings import Span
from ..advice import unknown_directive
from ..words import Token
from .state import State


def not_closed(state: State, keys: list[Token], opening: Token) -> None:
    """Report a server block without its closing brace."""
    names = " ".join(key.text for key in keys[:3])
    last, text = state.cursor.here, state.cursor.text
    if last and last.span.text[0] == '"' and (len(last.span.text) < 2 or last.span.text[-1] != '"'):
        state.report(
            "quote-not-closed",
            "A quote is not closed, and takes in the rest of the file",
            f"Unexpected token '{text}', expecting '}}'",
            kind="Syntax error",
            label="opened here",
        )
        return
    state.report(
        "block-not-closed",
        f"The server block `{names}` is not closed before the file ends",
        f"Unexpected token '{text}', expecting '}}'",
        kind="Syntax error",
        label="expected a `}` behind this",
        related=((opening.span, "opened here"),),
    )


def unknown(state: State, keys: list[Token], token: Token, name: str, opening: Token | None) -> bool:
    """Report it. True if it looks like the zone of the next server block, which is then read as one."""
    coredns = f"Unknown directive '{name}'"
    if len(keys) == 1 and keys[0].text == "}":
        state.report(
            "closing-brace",
            f"CoreDNS takes `{name}` for a directive, because the `}}` before closes nothing",
            coredns,
            related=((keys[0].span, "closes nothing"),),
        )
        keys.clear()
        state.cursor.back()
        return True
    if _begins_block(state, name):
        hint = "a server block without braces takes the whole rest of the file"
        related: tuple[tuple[Span, str], ...] = ()
        if opening:
            hint, related = "the server block before it is not closed by a `}`", ((opening.span, "opened here"),)
        state.report(
            "unknown-directive",
            f"CoreDNS takes `{name}` for a directive of the server block before it",
            coredns,
            hint=hint,
            related=related,
        )
        state.cursor.back()
        return True
    arguments = [word.text for word in state.cursor.rest_of_line() if word.text != "{"]
    code, message, hint = unknown_directive(name, arguments, state.release)
    glued = state.cursor.done[-2] if len(state.cursor.done) > 1 else None
    if glued is not None and glued.text.endswith("{") and len(glued.text) > 1:
        state.report(
            code,
            message,
            coredns,
            hint="a `{` opens a block only as a word of its own: put a space before it",
            related=((glued.span, "no block is opened here"),),
        )
    else:
        state.report(code, message, coredns, hint=hint)
    return False


def _begins_block(state: State, name: str) -> bool:
    """Whether a word on a new line that is no directive looks like the first zone of a server block."""
    if not any(char in name for char in ".:/") or not state.cursor.on_new_line():
        return False
    words = list(state.cursor.rest_of_line())
    if any(word.text == "{" for word in words):
        return True
    return len(words) < len(state.cursor.ahead) and state.release.has(state.cursor.ahead[-1 - len(words)].text)
