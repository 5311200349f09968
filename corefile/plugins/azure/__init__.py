"""azure - answers from zones of Azure DNS.

Description: fetches all records of each zone, public or private, and again every minute, and answers from them as `file`
does. Zones of one name in several resource groups are looked at in turn, in an order that changes from start to start.
Of the types of records A, AAAA, CNAME, MX, NS (of public zones), PTR, SOA, SRV and TXT are taken.

Syntax:

    azure [RESOURCE_GROUP:ZONE...] {
        tenant TENANT_ID
        client CLIENT_ID
        secret CLIENT_SECRET
        subscription SUBSCRIPTION_ID
        environment ENVIRONMENT
        fallthrough [ZONES...]
        access public|private
    }

Examples: `azure dns:example.org { access private  fallthrough }` answers from the private zone example.org of the resource
group dns, and passes on the names that it does not have.
"""

from __future__ import annotations

from ...plugin import Declaration, Fall, Fallthrough, Given, Invalid, Line, OneOf, Reads, Rest, Setup, Word, fqdn, quote
from ...world import Fault
from ...world.stores import HostedZone
from .._hosted_zones import Hosted, HostedZones, Refused, fault_of, fault_text, in_any_order, parts_of, store_of
from .._paths import cannot_read
from .._upstream import PANIC
from .._zone import Zone
from ._records import records
from ._rules import AzureRules

SHAPE = "GROUP:ZONE", "my-group:example.org"
PAGE = 100
"""How many record sets Azure gives at once."""
NO_SUCH_ZONE = "Failure responding to request: StatusCode=404 -- Original Error: autorest/azure: Service returned an error. Status=404"


class Seen:
    """What the lines so far have: their zones, each with its resource group, those of the last line, how a second one
    of the same kind is found, which zones are private, and the secret."""

    def __init__(self) -> None:
        self.zones: list[tuple[str, str]] = []
        self.line: list[tuple[str, str]] = []
        self.keys: set[str] = set()
        self.private: dict[tuple[str, str], bool] = {}
        self.secret = ""


def _unknown(name: str, setup: Setup) -> str:
    """What is wrong with the name of an environment, in Go's words; '' where nothing is."""
    upper = name.upper()
    if upper == "AZURESTACKCLOUD":
        path = setup.world.env.get("AZURE_ENVIRONMENT_FILEPATH", "")
        there = path and setup.world.files.read(path) is not None
        return "" if there else cannot_read(path, setup.world.files)
    if upper in AzureRules.of(setup.release).environments:
        return ""
    return f"autorest/azure: There is no cloud environment matching the name {quote(upper)}"


def _secret(line: Given, setup: Setup) -> str:
    text: str = line.value
    setup.get(Seen).secret = text
    return text


def _environment(line: Given, setup: Setup) -> str:
    """The name of an environment. Raises Invalid."""
    wrong = _unknown(line.value, setup)
    if wrong:
        raise Invalid(
            f"Azure has no environment `{line.value}`",
            coredns=f"cannot set azure environment: {quote(wrong)}",
            hint="one of AzurePublicCloud, AzureUSGovernmentCloud, AzureChinaCloud, AzureGermanCloud",
        )
    return _secret(line, setup) if AzureRules.of(setup.release).environment_is_secret else str(line.value)


def _access(line: Given, setup: Setup) -> str:
    """Of which zones it is the access."""
    seen = setup.get(Seen)
    for zone in seen.line if AzureRules.of(setup.release).access_of_line else seen.zones[-1:]:
        seen.private[zone] = line.value == "private"
    return str(line.value)


