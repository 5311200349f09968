"""dnssec - signs replies as they leave.

Description: clients that ask for DNSSEC records get signatures, made with the keys at hand. Names and types that do not
exist are denied by NSEC records made up for the question ("black lies"), so that NXDOMAIN becomes NOERROR. DNSKEY questions
for its zones are answered with the keys. Signatures are kept for days. Signing needs the extra `corefile[dnssec]`.

Syntax:

    dnssec [ZONES...] {
        key file KEY...
        key aws_secretsmanager SECRET...
        cache_capacity CAPACITY
    }

Examples: `dnssec example.org { key file Kexample.org.+013+45330 }` signs with a pair of key files.
"""

from __future__ import annotations

from ..dns.codes import AAAA, DNSKEY, HINFO, NSEC, RRSIG, SRV, TXT, A
from ..dns.errors import WireError
from ..dns.response import DELEGATION, NAME_ERROR, NODATA, Kinds
from ..plugin import (
    DS,
    IN,
    MX,
    NOERROR,
    NS,
    SOA,
    Answerer,
    Declaration,
    Filter,
    Given,
    Int,
    Invalid,
    Line,
    Msg,
    Next,
    Outcome,
    Query,
    Reads,
    Reason,
    ReleaseRules,
    Result,
    Setup,
    Zones,
    between,
    changed,
    dns,
    is_subdomain,
    labels,
    longest_match,
    since,
    until,
)
from ._dnssec import CannotSign, KeyLine, Keys, available, names_keys, read_key, signature
from ._places import Place, Places

CAPACITY = 10_000
ORIGINAL_TTL = 3600
HOUR, DAY = 3600, 86400

LOC, CERT, SSHFP, TLSA, HIP, OPENPGPKEY, SPF = 29, 37, 44, 52, 55, 61, 99
EVERY_NAME = (A, HINFO, TXT, AAAA, LOC, SRV, CERT, SSHFP, RRSIG, NSEC, TLSA, HIP, OPENPGPKEY, SPF)
AT_A_CUT = tuple(sorted((*EVERY_NAME, NS)))
AT_THE_APEX = tuple(sorted((*EVERY_NAME, NS, SOA, MX, DNSKEY)))

KEYS = Reason("dnssec-keys", "the keys of {}")
SIGNED = Reason("dnssec-signed", "{} signatures are added")
DENIED = Reason(
    "dnssec-denied", "an NSEC record made for {} says that there is no such record, so the answer is NOERROR"
)
NO_DO = Reason("dnssec-not-asked-for", "the client does not ask for DNSSEC records (DO)")


class DnssecRules(ReleaseRules):
    """What differs between releases."""

    cut_root = since("1.2.3", "key files are looked for below `root`")
    aws = since("1.11.4", "keys may come from AWS Secrets Manager")
    bitmaps = since("1.0.3", "NSEC records name types; before, only RRSIG and NSEC")
    lies_of_names = since("1.0.5", "NSEC records leave out the type that was asked for where the name is denied, too")
    prepends = until("1.2.3", "signatures of additional records stand before them")
    splits_keys = since("1.2.5", "with keys of both kinds, KSKs sign the keys and ZSKs all else")
    signs_referrals = since("1.11.0", "referrals are signed, or an NSEC record says that there is no DS record")
    answers_nsec = since("1.11.0", "questions for NSEC are answered with the NSEC record")
    signs_zones_alone = since("1.14.4", "records outside of its zones are not signed, others for their own zone")
    keeps_by_name = between("1.8.1", "1.8.4", "signatures are kept by name and type, whatever the records are")
    keeps = changed(6 * DAY, {"1.8.4": 2 * DAY}, "seconds that a kept signature has to be valid for, to be used")
    keeps_all = until("1.0.5", "signatures are used as long as they are kept")
    entries = changed("coredns_dnssec_cache_size", {"1.7.0": "coredns_dnssec_cache_entries"}, "the gauge's name")
    labels = since("1.1.3", "metrics have the label `server`")


def _keys(line: Given, setup: Setup) -> Keys:
    """The keys that a line names. Raises Invalid."""
    rules = DnssecRules.of(setup.release)
    if not names_keys(line, "file", *(("aws_secretsmanager",) * rules.aws)):
        return Keys()
    if line.values["kind"] != "file":
        setup.notice(
            "not-simulated",
            "keys of AWS Secrets Manager are not known here, so nothing is signed with them",
            line.span,
            hint="use `key file`",
        )
        return Keys()
    return Keys.read(line, setup, read_key, below=rules.cut_root)


