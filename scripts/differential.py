"""Draw Corefiles and questions, ask a CoreDNS binary and the simulator, and show where they differ.

    COREDNS=/path/to/coredns make differential
    COREDNS=a:b:c python scripts/differential.py --cases 200 --seed 7 --directives rewrite,hosts

COREDNS names one binary or several, with `:` between them; each says itself which release it is. Everything listens on
127.0.0.1 at ports of its own, so nothing of the machine is touched and no rights are needed. Where the system allows
it, each job has a network of its own.

What is drawn is in draws.py, draws_cluster.py, draws_clouds.py, draws_elsewhere.py and draws_servers.py. `--directives
all` draws a few of all directives for each case; `--directives servers,odd,tsig,all` has them asked over all
transports, with malformed messages and with signatures. A case that differs is asked again before it counts, since real
time passes while a binary answers. `--keep DIR` writes the cases that differ as test files.

    COREDNS=/path/to/coredns python scripts/differential.py --corefiles 2000 --seed 7

compares no answers, but what is said of Corefiles: so many that start, and as many with a mistake (see starts.py).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import draws_clouds  # noqa: F401  # which registers what it draws
import draws_cluster  # noqa: F401
import draws_elsewhere  # noqa: F401
import starts
import yaml
from clients import BRIEF, PATIENCE, Client, joined, verdict
from collector import FLUSH, Collector, clients, on_one_port, told
from draws import DRAWERS, Draw, Ports, Scene, scene
from draws_servers import ENDPOINTS, SINCE
from listening import free_port
from stores import EtcdServer, NomadServer
from stores import Server as Store
from stores_clouds import CloudServer, is_cloud
from upstream import serve_upstream, upstream

from corefile.api import Server
from corefile.chain.reply import Reply
from corefile.findings import CorefileError, Source
from corefile.golang.addresses import join_port
from corefile.releases import Release, find
from corefile.testing.compare import differences
from corefile.testing.observe import beside_of, describe, recorded, via_of
from corefile.testing.real import NoBinary, version_of
from corefile.testing.real.asking import get
from corefile.testing.real.isolation import NotIsolated, add_address, isolate, remove_address
from corefile.testing.real.kubernetes import ApiServer
from corefile.testing.real.process import has_started, last_words, printed
from corefile.world import World
from corefile.world.clock import Clock
from corefile.world.cluster import Cluster

LOOP = re.compile(r"^ *loop$", re.M)
"""It asks itself, from a port of its own, and before or after CoreDNS says that it is ready."""
HEALTH = re.compile(r"^ *health\b", re.M)
NOTIFIES = re.compile(r"^ *(?:transfer )?to 127", re.M)
RIPE = 1.3
"""Seconds in which `loop` has asked itself, again after one, where CoreDNS did not yet listen when it asked first; and in
which `health` of old releases has asked plugins again, which were not well when they had not started."""
PANIC = "Recovered from panic"
FRAMES = "the frames of dnstap"
SHOWN = 6
"""How many frames of a difference are shown."""
CLOSED = 1
"""A port where nothing listens, nor a client is."""
SURE = 60
"""How many characters of an error have to be alike, at least, where the binary's may go on."""
SETTLE = 0.4
"""Seconds in which the zones of a binary that is ready have been looked at, where they are looked at every 300 ms."""


# -- the world ---------------------------------------------------------------------------------------------------------


class Binary:
    """A CoreDNS that can be started. release: what it says that it is."""

    def __init__(self, path: str) -> None:
        self.path = path
        try:
            self.release = find(version_of(path))
        except NoBinary as error:
            raise SystemExit(str(error)) from None


binary_at = cache(Binary)


def ripening(corefile: str, release: Release) -> float:
    """The seconds after its start in which what a CoreDNS does is up to how long that took."""
    if LOOP.search(corefile) or (HEALTH.search(corefile) and release < "1.5.0"):
        return RIPE
    return SETTLE if NOTIFIES.search(corefile) else 0.0


