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

from ..plugin import WRONG_COUNT, Arg, Cidr, Declaration, Duration, Int, Line, OneOf, Opt, Reads, Rest, Setting, Site

SENDERS = Cidr(error="{0}: invalid CIDR address: {0}", located=False)
POLICY = OneOf("use", "ignore", "reject", "skip", fold=True, error=WRONG_COUNT)
TRACKING = "udp_session_tracking: invalid "
LIFETIME = Duration(error=TRACKING + "duration {quoted}: {go}", located=False)
MOST = Int(min=1, error=TRACKING + "max sessions {quoted}: must be a positive integer", located=False)


class Proxyproto(Setting):
    """What is done with PROXY headers, of which no query has one here."""

    class Config(Declaration):
        allow: tuple[object, ...] = Line(Rest("networks", SENDERS), repeat="join", doc="senders whose header is used")
        default: str | None = Line(POLICY, doc="what becomes of others")
        udp_session_tracking: object = Line(
            Arg("time", LIFETIME), Opt("most", MOST), doc="for how long, and of how many senders"
        )

    READS = Reads(several="fields", unknown="unknown option '{}'", unknown_prefix=False)
    config: Config

    def apply(self, site: Site) -> None:
        """Nothing that a query without a header shows."""
