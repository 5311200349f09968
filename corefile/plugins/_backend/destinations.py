"""The destinations that a directive names: addresses, and files like resolv.conf (plugin/pkg/parse, plugin/pkg/tls)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...chain.encryption import AuthoritiesElsewhere
from ...findings import Span, TooLarge
from ...golang.addresses import split_host_port
from ...golang.errors import GoError
from ...language.expand import Token
from ...language.files import file_above
from ...language.keys import must_normalize, normalize
from ...language.words import decode
from ...light import NamedTuple
from ...plugin import Given, Invalid, Release, Setup, Type, fqdn, join_port, parse_ip, quote
from ...world.files import STAND_IN
from .._paths import below_root, cannot_read
from .rules import BackendRules

if TYPE_CHECKING:
    from ...golang.x509 import Certificate

MAX_DESTINATIONS = 15
MOST_NAMESERVERS = 1000
"""Of a file like resolv.conf, so that it is read in little time; resolvers take three."""
UNTIL = "questions for its nameservers fail without it"
PORTS = {"dns": "53", "tls": "853", "quic": "853", "grpc": "443", "https": "443"}


class From(Type):
    """The zone that is forwarded: zone names, a network being its reverse zones."""

    label = "zone"
    example = "example.org"

    def convert(self, text: str, release: Release) -> tuple[str, ...]:
        """The zones. Raises Invalid."""
        zones = normalize(text, release)
        if zones:
            return zones
        rules = BackendRules.of(release)
        if rules.no_zone_is_empty:
            return (fqdn(text.lower()),)  # no name lies in it either
        hint = "write a blank behind the `.`" if text.startswith("./") else ""
        message, said = f"`{text}` is not a domain name", rules.no_zone.format(text)
        raise Invalid(message, hint=hint, coredns=said, located=False, expected="zone")


class FirstZone(From):
    """The zone that is forwarded. Of several, which a network may stand for, only the first one is."""

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> str:
        """The zone; warns where there are others, and where nothing lies in it."""
        if not normalize(given.words[0].text, setup.release):
            setup.warn(
                "invalid-argument",
                f"`{given.words[0].text}` is not a domain name, so nothing is sent",
                given.words[0].span,
                hint="later releases refuse it",
            )
        if len(value) > 1:
            setup.warn(
                "only-first-zone",
                f"{given.words[0].text} is several zones, and only {value[0]} is forwarded",
                given.words[0].span,
                hint=f"write a `{setup.name}` for each of them",
            )
        return value[0]


class Except(Type):
    """A zone that is left out."""

    label = "zone"
    example = "internal.example.org"

    def convert(self, text: str, release: Release) -> tuple[str, ...]:
        """The zones."""
        try:
            return must_normalize(text, release)
        except ValueError:
            return () if BackendRules.of(release).except_nothing else (".",)


def split_transport(text: str, release: Release) -> tuple[str, str]:
    """The transport that a destination names (`dns` if it names none), and the rest."""
    name, found, rest = text.partition("://")
    return (name, rest) if found and name in BackendRules.of(release).transports else ("dns", text)


def is_ip(text: str) -> bool:
    """Go's net.ParseIP takes it: an address without a zone."""
    return parse_ip(text) is not None


def split_port(text: str) -> tuple[str, str] | None:
    """Host and port, or None where Go's net.SplitHostPort fails."""
    try:
        return split_host_port(text)
    except GoError:
        return None


def without_zone(host: str) -> str:
    """An address without its zone (`%eth0`)."""
    return host.rpartition("%")[0] if "%" in host else host


class NoNameservers(Invalid):
    """None of the destinations is one."""


class NotAnAddress(Invalid):
    """Neither an address nor a file."""


def destinations(words: Sequence[str], setup: Setup, tokens: Sequence[Token] = ()) -> list[str]:
    """Addresses with ports, perhaps with transports, for addresses and files like resolv.conf. `tokens`: the words as
    they were written. Raises Invalid."""
    out: list[str] = []
    for number, word in enumerate(words[:MOST_NAMESERVERS]):  # as many are refused in any case
        try:
            out += _destination(word, setup, tokens[number].span if tokens else None)
        except Invalid as error:
            error.at = tokens[number] if tokens else None
            raise
    if not out and BackendRules.of(setup.release).needs_server:
        raise NoNameservers(
            "there is no nameserver among these",
            coredns="no nameservers found",
            located=False,
            at=tokens[0].span if tokens else None,
            hint="a file needs lines such as `nameserver 10.0.0.1`",
        )
    return out


def check_count(count: int) -> None:
    """Raises Invalid for more destinations than one directive may have."""
    if count > MAX_DESTINATIONS:
        raise Invalid(
            f"{count} servers are too many",
            hint=f"keep {MAX_DESTINATIONS} of them",
            located=False,
            coredns=f"more than {MAX_DESTINATIONS} TOs configured: {count}",
        )


def _destination(word: str, setup: Setup, span: Span | None) -> list[str]:
    rules = BackendRules.of(setup.release)
    transport, host = split_transport(word, setup.release)
    if not host and rules.needs_address:
        raise Invalid(
            f"`{word}` has no address", coredns=f"invalid address: {quote(word)}", located=False, expected="server"
        )
    if transport == "unix":
        return [word]
    split = split_port(host)
    if split is not None:
        if is_ip(without_zone(split[0]) if rules.address_zones else split[0]):
            return [word]
    else:
        if rules.bare_brackets:
            host = host.strip("[]")
        if is_ip(without_zone(host) if rules.address_zones else host):
            text = join_port(host, PORTS.get(transport, ""))
            return [text if transport == "dns" else f"{transport}://{text}" if transport in PORTS else ""]
    return _from_file(host, transport, setup, span)