class Running:
    """A CoreDNS at work. error: its last line, where it has refused to start."""

    def __init__(self, binary: Binary, scene: Scene, folder: str, env: Mapping[str, str] = {}) -> None:
        for path, text in {**scene.files, "Corefile": scene.corefile}.items():
            Path(folder, path).parent.mkdir(exist_ok=True)
            Path(folder, path).write_bytes(text if isinstance(text, bytes) else text.encode())
        self.output = Path(folder, "output")
        self.error: str | None = None
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [binary.path, "-conf", "Corefile"],
                cwd=folder,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **scene.env, **env},
            )
        ends = time.monotonic() + 20
        while not has_started(self.text()):
            if self.process.poll() is not None:
                self.error = last_words(self.text(), self.process.returncode)
                break
            if time.monotonic() > ends:
                self.error = "it did not start in time"
                break
            time.sleep(0.005)
        while any(self.text().count(what) < times for what, times in scene.awaits) and time.monotonic() < ends - 15:
            time.sleep(0.02)
        if scene.awaits:
            time.sleep(SETTLE)
        time.sleep(ripening(scene.corefile, binary.release))
        self.started = len(self.text())

    def text(self) -> str:
        """All that it has printed."""
        return printed(self.output.read_bytes())

    def log(self) -> list[str]:
        """Its log lines since the start."""
        before, size = -1, len(self.text())
        while before != size:
            time.sleep(0.02)
            before, size = size, len(self.text())
        return even([self.text()[self.started :]])

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


PANICKED = re.compile(r"( \[PANIC [^]]*\]) \S+:\d+ - ")
"""A panic that `errors` logged, with a line of CoreDNS's source behind it."""
AGAIN = re.compile(
    r"Failed to open zone|was not accepted by|Parse zone|Parsing zone|Failed to parse|no SOA|Failed to update|Failed to process"
)
"""Lines that come each time that a file is looked at, or a zone is fetched."""


def even(lines: list[str]) -> list[str]:
    """Log lines without what differs from run to run: durations, ports, the IDs of questions that a server asks itself,
    and the lines about probes of `loop`, of which there are as many as there is time."""
    found = [
        re.sub(r' - \d+ "', ' - <id> "', PANICKED.sub(r"\1", line))
        for line in recorded(lines)
        if "<probe>." not in line
    ]
    once = dict.fromkeys(line for line in found if AGAIN.search(line))
    return [line for line in found if not AGAIN.search(line)] + list(once)


SIGNED = re.compile(r"( IN RRSIG \S+ \d+ \d+ \d+) \d{14} \d{14} (\d+ \S+) .*")
"""A signature, whose times are drawn, and whose octets are not the same twice."""


SERIAL = re.compile(r"( SOA \S+ \S+) (\d{10}) ")


def dated(found: re.Match[str]) -> str:
    """A serial number that is the time of the run, to within a minute."""
    return f"{found[1]} {'<now>' if abs(int(found[2]) - time.time()) < 60 else found[2]} "


def seen(octets: list[bytes], beside: dict[str, Any], client: Client, release: Release) -> dict[str, Any]:
    """What came back, in the shape of a test's `expect`. beside: what the transport says."""
    if not octets:
        return beside or {"reply": "none"}
    try:
        msg = joined(octets)
    except ValueError:  # or a server that does not understand says so in its own way
        return {"reply": "none"} if "port" in client.step else {"wire": octets[0].hex(), **beside}
    out = {**described(Reply(msg, 0.0, [], None, release), client.step), **beside}
    if client.key is not None:
        out["tsig"] = verdict(octets, client.key)
    return out


def described(reply: Reply, step: dict[str, Any]) -> dict[str, Any]:
    """A reply in the shape of a test's `expect`, without what signatures have of their own."""
    out = describe(reply, step["query"])
    for section in ("answer", "authority", "additional"):
        if section in out:
            out[section] = [SERIAL.sub(dated, SIGNED.sub(r"\1 \2", line)) for line in out[section]]
    return out