class Dnssec(Answerer, Filter):
    """Signs replies on the way back, and answers for its keys."""

    class Config(Declaration):
        zones: tuple[str, ...] = Zones(doc="the zones that are signed; or those of the server block")
        key: Keys = KeyLine(_keys, kinds=changed(("file",), {"1.11.4": ("file", "aws_secretsmanager")}))
        cache_capacity: int | None = Line(
            Int("capacity", located=False), default=None, extra="lines", doc="how many sets of signatures are kept"
        )

    Rules = DnssecRules
    READS = Reads(
        once=since("1.1.0"),
        others=changed("ignored", {"1.1.0": None}, "what a property with any other name is"),
    )
    FLAGS = ("do", "type DNSKEY", "type NSEC", "type DS")
    STATE = "the signatures that it keeps"
    WRITER = True
    config: Config
    rules: DnssecRules

    @classmethod
    def merge(cls, configs: list[Config], setup: Setup) -> Config:
        """Up to 1.0.6, where there may be several lines: the keys of all, for the zones of the last."""
        return configs[-1].replace(
            key=Keys.together([config.key for config in configs]),
            cache_capacity=next((c.cache_capacity for c in reversed(configs) if c.cache_capacity is not None), None),
        )

    def prepare(self) -> None:
        """How replies are told apart, and the keys, each of which has to be that of one of the zones, or of one above it. Raises
        Invalid."""
        self.kinds = Kinds(self.setup.release)
        self.kept: dict[object, list[dns.RR]] = {}
        self.most = CAPACITY if self.config.cache_capacity is None else max(1, self.config.cache_capacity)
        self.places = Places()
        self.keys = keys = self.config.key.found
        for key in keys:
            name = key.record[0]
            if not any(is_subdomain(name.lower(), zone) for zone in self.config.zones):
                said = f"key {name} (keyid: {key.tag}) can not sign any of the zones"
                raise Invalid(f"the key of {name} is for none of the zones", coredns=said, located=False, at=key.place)
        self.splits = self.rules.splits_keys and any(k.is_zsk for k in keys) and any(k.is_ksk for k in keys)
        self.doubts = [(self.name, span) for span in self.config.key.elsewhere]
        if keys and not available():
            self.doubts.append((self.name, self.span))
            self.setup.notice(
                "not-simulated",
                "signatures cannot be made, since the Python package `cryptography` is not installed",
                self.span,
                hint="install `corefile[dnssec]`",
            )
        self.setup.site.left_out += self.doubts

    def place_of(self, rr: dns.RR) -> Place | None:
        """Where a signature stands, if it is one of those that are kept (see cache)."""
        return self.places.of(rr)

    def answer(self, query: Query, zone: str) -> Outcome:
        """The keys, where they are asked for; any other reply is seen on the way back."""
        asked_for = query.type == DNSKEY and query.name in self.scope.zones
        if self.doubts and (query.do or asked_for):
            query.ctx.doubt(self.doubts)
        if asked_for:
            reply = query.msg.reply()
            reply.aa = True
            keys = [key.record.with_name(query.name) for key in self.keys]
            signed = self._sign(query, keys, query.name, ORIGINAL_TTL) if query.do and keys else []
            reply.answer = [*keys, *(signed or [])]
            return self.write(query, reply, KEYS(query.name))
        if query.do:
            return Next(then=lambda result: self.back(query, result))
        return Next(NO_DO())

    def back(self, query: Query, result: Result) -> Result:
        """The reply with its signatures."""
        if result.reply is None:
            return result
        reply = self._signed(query, result.reply)
        if reply is result.reply:
            return result
        before = result.reply
        count = sum(rr[1] == RRSIG for rr in (*reply.answer, *reply.ns, *reply.extra))
        why = DENIED(query.name) if reply.rcode != before.rcode else SIGNED(count)
        out = result.replying(reply, why)
        out.later = tuple(self._signed(query, more) for more in result.later)
        return out

    def _signed(self, query: Query, before: Msg) -> Msg:
        question = before.question
        zone = None if question is None else longest_match(self.scope.zones, question.name.lower())
        if question is None or zone is None:
            return before
        reply = self._with_signatures(query, before, question, zone)
        labels = (("server", query.ctx.server),) if self.rules.labels else ()
        kept = (*labels, ("type", "signature"))
        self.setup.instance.metrics.set(self.rules.entries, kept, len(self.kept))
        return reply

    def _with_signatures(self, query: Query, before: Msg, question: dns.Question, zone: str) -> Msg:
        rules, kind, reply = self.rules, self.kinds.of(before, query.ctx.now()), before.copy()
        if kind == DELEGATION:
            if not rules.signs_referrals or not before.ns:
                return before
            ttl = before.ns[0][3]
            ds = [rr for rr in before.ns if rr[1] == DS]
            signed = self._sign(query, ds, zone, ttl) if ds else self._nsec(query, reply, zone, kind, ttl)
            reply.ns = [*before.ns, *(signed or [])]
            return reply
        if kind in (NAME_ERROR, NODATA):
            if len(before.ns) != 1 or before.ns[0][1] != SOA:
                return before
            ttl = before.ns[0][3]
            reply.ns = [
                *before.ns,
                *(self._sign(query, before.ns, zone, ttl) or []),
                *(self._nsec(query, reply, zone, kind, ttl) or []),
            ]
            if len(reply.ns) > 1:
                reply.rcode = NOERROR
                if question.type == NSEC and rules.answers_nsec:
                    reply.answer, reply.ns = reply.ns[-2:], []
            return reply
        for section in ("answer", "ns", "extra"):
            rrs: list[dns.RR] = getattr(before, section)
            signed = self._sets(query, rrs, zone)
            before_them = rules.prepends and section == "extra"
            setattr(reply, section, [*signed, *rrs] if before_them else [*rrs, *signed])
        return reply

    def _sets(self, query: Query, rrs: list[dns.RR], zone: str) -> list[dns.RR]:
        """The signatures of all sets of records in a section."""
        sets: dict[tuple[str, int], list[dns.RR]] = {}
        for rr in rrs:
            if rr[1] != RRSIG:
                sets.setdefault((rr[0], rr[1]), []).append(rr)
        out: list[dns.RR] = []
        for (name, _), found in sets.items():
            signer = longest_match(self.scope.zones, name.lower()) if self.rules.signs_zones_alone else zone
            if signer is not None:
                out += self._sign(query, found, signer, found[0][3]) or []
        return out

    def _nsec(self, query: Query, reply: Msg, zone: str, kind: str, ttl: int) -> list[dns.RR] | None:
        """An NSEC record for the question, behind its signatures; None where it cannot be signed."""
        question = reply.question
        assert question is not None
        rules = self.rules
        name = question.name if rules.bitmaps else question.name.lower()
        following = "\\000." if name == "." and rules.signs_referrals else f"\\000.{name}"
        types: tuple[int, ...]
        at_apex = question.name.lower() == zone
        if not rules.bitmaps:
            types = (RRSIG, NSEC)
        elif rules.signs_referrals and not at_apex and (kind == DELEGATION or question.type == DS):
            types = AT_A_CUT
            if kind == DELEGATION:
                first, *others = labels(name)
                following = ".".join([f"{first}\\000", *others]) + "."
        else:
            types = AT_THE_APEX if at_apex else EVERY_NAME
            denies = kind == NODATA or (kind == NAME_ERROR and rules.lies_of_names)
            if denies and not (rules.answers_nsec and question.type == NSEC):
                types = tuple(t for t in types if t != question.type)
        nsec = dns.RR(name, NSEC, IN, ttl, (following, types))
        signed = self._sign(query, [nsec], zone, ttl)
        return None if signed is None else [*signed, nsec]

    def _sign(self, query: Query, rrs: list[dns.RR], signer: str, ttl: int) -> list[dns.RR] | None:
        """The signatures of a set of records, those that are kept where they are good; None where it cannot be signed."""
        rules, now = self.rules, query.ctx.now()
        key = (rrs[0][0].lower(), rrs[0][1]) if rules.keeps_by_name else tuple(rrs)
        found = self.kept.get(key)
        good = found is not None and (rules.keeps_all or all(rr[4][5] <= now + rules.keeps <= rr[4][4] for rr in found))
        label = (("server", query.ctx.server),) if rules.labels else ()
        metrics = self.setup.instance.metrics
        metrics.inc(f"coredns_dnssec_cache_{'hits' if good else 'misses'}_total", label)
        if not good:
            try:
                found = self._made(rrs, signer, ttl, int(now))
            except (CannotSign, WireError):
                return None
            if len(self.kept) >= self.most:
                self.places.drop(self.kept.pop(next(iter(self.kept))))
            self.places.drop(self.kept.get(key, ()))
            self.kept[key] = found
            self.places.add_list(found)
        return found

    def _made(self, rrs: list[dns.RR], signer: str, ttl: int, now: int) -> list[dns.RR]:
        out = []
        for key in self.keys if available() else ():
            if self.splits and not (key.is_ksk if rrs[0][1] == DNSKEY else key.is_zsk):
                continue
            out.append(signature(key, rrs, signer, ttl, ORIGINAL_TTL, now - 3 * HOUR, now + 8 * DAY))
        return out

    def renew(self) -> None:
        """Signatures that are kept are those of other answers where they are found by name and type alone."""
        if self.rules.keeps_by_name:
            self.kept.clear()


__all__ = ["Dnssec"]
