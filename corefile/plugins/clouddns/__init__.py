"""clouddns - answers from managed zones of Google's Cloud DNS.

Description: fetches all records of each zone, and again every minute, and answers from them as `file` does. Several managed
zones of one name are looked at in turn. A record that CoreDNS cannot read (an alias, for one) hides all that Cloud DNS lists
behind it; before 1.11.0, only the last value of a record set is taken.

Syntax:

    clouddns [ZONE:PROJECT_ID:MANAGED_ZONE...] {
        credentials FILE
        fallthrough [ZONES...]
        upstream
    }

Examples: `clouddns example.org:shop-project:example-zone { credentials key.json }` answers from a managed zone of shop-project.
"""

from __future__ import annotations

from ...plugin import Arg, Declaration, Fall, Fallthrough, Given, Invalid, Line, Reads, Rest, Setup, changed, fqdn
from ...world import Fault
from ...world.stores import HostedZone
from .._hosted_zones import Hosted, HostedZones, Refused, fault_of, fault_text, in_any_order, parts_of, store_of
from .._upstream import PANIC
from .._zone import Zone
from ._credentials import incomplete_file, missing_default, wrong_file
from ._records import NotTaken, take
from ._rules import CloudDnsRules

SHAPE = "ZONE:PROJECT:NAME", "example.org:my-project:my-zone"
PAGE = 100


def _credentials(line: Given, setup: Setup) -> object:
    """The path of a file. Raises Invalid."""
    if CloudDnsRules.of(setup.release).reads_file:
        wrong_file(line.value, line.words[0], setup)
    return line.value


class Clouddns(HostedZones):
    """Answers from managed zones of Cloud DNS."""

    class Config(Declaration):
        zones: tuple[str, ...] = Rest(doc="the zones, each with its project and the name of a managed zone")
        upstream: tuple[str, ...] = Line(Rest("addresses"), default=(), doc="has no effect")
        credentials: str | None = Line(
            Arg("file"), extra="lines", read=_credentials, doc="a file with the key of an account"
        )
        fallthrough: Fall = Fallthrough()
        managed: tuple[tuple[str, str], ...] = ()

    Rules = CloudDnsRules
    READS = Reads(several="each", unknown=changed("unknown property '{}'", {"1.7.1": "unknown property {quoted}"}))
    COMMAND = "gcloud dns record-sets list --project {} --zone {} --format json"
    config: Config
    rules: CloudDnsRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The zones. Raises Invalid."""
        rules = CloudDnsRules.of(setup.release)
        setup.prefix = prefix(rules)
        form = "{quoted}" if rules.newer_words else "'{}'"
        parts_of(given, SHAPE, (f"invalid zone {form}", f"conflict zone {form}"), set())

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """With what CoreDNS does before it fetches anything. Raises Invalid."""
        config: Clouddns.Config = super().configure(given, setup)
        managed = tuple((fqdn(name), id) for name, id in (word.split(":", 1) for word in config.zones))
        if not setup.failed:
            try:
                cls.begin(config, tuple(id for _, id in managed), given, setup)
            except Refused as refusal:
                refusal.tell(setup)
        return config.replace(managed=managed)

    @classmethod
    def begin(cls, config: Config, ids: tuple[str, ...], given: Given, setup: Setup) -> None:
        """Look for credentials, and for the zones. Raises Invalid."""
        rules = CloudDnsRules.of(setup.release)
        if config.credentials is not None:
            word = given.all("credentials")[-1].words[0]
            if not rules.reads_file:
                wrong_file(config.credentials, word, setup)
            incomplete_file(config.credentials, word, setup)
        elif store_of(setup, *ids) is None:
            missing_default(setup, ids)
        for id in ids:
            fault = fault_of(setup, id)
            if fault is not None:
                words = f"failed to create {'' if rules.newer_words else 'Cloud DNS '}plugin: {_fault_words(id, fault)}"
                raise Refused(
                    "no-hosted-zone", f"zone {id} cannot be fetched: {fault_text(fault)}", coredns=words, last=given.end
                )

    def prepare(self) -> None:
        """The zones."""
        self.setup.prefix = prefix(self.rules)
        written = (word.partition(":")[0] for word in self.config.zones)
        zones = ((group, *zone) for group, zone in zip(written, self.config.managed, strict=True))
        self.serves(in_any_order(self.setup, zones))

    def take(self, zone: Zone, store: HostedZone, hosted: Hosted) -> None:
        """The records, as text of a master file."""
        if len(store.sets) > PAGE and not self.rules.all_pages:
            self.setup.notice(
                "records-left-out",
                f"clouddns: CoreDNS reads only the first page of {hosted.id}, and Google says how long it is; all of it is taken",
                hint="CoreDNS 1.8.1 reads all pages",
            )
        try:
            take(zone, store, self.setup.release)
        except NotTaken as error:
            if error.panics:
                raise Invalid(
                    f"{error.name} has no values, and CoreDNS panics",
                    hint="CoreDNS 1.11.0 leaves it out",
                    coredns=f"panic: {PANIC}",
                    located=False,
                    prefix="",
                ) from None
            self.setup.warn(
                "records-left-out",
                f"clouddns: CoreDNS takes neither {error.name} of {hosted.id} nor what comes behind it: {error}",
            )

    def failure(self, hosted: Hosted, fault: Fault) -> str:
        """CoreDNS's words."""
        where = f"{hosted.zone.origin}:{hosted.id}"
        return f"failed to list resource records for {where} from gcp: {_fault_words(hosted.id, fault)}"


def prefix(rules: CloudDnsRules) -> str:
    """What messages begin with."""
    return "plugin/clouddns: " if rules.newer_words else ""


def _fault_words(id: str, fault: Fault) -> str:
    zone = id.partition(":")[2]
    if fault.kind == "refused":
        return f"googleapi: Error 404: The 'parameters.managedZone' resource named '{zone}' does not exist., notFound"
    return "Get: request send failed"


__all__ = ["Clouddns"]