def port_of(step: dict[str, Any], scene: Scene) -> int:
    """The port that a step asks: that of its transport, unless it says another server's."""
    transport = str(step.get("transport") or "udp")
    return scene.servers[step.get("port") or ("dns" if transport in ("udp", "tcp") else transport)]


EMPTY_PAGES = re.compile(r"/debug/pprof/(cmdline|heap)")
"""Pages that the simulator has nothing to put on."""


def own_page(server: Server, url: str) -> tuple[int | None, str]:
    """Status and body of a page of the simulator, as `get` gives those of a real one."""
    try:
        return server.get(url)
    except ConnectionRefusedError:
        return None, ""


ADDRESS = re.compile("0x[0-9a-f]{9,}")
"""An address in memory."""
TIMES = re.compile(  # 0x1 counts connections over QUIC whose end the client tells in its own way
    r"_seconds|_timestamp|_connections|build_info|plugin_enabled|_healthcheck|process_|_rest_client_|^go_|conn_cache|_latest_|status=\"0x1\""
)


def samples(text: str, port: int) -> list[str]:
    """Metrics that are the same in each run."""
    lines = [line.replace(f":{port}", ":53") for line in text.splitlines()]
    return [line for line in lines if line.startswith("coredns_") and not TIMES.search(line)]


# -- comparing ---------------------------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """What was asked, what the binary said, and what the simulator said."""

    asked: str
    binary: Any
    simulator: Any

    def steady(self, before: Sequence[Difference]) -> Difference | None:
        """The part of it that the binary counts alike each time: in an endless circle of aliases it asks itself until some
        limit of its machine is reached."""
        earlier = next((one.binary for one in before if one.asked == self.asked), None)
        if earlier is None or self.asked not in ("metrics", FRAMES):
            return self
        if self.asked == FRAMES:
            return self if earlier[0] == self.binary[0] else None
        values, once = (dict(sample.rpartition(" ")[::2] for sample in these) for these in (self.binary, earlier))
        unsteady = {name for name, value in values.items() if once.get(name, value) != value}
        theirs, ours = (
            [sample for sample in these if sample.rpartition(" ")[0] not in unsteady]
            for these in (self.binary, self.simulator)
        )
        return self._replace(binary=theirs, simulator=ours) if theirs or ours else None


def alike(binary: str, simulator: str) -> bool:
    """Whether both refuse to start for one reason. binary: the last line of its words. The simulator knows no addresses
    in memory, as a panic and a printed plugin have them, and says of a store what is known beforehand."""
    last = simulator.splitlines()[-1] if simulator else ""
    if ADDRESS.search(binary):
        binary, last = (text.partition("{")[0] for text in (binary, last))
    return binary == last or last.startswith("panic:") or (len(last) > SURE and binary.startswith(last))


def in_order(asked: tuple[str, ...], options: Sequence[Any], why: str) -> int:
    """The option that the binary has taken, where it is known: the order in which it asked for hosted zones. Otherwise
    the first."""
    orders = options if "hosted zones" in why else ()
    taken = [n for n, ids in enumerate(orders) if list(dict.fromkeys(ids)) == [id for id in asked if id in ids]]
    return next(iter(taken), 0)


SERVERS: Mapping[str, Callable[[Any, int], Store]] = {"nomad": NomadServer, "etcd": EtcdServer, "clouds": CloudServer}
"""Stores that can be served."""


def by_server(stores: Mapping[str, Any]) -> dict[str, Any]:
    """What each server has: all hosted zones are in one, by their names, for there is one proxy."""
    out: dict[str, Any] = {name: given for name, given in stores.items() if not is_cloud(name)}
    clouds = {name: given for name, given in stores.items() if is_cloud(name)}
    return out | ({"clouds": clouds} if clouds else {})


