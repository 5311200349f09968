"""Environment variables in the words of a Corefile: `{$NAME}` and `{%NAME%}` (replaceEnvVars of caddyfile/parse.go)."""

from __future__ import annotations

from collections.abc import Mapping


class Crash(Exception):
    """The parser of this release does not survive this."""


def substitute(text: str, environ: Mapping[str, str], ends: str) -> str:
    """Put variables in, those inside of variables too.

    A reference without a name or an end keeps CoreDNS from looking at the rest of the word for its kind. ends: where
    the release looks for the end of a reference, see `Rules`.
    """
    most = 1_000_000 + len(text)
    for start, end in (("{%", "%}"), ("{$", "}")):
        turns = 0
        at = text.find(start)
        while at != -1:
            # Caddy before 0.11.1 looked for the end from the start of the word, and before 0.10.13 it crashed
            # where that end stood before the start.
            close = text.find(end, at if ends == "behind" else 0)
            if close == -1 or (close <= at + len(start) and ends != "crash"):
                break
            if close < at + len(start):
                raise Crash("panic: runtime error: slice bounds out of range")
            text = text.replace(text[at : close + len(end)], environ.get(text[at + len(start) : close], ""))
            at = text.find(start)
            turns += 1
            if turns > 1000 or len(text) > most:
                raise Crash("the references never end")
    return text