def _from_file(path: str, transport: str, setup: Setup, span: Span | None) -> list[str]:
    text = setup.world.files.read(path) if path else None
    rules = BackendRules.of(setup.release)
    if text is not None:
        servers = nameservers(decode(text))
        if len(servers) > MOST_NAMESERVERS:
            raise TooLarge(f"{path} has more than {MOST_NAMESERVERS:,} nameservers, which are not read")
        return [join_port(without_zone(s) if rules.files_without_zones else s, "53") for s in servers]
    if path and setup.world.files.is_dir(path):
        return []
    if path.startswith(("/", "./", "../")) and transport == "dns" and setup.elsewhere(path, span, until=UNTIL):
        return [join_port(STAND_IN, "53")]
    own = f"not an IP address or file: {quote(path)}"
    if rules.tells_open_error:
        missing = cannot_read(path, setup.world.files)
        if not file_above(path, setup.world.files):
            missing = f'failed to open file "{path}": "{missing}"'
        own = f'not an IP address or file "{path}": {missing}'
    raise NotAnAddress(
        f"`{path}` is neither an IP address nor a file that exists",
        coredns=own,
        located=False,
        expected="server",
        **_cure(path, transport),
    )


def _cure(host: str, transport: str) -> dict[str, Any]:
    """What to write instead of something that is an address in another release, or nearly one: arguments of `Invalid`."""
    split = split_port(host)
    bare = host.strip("[]") if split is None else split[0]
    if "%" in bare and is_ip(without_zone(bare)):
        return {"hint": "an address takes a zone since CoreDNS 1.6.7; in a file like resolv.conf it may stand"}
    if is_ip(bare):  # in brackets, without a port
        lead = "" if transport == "dns" else f"{transport}://"
        return {"write": f"{lead}{join_port(bare, PORTS.get(transport, '53'))}"}
    return {"hint": "such as `10.0.0.53`, `10.0.0.53:5353` or `/etc/resolv.conf`"}


def nameservers(resolv_conf: str) -> list[str]:
    """The nameservers of a file like resolv.conf, in order."""
    lines = [line.split() for line in resolv_conf.splitlines()]
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]


class TlsFiles(NamedTuple):
    """What the files of `tls [CERT KEY] [CA]` hold. certificate: None where the files are not here, too."""

    certificate: Certificate | None = None
    authorities: tuple[Certificate, ...] = ()


def read_tls(line: Given, setup: Setup) -> TlsFiles:
    """What a line `tls [CERT KEY] [CA]` names. Raises Invalid."""
    return tls_files(line.words, setup)


def tls_files(words: tuple[Token, ...], setup: Setup) -> TlsFiles:
    """Read the files of `tls [CERT KEY] [CA]` as CoreDNS does, at once. Of those that are not here but may be on CoreDNS's
    machine there is a notice. Raises Invalid with CoreDNS's words."""
    from ...golang.x509 import pool

    below = BackendRules.of(setup.release).tls_below_root
    paths = [below_root(setup.site, w.text) if below else w.text for w in words]
    pair, ca = (paths[:2], paths[2:]) if len(paths) > 1 else ([], paths)
    leaf = None
    if pair:
        cert, key = (
            _file(path, word, "could not load TLS cert", setup) for path, word in zip(pair, words, strict=False)
        )
        if cert is not None and key is not None:
            leaf = _key_pair(pair, words, cert, key)
    known: tuple[Certificate, ...] = ()
    for path in filter(None, ca):  # without a name: the authorities of the system
        content = _file(path, words[-1], f"error reading {path}", setup)
        known = AuthoritiesElsewhere() if content is None else pool(content)
        if not known:
            raise Invalid(
                f"`{path}` holds no certificate",
                located=False,
                coredns="could not read root certs: %!s(<nil>)",
                at=words[-1].span,
            )
    return TlsFiles(leaf, known)


def _key_pair(paths: list[str], words: tuple[Token, ...], cert: bytes, key: bytes) -> Certificate:
    from ...golang.x509 import KeyRefused, key_pair

    try:
        return key_pair(cert, key)
    except GoError as e:
        which = isinstance(e, KeyRefused)
        said, at = f"could not load TLS cert: {e.text}", words[which].span
        raise Invalid(f"`{paths[which]}`: {e.message}", located=False, hint=e.hint, coredns=said, at=at) from None


def _file(path: str, word: Token, lead: str, setup: Setup) -> bytes | None:
    """What is in a file; None where it is not here, and may be on CoreDNS's machine. Raises Invalid."""
    content = setup.world.files.read(path)
    if content is None and not setup.elsewhere(path, word.span):
        raise Invalid(
            f"there is no file `{path}`",
            located=False,
            coredns=f"{lead}: {cannot_read(path, setup.world.files)}",
            at=word,
        )
    return content


__all__ = [
    "PORTS",
    "Except",
    "FirstZone",
    "From",
    "NoNameservers",
    "NotAnAddress",
    "TlsFiles",
    "check_count",
    "destinations",
    "is_ip",
    "nameservers",
    "split_port",
    "split_transport",
    "tls_files",
    "without_zone",
]