class Surroundings:
    """What both find around a Corefile, until `stack` is closed: a folder, addresses, an API server, a collector of
    frames, stores and upstreams. clouds: the store that has hosted zones, if there are some."""

    def __init__(self, scene: Scene, ports: Ports, stack: contextlib.ExitStack) -> None:
        self.folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="differential-", ignore_cleanup_errors=True)
        )
        for address in scene.addresses:
            add_address(address)
            stack.callback(remove_address, address)
        self.api = ApiServer(map(dict, scene.cluster), at=(ports.api, 8080)) if scene.cluster else None
        self.collector = Collector(scene.collector) if scene.collector else None
        given = by_server(scene.stores)
        self.stores: list[Store] = [SERVERS[name](what, ports.stores[name]) for name, what in given.items()]
        for server in (self.api, self.collector, *self.stores):
            if server is not None:
                stack.callback(server.close)
        self.env = {key: value for store in self.stores for key, value in store.env.items()}
        self.clouds = next((store for store in self.stores if isinstance(store, CloudServer)), None)
        self.upstreams: dict[str, Any] = {f"127.0.0.1:{ports.upstream}": upstream}

    def start_primaries(self, binary: Binary, scene: Scene, stack: contextlib.ExitStack) -> bool:
        """Start the primaries of a scene, which are upstreams, too; whether all have started."""
        for number, (corefile, zones) in enumerate(scene.primaries.items()):
            at = re.search(r":(\d+) ", corefile)
            assert at is not None
            self.upstreams[f"127.0.0.1:{at[1]}"] = {
                "corefile": corefile,
                "files": zones,
                "coredns": binary.release.version,
            }
            os.mkdir(f"{self.folder}/primary{number}")
            primary = Running(binary, Scene(corefile, zones, []), f"{self.folder}/primary{number}")
            stack.callback(primary.stop)
            if primary.error is not None:
                return False
        return True


