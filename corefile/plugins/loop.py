"""loop - stops CoreDNS where it forwards questions to itself.

Description: when the server has started, asks it one question of type HINFO with a name of its own. If that
question comes in a third time, it has been forwarded in a circle: CoreDNS ends. Once an answer has come, or after 30
seconds, nothing is watched any more. The probe is sent again each second while it fails.

Syntax: `loop`

Examples: `.:53 { loop forward . /etc/resolv.conf }` ends where /etc/resolv.conf names this very server, as on machines
with systemd-resolved.
"""

from __future__ import annotations

from functools import partial

from ..plugin import (
    NEXT,
    Exact,
    Gate,
    Landmark,
    Outcome,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    changed,
    dns,
    failed,
    fqdn,
    is_subdomain,
    join_port,
    since,
)
from ._backend import Link, aside

FIRST, SECOND = 5577006791947779410, 8674665223082153551
"""Stand for the two random numbers in the name of the first probe; each further one has another first number."""


class Probes:
    """How many an instance has."""

    def __init__(self) -> None:
        self.count = 0

    def name(self) -> str:
        """The two numbers in the name of the next one."""
        self.count += 1
        return f"{FIRST + self.count - 1}.{SECOND}."


TRY_FOR = 30.0
PAUSE = 1.0
WAIT = 2.0
MOST = 2


LOOP = Reason("loop", "the probe came in a third time: CoreDNS ends")


class Loop(Gate):
    """Watches for its own probe."""

    class Rules(ReleaseRules):
        starts_over = since("1.3.1", "a probe that gets no answer sets the count to 0")
        words = changed(
            'Seen "HINFO IN {name}" more than twice, loop detected',
            {
                "1.2.3": 'Forwarding loop detected in "{zone}" zone. Exiting. See '
                'https://coredns.io/plugins/loop#troubleshooting. Probe query: "HINFO {name}".',
                "1.3.1": 'Loop ({client} -> {address}) detected for zone "{zone}", see '
                'https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO {name}"',
            },
            "the last line of CoreDNS",
        )

    READS = Reads(once=True, block=False, surplus="first")
    PASSES = "not its probe"
    rules: Rules

    def prepare(self) -> None:
        """The probe's name, and where it is sent."""
        self.seen = 0
        self.on = True
        self.stopped = False
        site = self.setup.site
        self.zone = site.keys[0].zone.lower() if site.keys else "."
        numbers = self.setup.instance.get(Probes).name()
        self.qname = numbers if self.zone == "." else fqdn(numbers + self.zone)
        host = site.listen_hosts[0] if site.listen_hosts else ""  # `bind` may leave out all of its addresses
        self.address = join_port(host, site.keys[0].port) if site.keys else ":53"

    def start(self) -> None:
        """Probe once everything has started."""
        now = self.setup.world.clock.now
        self.setup.instance.once_started.append(partial(self._probe, now + TRY_FOR))

    def stop(self) -> None:
        """Probe no more."""
        self.stopped = True

    def admit(self, query: Query, zone: str) -> Outcome:
        """Passes on, unless the probe comes in too often."""
        if query.type != dns.HINFO or not self.on or not is_subdomain(self.zone, query.name):
            return NEXT
        if query.name == self.qname:
            self.seen += 1
        if self.seen > MOST:
            if self.setup.instance.fatal is None:
                client = join_port(query.ctx.client, query.ctx.client_port)
                text = self.rules.words.format(name=self.qname, zone=self.zone, client=client, address=self.address)
                self.setup.log(f"[FATAL] plugin/loop: {text}")
                self.setup.dies(
                    "forwarding-loop",
                    f"CoreDNS ends: what it forwards in {self.zone} comes back to itself",
                    f"plugin/loop: {text}",
                    hint="name an upstream that is another machine: in a pod, "
                    "/etc/resolv.conf may name the node's own resolver at 127.0.0.53, or the cluster's own DNS Service",
                )
            return failed(dns.SERVFAIL, None, LOOP())
        return NEXT

    def landmarks(self) -> list[Landmark]:
        """Its own probe."""
        return [Exact(self.qname)]

    def _probe(self, end: float) -> None:
        clock, instance = self.setup.world.clock, self.setup.instance
        if self.stopped or instance.fatal is not None:
            return
        if clock.now < end:
            host = self.address if not self.address.startswith(":") else "127.0.0.1" + self.address
            msg = dns.Msg(dns.Question(self.qname, dns.HINFO, dns.IN), id=1, rd=True)
            said = Link("dns", host, self.setup).ask(msg, aside(self.setup.world, clock.now), "udp", WAIT, 512)
            if instance.fatal is not None:
                return
            if said.reply is None:
                if self.rules.starts_over:
                    self.seen = 0
                clock.call_in(said.took + PAUSE, partial(self._probe, end))
                return
        self.on = False
