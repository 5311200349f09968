"""What `on`, `startup` and `shutdown` have in common: commands, which the real server runs and we only name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from ..chain import slots
from ..plugin import Declaration, Given, Invalid, Reads, Rest, Setting, Setup, Site

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


def seconds_of(command: Sequence[str]) -> float:
    """How long `sleep` takes; 0 for any other command, and where nothing waits for it."""
    if len(command) < 2 or command[0].rpartition("/")[2] != "sleep" or command[-1] == "&":
        return 0.0
    found = [re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)([smhd]?)", word) for word in command[1:]]
    units = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
    return sum(float(m[1]) * units[m[2]] for m in found if m) if all(found) else 0.0


class Ids:
    """A slot of the process: the numbers of its commands, in place of random ones."""

    def __init__(self) -> None:
        self.count = 0

    def drawn(self) -> str:
        """The next one (RFC 9562)."""
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012x}"


class Hook:
    """The line of the log as a command is run. Nothing waits for one that ends in `&`, the first time; then the `&` is lost
    (onevent/hook of github.com/coredns/caddy)."""

    def __init__(self, command: Sequence[str], id: str) -> None:
        self.words = list(command)
        self.id = id

    def __call__(self) -> str:
        """The line."""
        blocking = "Blocking"
        if self.words[1:] and self.words[-1] == "&":
            self.words.pop()
            blocking = "Nonblocking"
        text = f"{self.words[0]} {' '.join(self.words[1:])}"
        return f'[INFO] {blocking} Command "{text}" with ID {self.id}'


class Command(Setting):
    """A command of one event. No command is ever run here; a notice names it."""

    class Config(Declaration):
        command: tuple[str, ...] = Rest(required=True, doc="the program and its arguments, split as a shell does")

    READS = Reads(several="each", block=False)
    PREFIX = ""
    LOGGED: ClassVar[bool] = False
    """Whether the log has a line when a command is run, also for each instance after its own."""
    config: Config

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Split the command, of which there has to be one. Raises Invalid."""
        given.values["command"] = tuple(split(" ".join(given.values["command"])))

    @property
    def event(self) -> str:
        """When the command is run: at `startup`, which waits for it, or at another event."""
        return self.name

    def apply(self, site: Site) -> None:
        """Say that the command is not run; the time that it takes passes."""
        command = self.config.command
        self.setup.notice("outside-effect", f"CoreDNS runs `{' '.join(command)}` at {self.event}; nothing is run here")
        if self.event == "startup":
            startup = self.setup.instance.get(slots.Startup)
            startup.seconds += seconds_of(command)
            if self.LOGGED:
                startup.hooks.append(Hook(command, self.setup.instance.process.get(Ids).drawn()))


__all__ = ["Command", "seconds_of", "split"]
