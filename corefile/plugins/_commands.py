"""What `on`, `startup` and `shutdown` have in common: commands, which the real server runs and we only name."""

from __future__ import annotations

import re

from ..chain.slots import Startup
from ..plugin import Invalid, Setup

ORDINARY = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-,/@$*()+=><:;&^%~|!?[]{}")
SPACE = frozenset(" \t\r\n")
SPECIAL = SPACE | frozenset("\"'\\#")


def split(text: str) -> list[str]:
    """The words of a command as CoreDNS splits it (github.com/flynn/go-shlex). Raises Invalid."""
    parts: list[str] = []
    part: str | None = None
    quote = ""
    letters = iter(text)
    for letter in letters:
        if letter == "\\" and quote != "'":
            letter = next(letters, "")
            if not letter:
                raise _bad("EOF found after escape character")
            if letter not in ORDINARY and letter not in SPECIAL:
                raise _bad(f"Uknown rune: {ord(letter)}")
            part = (part or "") + letter
        elif quote:
            if letter == quote:
                quote = ""
            else:
                part = (part or "") + letter
        elif letter in "\"'":
            quote, part = letter, part or ""
        elif letter in SPACE:
            if part is not None:
                parts.append(part)
            part = None
        elif letter == "#" and part is None:
            for letter in letters:
                if letter == "\n":
                    break
        elif letter in ORDINARY or letter == "#":
            part = (part or "") + letter
        else:
            raise _bad(f"{'Unknown' if part is None else 'Uknown'} rune: {ord(letter)}")
    if quote:
        raise _bad("EOF found when expecting closing quote.")
    if part is not None:
        parts.append(part)
    if not parts:
        raise Invalid("there is no command", hint="name a program", coredns=f"no command contained in '{text}'")
    return parts


def _bad(problem: str) -> Invalid:
    return Invalid(f"the command cannot be read: {problem}", coredns=f"error parsing command: {problem}")


def seconds_of(command: list[str]) -> float:
    """How long `sleep` takes; 0 for any other command, and where nothing waits for it."""
    if len(command) < 2 or command[0].rpartition("/")[2] != "sleep" or command[-1] == "&":
        return 0.0
    found = [re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)", word) for word in command[1:]]
    units = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return sum(float(m[1]) * units[m[2]] for m in found if m) if all(found) else 0.0


def wait_for(setup: Setup, command: list[str]) -> None:
    """Have CoreDNS be ready only when a command at its start is done, as far as that takes a time that is known."""
    setup.instance.get(Startup).seconds += seconds_of(command)


def notice(setup: Setup, when: str, command: list[str]) -> None:
    """Say that a command is not run."""
    setup.notice("outside-effect", f"CoreDNS runs `{' '.join(command)}` at {when}; nothing is run here")


__all__ = ["notice", "seconds_of", "split", "wait_for"]
