"""tsig - checks signatures of queries made with a shared secret, and signs the answers (RFC 8945).

Description: a query in ZONES with a TSIG record goes on without it if its signature is right, and its answer is signed;
else it is answered NOTAUTH, with the reason. A query without one is refused where its type or opcode requires one.
Names of keys are compared as they are written. Up to 1.14.2 signatures are checked over plain DNS alone, and taken for right
over other transports.

Syntax:

    tsig [ZONES...] {
        secret NAME KEY
        secrets FILE
        require TYPE...|all|none
        require_opcode OPCODE...|all|none
    }

KEY is base64. FILE has keys as BIND's named.conf has them. `require_opcode` came with 1.14.3. CoreDNS calls each
mistake a wrong number of arguments.

Examples: `tsig { secret key.example. NoTCJU+DMqFWywaPyxSijrDEA/eC3nK0xi3AMEZuPVk=  require AXFR IXFR }`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..chain import scrub
from ..dns import tsig
from ..dns.codes import OPCODES, TYPES, type_name
from ..findings import Span
from ..language.words import decode
from ..light import NamedTuple
from ..plugin import (
    NEXT,
    SERVER_WRITES,
    Arg,
    Declaration,
    Filter,
    Flag,
    Gate,
    Given,
    Invalid,
    Landmark,
    Line,
    Name,
    Outcome,
    Panic,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Rest,
    Result,
    Setup,
    Zones,
    dns,
    fqdn,
    hint,
    until,
    wrong_count,
)
from ._upstream import PANIC

UNTIL = "signatures with its keys are taken for wrong"
UNSIGNED = Reason("unsigned", "{} has no signature, and needs one")
WRONG = Reason("wrong-signature", "the signature with the key {} is wrong: {}")
RIGHT = Reason("right-signature", "the signature with the key {} is right; the answer will be signed")
SIGNED = Reason("signed", "the answer is signed with the key {}")


class Keys(NamedTuple):
    """Those that a line names. elsewhere: where it names a file that is not here."""

    by_name: Mapping[str, str]
    elsewhere: Span | None = None


class Names(set[str]):
    """Of the keys of a server block so far, none of which may be there twice."""


def _wrong(line: Given) -> Invalid:
    last = line.words[-1]
    message = f"`{line.name} {' '.join(w.text for w in line.words)}` is not valid"
    return Invalid(message, coredns=wrong_count(last.text), at=last)


def _fresh(keys: Mapping[str, str] | None, line: Given, setup: Setup) -> Keys:
    """The keys of a line, none of which may be there already. Raises Invalid."""
    names = setup.get(Names)
    if keys is None or not names.isdisjoint(keys):
        raise _wrong(line)
    names.update(keys)
    return Keys(keys)


def _secret(line: Given, setup: Setup) -> Keys:
    name, key = line.value
    return _fresh({name: key}, line, setup)


def _secrets(line: Given, setup: Setup) -> Keys:
    """The keys of a file. Raises Invalid."""
    files, span = setup.world.files, line.words[-1].span
    octets = b"" if line.value and files.is_dir(line.value) else files.read(line.value)
    if octets is None and setup.elsewhere(line.value, span, until=UNTIL):
        return Keys({}, span)
    return _fresh(None if octets is None else key_file(decode(octets)), line, setup)


def _known(line: Given, setup: Setup) -> tuple[str, ...]:
    """Types or opcodes. Raises Invalid."""
    words: tuple[str, ...] = line.value
    known = frozenset(TYPES if line.name == "require" else OPCODES.values())
    if words[0] not in ("all", "none") and not known.issuperset(words):
        raise _wrong(line)
    return words


def key_file(text: str) -> dict[str, str] | None:
    """The keys of a file; None where CoreDNS cannot read it."""
    keys: dict[str, str] = {}
    lines = (line.split() for line in text.splitlines())
    for words in filter(None, lines):
        name = words[1].strip('"{') if words[0] == "key" and len(words) > 1 else ""
        name = fqdn(name).lower() if name else ""
        if not name or name in keys:
            return None
        for inner in filter(None, lines):
            if inner[0] == "secret":
                secret = inner[1].strip('";') if len(inner) > 1 else ""
                if not secret:
                    return None
                keys[name] = secret
            elif inner[0] in ("}", "};"):
                break
            elif inner[0] != "algorithm":
                return None
        if name not in keys:
            return None
    return keys


class Tsig(Gate, Filter):
    """Checks signatures on the way in, and has answers signed on the way back."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones()
        secret: tuple[Keys, ...] = Line(
            Arg("name", Name()), Arg("key"), repeat="all", rule="line", read=_secret, doc="a key, in base64"
        )
        secrets: tuple[Keys, ...] = Line(Arg("file"), repeat="all", read=_secrets, doc="a file of keys")
        require: tuple[tuple[str, ...], ...] = Line(
            Rest("types", required=True), repeat="all", read=_known, doc="types that have to be signed"
        )
        require_opcode: tuple[tuple[str, ...], ...] = Line(
            Rest("opcodes", required=True),
            repeat="all",
            read=_known,
            since="1.14.3",
            doc="opcodes that have to be signed",
        )

    class Rules(ReleaseRules):
        panics = until("1.11.0", "it breaks off where a query over HTTPS is looked at")
        drops_edns = until(
            "1.14.5",
            "a query without signature that is refused loses its last record, as a rule its EDNS; a wrong signature stays",
        )

    READS = Reads(once=True, twice=None, unknown=None)
    FLAGS = ("tsig",)
    WRITER = True
    config: Config
    rules: Rules

    def prepare(self) -> None:
        """The keys, and what has to be signed."""
        lines = (*self.config.secret, *self.config.secrets)
        self.keys = {name: key for line in lines for name, key in line.by_name.items()}
        self.in_doubt = next((line.elsewhere for line in reversed(lines) if line.elsewhere is not None), None)
        self.types = _required(self.config.require)
        self.opcodes = _required(self.config.require_opcode)

    def start(self) -> None:
        """Tell the listeners of the block the keys."""
        for listener in self.setup.instance.listeners:
            if any(self.setup.site is site for sites in listener.zones.values() for site in sites):
                listener.secrets = (listener.secrets or {}) | self.keys

    def admit(self, query: Query, zone: str) -> Outcome:
        """Whether the query goes on."""
        found = tsig.signature(query.msg)
        if found is None:
            opcode = OPCODES.get(query.msg.opcode, "")
            if "all" not in self.types | self.opcodes and not (
                type_name(query.type) in self.types or opcode in self.opcodes
            ):
                return NEXT
            self._breaks_off(query)
            if self.rules.drops_edns and (query.msg.edns is not None or query.msg.extra):
                asked = query.msg.copy()
                if asked.edns is not None:  # which is the last
                    asked.edns = None
                else:
                    asked.extra.pop()
                query.became = query = query.asking(msg=asked)
            return self.write(query, query.msg.reply(dns.REFUSED), UNSIGNED(query.qname))
        self._breaks_off(query)
        if self.in_doubt is not None and found.name not in self.keys:
            query.ctx.doubt([(self.name, self.in_doubt)])
        bare = query.asking(msg=tsig.without(query.msg))
        bare.size = query.size
        wrong = self.setup.instance.wrong_signature(query.msg, query.ctx)
        if wrong:
            if self.rules.drops_edns:  # what is refused keeps its signature, as `log` sees it
                bare = query
            else:
                query.became = bare
            reply = self._signed(bare, bare.msg.reply(tsig.NOTAUTH), found, wrong)
            return self.write(bare, reply, WRONG(found.name, tsig.NAMES[wrong]))
        if query.ctx.trace is not None:
            for number, line in enumerate(self.config.secret):
                if found.name in line.by_name:
                    query.ctx.trace.used(self, 0, f"secret {number}")
        return hint(RIGHT(found.name), query=bare, then=partial(self._answer, bare, found))

    def _breaks_off(self, query: Query) -> None:
        if self.rules.panics and query.ctx.transport in ("https", "https3"):
            raise Panic(PANIC)

    def _answer(self, query: Query, found: dns.RR, result: Result) -> Result:
        query = query.final
        if result.error is not None:
            self.setup.log(f"[ERROR] request handler returned an error: {result.error}")
        if result.rcode in SERVER_WRITES:
            return self.write(query, self._signed(query, query.msg.reply(result.rcode), found, 0), SIGNED(found.name))
        if result.reply is None:
            return result
        asked = query if result.request is None else query.asking(msg=result.request)
        made = self.write(query, self._signed(asked, result.reply, found, 0), SIGNED(found.name))
        made.later = tuple(self._signed(asked, more, found, 0) for more in result.later)
        made.request = result.request
        return made

    def _signed(self, query: Query, reply: dns.Msg, found: dns.RR, error: int) -> dns.Msg:
        """The reply with a TSIG record, which the server fills in when it sends it."""
        if tsig.signature(reply) is not None:
            return reply
        release, supported = self.setup.release, self.setup.instance.options.codes
        reply = reply.copy()
        scrub.share(query, reply, release, supported)
        algorithm, time, _, mac = tsig.fields(found)[:4]
        late = error == tsig.BADTIME
        other = int(query.ctx.now()).to_bytes(6, "big") if late else b""
        values: dict[str, Any] = {
            "id": reply.id,
            "mac": mac,
            "error": error,
            "time": time if late else 0,
            "other": other,
        }
        reply.extra = [*reply.extra, tsig.record(found.name, algorithm, **values)]
        return reply

    def landmarks(self) -> list[Landmark]:
        """What has to have a signature."""
        types, opcodes = sorted(self.types - {"all"}), sorted(self.opcodes - {"all"})
        return [*(Flag(f"type {t}") for t in types), *(Flag(f"opcode {o}") for o in opcodes)]


def _required(lines: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    """The last line counts, but for an `all` before it."""
    last = frozenset(lines[-1]) if lines and lines[-1][0] not in ("all", "none") else frozenset()
    return last | ({"all"} if any(line[0] == "all" for line in lines) else frozenset())
