"""loop - stops CoreDNS where it forwards questions to itself.

Description: when the server has started, asks it one question of type HINFO with a name that nobody else uses. If that
question comes in a third time, it has been forwarded in a circle: CoreDNS ends. Once an answer has come, or after 30
seconds, nothing is watched any more. The probe is sent again each second while it fails.

Syntax: `loop`

Examples: `.:53 { loop forward . /etc/resolv.conf }` ends where /etc/resolv.conf names this very server, as on machines
with systemd-resolved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..chain.declare import Reads
from ..chain.query import NEXT, Outcome, Query, failed
from ..chain.shapes import Plugin
from ..dns.message import HINFO, IN, SERVFAIL, Msg, Question
from ..dns.names import is_subdomain
from ..golang.addresses import join_port
from ._backend import Link, aside

if TYPE_CHECKING:
    from ..chain.setup import Setup

NAME = "5577006791947779410.8674665223082153551."
"""Stands for the two random numbers in the probe's name."""

TRY_FOR = 30.0
PAUSE = 1.0
WAIT = 2.0
MOST = 2


class Loop(Plugin):
    """Watches for its own probe."""

    READS = Reads(once=True, block=False, surplus="first")
    PASSES = "not its probe"

    def __init__(self, config: None, setup: Setup) -> None:
        super().__init__(config, setup)
        self.seen = 0
        self.on = True
        self.stopped = False
        site = setup.site
        self.zone = site.keys[0].zone.lower() if site.keys else "."
        self.qname = NAME if self.zone == "." else NAME + self.zone
        self.address = join_port(site.listen_hosts[0], site.keys[0].port) if site.keys else ":53"
        self.resets = setup.release >= "1.3.1"

    def start(self) -> None:
        """Probe once everything has started."""
        now = self.setup.world.clock.now
        self.setup.instance.once_started.append(lambda: self._probe(now + TRY_FOR))

    def stop(self) -> None:
        """Probe no more."""
        self.stopped = True

    def serve(self, query: Query) -> Outcome:
        """Passes on, unless the probe comes in too often."""
        if query.type != HINFO or not self.on or not is_subdomain(self.zone, query.name):
            return NEXT
        if query.name == self.qname:
            self.seen += 1
        if self.seen > MOST:
            text = self._words(query)
            if self.setup.instance.fatal is None:
                self.setup.log(f"[FATAL] plugin/loop: {text}")
                self.setup.dies(
                    "forwarding-loop",
                    f"CoreDNS ends: what it forwards in {self.zone} comes back to itself",
                    f"plugin/loop: {text}",
                    hint="name an upstream that is another machine: in a pod, "
                    "/etc/resolv.conf may name the node's own resolver at 127.0.0.53",
                )
            return failed(SERVFAIL, None, "the probe came in a third time: CoreDNS ends")
        return NEXT

    def _words(self, query: Query) -> str:
        release = self.setup.release
        if release >= "1.3.1":
            client = join_port(query.ctx.client, str(query.ctx.client_port))
            return (
                f'Loop ({client} -> {self.address}) detected for zone "{self.zone}", see '
                f'https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO {self.qname}"'
            )
        if release >= "1.2.3":
            return (
                f'Forwarding loop detected in "{self.zone}" zone. Exiting. See '
                f'https://coredns.io/plugins/loop#troubleshooting. Probe query: "HINFO {self.qname}".'
            )
        return f'Seen "HINFO IN {self.qname}" more than twice, loop detected'

    def _probe(self, end: float) -> None:
        clock, instance = self.setup.world.clock, self.setup.instance
        if self.stopped or instance.fatal is not None:
            return
        if clock.now < end:
            host = self.address if not self.address.startswith(":") else "127.0.0.1" + self.address
            msg = Msg(Question(self.qname, HINFO, IN), id=1, rd=True)
            said = Link("dns", host, self.setup).ask(msg, aside(self.setup.world, clock.now), "udp", WAIT, 512)
            if instance.fatal is not None:
                return
            if said.reply is None:
                if self.resets:
                    self.seen = 0
                clock.call_in(said.took + PAUSE, lambda: self._probe(end))
                return
        self.on = False
