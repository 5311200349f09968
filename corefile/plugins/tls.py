"""tls - the certificate of the servers of a block.

Description: servers for `tls://`, `https://`, `https3://`, `quic://` and `grpc://` speak TLS with this certificate.
Without it those for TLS, HTTPS and gRPC speak in the clear, and those for QUIC and HTTP/3 do not start. It does nothing
to plain DNS.

Syntax:

    tls CERT KEY [CA] {
        client_auth nocert|request|require|verify_if_given|require_and_verify
        keylog FILE
    }

CERT and KEY are PEM files, CA is one of authorities, by which certificates of clients are checked; relative paths are
below `root` since 1.11.3. Since 1.14.7 CoreDNS gets a certificate by ACME where no files are given:

    tls {
        acme DOMAINS...
        ...
    }

Examples: `tls cert.pem key.pem`; `tls cert.pem key.pem ca.pem { client_auth require_and_verify }`.
"""

from __future__ import annotations

import operator
import re
from typing import Any

from ..chain.encryption import Encryption
from ..findings import Expected
from ..golang.addresses import split_host_port
from ..golang.errors import GoError
from ..golang.numbers import to_int
from ..golang.x509 import pool
from ..language.files import join
from ..plugin import (
    Declaration,
    Free,
    Given,
    Invalid,
    Line,
    OneOf,
    Reads,
    ReleaseRules,
    Rest,
    Setting,
    Setup,
    Site,
    Type,
    Word,
    parse_ip,
    quote,
    since,
    until,
    wrong_count,
)
from ._backend import TlsFiles, tls_files
from ._paths import below_root, cannot_read

MODES = ("nocert", "request", "require", "verify_if_given", "require_and_verify")
ACME = "1.14.7"


def _once(name: str) -> dict[str, Any]:
    """A property of ACME, which is there where no files are given."""
    said = f'ACME option "{name}" can only be specified once'
    return {"since": ACME, "repeat": "once", "twice": said, "when": operator.not_}


class Files(Type):
    """The files, without which a certificate is made by ACME."""

    def settle(self, value: tuple[str, ...], given: Given, setup: Setup) -> TlsFiles:
        """What is in them. Raises Invalid."""
        return tls_files(given.words, setup) if value else TlsFiles()


def _unknown(line: Given, setup: Setup) -> None:
    """The words for a property that there is not are others where there are no files. Raises Invalid."""
    word = line.words[0]
    own = f"unknown option '{word.text}'" if setup.given.words else f"unknown ACME option {quote(word.text)}"
    raise Invalid(f"`tls` has no property `{word.text}` here", at=word, coredns=own)


