"""multisocket - opens several sockets on each listening address, for more queries a second.

Description: all sockets of an address are served alike, so that nothing changes in the answers.

Syntax: `multisocket [NUMBER]`

NUMBER is the number of processors unless given; up to 1024 since 1.13.2.

Examples: `multisocket 4`.
"""

from __future__ import annotations

from ..golang.errors import GoError
from ..golang.numbers import parse_int
from ..plugin import Declaration, Invalid, Opt, Reads, ReleaseRules, Setting, Site, Word, changed


class Multisocket(Setting):
    """The number of sockets."""

    class Config(Declaration):
        number: str | None = Opt(Word("number"), doc="of sockets")

    class Rules(ReleaseRules):
        most = changed(None, {"1.13.2": 1024}, "how many sockets there may be")

    READS = Reads(once=True, twice=None, block=False, surplus="first")
    config: Config
    rules: Rules

    def apply(self, site: Site) -> None:
        """The number is looked at once all words have been read."""
        if self.config.number is None:
            return
        at = self.setup.given.words[0].span
        try:
            number = parse_int(self.config.number)
        except GoError as error:
            raise Invalid(error.message, coredns=f"invalid num sockets: {error.text}", located=False, at=at) from None
        if number < 1:
            said = f"num sockets can not be zero or negative: {number}"
            raise Invalid(f"`{number}` is less than 1", coredns=said, located=False, at=at)
        if self.rules.most is not None and number > self.rules.most:
            said = f"num sockets exceeds maximum ({self.rules.most}): {number}"
            raise Invalid(f"`{number}` is more than {self.rules.most}", coredns=said, located=False, at=at)
