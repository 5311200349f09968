"""`corefile query`: ask what a name resolves to, and why."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ..api import Server, message
from ..chain.reply import Reply
from ..chain.transports import PORTS, Via, heard
from ..dns import codes
from ..dns.errors import BadName
from ..dns.names import fqdn, in_punycode
from ..dns.rr import RR
from ..findings import CorefileError, Finding
from ..findings.layout import Line, Part, line
from ..light import regex
from ..world.files import STAND_IN
from ._answer import WIDTH, Answer, Shape, dig_lines, later, remarks, short_lines, to_data, trace_lines, type_word
from ._inputs import (
    DUMP,
    Parser,
    Worlds,
    WrongUse,
    add_common,
    add_image,
    add_release,
    add_world,
    address_of,
    as_built,
    corefiles_of,
    fail,
    release_beside,
    release_of,
    told,
)
from ._pod import Resolver, Walk, cluster_zone, resolver, walk
from ._terminal import note, say, show, show_findings, show_json
from ._words import Asking, How, Question, Reader, cut

if TYPE_CHECKING:
    from ..dns.tsig import Key

SHORT_ESCAPE = regex(r"(?<!\\)(?:\\\\)*(\\[0-9]{1,2})(?![0-9])")
DOCKER = "127.0.0.11"
"""Where Docker answers names in each container of a network."""
ABOUT = """\
Ask what a name resolves to, and why. Nothing is asked over the network: --cluster and --upstream say what
is there.

Words come in any order, as with dig: NAME, TYPE (default: A), CLASS, @SERVER, +OPTION, -x ADDRESS. Several
names are several questions, asked one after another; what stands before the first is for all of them.
`after=31s` lets time pass before the next one.

Exit codes: 0 where every reply came, whatever it says; 1 where one did not come, or CoreDNS would not start;
2 for wrong use."""

EXAMPLES = """
corefile query web.default.svc.cluster.local --cluster cluster.yaml --trace
corefile query --pod shop --cluster cluster.yaml api.pay
corefile query -c configmap.yaml --upstream 10.0.0.53=zone.txt AAAA www.example.com +dnssec
corefile query --short www.example.com after=31s www.example.com
kubectl get configmap coredns -n kube-system -o yaml | corefile query -c - +short example.org MX
"""


def parser() -> argparse.ArgumentParser:
    """The verb's options."""
    p = Parser("query", "[options] [@SERVER] NAME [TYPE] [CLASS] [+OPTION...] [NAME...]", ABOUT, EXAMPLES)
    p.add_argument(
        "-c",
        "--corefile",
        default="Corefile",
        metavar="PATH",
        help="a Corefile, Kubernetes YAML with one in it, a folder of them, or - for standard input (default: %(default)s)",
    )
    add_release(p, default=None)
    add_image(p)
    shown = p.add_mutually_exclusive_group()
    shown.add_argument("--trace", action="store_true", help="show the way through the chain, and why (also +trace)")
    shown.add_argument(
        "--short", action="store_true", help="print what `dig +short` prints, and nothing else (also +short)"
    )
    add_common(p)
    ask = p.add_argument_group(
        "how to ask (most dig options are taken, too: +tcp, +dnssec, +norec, +subnet=NET, +nsid ...)"
    )
    ask.add_argument("-x", metavar="ADDRESS", help="ask for the names of an address (PTR)")
    ask.add_argument("-t", metavar="TYPE", help="the record type, also as a word; IXFR=SERIAL is one, too")
    ask.add_argument("-q", metavar="NAME", help="a name that would be taken for a type or a class")
    ask.add_argument("--class", dest="cls", default="IN", metavar="CLASS", help="the class, also as a word")
    ask.add_argument("--after", metavar="TIME", help="let time pass before the next question, such as 31s")
    ask.add_argument(
        "--to", metavar="ADDR", help="the server's address, also @ADDR (default: where the Corefile listens)"
    )
    ask.add_argument("-p", metavar="PORT", help="the server's port")
    ask.add_argument("-y", metavar="KEY", help="sign the query with a TSIG key: [hmac-sha256:]NAME:SECRET")
    ask.add_argument("--from", dest="client", metavar="IP", help="the client that asks (default: 127.0.0.1)")
    ask.add_argument("-4", action="store_true", dest="v4", help="ask over IPv4 (-6: IPv6)")
    ask.add_argument("--tcp", action="store_true", help="ask over TCP")
    ask.add_argument("--dnssec", action="store_true", help="set the DO bit")
    ask.add_argument("--bufsize", type=_size, metavar="N", help="send EDNS with this buffer size")
    ask.add_argument("--norecurse", action="store_true", help="leave out the RD flag")
    pod = p.add_argument_group("as a pod asks")
    pod.add_argument(
        "--pod",
        metavar="NS[/POD]",
        help="walk the search list of a pod in this namespace, made of the Corefile's zone, and show the walk",
    )
    pod.add_argument("--search", action="append", default=[], metavar="DOMAIN", help="a domain of the search list")
    pod.add_argument(
        "--ndots", type=_dots, metavar="N", help="dots that a name has to have to be asked as it stands first"
    )
    pod.add_argument("--libc", choices=("glibc", "musl"), default="glibc", help="whose walk it is (musl: Alpine)")
    add_world(p)
    return p


