"""proxyproto - takes the client's address from a load balancer's PROXY header.

Description: queries and connections that begin with a PROXY header (version 1 or 2) of a sender in `allow` count as
those of the address that it names; of other senders `default` decides: `use` it, `ignore` it, `reject` what has one, or
`skip` looking for it. What comes without a header is answered as ever. Here a datagram may have a header of version 2
(`Server.send`); other queries have none, and come from the client itself.

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

from ..chain.headers import MOST_SESSIONS, Headers
from ..golang.addresses import Network, number_of
from ..plugin import WRONG_COUNT, Arg, Cidr, Declaration, Duration, Int, Line, OneOf, Opt, Reads, Rest, Setting, Site

SENDERS = Cidr(error="{0}: invalid CIDR address: {0}", located=False)
POLICY = OneOf("use", "ignore", "reject", "skip", fold=True, error=WRONG_COUNT)
TRACKING = "udp_session_tracking: invalid "
LIFETIME = Duration(error=TRACKING + "duration {quoted}: {go}", located=False)
MOST = Int(min=1, error=TRACKING + "max sessions {quoted}: must be a positive integer", located=False)


class Proxyproto(Setting):
    """What is done with PROXY headers."""

    class Config(Declaration):
        allow: tuple[Network, ...] = Line(Rest("networks", SENDERS), repeat="join", doc="senders whose header is used")
        default: str | None = Line(POLICY, doc="what becomes of others")
        udp_session_tracking: tuple[float, int | None] | None = Line(
            Arg("time", LIFETIME), Opt("most", MOST), doc="for how long, and of how many senders"
        )

    STATE = "headers that count for later datagrams of their senders"
    READS = Reads(several="fields", unknown="unknown option '{}'", unknown_prefix=False)
    config: Config

    def apply(self, site: Site) -> None:
        """Have the server look for headers."""
        lifetime, most = self.config.udp_session_tracking or (0.0, None)
        self.headers = Headers(self.policy, lifetime, most or MOST_SESSIONS)
        site.headers = self.headers

    def policy(self, address: str) -> str:
        """What becomes of the headers of a sender."""
        networks = self.config.allow
        if not networks:
            return self.config.default or "use"
        number = number_of(address.partition("%")[0])
        return "use" if any(network.holds(number) for network in networks) else self.config.default or "ignore"

    def renew(self) -> None:
        """Forget the senders of earlier headers."""
        self.headers.sessions.clear()
