"""pprof - serves profiles of the running process over HTTP, below /debug/pprof/.

Description: for finding out what CoreDNS does with time and memory, with `go tool pprof`. The pages are there; what
they would say of a real process is not. Up to 1.6.5 one per process is set up, the first, until a reload.

Syntax:

    pprof [ADDRESS] {
        block [RATE]
    }

ADDRESS is `localhost:6053` unless given. `block` (since 1.5.0) has blocking measured, too, with a sample each RATE (1)
nanoseconds.

Examples: `pprof 127.0.0.1:6060`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..plugin import (
    ONCE,
    Changing,
    Declaration,
    Int,
    Line,
    Listen,
    Opt,
    Reads,
    ReleaseRules,
    Setting,
    Site,
    changed,
    since,
    until,
)
from ._listening import Endpoint, Only, refused, taken

PAGES = ("", "cmdline", "profile", "trace", "allocs", "block", "goroutine", "heap", "mutex", "threadcreate")


class Pprof(Endpoint, Setting):
    """The endpoint."""

    class Config(Declaration):
        address: str = Opt(
            Changing(Listen(located=False, prefix=""), {"1.5.0": Listen()}),
            default="localhost:6053",
            doc="where to listen",
        )
        block: int | None = Line(
            Opt("rate", Int("nanoseconds", error="property 'block' invalid integer value '{}'"), default=1),
            since="1.5.0",
            doc="measure blocking",
        )

    class Rules(ReleaseRules):
        first_only = until("1.6.6", "the first one that a process reads listens, and none does after a reload")
        redirects = since("1.6.6", "the page without its last slash leads to the one with it")

    READS = Reads(
        once=True,
        twice=changed("pprof can only be specified once", {"1.1.0": ONCE}),
        twice_located=until("1.1.0"),
        unknown=changed(None, {"1.5.0": "unknown property '{}'"}),
    )
    PATH = "/debug/pprof"
    STAYS = True
    config: Config
    rules: Rules

    def apply(self, site: Site) -> None:
        """Nothing is measured. CoreDNS sets up the first one as it reads it."""
        only = self.setup.instance.process.get(Only)
        self.listens = only.setdefault(self.name, self) is self or not self.rules.first_only
        self.setup.notice("outside-effect", "`pprof` serves profiles of CoreDNS; nothing is measured here")

    def check(self) -> None:
        """Whether it can listen."""
        if not self.listens:
            return
        error = refused(self.config.address, self.setup.world) or taken(self.setup, self.config.address)
        if error is not None:
            self.refuse(error, "such as `127.0.0.1:6053`")

    def pages(self) -> dict[str, Callable[[], tuple[int, str]]]:
        """Those of the directory, empty but for one."""
        bodies = {f"{self.PATH}/{page}": "" for page in PAGES} | {f"{self.PATH}/symbol": "num_symbols: 1\n"}
        if self.rules.redirects:
            bodies[self.PATH] = ""
        return {path: partial(_page, body) for path, body in bodies.items()} | {f"{self.PATH}/*": _unknown}


def _page(body: str) -> tuple[int, str]:
    return 200, body


def _unknown() -> tuple[int, str]:
    return 404, "Unknown profile\n"
