"""Corefiles of `corefile.testing.strategies`, valid ones and ones with a mistake, given to a CoreDNS binary: whether it starts,
and in which words it refuses to.

Each process of the pool has a network of its own, with a loopback interface alone, and each CoreDNS a root folder of its own
(see `corefile.testing.real`). What a cloud would have to be asked for before the start is left out: hosted zones of
`route53`, `azure` and `clouddns`, and an `etcd` that wants to know who asks; and what waits for an API server for long, or for another one than ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import NamedTuple

from corefile.api import build
from corefile.findings import Source
from corefile.releases import Release, find
from corefile.testing import strategies
from corefile.testing.real import version_of
from corefile.testing.real.isolation import add_address, bound_addresses, isolate, remove_address
from corefile.testing.real.kubernetes import ACCOUNT, ApiServer
from corefile.testing.real.process import FOLDER, CannotRun, Process
from corefile.testing.strategies.corefiles import given, with_mistakes
from corefile.testing.strategies.examples import Examples
from corefile.world.files import ASSUMED

ASKS_A_CLOUD = re.compile(r"^\s*(?:route53|azure|clouddns)\s+[^\s{#:]*:", re.M)
"""A hosted zone, which CoreDNS looks up before it starts."""
LOGS_IN = re.compile(r"^\s*etcd\b.*?^\s*credentials[ \t]+\S+[ \t]+\S", re.M | re.S)
"""Credentials for etcd, with which CoreDNS logs in before it starts."""
ELSEWHERE = re.compile(r"^\s*kubernetes\b[^}]*^\s*endpoint\s", re.M)
"""An API server that is none of these processes, for which CoreDNS waits for ever before 1.2.5."""
WAITS = re.compile(r"^\s*startup_timeout\s+(?!\d(?:s|ms)\b)", re.M)
"""How long `kubernetes` waits, if it is 10 s or more."""
IN_VAIN = re.compile(r"\blisten (?:tcp|udp) \S+: bind: ")
"""A server that cannot listen."""
PATIENCE = 3
"""How often it is tried to start a CoreDNS that says nothing."""
TOGETHER = 8
"""How many Corefiles are one job."""


class Job(NamedTuple):
    """Some Corefiles for a binary. kind: `valid` or `broken`."""

    path: str
    kind: str
    seed: str
    first: int


class Start(NamedTuple):
    """A Corefile, and what the binary and the simulator say of it: '' where they start."""

    seed: str
    text: str
    binary: str
    simulator: str


@cache
def examples(kind: str, release: Release) -> Examples[str]:
    """Corefiles of a kind."""
    return Examples(strategies.corefiles(release) if kind == "valid" else with_mistakes(release))


@cache
def environment() -> dict[str, str]:
    """What a pod of a cluster without objects has; its API server is one of this process."""
    return {"HOSTNAME": "oracle", "PATH": "/", **strategies.ENV, **ApiServer([], tls=True).environment}


def started(binary: str, text: str, expected: str) -> str:
    """What a binary says of a Corefile; '' where it starts. expected: what it may say in several lines, of which only the last
    would be told."""
    files = {**ASSUMED, **ACCOUNT}
    files |= {path: one.encode() if isinstance(one, str) else one for path, one in strategies.FILES.items()}
    files["/tmp/log"] = b""  # a folder for what the library of Kubernetes logs in 1.3.1
    files["Corefile"] = text.encode("utf-8", "surrogateescape")
    bound = set(bound_addresses(text))
    for address in bound:
        add_address(address)
    try:
        process = _process(binary, files)
    except CannotRun as error:
        return str(error)
    finally:
        for address in bound:
            remove_address(address)
    try:
        if process.error is None:
            return ""
        said = process.text().replace(f"{FOLDER}/", "")  # some plugins name files by their whole paths
        panic = re.search(r"^panic: .*", said, re.M)
        whole = expected and ("\n" + said).rstrip("\n").endswith("\n" + expected.rstrip("\n"))
        return panic[0] if panic else expected if whole else process.error.replace(f"{FOLDER}/", "")
    finally:
        process.stop()


def _process(binary: str, files: Mapping[str, bytes]) -> Process:
    """A CoreDNS, which may be slow to start where many do. Raises CannotRun."""
    for _ in range(PATIENCE - 1):
        try:
            return Process(binary, files, environment())
        except CannotRun:
            continue
    return Process(binary, files, environment())


def named_in(said: str, options: Sequence[object], why: str) -> int:
    """A `choose` for a world: the server whose address is named in what CoreDNS has said; otherwise the first option."""
    addresses = (str(option).partition("://")[2] for option in options)
    return next((n for n, address in enumerate(addresses) if address and f" {address}: " in said), 0)


def simulated(text: str, release: Release, said: str = "") -> str:
    """What we say of a Corefile, in CoreDNS's words; '' where it starts. The machine has the addresses that are bound.
    said: what CoreDNS has said, where it is known: it sets up servers in any order."""
    bound = tuple(bound_addresses(text))
    world = given(bound, tuple(dict.fromkeys(("127.0.0.1", "::1", *bound))))
    world.choose_index = partial(named_in, said)
    errors = build(Source("Corefile", text), release, world).errors
    return (errors[0].coredns or f"({errors[0].message})").replace(f"{FOLDER}/", "") if errors else ""


def work(job: Job) -> list[Start]:
    """Start them."""
    release = find(version_of(job.path))
    out = []
    for number in range(job.first, job.first + TOGETHER):
        seed = f"{job.seed}/{number}"
        text = examples(job.kind, release)[f"{job.kind}/{seed}"]
        masks = (ASKS_A_CLOUD, LOGS_IN, WAITS, *((ELSEWHERE,) if release < "1.2.5" else ()))
        if not any(left_out.search(text) for left_out in masks):
            try:
                expected = simulated(text, release)
            except Exception as error:
                expected = f"(raises {error!r})"
            said = started(job.path, text, expected)
            if ELSEWHERE.search(text) and "dial tcp: " in said:  # some releases ask it for its version
                continue
            if said != expected and IN_VAIN.search(said):
                expected = simulated(text, release, said)
            out.append(Start(seed, text, said, expected))
    return out


def line_of(words: str) -> str:
    """The line that an error names."""
    found = re.match(r"Corefile:(\d+) - ", words)
    return found[1] if found else ""


def compare(path: str, count: int, seed: str, first: int, jobs: int | None) -> int:
    """Compare so many different valid Corefiles that both take, and as many with a mistake that both refuse; how many
    differ."""
    wrong = 0
    for kind in ("valid", "broken"):
        seen: set[str] = set()
        found: Counter[str] = Counter()
        at = first
        counted = "both start" if kind == "valid" else "both refuse in the same words"
        with ProcessPoolExecutor(jobs, initializer=isolate) as pool:
            while found[counted] < count and at < first + 20 * count:
                several = [Job(path, kind, seed, at + more) for more in range(0, 40 * TOGETHER, TOGETHER)]
                at += 40 * TOGETHER
                for start in (start for starts in pool.map(work, several) for start in starts):
                    if start.text in seen:
                        continue
                    seen.add(start.text)
                    what = told(start)
                    found[what] += 1
                    if what not in ("both start", "both refuse in the same words"):
                        wrong += 1
                        print(f"{kind} {start.seed}: {what}\n{start.text}")
                        print(
                            f"  binary    {start.binary or 'starts'}\n  simulator {start.simulator or 'starts'}\n",
                            flush=True,
                        )
        print(f"{kind}, seed {seed}, {first} to {at - 1}: {dict(found.most_common())}", flush=True)
    return wrong


def told(start: Start) -> str:
    """How the two compare."""
    binary, simulator = (re.sub(r"0x[0-9a-f]{6,}", "0x...", said) for said in (start.binary, start.simulator))
    if binary == simulator or (simulator.startswith("panic: ") and binary.startswith("panic: ")):
        return "both refuse in the same words" if binary else "both start"
    if not binary or not simulator:
        return f"the {'simulator' if simulator else 'binary'} alone refuses"
    return f"both refuse, {'at the same line ' if line_of(binary) == line_of(simulator) else 'at another line '}in other words"


__all__ = ["compare"]