class Pair:
    """A binary and the simulator, each with one scene. found: where they have differed so far."""

    def __init__(self, binary: Binary, scene: Scene, around: Surroundings, stack: contextlib.ExitStack) -> None:
        self.scene = scene
        self.around = around
        self.found: list[Difference] = []
        self.log: list[str] = []
        self.running = Running(binary, scene, around.folder, around.env)
        stack.callback(self.running.stop)
        now = re.search(r" and (\d+) SOA serial, elapsed", self.running.text())
        self.ripening = ripening(scene.corefile, binary.release)
        self.clock = Clock(time.time() - self.ripening if now is None else float(now[1]))
        own_files = {path: Path(path).read_text() for path in ("/etc/hosts", "/etc/resolv.conf")}
        self.world = World(
            files={**own_files, **scene.files, "Corefile": scene.corefile},
            env={"HOSTNAME": socket.gethostname(), **scene.env},
            hostname=socket.gethostname(),
            assume=False,
            upstreams=around.upstreams,
            choose=None if around.clouds is None else partial(in_order, tuple(around.clouds.asked)),
            clock=self.clock,
            cluster=Cluster(scene.cluster) if scene.cluster else None,
            addresses=scene.addresses,
            stores=dict(scene.stores),
        )
        self.server = Server(Source("Corefile", scene.corefile), binary.release, self.world)
        self.ahead = 0.0

    def start(self) -> bool:
        """Start the simulator as well; whether both run."""
        refused = self.running.error
        try:
            self.server.start()
        except CorefileError as error:
            words = next((f.coredns for f in error.findings if f.coredns), "")
            if refused is None or not alike(refused, words):
                self.found.append(Difference("to start", refused or "started", words))
            return False
        if refused is not None:
            self.found.append(Difference("to start", refused, "started"))
            return False
        self.clock.advance(max(self.ripening, self.scene.seconds))
        self.ahead = self.clock.now - time.time()
        self.server.process.take_log()
        return True

    def catch_up(self) -> None:
        """Let as much time pass for the simulator as has really passed."""
        self.server.advance(max(0.0, time.time() + self.ahead - self.clock.now))

    def do(self, step: dict[str, Any]) -> None:
        """Change something for both, or ask both."""
        if "write" in step:
            self.catch_up()
            change(self.around.folder, self.world, step["write"])
        elif "store" in step:
            assert self.around.clouds is not None
            self.catch_up()
            self.world.stores.update(step["store"])
            self.around.clouds.given.update(step["store"])
        elif "apply" in step or "delete" in step:
            self.catch_up()
            self.change_cluster(step.get("apply", ()), step.get("delete", ()))
        else:
            time.sleep(float(step.get("after", "0s")[:-1]))
            if "get" in step:
                self.get(step)
            else:
                self.ask(step)

    def change_cluster(self, added: Sequence[Mapping[str, Any]], deleted: Sequence[str]) -> None:
        """Add objects to the cluster, and delete some by their names."""
        assert self.around.api is not None
        for item in added:
            self.around.api.apply(dict(item))
        for name in deleted:
            self.around.api.delete(name)
        self.world.apply(added)
        self.world.delete(*deleted)
        time.sleep(SETTLE)

    def get(self, step: dict[str, Any]) -> None:
        """Get a page of both."""
        self.catch_up()
        page, own = get(step["get"]), own_page(self.server, step["get"])
        self.log += self.server.process.take_log()
        if page != own and not (page[0] == own[0] and EMPTY_PAGES.search(step["get"])):
            self.found.append(Difference(str(step), page, own))

    def ask(self, step: dict[str, Any]) -> None:
        """Ask both; the simulator first, which says how long the binary may take."""
        client = Client(step, port_of(step, self.scene))
        self.catch_up()
        reply = self.server.send(
            client.octets,
            client=join_port(client.address, client.port),
            to=join_port(*client.server),
            transport=via_of(step),
            wait=False,
        )
        beside = beside_of(reply)
        whole = step["query"].endswith("XFR") and client.streams
        answered = reply.received or beside
        patience = (PATIENCE if answered else BRIEF) + (reply.elapsed if answered or reply.log else 0)
        octets, said = client.ask(patience, 100 if whole else 1)
        self.log += reply.log
        release = self.server.release
        theirs, ours = seen(octets, said, client, release), seen(reply.all_octets, beside, client, release)
        if whole and "wire" in theirs and "wire" in ours:  # several messages that cannot be read cannot be joined
            return
        # A message that is garbled has been read as its client reads it, and is not to be packed again.
        if differences(theirs, ours) and (not reply.received or differences(theirs, described(reply, step))):
            self.found.append(Difference(str(step), theirs, ours))

    def settle(self) -> None:
        """Let happen what is still due, such as what a notify has set going."""
        self.catch_up()
        self.clock.advance(self.scene.seconds)
        self.log += self.server.process.take_log()

    def compare_frames(self) -> None:
        """The frames of dnstap. The simulator keeps those since the last reload."""
        reloads = any("Corefile" in step.get("write", ()) for step in self.scene.steps)
        if self.around.collector is None or reloads or self.server.process.instance.fatal is not None:
            return
        time.sleep(FLUSH)
        own_port = self.server.release >= "1.14.5"
        sent, made = (
            [told(frame, own_port) for frame in frames]
            for frames in (self.around.collector.frames, self.server.dnstap())
        )
        on_one_port(sent, made)
        more, less = ([x for x in these if x not in those] for these, those in ((sent, made), (made, sent)))
        counts = [clients(these, LOOP.search(self.scene.corefile) is not None) for these in (sent, made)]
        if more or less or counts[0] != counts[1]:  # how often a server is tried that is down is up to the time
            shown = ([count, *these[:SHOWN]] for count, these in zip(counts, (more, less), strict=True))
            self.found.append(Difference(FRAMES, *shown))

    def compare_logs(self) -> None:
        """The lines of the log, in any order, since one may come after the next query."""
        theirs, ours = Counter(self.running.log()), Counter(even(self.log))
        for line in [line for line in theirs + ours if PANIC in line and LOOP.search(self.scene.corefile)]:
            del theirs[line], ours[line]
        if theirs != ours:
            self.found.append(Difference("the log", *map(list, (theirs - ours, ours - theirs))))

    def compare_metrics(self) -> None:
        """The metrics, unless there are some of `loop`, whose own name has any length."""
        if not self.scene.scraped or LOOP.search(self.scene.corefile):
            return
        at, port = f"127.0.0.1:{self.scene.scraped}", self.scene.servers["dns"]
        theirs, ours = ["nothing listens"], ["nothing listens"]  # once CoreDNS has ended
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{at}/metrics", timeout=PATIENCE) as page:
            theirs = samples(page.read().decode(), port)
        with contextlib.suppress(OSError):
            ours = samples("\n".join(self.server.samples(at=at)), port)
        if set(theirs) != set(ours):
            more, less = sorted(set(theirs) - set(ours)), sorted(set(ours) - set(theirs))
            self.found.append(Difference("metrics", more, less))