def _size(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"`{text}` is not a size from 0 to 65535")
    return int(text)


def _dots(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 15:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of dots from 0 to 15")
    return int(text)


def main(argv: list[str]) -> int:
    """Run the verb."""
    p = parser()
    try:
        words, options = cut(argv, p)
        args = p.parse_args(options)
        _class_for_corefile(args.corefile)
        asking = Reader(args).read(words)
        if asking.short and asking.trace and args.format == "text":
            raise WrongUse("--short and --trace are two ways to show an answer")
        return _answered(args, asking)
    except WrongUse as e:
        fail(p, e)


def _answered(args: Any, asking: Asking) -> int:
    """Ask and show; a Corefile that CoreDNS refuses is shown with what is wrong with it."""
    try:
        return _run(Session(args, asking), args)
    except CorefileError as e:
        if args.format == "json":
            from ..findings.report import to_json

            show_json({"reply": None, "findings": [to_json(f) for f in e.findings]})
        else:
            show_findings(e.findings, stream=sys.stderr)
        return 1


def _class_for_corefile(path: str) -> None:
    """Refuse dig's `-c CH`."""
    if path.upper() in (*codes.CLASSES, "CHAOS", "HESIOD") and not os.path.exists(path):
        raise WrongUse(f"-c names the Corefile here: dig's `-c {path}` is `--class {path}`, or just the word {path}")


class Session:
    """A server, and the questions that it is asked. answers: what has come so far."""

    def __init__(self, args: Any, asking: Asking) -> None:
        self.args = args
        self.asking = asking
        self.notes: list[str] = [*asking.notes]
        self.answers: list[Answer] = []
        self.server = self._server()
        self.resolver = self._resolver()

    def _server(self) -> Server:
        args = self.args
        asked = release_of(args.release) if args.release else None
        given = corefiles_of([args.corefile], args)
        if given.errors:
            error = given.errors[0]
            hint = " (-c PATH says which Corefile)" if args.corefile == "Corefile" else ""
            raise WrongUse(f"{error.filename}: {error.strerror or error}{hint}")
        if given.findings:
            raise CorefileError(tuple(given.findings))
        if not given.found:
            raise WrongUse(f"{args.corefile}: there is no Corefile in it (no ConfigMap has one in its `data`)")
        source = given.found[0].source
        if len(given.found) > 1:
            which = "" if source.path in (args.corefile, "<stdin>") else f": {source.path}"
            self.notes.append(f"{len(given.found)} Corefiles are in {args.corefile}; the first one was asked{which}")
        for question in self.asking.questions:
            for text, option in ((question.how.client, "--from"), (question.how.to, "--to")):
                if text is not None:
                    address_of(text, option)
        beside = given.found[0].workload
        if asked is None and beside is not None:
            self.notes.append(told(beside))
        release = as_built(asked or release_beside(given.found[0]), args)
        server = Server(source, release, Worlds(args).around(given.found[0]))
        server.start()
        self.notes += map(str, server.process.fillings)
        return server

    def _resolver(self) -> Resolver | None:
        args, asking = self.args, self.asking
        if args.pod is None and not asking.searches:
            if asking.ndots is not None:
                raise WrongUse("--ndots is about a search list: --pod NAMESPACE or --search DOMAIN gives one")
            return None
        if args.pod is None and not asking.search:
            raise WrongUse("+search walks a search list: --pod NAMESPACE or --search DOMAIN gives one")
        cluster = self.server.world.cluster if args.cluster else None
        found = resolver(self.server, args.pod, asking.search, asking.ndots, args.libc, cluster)
        self.notes += found.notes
        return found

    def ask(self, question: Question, name: str, *, tcp: bool | None = None, after: float = 0.0) -> Answer:
        """Ask for `name` as `question` says. Raises WrongUse for what is no domain name."""
        how, server = question.how, self.server
        to, through = self._destination(
            how.address(server.address if how.over is None else server.address_of(how.over.transport)), how
        )
        client = how.client or (self.resolver.address if self.resolver else None)
        network = server.process.network
        before = set(network.unreachable)
        over_tcp = (question.over_tcp and (how.tcp is True or "://" not in through)) if tcp is None else tcp
        key = _key(how)
        if after:
            server.advance(after)
        try:
            reply = _sent(
                server,
                question,
                _ascii(name),
                key,
                client=client,
                to=through,
                transport=Via("tcp") if over_tcp and how.over is None else how.over,
                timeout=how.timeout,
            )
        except BadName as e:
            raise WrongUse(f"`{name}` is no domain name: it {e.reason}") from None
        words = " ".join(h.why for h in reply.trace.hops)
        vain = [at for at in network.unreachable if at not in before or at in words]
        findings = [f for f in server.findings if f.severity != "error" and f.code != "not-simulated"]
        answer = Answer(
            fqdn(_ascii(name)),
            type_word(question.type),
            codes.class_name(codes.class_number(question.cls)),
            to,
            over_tcp,
            reply,
            after,
            by=through.rpartition("://")[0] or (how.transport or Via("tcp" if over_tcp else "udp")).transport,
        )
        answer = answer._replace(
            notes=(*_signed(key, reply), *self._notes(answer, name, vain)),
            findings=tuple(f for f in findings if _concerns(f, server, answer)),
        )
        self.answers.append(answer)
        return answer

    def _destination(self, to: str, how: How) -> tuple[str, str]:
        """The address to name, and the one to ask: a Service's address, say, leads to CoreDNS's own."""
        from ..chain.network import split_address
        from ..golang.addresses import EVERYWHERE, join_port

        scheme, named, rest = to.rpartition("://")
        via = how.transport or Via(scheme or "udp")
        ip, port = split_address(rest, PORTS[scheme or via.transport])
        listener = heard(self.server.process.instance, ip, port, via)
        lead = scheme + named
        shown = lead + join_port(ip, port)
        if listener is None or listener.host not in EVERYWHERE or self.server.world.is_own_address(ip):
            return shown, shown
        cluster = self.server.world.cluster if self.args.cluster else None
        if cluster is not None and any(ip in service.cluster_ips for service in cluster.services):
            return shown, lead + join_port("::1" if ":" in ip else "127.0.0.1", port)
        said = f"{ip} is taken for an address that leads to this CoreDNS, such as its Service's"
        if said not in self.notes:
            self.notes.append(said)
        return shown, lead + join_port("::1" if ":" in ip else "127.0.0.1", port)

    def _notes(self, answer: Answer, given: str, vain: list[str]) -> Iterator[str]:
        """What the world lacks for an answer to `given`. vain: addresses that were asked, where nothing is known to be."""
        reply, server = answer.reply, self.server
        if not reply.received:
            yield from reply.trace.notes
        hops = reply.trace.hops
        if not self.args.cluster and any(h.plugin == "kubernetes" and h.outcome != "next" for h in hops):
            yield f"no --cluster is given, so there is nothing in the cluster: `{DUMP}` prints what it takes"
        services = self._dns_services() if vain else {}
        for at in vain:
            if at in services:
                yield f"{at} is the cluster's own DNS Service {services[at]}: behind it, the question comes back to this server"
            else:
                yield _nobody(at, server)
        owners = [record.name for record in reply.answer]
        if owners and "\\" not in answer.name and answer.name.lower() not in [owner.lower() for owner in owners]:
            yield f"the answer is about {owners[0]}, not about {answer.name}: some resolvers drop such an answer"
        if server.process.network.lost and DOCKER in str(reply.trace):
            yield (
                f"{DOCKER} leads back to this server; in a container it is Docker's own: --upstream {DOCKER}=FILE says what "
                "answers there"
            )
        if self._is_short(given) and reply.rcode in ("NXDOMAIN", "SERVFAIL"):
            yield f"`{given}` was asked for as it stands; a pod goes through its search list first: --pod NAMESPACE"

    def _dns_services(self) -> dict[str, str]:
        """The addresses of the cluster's own DNS Service, where one is given, and its name."""
        cluster = self.server.world.given_cluster if cluster_zone(self.server) is not None else None
        if cluster is None:
            return {}
        from ..lint.rules.forwards_to_itself import dns_services

        return {at: name for at, (name, _) in dns_services(cluster).items()}

    def _is_short(self, name: str) -> bool:
        """Whether a name is one that pods use for a service, and that CoreDNS does not know by it."""
        if self.resolver is not None or name.endswith(".") or cluster_zone(self.server) is None:
            return False
        service, _, namespace = name.partition(".")
        cluster = self.server.world.cluster if self.args.cluster else None
        if cluster is None:
            return not namespace
        return any(s.name == service and (s.namespace == namespace or not namespace) for s in cluster.services)

    def walk(self, question: Question) -> Walk:
        """Walk the search list for a question."""
        assert self.resolver is not None
        waiting = [question.after]

        def ask(name: str) -> Answer:
            after = waiting.pop() if waiting else 0.0
            answer = self.ask(question, name, after=after)
            if "tc" in answer.reply.flags and not answer.tcp:
                answer = self.ask(question, name, tcp=True)
            return answer

        return walk(question.name, self.resolver, ask)

    def hint(self, answer: Answer, given: str) -> str:
        """What a pod would do with a name that does not exist, where the name is one of its search list's."""
        zone = cluster_zone(self.server)
        last = answer.reply.trace.last
        if self.resolver is not None or zone is None or answer.reply.rcode != "NXDOMAIN" or given.endswith("."):
            return ""
        labels = answer.name.removesuffix(f".svc.{zone}.").split(".")
        if last is None or last.plugin != "kubernetes" or not answer.name.endswith(f".svc.{zone}.") or len(labels) < 2:
            return ""
        return f"a pod's search list may go on from here: --pod {labels[-1]} shows its walk"


def _run(session: Session, args: Any) -> int:
    """Ask all questions, and show what came."""
    asking = session.asking
    data: list[dict[str, Any]] = []
    unanswered = False
    for number, question in enumerate(asking.questions):
        found = None if session.resolver is None else session.walk(question)
        if found is None:
            answers = [session.ask(question, question.name, after=question.after)]
            decided = answers[0]
        else:
            answers = [step.answer for step in found.steps]
            decided = answers[found.decided]
        unanswered |= not decided.reply.answer
        if args.format == "json":
            data.append(to_data(decided) if found is None else _walk_data(question, session.resolver, found))
        elif asking.short:
            show(short_lines(decided))
        else:
            _show(session, question, answers, decided, found, first=not number)
    if args.format == "json":
        data[0]["notes"] = [*session.notes, *data[0]["notes"]]
        show_json(data if len(data) > 1 else data[0])
    else:
        about = session.notes if unanswered or not asking.short else []
        _show_remarks([*about, *remarks(session.answers, short=asking.short)], asking.short)
    return 0 if all(answer.reply.received for answer in session.answers) else 1


def _show(
    session: Session, question: Question, answers: list[Answer], decided: Answer, found: Walk | None, *, first: bool
) -> None:
    """Show the answers to one question, in blocks with an empty line between them."""
    asking = session.asking
    blocks: list[tuple[list[Line], int | None]] = []
    if found is not None:
        blocks.append((_walk_lines(question, session.resolver, found), WIDTH))
    if asking.trace:
        blocks += [(trace_lines(answer, session.hint(answer, question.name)), WIDTH) for answer in answers]
    else:
        blocks.append((dig_lines(decided, Shape(asking.hidden, asking.ttl, asking.cls)), None))
    if not ("comments" in asking.hidden and len(blocks) == 1) and answers[0].after:
        blocks.insert(0, (later(answers[0]), None))
    for i, (lines, width) in enumerate(block for block in blocks if block[0]):
        if i or not (first or "comments" in asking.hidden):
            say("")
        show(lines, width=width)


def _show_remarks(texts: list[str], short: bool) -> None:
    if texts and not short:
        say("")
    for text in texts:
        note(text, sys.stderr if short else None)


def _walk_lines(question: Question, resolver: Resolver | None, found: Walk) -> list[Line]:
    """The names that were asked for, in their order."""
    assert resolver is not None
    by = f", looked up by {resolver.who}" if resolver.who else ""
    out = [
        Line((Part(f"{question.name} {question.type}", "bold"), Part(by))),
        line("  ", resolver.text, "dim"),
        line(""),
    ]
    width = max(len(step.answer.what) for step in found.steps)
    for i, (answer, then) in enumerate(found.steps, 1):
        last = answer.reply.trace.last
        by = f" from {last.plugin}" if last is not None and answer.reply.received else ""
        outcome = answer.reply.rcode or "no reply"
        if answer.reply.rcode == "NOERROR" and not answer.reply.answer:
            outcome = "NODATA"
        parts = (Part(outcome, "good" if answer.reply.answer else "error"), Part(f"{by}; {then}"))
        out.append(Line((Part(f"  {i}  {answer.what:<{width}}  "),), parts))
    decided = found.steps[found.decided].answer
    records = [r.rdata for r in decided.reply.answer if r.type == decided.type] or [
        r.rdata for r in decided.reply.answer
    ]
    gets = ", ".join(records) if records else found.gets
    out += [line(""), Line((Part("  gets: ", "bold"),), (Part(gets),))]
    return out


def _walk_data(question: Question, resolver: Resolver | None, found: Walk) -> dict[str, Any]:
    assert resolver is not None
    return {
        "question": {"name": question.name, "type": type_word(question.type), "class": question.cls},
        "resolver": {
            "pod": resolver.pod,
            "address": resolver.address,
            "search": list(resolver.search),
            "ndots": resolver.ndots,
            "libc": resolver.libc,
        },
        "walk": [{**to_data(step.answer), "then": step.then} for step in found.steps],
        "decided": found.decided,
        "failure": found.gets,
        "notes": [],
    }


def _concerns(finding: Finding, server: Server, answer: Answer) -> bool:
    """Whether a finding is about the server block that was asked, or about none."""
    asked = answer.reply.trace.server.get("site")
    spans = [] if finding.span is None else [finding.span, *(span for span, _ in finding.related)]
    inside = [
        s
        for s in server.process.instance.sites
        if any(s.span.source is at.source and s.span.start <= at.start < s.span.end for at in spans)
    ]
    return asked is None or not inside or asked in inside


def _sent(server: Server, question: Question, name: str, key: Key | None, **more: Any) -> Reply:
    """The reply to a question. The serial of an incremental transfer stands in an SOA record of its authority section (RFC 1995
    §3)."""
    how = question.how
    words: dict[str, Any] = {"flags": how.flag_words, "edns": how.edns, "opcode": how.opcode, "key": key}
    if question.serial is None:
        return server.query(name, question.type, question.cls, **words, **more)
    del words["key"]
    msg = message(name, question.type, question.cls, **words)
    soa = (".", ".", question.serial, 0, 0, 0, 0)
    msg.ns = [RR(msg.question.name if msg.question else ".", codes.SOA, codes.IN, 0, soa)]
    if key is not None:
        msg = key.signs(msg, server.world.clock.now)
    return server.ask(msg, trace=True, **more)


def _key(how: How) -> Key | None:
    if how.key is None:
        return None
    from ..dns.tsig import Key

    return Key(*how.key)


def _signed(key: Key | None, reply: Reply) -> Iterator[str]:
    """What the client finds of the reply's signature."""
    if key is not None and reply.msg is not None:
        found = key.check(reply.msg, key.asked)
        yield f"TSIG: {'the reply has no signature' if found == 'none' else found}"


def _ascii(name: str) -> str:
    """A name as dig sends it. Raises WrongUse."""
    short = SHORT_ESCAPE.search(name)
    if short is not None:
        raise WrongUse(f"`{name}` is no domain name: it has the escape `{short[1]}`, and an octet has three digits")
    if name.isascii():
        return name
    try:
        return in_punycode(name)
    except UnicodeError:
        raise WrongUse(f"`{name}` is no domain name: Punycode has no form for it") from None


def _nobody(address: str, server: Server) -> str:
    """What to do about an address (`ip:port`) that was asked in vain."""
    ip, _, port = address.rpartition(":")
    short = ip if port == "53" else address
    text = f"nothing answers at {short}: --upstream {short}=FILE says what answers there (a zone file or a Corefile)"
    if ip == STAND_IN and "/etc/resolv.conf" in server.world.assumed:
        text += "; that address stands in for /etc/resolv.conf, which --file /etc/resolv.conf=FILE gives"
    elif ip == STAND_IN:
        text += "; that address stands in for those in a file that is not here"
    return text