class Azure(HostedZones):
    """Answers from zones of Azure DNS."""

    class Config(Declaration):
        zones: tuple[str, ...] = Rest(doc="the zones, each behind its resource group")
        subscription: str = Line(Word(), default="", extra="lines", doc="the subscription's ID")
        tenant: str = Line(Word(), default="", extra="lines", doc="the tenant's ID")
        client: str = Line(Word(), default="", extra="lines", doc="the client's ID")
        secret: str = Line(Word(), default="", extra="lines", read=_secret, doc="the client's secret")
        environment: str = Line(
            Word(), default="", extra="lines", read=_environment, doc="the cloud: AzurePublicCloud, unless given"
        )
        fallthrough: Fall = Fallthrough()
        access: str = Line(
            OneOf("public", "private", error="invalid access value: can be public/private, found: {}"),
            default="",
            since="1.6.8",
            extra="lines",
            read=_access,
            doc="public (the default) or private",
        )

    Rules = AzureRules
    READS = Reads(several="all", unknown="unknown property: {quoted}")
    COMMAND = "az network dns record-set list -g {} -z {}"
    config: tuple[Config, ...]
    rules: AzureRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The zones. Raises Invalid."""
        rules, seen = AzureRules.of(setup.release), setup.get(Seen)
        words = ("invalid resource group/zone: {quoted}", "conflicting zone: {quoted}")
        own = parts_of(
            given, SHAPE, words, seen.keys, lambda text: text.replace(":", "", 1) if rules.conflicts_joined else text
        )
        seen.line = [(group, name) for group, name in own]
        seen.zones += seen.line

    def prepare(self) -> None:
        """The zones of all lines, by their resource groups."""
        seen = self.setup.get(Seen)
        self.fall = Fall.last(c.fallthrough for c in self.config)
        try:
            self._authorize(seen)
            for zone in seen.zones:
                self._look_for(_id(zone), bool(seen.private.get(zone)))
        except Refused as refusal:
            refusal.tell(self.setup)
            return
        self.private = {_id(zone) for zone in seen.zones if seen.private.get(zone)}
        self.serves(in_any_order(self.setup, ((zone[0], fqdn(zone[1]), _id(zone)) for zone in seen.zones)))

    def _authorize(self, seen: Seen) -> None:
        """What CoreDNS needs before it asks Azure for anything. Raises Refused."""
        client = next((c.client for c in reversed(self.config) if c.client), "")
        if seen.secret and not client:
            raise Refused(
                "no-credentials",
                "`secret` needs `client`",
                coredns="failed to get SPT from client credentials: parameter 'clientID' cannot be empty",
                located=False,
            )
        given = store_of(self.setup, *map(_id, seen.zones)) is not None
        if not seen.secret and not given and (seen.zones or self.rules.no_identity):
            words = self.rules.no_identity or NO_TOKEN
            Refused(
                "no-credentials",
                "there are no credentials for Azure, and no machine of Azure's that would have an identity",
                hint="write `tenant`, `client` and `secret`"
                + (f"; or --store azure@{_id(seen.zones[0])}=FILE gives the records themselves" if seen.zones else ""),
                coredns=words,
                located=False,
            ).unless_assumed(self.setup)

    def _look_for(self, id: str, private: bool) -> None:
        """A zone has to be there at the start. Raises Refused."""
        fault = fault_of(self.setup, id)
        if fault is not None:
            words = _words(private, fault, "List" if private else "ListAllByDNSZone")
            raise Refused(
                "no-hosted-zone", f"zone {id} cannot be fetched: {fault_text(fault)}", coredns=words, located=False
            )
        key = store_of(self.setup, id)
        store = None if key is None else self.setup.world.stores[key]
        if store is not None and store.sets and not any(s.private in (None, private) for s in store.sets):
            words = _words(private, Fault.refused(), "List" if private else "ListAllByDNSZone")
            known, asked = ("public", "private") if private else ("private", "public")
            hint = f"write `access {known}`, or give the records of the {asked} zone"
            raise Refused(
                "no-hosted-zone",
                f"zone {id} is a {known} one, and not {asked}",
                coredns=words,
                located=False,
                hint=hint,
            )

    def take(self, zone: Zone, store: HostedZone, hosted: Hosted) -> None:
        """The records of a public or a private zone."""
        private = hosted.id in self.private
        sets = [s for s in store.sets if s.private in (None, private)]
        for rr in records(sets if self.rules.all_pages else sets[:PAGE], private, self.rules):
            zone.insert(rr)
        if len(sets) > PAGE and not self.rules.all_pages:
            self.setup.warn(
                "records-left-out",
                f"azure: of {hosted.id} CoreDNS reads the first {PAGE} record sets, and not the other {len(sets) - PAGE}",
                hint="CoreDNS 1.8.1 reads them all",
            )

    def zone_names(self) -> list[str]:
        """In the log of older releases, behind an empty name for each resource group."""
        groups = {hosted.id.partition(":")[0] for hosted in self.all_hosted()}
        return [*("" for _ in groups if self.rules.names_nothing), *super().zone_names()]

    def failure(self, hosted: Hosted, fault: Fault) -> str:
        """CoreDNS's words."""
        private = hosted.id in self.private
        words = _words(private, fault, "List" if private else "ListByDNSZone")
        return f"failed to list resource records for {hosted.id.partition(':')[2]} from azure: {words}"

    def failed_to_fetch(self, hosted: Hosted) -> bool:
        """The zone is empty from now on; in older releases this is a panic that ends CoreDNS."""
        if not self.rules.empties:
            words = "azure: CoreDNS panics where it cannot fetch a zone's records any more"
            self.setup.instance.crash(words, PANIC, self.span)
            return False
        hosted.zone = Zone(hosted.zone.origin, self.setup.release)
        hosted.zone.missing = "its records could not be fetched"
        return True


NO_TOKEN = "azure.BearerAuthorizer#WithAuthorization: Failed to refresh the Token: StatusCode=0 -- Original Error: the MSI endpoint is not available"


def _words(private: bool, fault: Fault, call: str) -> str:
    """Of a zone that cannot be fetched, as far as it is known beforehand."""
    client = "privatedns" if private else "dns"
    return f"{client}.RecordSetsClient#{call}: {NO_SUCH_ZONE if fault.kind == 'refused' else 'Failure sending request'}"


def _id(zone: tuple[str, str]) -> str:
    """What a zone is called in `World.stores`."""
    return f"{zone[0]}:{zone[1].removesuffix('.')}"


__all__ = ["Azure"]
