"""The clouds that the differential serves: a client that trusts their authority finds all that a zone is drawn with."""

from __future__ import annotations

import json
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, build_opener
from xml.etree import ElementTree

import pytest

pytest.importorskip("cryptography")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scripts"))

from listening import free_port
from stores_clouds import CloudServer

AWS = "{https://route53.amazonaws.com/doc/2013-04-01/}"
SETS = [[(f"n{page}{n}.example.", kind) for n in range(3) for kind in ("A", "TXT")] for page in range(3)]
STORES: dict[str, Any] = {
    "azure@g:example": [
        {"value": [{"name": name, "type": f"Microsoft.Network/{kind}/A"} for name, _ in page]}
        for page in SETS
        for kind in ("dnszones", "privateDnsZones")
    ],
    "clouddns@p:z": [{"rrsets": [{"name": name, "type": type} for name, type in page]} for page in SETS],
    "route53@Z1": [{"ResourceRecordSets": [{"Name": name, "Type": type} for name, type in page]} for page in SETS],
    "clouddns@p:gone": {"fault": "refused"},
    "azure@g:empty": [],
}
NAMES = [one for page in SETS for one in page]


@pytest.fixture
def client() -> Iterator[OpenerDirector]:
    server = CloudServer(STORES, free_port())
    context = ssl.create_default_context(cafile=server.env["SSL_CERT_FILE"])
    yield build_opener(ProxyHandler({"https": server.env["HTTPS_PROXY"]}), HTTPSHandler(context=context))
    server.close()


def fetched(client: OpenerDirector, url: str) -> Any:
    with client.open(url, timeout=5) as answer:
        return json.loads(answer.read())


@pytest.mark.parametrize("kind", ["dnsZones", "privateDnsZones"])
def test_azure_gives_the_sets_of_one_kind_page_by_page(client: OpenerDirector, kind: str) -> None:
    base = "https://management.azure.com/subscriptions/s/resourceGroups/g/providers/Microsoft.Network"
    url, found = f"{base}/{kind}/example./recordsets?api-version=1", []
    while url:
        page = fetched(client, url)
        found += page["value"]
        url = page.get("nextLink", "")
    assert [one["name"] for one in found] == [name for name, _ in NAMES]
    assert {one["type"] for one in found} == {f"Microsoft.Network/{kind.replace('dnsZ', 'dnsz')}/A"}
    assert fetched(client, f"{base}/{kind}/empty/all") == {"value": []}
    with pytest.raises(HTTPError) as error:
        fetched(client, f"{base}/{kind}/other/all")
    assert json.loads(error.value.read())["error"]["code"] == "ResourceNotFound"


def test_google_gives_the_sets_page_by_page(client: OpenerDirector) -> None:
    base, found, more = "https://dns.googleapis.com/dns/v1/projects/p/managedZones", [], {"pageToken": "0"}
    assert fetched(client, f"{base}/z")["name"] == "z"
    while more:
        page = fetched(client, f"{base}/z/rrsets?{urlencode(more)}")
        found += page["rrsets"]
        more = {"pageToken": page["nextPageToken"]} if "nextPageToken" in page else {}
    assert [(one["name"], one["type"]) for one in found] == NAMES
    with pytest.raises(HTTPError, match="404"):
        fetched(client, f"{base}/gone")


def test_aws_gives_the_sets_page_by_page(client: OpenerDirector) -> None:
    base = "https://route53.amazonaws.com/2013-04-01/hostedzone"
    url, found = f"{base}/Z1/rrset?maxitems=1000", []
    while url:
        with client.open(url, timeout=5) as answer:
            page = ElementTree.fromstring(answer.read())
        found += [(x.findtext(f"{AWS}Name"), x.findtext(f"{AWS}Type")) for x in page.iter(f"{AWS}ResourceRecordSet")]
        begin = {key: page.findtext(f"{AWS}NextRecord{key.title()}") for key in ("name", "type")}
        url = f"{base}/Z1/rrset?{urlencode(begin)}" if page.findtext(f"{AWS}IsTruncated") == "true" else ""
    assert found == NAMES
    with pytest.raises(HTTPError, match="404"):
        client.open(f"{base}/Z2/rrset", timeout=5)


@pytest.mark.parametrize(("path", "type"), [("t/oauth2/token", str), ("token", int)])
def test_tokens_expire_as_each_cloud_writes_it(client: OpenerDirector, path: str, type: type) -> None:
    """Azure's library takes a number for none, and Google's takes text for none."""
    with client.open(f"https://login.microsoftonline.com/{path}", b"grant_type=x", timeout=5) as answer:
        assert isinstance(json.loads(answer.read())["expires_in"], type)
