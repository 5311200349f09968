"""sign - signs zone files.

Description: reads a zone from a master file, adds keys, CDS, CDNSKEY and NSEC records, signs all of it, and writes the
result to `db.NAME.signed`, which `file` or `auto` may serve. The serial becomes the time of signing. The signed file is
looked at every five hours, and made anew where its signatures are six days old or end in a week. Signing needs the
extra `corefile[dnssec]`; the file is written into the world's files, never to the disk.

Syntax:

    sign DBFILE [ZONES...] {
        key file KEY...
        directory DIR
    }

Examples: `sign db.example.org example.org { key file Kexample.org.+013+45330 }` writes
`/var/lib/coredns/db.example.org.signed`.
"""

from __future__ import annotations

from ...dns.codes import DNSKEY
from ...dns.zonefile import ZoneError, record
from ...findings import Span
from ...language.words import Token
from ...plugin import (
    Arg,
    Declaration,
    Given,
    Invalid,
    Line,
    Reads,
    Rest,
    Setting,
    Setup,
    Site,
    Type,
    Zones,
    quote,
)
from .._dnssec import CURVES, Key, KeyLine, Keys, available, names_keys, open_key, private_key
from .._paths import below_root
from .._zone_file import ZoneBudget
from ._rules import SignRules
from ._signer import CHECK, Signer, exists

DIRECTORY = "/var/lib/coredns"
KSK = 0x101  # a zone key with the SEP bit


class DbFile(Type):
    """The name of the master file, as a token."""

    def settle(self, value: str, given: Given, setup: Setup) -> Token:
        """The token."""
        return given.words[0]


def _directory(line: Given, setup: Setup) -> Token:
    """One directory, as a token. Raises Invalid."""
    if len(line.value) != 1:
        said = 'can only be one argument after "directory"'
        raise Invalid("`directory` takes one directory", coredns=said, located=False, at=line.span)
    return line.words[0]


def _keys(line: Given, setup: Setup) -> Keys:
    """The keys that a line names. Raises Invalid."""
    if line.values["kind"] == "directory":
        said = "directory: not implemented"
        raise Invalid("CoreDNS cannot look for keys in a directory", coredns=said, located=False, hint="use `key file`")
    return Keys.read(line, setup, _key) if names_keys(line, "file") else Keys()


def _key(base: str, setup: Setup) -> Key:
    """The key pair in `base`.key and `base`.private. Raises Invalid."""
    path = f"{base}.key"
    try:
        public = record(open_key(path, setup), release=setup.release)
    except ZoneError as e:
        raise Invalid(f"{path} has no record that can be read: {e.message}", coredns=str(e), located=False) from None
    if public is None:
        said = "panic: runtime error: invalid memory address or nil pointer dereference"
        raise Invalid(f"{path} has no record", coredns=said, located=False, prefix="")
    if public[1] != DNSKEY:
        said = f"RR in {quote(path)} is not a DNSKEY: {public[1]}"
        raise Invalid(f"{path} has no DNSKEY record", coredns=said, located=False)
    if not public[4] or public[4][0] & KSK != KSK:
        said = f"DNSKEY in {quote(path)} is not a CSK/KSK"
        hint = "`dnssec-keygen -f KSK` makes one that is"
        raise Invalid(f"the key in {path} does not have the SEP bit", coredns=said, located=False, hint=hint)
    text = open_key(f"{base}.private", setup)
    return private_key(public, text, base, setup, unsupported="unsupported algorithm")


class Sign(Setting):
    """Writes signed zone files."""

    class Config(Declaration):
        dbfile: Token = Arg(DbFile(), brace=True, doc="the master file")
        zones: tuple[str, ...] = Zones(doc="the zones that it is signed for; or those of the server block")
        key: Keys = KeyLine(_keys, "; their keys have the SEP bit")
        directory: Token | None = Line(
            Rest("path"), read=_directory, doc="where the signed files are; by default /var/lib/coredns"
        )

        @property
        def keys(self) -> tuple[Key, ...]:
            """Those of all lines, as those of the last zone: CoreDNS renames them for each. Without a zone nothing is
            signed, as where each argument is no valid name."""
            return tuple(key.with_name(zone) for zone in self.zones[-1:] for key in self.key.found)

    Rules = SignRules
    READS = Reads(several="all")
    STATE = "the signed files"
    config: tuple[Config, ...]
    rules: SignRules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """The name of the master file. Raises Invalid."""
        path = below_root(setup.site, given.values["dbfile"])
        if cls.Rules.of(setup.release).checks_dbfile and not path.isascii() and _replaced(path):
            said = f"dbfile {quote(path)} contains invalid characters"
            raise Invalid("the name of the master file is no UTF-8", coredns=said, located=False, at=given.words[0])

    def apply(self, site: Site) -> None:
        """A signer for each zone of each line."""
        self.signers: list[Signer] = []
        for config in self.config:
            folder = config.directory
            directory = below_root(site, DIRECTORY if folder is None else folder.text)
            dbfile = below_root(site, config.dbfile.text)
            ZoneBudget.of(self.setup).take_zones(len(config.zones))
            self.signers += [Signer(zone, dbfile, directory, config.keys, self.setup) for zone in config.zones]
            self._look(dbfile, config.dbfile.span, directory, None if folder is None else folder.span)
        doubts = [(self.name, span) for config in self.config for span in config.key.elsewhere]
        site.left_out += doubts
        site.in_doubt += doubts

    def _look(self, dbfile: str, place: Span, directory: str, named: Span | None) -> None:
        """What keeps a zone from being signed, which CoreDNS says only in its log. place, named: where the paths stand."""
        setup = self.setup
        files = setup.world.files
        if not exists(directory, setup):
            message = f"there is no directory {directory} for the signed file"
            setup.missing(directory, message, named, folder=True)
        if files.read(dbfile) is None:
            setup.missing(dbfile, f"there is no zone file {dbfile}", place, until="nothing is signed until it is there")
        if any(config.keys for config in self.config) and not available():
            setup.site.left_out.append((self.name, self.span))
            setup.notice(
                "not-simulated",
                "nothing is signed, since the Python package `cryptography` is not installed",
                hint="install `corefile[dnssec]`",
            )

    def check(self) -> None:
        """A private key of an elliptic curve whose DNSKEY record is of another algorithm ends CoreDNS as it signs."""
        for config in self.config:
            for key in config.keys:
                if key.algorithm in CURVES and key.record[4][2] not in CURVES:
                    message = f"the private key with tag {key.tag} is of another algorithm than its DNSKEY record"
                    said = "panic: runtime error: invalid memory address or nil pointer dereference"
                    self.setup.error("invalid-argument", message, key.place, coredns=said, located=False, prefix=False)

    def start(self) -> None:
        """See what has to be signed. It is signed once all plugins have started, since CoreDNS waits for none of it."""
        self.needed: list[tuple[Signer, str]] = []
        for signer in self.signers:
            if signer.keys and not available():
                continue
            why = signer.why()
            if why:
                self.needed.append((signer, why))
            else:
                signer.skip()
            self.every(CHECK, signer.look)
        self.setup.instance.once_started.append(self.sign)

    def sign(self) -> None:
        """Sign it."""
        for signer, why in self.needed:
            signer.make(why)


def _replaced(path: str) -> bool:
    """Whether Go sees U+FFFD in it: as such, or where octets are no UTF-8."""
    return any(letter == "\ufffd" or "\udc80" <= letter <= "\udcff" for letter in path)


__all__ = ["Sign"]