class Tls(Setting):
    """The certificate."""

    class Config(Declaration):
        files: TlsFiles = Rest(
            Files("file"), doc="certificate, key, and authorities; the latter may be left out since 1.1.3"
        )
        client_auth: str = Line(
            OneOf(*MODES, error="unknown authentication type '{}'"),
            default="nocert",
            since="1.5.1",
            when=bool,
            doc="whether clients show a certificate, and whether it is checked",
        )
        keylog: str = Line(
            Word("file"), default="", since="1.14.3", when=bool, doc="where the secrets of connections are written"
        )
        acme: tuple[str, ...] = Line(
            Rest("domains", required=True), **_once("acme"), doc="the names of the certificate"
        )
        email: str = Line(Word("address"), **_once("email"), doc="whom the authority may write to")
        ca: str = Line(Word("url"), **_once("ca"), doc="the ACME server of the authority, by default Let's Encrypt's")
        storage: str = Line(Word("folder"), **_once("storage"), doc="where certificates are kept; `.coredns/acme`")
        ca_root: str = Line(Word("file"), **_once("ca_root"), doc="authorities by which the ACME server is checked")
        resolver: str = Line(Word("host:port"), **_once("resolver"), doc="what looks up the records of the challenge")
        others: object = Free(Rest("words"), since=ACME, read=_unknown)

    class Rules(ReleaseRules):
        all_three = until("1.1.3", "certificate, key and authorities have to be there")
        own_certificates = since(ACME, "without files CoreDNS gets a certificate by ACME")
        prefix_twice = since("1.5.1", "the plugin's name stands twice where the number of files is wrong")

    READS = Reads(
        several="last",
        block=since("1.5.1"),
        unknown="unknown option '{}'",
    )
    config: Config
    rules: Rules

    @classmethod
    def opening(cls, given: Given, setup: Setup) -> None:
        """Count the files. Raises Invalid."""
        rules, count = cls.Rules.of(setup.release), len(given.words)
        if count == 3 or (count == 2 and not rules.all_three) or (count == 0 and rules.own_certificates):
            return
        last = given.words[-1] if given.words else None
        file, line = (last.file, last.line) if last else (given.span.source.name, given.span.line)
        words = wrong_count(given.last)
        own = f"{'plugin/tls: ' if rules.prefix_twice else ''}{file}:{line} - Error during parsing: {words}"
        takes = "three files" if rules.all_three else "two or three files"
        raise Invalid(
            f"it takes {takes}, not {count}", at=last, located=False, coredns=own, hint="write `tls CERT KEY [CA]`"
        )

    @classmethod
    def configure(cls, given: Given, setup: Setup) -> Config:
        """Without files, ACME needs a few properties. Raises Invalid."""
        config: Tls.Config = super().configure(given, setup)
        if not given.words:
            _check_acme(config, given, setup)
        return config

    def apply(self, site: Site) -> None:
        """Leave the certificate to the servers."""
        config = self.config
        site.encryption = Encryption(config.files.certificate, config.client_auth, config.files.authorities)
        if config.keylog:
            path = join("/", below_root(site, config.keylog))
            self.setup.log(f"[WARNING] plugin/tls: Writing TLS Key Log to {quote(path)}\n")
        if config.acme:
            self.setup.notice(
                "acme-not-simulated",
                "whether CoreDNS gets a certificate by ACME is not known here: it is taken for granted",
                hint="`_acme-challenge` names, which CoreDNS answers meanwhile, are not simulated",
            )


def _check_acme(config: Tls.Config, given: Given, setup: Setup) -> None:
    """Raises Invalid for options without which CoreDNS does not start."""

    def wrong(name: str, message: str, own: str, expected: Expected = "", number: int = 0) -> Invalid:
        lines = given.all(name)
        at = lines[-1].words[number] if lines else None
        return Invalid(message, at=at, located=False, coredns=own, expected=expected)

    if not config.acme:
        raise wrong("acme", "ACME needs the names of the certificate", "ACME requires at least one domain")
    for number, domain in enumerate(config.acme):
        bare = domain.removesuffix(".").lower()
        check = bare.removeprefix("*.")
        if not check or "*" in check or parse_ip(check) is not None:
            message, own = f"`{domain}` is no name for a certificate", f"invalid ACME domain {quote(bare)}"
            raise wrong("acme", message, own, number=number)
    if config.ca is not None and not re.match(r"https?://[^/?#]", config.ca):
        raise wrong("ca", f"`{config.ca}` is no http or https URL", f"invalid ACME CA URL {quote(config.ca)}")
    if config.resolver is not None:
        text = quote(config.resolver)
        try:
            host, port = split_host_port(config.resolver)
        except GoError as e:
            said = f"invalid ACME resolver {text}: {e.text}"
            raise wrong("resolver", e.message, said, "address with a port") from None
        if not host:
            raise wrong("resolver", "the resolver has no host", f"invalid ACME resolver {text}: host is empty")
        if not 1 <= (to_int(port) or 0) <= 65535:
            raise wrong("resolver", f"`{port}` is no port", f"invalid ACME resolver port {quote(port)}")
    if config.ca_root is not None:
        path, files = below_root(setup.site, config.ca_root), setup.world.files
        content = files.read(path)
        if content is None and setup.elsewhere(path, given.all("ca_root")[-1].words[0].span):
            return
        if content is None:
            own = f"reading ACME CA root {quote(path)}: {cannot_read(path, files)}"
            raise wrong("ca_root", f"there is no file `{path}`", own)
        if not pool(content):
            own = f"ACME CA root {quote(path)} contains no certificates"
            raise wrong("ca_root", f"`{path}` holds no certificate", own)


__all__ = ["Tls"]
