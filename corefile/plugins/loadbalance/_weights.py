"""Weight files: a domain name on a line, then lines of `ADDRESS WEIGHT`."""

from __future__ import annotations

import re

from ...findings import Span
from ...golang.durations import duration_text
from ...language.words import decode
from ...plugin import Setup, parse_ip
from .._paths import cannot_read, place_in
from ._rules import LoadbalanceRules

UNTIL = "until it is there, all addresses have the same weight"

Weights = dict[str, dict[str, int]]
"""Weights by name (with its last dot, in the file's spelling) and address."""


class BadWeights(Exception):
    """A weight file that CoreDNS does not take; the text is CoreDNS's. line: counts from 1. word: what is wrong in it. why: in
    plain words. hint: what to write."""

    def __init__(self, message: str, line: int, word: str, why: str, hint: str) -> None:
        super().__init__(message)
        self.line = line
        self.word = word
        self.why = why
        self.hint = hint


LINE = "a line is a domain name, or an address and its weight"


def parse(text: str, path: str, rules: LoadbalanceRules, into: Weights) -> None:
    """Read a weight file into `into`, line by line. Raises BadWeights where it has to stop."""
    name = ""
    least = 0 if rules.zero_weights else 1

    def bad(number: int, message: str, word: str, why: str, hint: str = LINE, end: str = "") -> BadWeights:
        message = f"{message} in weight file {path}{end}"
        return BadWeights(message if rules.lower_case else message[0].upper() + message[1:], number, word, why, hint)

    for number, line in enumerate(text.split("\n"), 1):
        fields = line.split()
        if not fields or fields[0].startswith("#"):
            continue
        if len(fields) == 1:
            if address(fields[0]) is not None:
                end = ". (Maybe a missing weight value?)"
                raise bad(
                    number, f'wrong domain name:"{fields[0]}"', fields[0], f"`{fields[0]}` has no weight", end=end
                )
            name = fields[0] if fields[0].endswith(".") else fields[0] + "."
            into.setdefault(name, {})
        elif len(fields) == 2:
            ip = address(fields[0])
            if ip is None:
                raise bad(number, f'wrong IP address:"{fields[0]}"', fields[0], f"`{fields[0]}` is no IP address")
            if not re.fullmatch("[0-9]+", fields[1]) or not least <= int(fields[1]) <= 255:
                hint = f"weights are whole numbers from {least} to 255"
                raise bad(number, f'wrong weight value:"{fields[1]}"', fields[1], f"`{fields[1]}` is no weight", hint)
            if not name:
                hint = "write the domain name on a line above it"
                raise bad(number, "missing domain name", fields[0], f"`{fields[0]}` stands below no name", hint)
            into[name].setdefault(ip, int(fields[1]))  # of two lines for an address, the first one counts
        else:
            text = line.strip()
            raise bad(
                number, f'could not parse weight line:"{text}"', text, f"{len(fields)} words are too many for a line"
            )


def address(text: str) -> str | None:
    """An IP address as records have it; None for anything else."""
    found = parse_ip(text)
    return found[1] if found is not None else None


class WeightFile:
    """A weight file that is read again every `reload` seconds (0: never), and the weights in it as far as they are known.
    place: where its name stands."""

    def __init__(self, path: str, reload: float, setup: Setup, place: Span) -> None:
        self.path = path
        self.place = place
        self.reload = reload
        self.setup = setup
        self.rules = LoadbalanceRules.of(setup.release)
        self.weights: Weights = {}
        self.text: bytes | None = None

    def weight(self, name: str, ip: str) -> int:
        """That of an address of a name."""
        return self.weights.get(name, {}).get(ip, 1)

    def check(self) -> None:
        """Complain of a file with which CoreDNS does not start."""
        setup, place, data = self.setup, self.place, self.setup.world.files.read(self.path)
        if data is None and setup.world.files.is_dir(self.path):
            said = cannot_read(self.path, setup.world.files)
            setup.error("weight-file", f"`{self.path}` is a directory", place, coredns=said, located=False)
            return
        message = f"there is no weight file `{self.path}`"
        if data is None and self.reload:
            setup.missing(self.path, message, place, until=UNTIL)
        elif data is None and not setup.elsewhere(self.path, place, until=UNTIL):
            hint = f"create it, or give `reload` a duration; {setup.world.how_to_give(self.path)}"
            setup.error("missing-file", message, place, coredns=self._missing(), located=False, hint=hint)
        elif data is not None:
            try:
                parse(decode(data), self.path, self.rules, {})
            except BadWeights as bad:
                where = place_in(self.path, bad.line, bad.word, setup.world.files)
                setup.error(
                    "weight-file",
                    f"{self.path}:{bad.line}: {bad.why}",
                    place,
                    coredns=str(bad),
                    located=False,
                    hint=bad.hint,
                    related=() if where is None else ((where, "here"),),
                )

    def start(self) -> None:
        """Read it for the first time."""
        error = self._read()
        if error:
            self.setup.log(
                f"[WARNING] plugin/loadbalance: Failed to open weight file:{error}. "
                f"Will try again in {duration_text(self.reload)}"
            )
        if self.reload < 0:
            self.setup.dies(
                "coredns-panics",
                "CoreDNS ends: `reload` takes no negative duration",
                "panic: non-positive interval for NewTicker",
            )

    def look(self) -> None:
        """Read it again."""
        error = self._read()
        if error:
            self.setup.log(f"[ERROR] plugin/loadbalance: {error}")

    def _read(self) -> str:
        """Take the weights of the file if it has changed; CoreDNS's error, or ''."""
        data = self.setup.world.files.read(self.path)
        if data is None:
            return self._missing()
        if data == self.text:
            return ""
        self.text = data
        weights: Weights = {}
        if self.rules.zero_weights:
            self.weights = weights
        try:
            parse(decode(data), self.path, self.rules, weights)
        except BadWeights as bad:
            return str(bad)
        self.weights = weights
        self.setup.log(f"[INFO] plugin/loadbalance: Successfully reloaded weight file {self.path}")
        return ""

    def _missing(self) -> str:
        return f"{'weight' if self.rules.lower_case else 'Weight'} file open error"


__all__ = ["BadWeights", "WeightFile", "Weights", "parse"]
