"""The clouds that the differential serves for a CoreDNS: what `azure`, `clouddns` and `route53` ask of their APIs.

The addresses of these APIs are fixed, so they are reached through a proxy that HTTPS_PROXY names, which stands in for
each host with a certificate of an authority of its own (SSL_CERT_FILE). The contents of a hosted zone are given as for
the simulator: the answers of its API, each a page; `{"fault": "refused"}` stands for a zone that is not there.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote
from xml.sax.saxutils import escape

from stores import Answer, HttpHandler, HttpServer

HOSTS = (
    "route53.amazonaws.com",
    "*.googleapis.com",
    "accounts.google.com",
    *(f"management.{host}" for host in ("azure.com", "usgovcloudapi.net", "chinacloudapi.cn", "microsoftazure.de")),
    *(f"login.{host}" for host in ("microsoftonline.com", "microsoftonline.us", "chinacloudapi.cn")),
    "login.microsoftonline.de",
)
"""Hosts that the clients of the clouds know."""
KINDS = ("azure", "clouddns", "route53")
TOKEN = {"access_token": "t", "token_type": "Bearer", "resource": "r"}
EXPIRY = 4_000_000_000
NO_ID = "00000000-0000-0000-0000-000000000000"


def is_cloud(name: str) -> bool:
    """Whether a store is a hosted zone, by its name: `azure@GROUP:ZONE` and so on."""
    return name.partition("@")[0] in KINDS


class CloudServer(HttpServer):
    """Hosted zones, by their names among the stores. asked: the ids of those that were asked for, in that order, which
    changes from start to start."""

    def __init__(self, given: Any, port: int) -> None:
        self.folder = TemporaryDirectory(prefix="clouds-")
        self.asked: dict[str, None] = {}
        self.env = {"HTTPS_PROXY": f"http://127.0.0.1:{port}"}
        self.env |= dict.fromkeys(("SSL_CERT_FILE", "AWS_CA_BUNDLE"), f"{self.folder.name}/authority.pem")
        self.context = _identity(Path(self.folder.name))
        super().__init__(given, port)

    def handler(self) -> type[HttpHandler]:
        """A proxy that answers itself."""
        return _Proxy

    def close(self) -> None:
        """Stop."""
        super().close()
        self.folder.cleanup()

    def answer(self, url: SplitResult) -> Answer:
        """What a cloud says."""
        words = [unquote(word) for word in url.path.strip("/").split("/")]
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if words[-1] == "token":
            text = str(EXPIRY) if "oauth2" in words else EXPIRY  # as Azure and as Google write it
            return Answer(json.dumps(TOKEN | dict.fromkeys(("expires_in", "expires_on", "not_before"), text)))
        if "resourceGroups" in words:
            return self.azure(words, url, query)
        if "managedZones" in words:
            return self.clouddns(words, query)
        return self.route53(words, query)

    def pages(self, kind: str, id: str) -> Sequence[Mapping[str, Any]] | None:
        """The pages of a hosted zone; None where it is not there."""
        self.asked[id] = None
        found: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = self.given.get(f"{kind}@{id}")
        return None if isinstance(found, Mapping) else found

    def azure(self, words: Sequence[str], url: SplitResult, query: Mapping[str, str]) -> Answer:
        """A page of the record sets of a public or a private zone, as its type says."""
        group, kind, zone = words[3], words[6], words[7].removesuffix(".")
        pages = self.pages("azure", f"{group}:{zone}")
        own = [found for page in pages or () if (found := [one for one in page["value"] if _is_of(one, kind)])]
        if pages is None or (not own and any(page["value"] for page in pages)):
            said = f"The Resource 'Microsoft.Network/{kind}/{zone}' under resource group '{group}' was not found."
            return Answer(json.dumps({"error": {"code": "ResourceNotFound", "message": said}}), status=404)
        number = int(query.get("page", "0"))
        out: dict[str, Any] = {"value": own[number] if own else []}
        if number + 1 < len(own):
            out["nextLink"] = f"https://{url.netloc}{url.path}?page={number + 1}"
        return Answer(json.dumps(out))

    def clouddns(self, words: Sequence[str], query: Mapping[str, str]) -> Answer:
        """A page of the record sets of a managed zone, or the zone itself."""
        project, zone = words[words.index("projects") + 1], words[words.index("managedZones") + 1]
        pages = self.pages("clouddns", f"{project}:{zone}")
        if pages is None:
            said = f"The 'parameters.managedZone' resource named '{zone}' does not exist."
            errors = [{"message": said, "domain": "global", "reason": "notFound"}]
            return Answer(json.dumps({"error": {"code": 404, "message": said, "errors": errors}}), status=404)
        if words[-1] == zone:
            return Answer(json.dumps({"kind": "dns#managedZone", "name": zone}))
        number = int(query.get("pageToken", "0"))
        out = dict(pages[number]) if pages else {"rrsets": []}
        if number + 1 < len(pages):
            out["nextPageToken"] = str(number + 1)
        return Answer(json.dumps(out))

    def route53(self, words: Sequence[str], query: Mapping[str, str]) -> Answer:
        """A page of the record sets of a hosted zone, or that there are zones."""
        if words[-1] != "rrset":
            self.asked[query["hostedzoneid"]] = None
            return _xml("ListHostedZonesByNameResponse", f"<HostedZones></HostedZones>{_page(())}")
        pages = self.pages("route53", words[-2])
        if pages is None:
            said = f"No hosted zone found with ID: {words[-2]}"
            error = f"<Error><Type>Sender</Type><Code>NoSuchHostedZone</Code><Message>{said}</Message></Error>"
            return _xml("ErrorResponse", f"{error}<RequestId>{NO_ID}</RequestId>", 404)
        sets = [page["ResourceRecordSets"] for page in pages]
        begin = (query.get("name"), query.get("type"), query.get("identifier"))
        number = next((n for n, page in enumerate(sets) if n and begin == _begin(page)), 0)
        found = "".join(map(_record_set, sets[number] if sets else ()))
        return _xml(
            "ListResourceRecordSetsResponse",
            f"<ResourceRecordSets>{found}</ResourceRecordSets>{_page(next(iter(sets[number + 1 :]), ()))}",
        )


class _Proxy(HttpHandler):
    def do_CONNECT(self) -> None:
        """Be the host that is asked for."""
        self.send_response_only(200)
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        with suppress(OSError), self.store.context.wrap_socket(self.connection, server_side=True) as secure:
            type("Secure", (type(self),), {"scheme": "https"})(secure, self.client_address, self.server)


def _is_of(found: Mapping[str, Any], kind: str) -> bool:
    """Whether a record set is of a zone of a kind, `dnsZones` or `privateDnsZones`."""
    return f"/{kind.lower()}/" in str(found["type"]).lower()


# -- Route 53, in XML --------------------------------------------------------------------------------------------------


def _xml(kind: str, inner: str, status: int = 200) -> Answer:
    space = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
    return Answer(f"<?xml version='1.0'?><{kind} {space}>{inner}</{kind}>", "text/xml", status)


def _begin(page: Sequence[Mapping[str, Any]]) -> tuple[Any, Any, Any]:
    """How the next page is asked for: what tells its first record set apart."""
    return page[0]["Name"], page[0]["Type"], page[0].get("SetIdentifier")


def _page(following: Sequence[Mapping[str, Any]]) -> str:
    """What stands behind a page, as to the one that follows."""
    if not following:
        return "<IsTruncated>false</IsTruncated><MaxItems>1000</MaxItems>"
    values = zip(("Name", "Type", "Identifier"), _begin(following), strict=True)
    words = "".join(f"<NextRecord{key}>{escape(x)}</NextRecord{key}>" for key, x in values if x is not None)
    return f"<IsTruncated>true</IsTruncated>{words}<MaxItems>1000</MaxItems>"


def _record_set(given: Mapping[str, Any]) -> str:
    values = (r["Value"] for r in given.get("ResourceRecords", ()))
    records = "".join(f"<ResourceRecord><Value>{escape(value)}</Value></ResourceRecord>" for value in values)
    words = "".join(f"<{key}>{escape(str(given[key]))}</{key}>" for key in _FIELDS if key in given)
    records = f"<ResourceRecords>{records}</ResourceRecords>" if records else ""
    return f"<ResourceRecordSet>{words}{records}</ResourceRecordSet>"


_FIELDS = ("Name", "Type", "SetIdentifier", "Weight", "TTL")


# -- certificates ------------------------------------------------------------------------------------------------------


def _identity(folder: Path) -> ssl.SSLContext:
    """A context that is any of the hosts; `authority.pem` in the folder is the authority that says so."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    authority, host = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "differential")]), datetime.now(UTC)

    def certificate(key: ec.EllipticCurvePrivateKey, subject: x509.Name, says: x509.ExtensionType) -> bytes:
        builder = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        signed = builder.add_extension(says, critical=True).sign(authority, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    own = certificate(authority, issuer, x509.BasicConstraints(ca=True, path_length=None))
    names = x509.SubjectAlternativeName([x509.DNSName(name) for name in HOSTS])
    secret = host.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "authority.pem").write_bytes(own)
    (folder / "host.pem").write_bytes(certificate(host, x509.Name([]), names) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "host.pem")
    return context


__all__ = ["CloudServer", "is_cloud"]
