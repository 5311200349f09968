"""proxyproto - takes the client's address from a load balancer's PROXY header.

Description: queries and connections that begin with a PROXY header (version 1 or 2) of a sender in `allow` count as
those of the address that it names; of other senders `default` decides: `use` it, `ignore` it, `reject` what has one, or
`skip` looking for it. What comes without a header is answered as ever, and no query has one here: `from` names the
client itself.

Syntax:

    proxyproto {
        allow NETWORK...
        default use|ignore|reject|skip
        udp_session_tracking DURATION [MOST]
    }

Without `allow` the headers of all senders are used. `udp_session_tracking` has the header of a sender's first packet
count for those that follow without one.

Examples: `proxyproto { allow 10.0.0.0/8 }`.
"""

from __future__ import annotations

from ..golang.numbers import to_int
from ..plugin import (
    Arg,
    Declaration,
    Duration,
    Int,
    Invalid,
    Line,
    OneOf,
    Opt,
    Reads,
    Release,
    Rest,
    Setting,
    Site,
    Type,
    quote,
)
from ._networks import parse_cidr


class Allowed(Type):
    """A network whose headers count."""

    label = "network"
    example = "10.0.0.0/8"

    def convert(self, text: str, release: Release) -> str:
        """The network. Raises Invalid."""
        if parse_cidr(text) is None:
            said = f"{text}: invalid CIDR address: {text}"
            raise Invalid(f"`{text}` is no network", hint="such as `10.0.0.0/8`", coredns=said, located=False)
        return text


class Lifetime(Duration):
    """How long a header counts for those that follow."""

    def bad(self, text: str, message: str, *, hint: str = "", coredns: str | None = None) -> Invalid:
        """The error for `text`."""
        said = f"udp_session_tracking: invalid duration {quote(text)}: {coredns}"
        return Invalid(message, hint=hint, coredns=said, located=False)


class Most(Int):
    """How many senders are remembered."""

    def convert(self, text: str, release: Release) -> int:
        """The number. Raises Invalid."""
        number = to_int(text)
        if number is None or number <= 0:
            said = f"udp_session_tracking: invalid max sessions {quote(text)}: must be a positive integer"
            raise Invalid(f"`{text}` is not a number above 0", coredns=said, located=False)
        return number


class Policy(OneOf):
    """What becomes of other headers; a bad word is said to be a wrong number of arguments."""

    def bad(self, text: str, message: str, *, hint: str = "", coredns: str | None = None) -> Invalid:
        """The error for `text`."""
        said = f"Wrong argument count or unexpected line ending after '{text}'"
        return Invalid(message, hint=hint, coredns=said)


class Proxyproto(Setting):
    """What is done with PROXY headers, of which no query has one here."""

    class Config(Declaration):
        allow: tuple[str, ...] = Line(Rest("networks", Allowed()), repeat="join", doc="senders whose header is used")
        default: str | None = Line(Policy("use", "ignore", "reject", "skip", fold=True), doc="what becomes of others")
        udp_session_tracking: object = Line(
            Arg("time", Lifetime()), Opt("most", Most()), doc="for how long, and of how many senders"
        )

    READS = Reads(several="fields", unknown="unknown option '{}'", unknown_prefix=False)
    config: Config

    def apply(self, site: Site) -> None:
        """Nothing that a query without a header shows."""