def compare(binary: Binary, scene: Scene, ports: Ports) -> tuple[int, list[Difference]]:
    """How many answers were compared, and where they differ."""
    if scene.addresses and not _isolated:
        return 0, []
    with contextlib.ExitStack() as stack:
        around = Surroundings(scene, ports, stack)
        if not around.start_primaries(binary, scene, stack):
            return 0, []
        pair = Pair(binary, scene, around, stack)
        if not pair.start():
            return 1, pair.found
        for step in scene.steps:
            pair.do(step)
        pair.settle()
        pair.compare_frames()
        pair.compare_logs()
        pair.compare_metrics()
        return sum("query" in step for step in scene.steps), pair.found


def change(folder: str, world: World, files: Mapping[str, str | None]) -> None:
    """Change files of both, in one moment."""
    for path, text in files.items():
        world.write(path, text)
        if text is None:
            Path(folder, path).unlink(missing_ok=True)
        else:
            Path(folder, "fresh").write_text(text, encoding="utf-8")
            Path(folder, "fresh").rename(Path(folder, path))


def shown(difference: Difference) -> Iterator[str]:
    """A difference, for a reader."""
    yield f"  {difference.asked}"
    if isinstance(difference.binary, dict):
        for one in differences(difference.binary, difference.simulator):
            yield f"    {one['field']}:\n      binary    {one['expect']}\n      simulator {one['actual']}"
    else:
        yield f"      binary    {difference.binary}\n      simulator {difference.simulator}"


def kept(scene: Scene, release: Release) -> str:
    """A scene as a test file, without what is expected."""
    steps = [
        step | {"to": join_port(step.get("to") or "127.0.0.1", port_of(step, scene))} if "query" in step else step
        for step in scene.steps
    ]
    data = {"coredns": release.version, "corefile": scene.corefile, "files": dict(scene.files), "steps": steps}
    if scene.cluster:
        data["cluster"] = yaml.safe_dump_all(scene.cluster, sort_keys=False)
    return yaml.safe_dump(data, sort_keys=False)


class Job(NamedTuple):
    """A case for a binary."""

    path: str
    seed: str
    number: str
    wanted: list[str]


class Done(NamedTuple):
    """What came of a case."""

    release: str
    answers: int
    scene: Scene
    found: list[Difference]


_upstreams: list[int] = []
_isolated: list[bool] = []
"""Not empty where this job has a network of its own."""


def begin() -> None:
    """Give a job a network of its own, where the system does; and load beforehand what takes time at its first use."""
    for name in ("http2", "quic"):
        import_module(f"corefile.testing.real.{name}")
    with contextlib.suppress(NotIsolated, OSError):
        isolate()
        _isolated.append(True)


def loopback(number: str) -> str:
    """A loopback address for the API server of a case, beside others that run."""
    digest = sha256(f"{os.getpid()}/{number}".encode()).digest()
    return f"127.{1 + digest[0] % 254}.{digest[1]}.{1 + digest[2] % 254}"


def work(job: Job) -> Done:
    """Compare a case, up to three times where it differs. What the binary counts otherwise each time is no difference."""
    if not _upstreams:
        _upstreams.append(serve_upstream())
    binary = binary_at(job.path)
    before: list[Difference] = []
    for _attempt in range(3):
        scraped, primary, grpc = free_port(), free_port(), free_port()
        stores, servers, pages = ({x: free_port() for x in names} for names in (SERVERS, ("dns", *SINCE), ENDPOINTS))
        at = loopback(job.number)
        ports = Ports(_upstreams[0], CLOSED, scraped, primary, grpc, stores, at, servers, pages)
        case = scene(Draw(f"{job.seed}/{job.number}", binary.release, ports), job.wanted)
        count, found = compare(binary, case, ports)
        steady = [known for known in (difference.steady(before) for difference in found) if known is not None]
        before, found = found, steady
        if not found:
            break
    return Done(binary.release.version, count, case, found)


def arguments(argv: list[str]) -> argparse.Namespace:
    """The words of the command line, with the `paths` of the binaries and the directives that are `wanted`. Exits where
    something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=60, help="how many Corefiles for each binary")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", help="one case, by the number that it was shown with")
    parser.add_argument(
        "--directives", default="rewrite", help="those that each Corefile has, with commas between, or `all`"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the cases that differ")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many cases run at once")
    parser.add_argument("--corefiles", type=int, help="compare so many starts, and as many refusals, and no answers")
    parser.add_argument("--first", type=int, default=0, help="the number of the first of these Corefiles")
    args = parser.parse_args(argv)
    args.paths = os.environ.get("COREDNS", "").split(":")
    if args.paths == [""]:
        parser.error("COREDNS has to name a CoreDNS binary")
    if args.corefiles:
        return args
    args.wanted = args.directives.split(",")
    unknown = [x for x in args.wanted if x not in DRAWERS and x not in ("all", "view")]
    if unknown:
        parser.error(f"there is no drawer for {', '.join(unknown)}; there are all, view, {', '.join(sorted(DRAWERS))}")
    needs = {"h2": "against", "aioquic": "against", "cryptography": "dnssec"}
    for package, extra in needs.items():  # without which cases differ, or cannot be drawn
        if find_spec(package) is None:
            parser.error(f"stores and transports take the package {package}: pip install 'corefile[{extra}]'")
    return args


def show(job: Job, done: Done, keep: Path | None) -> None:
    """Print a case that differs, and write it into the folder `keep`."""
    print(f"case {job.number} of {done.release}:\n{done.scene.corefile}")
    print("\n".join(line for difference in done.found for line in shown(difference)) + "\n", flush=True)
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        path = Path(keep, f"{done.release}-{job.seed}-{job.number}.yaml")
        path.write_text(kept(done.scene, find(done.release)))


def main(argv: list[str]) -> int:
    """Draw and compare."""
    args = arguments(argv)
    if args.corefiles:
        differ = [starts.compare(path, args.corefiles, args.seed, args.first, args.jobs) for path in args.paths]
        return 1 if any(differ) else 0
    numbers = [args.only] if args.only else [str(n) for n in range(args.cases)]
    jobs = [Job(path, args.seed, number, args.wanted) for path in args.paths for number in numbers]
    answers, cases, wrong = Counter[str](), Counter[str](), Counter[str]()
    with ProcessPoolExecutor(args.jobs, initializer=begin) as pool:
        for job, done in zip(jobs, pool.map(work, jobs), strict=True):
            answers[done.release] += done.answers
            cases[done.release] += 1
            if done.found:
                wrong[done.release] += 1
                show(job, done, args.keep)
    for release, count in cases.items():
        print(f"{release}: {count} cases with {answers[release]} answers; {wrong[release]} cases differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
