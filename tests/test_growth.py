"""Time grows as what is read does: all shapes that a text can make large, at a size and at eight times it.

What grows with the square takes 64 times as long. A new reader, or a new directive that keeps a list, adds its shapes here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from corefile import World, checks, loads
from corefile.dns import wire
from corefile.dns.message import Msg, Question
from corefile.dns.rr import RR
from corefile.dns.zonefile import ZoneError, parse
from corefile.findings import CorefileError
from corefile.findings.layout import line, plain
from corefile.findings.report import report
from corefile.golang import globs, regexp
from corefile.golang.numbers import to_float
from corefile.golang.x509 import blocks
from corefile.gotemplate import ExecError, TooMuch
from corefile.gotemplate import parse as template
from corefile.gotemplate.values import strings
from corefile.language.configmap import ConfigMap, config_maps_above, together
from corefile.language.documents import DocumentError, nodes, nodes_above, values
from corefile.language.templates import rendered as rendered_from
from corefile.language.terraform import heredocs
from corefile.language.words import decode
from corefile.plugins._format import _METADATA, _replaced
from corefile.testing.cases import Case
from corefile.world.cluster import Cluster
from corefile.world.compose import services
from corefile.world.corefiles import Images, _may_be_yaml
from corefile.world.files import Pod, PodFiles
from corefile.world.mounts import read_by
from corefile.world.upstreams import looks_like_corefile
from corefile.world.workloads import Workload, workloads

Run = Callable[[int], object]
TIMES = 8
SOA = "$ORIGIN example.org.\n@ 60 IN SOA ns host 1 2 3 4 5\n@ 60 IN NS ns\n"


def lines(n: int, form: str) -> str:
    """A line for each number, which stands for `#`; `@` for an address."""
    return "".join(
        form.replace("#", str(i)).replace("@", f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}") for i in range(n)
    )


def shown(text: str, **world: Any) -> None:
    """Check a Corefile and show what is found."""
    plain(report(checks(text, world=World(**world)), width=100))


def asked(text: str, name: str, type: str = "A", **world: Any) -> None:
    """Check a Corefile, and ask a question."""
    try:
        reply = loads(text, world=World(**world)).query(name, type)
    except CorefileError:
        return
    str(reply), reply.octets, str(reply.trace)


def block(n: int, form: str) -> str:
    """A server block with a line for each number."""
    return ". {\n" + lines(n, form) + " whoami\n}\n"


def inside(directive: str, n: int, form: str) -> str:
    """A directive with a property for each number."""
    return f". {{\n {directive} {{\n{lines(n, form)} }}\n whoami\n}}\n"


def zones(n: int) -> str:
    """That many zones."""
    return lines(n, "z#.org ")


COREFILES: dict[str, Run] = {
    "server blocks": lambda n: shown(lines(n, "z#.org {\n whoami\n}\n")),
    "server blocks with a mistake": lambda n: shown(
        lines(n, "z#.org {\n eror\n cache 30s\n hosts {\n }\n forward . 10.0.0.1\n}\n")
    ),
    "server blocks with a variable": lambda n: shown(lines(n, "z#.org {\n bind {$A#}\n cache 30s\n whoami\n}\n")),
    "server blocks that import a mistake": lambda n: shown(
        "(s) {\n cache 30 {\n  foo\n }\n}\n" + lines(n, "z#.org {\n import s\n whoami\n}\n")
    ),
    "forwards and a whoami": lambda n: shown(block(n, " forward z#.org 10.0.0.1\n")),
    "clusters with one slip": lambda n: shown(lines(n, "z#.org {\n kubernetes cluster.locl\n}\n")),
    "zones of one file": lambda n: shown(block(n, " file db z#.org\n"), files={"db": SOA}),
    "zones of a block and of hosts": lambda n: shown(
        zones(n) + "{\n hosts " + zones(n) + "{\n  10.0.0.1 a.z1.org\n  fallthrough " + zones(n) + "\n }\n whoami\n}\n"
    ),
    "names and zones of hosts": lambda n: shown(
        ". {\n hosts h " + zones(n) + "\n whoami\n}\n", files={"h": lines(n, "@ a.z#.org\n")}
    ),
    "templates of two types": lambda n: shown(
        block(
            n,
            ' template IN A z#.org {\n  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n template IN AAAA y#.org {\n  rcode NOERROR\n }\n',
        )
    ),
    "templates that deny": lambda n: shown(
        block(
            n,
            ' template IN A z#.org {\n  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n template ANY ANY z#.org {\n  rcode NXDOMAIN\n }\n',
        )
    ),
    "endpoints on one port": lambda n: shown(
        lines(n, "z#.org {\n bind @\n health @:8080\n ready @:8080\n whoami\n}\n")
    ),
    "answers of a rewrite": lambda n: shown(
        ". {\n rewrite name regex (.*)a {1}b" + " answer name (.*)b {1}a" * n + "\n whoami\n}\n"
    ),
    "properties of the last of several": lambda n: shown(
        block(n, " cache\n").replace(" whoami", " cache {\n" + "  serve_stale\n" * n + " }\n whoami")
    ),
    "server blocks that forward": lambda n: shown(lines(n, "z#.org {\n forward . 10.0.0.1\n}\n")),
    "server blocks that end at one plugin": lambda n: shown(
        lines(n, "z#.org {\n hosts {\n  10.0.0.1 a\n }\n forward . 10.0.0.1\n}\n")
    ),
    "server blocks twice": lambda n: shown("a.org {\n whoami\n}\n" * n),
    "keys": lambda n: shown(lines(n, "z#.org ") + "{\n whoami\n}\n"),
    "keys below each other": lambda n: shown(
        " ".join("a." * i + "org" for i in range(1, min(n, 120))) + " {\n whoami\n}\n"
    ),
    "ports": lambda n: shown(lines(n, ".:#1 {\n whoami\n}\n")),
    "endpoints of health": lambda n: shown(
        "".join(f".:{i + 10000} {{\n health :{i + 30000}\n}}\n" for i in range(3 * n))
    ),
    "endpoints of prometheus": lambda n: shown(
        "".join(f".:{i + 10000} {{\n prometheus :9153\n}}\n" for i in range(3 * n))
    ),
    "addresses that are bound": lambda n: shown(block(n, " bind @\n")),
    "forwards that come back": lambda n: shown(block(n, " forward z.org 127.0.0.1\n")),
    "server blocks that ask each other": lambda n: shown(
        lines(n, "z#.org {\n forward . 127.0.0.1 127.0.0.2 127.0.0.3\n}\n")
    ),
    "forwards": lambda n: shown(block(n, " forward z#.org 10.0.0.1\n")),
    "forwards, asked": lambda n: asked(block(n, " forward z#.org 10.0.0.1\n"), "a.x"),
    "zones not forwarded": lambda n: shown(". {\n forward . 10.0.0.1 {\n  except " + lines(n, "z#.org ") + "\n }\n}\n"),
    "hosts inline": lambda n: shown(inside("hosts", n, "  @ h#.a\n")),
    "names of one host": lambda n: asked(
        ". {\n hosts {\n  10.0.0.1 " + lines(n, "h#.a ") + "\n }\n}\n", "1.0.0.10.in-addr.arpa", "PTR"
    ),
    "addresses of one host": lambda n: asked(inside("hosts", n, "  @ h.a\n"), "h.a"),
    "hosts that are none": lambda n: shown(inside("hosts", n, "  x# h.a\n")),
    "fallthroughs of hosts": lambda n: shown(". {\n hosts {\n" + lines(n, "  fallthrough z#\n  @ h#\n") + " }\n}\n"),
    "rewrites": lambda n: asked(block(n, " rewrite name a#.org b#.org\n"), "x.org"),
    "rewrites of a name": lambda n: asked(block(n, " rewrite continue name suffix a a\n"), "x.a"),
    "rewrites by patterns": lambda n: shown(block(n, " rewrite name regex (.*)x# {1}y\n")),
    "templates": lambda n: shown(block(n, ' template IN A z#.org {\n  answer "{{ .Name }} 60 IN A 1.1.1.1"\n }\n')),
    "answers of a template": lambda n: asked(inside("template IN A", n, '  answer "{{ .Name }} 60 IN A @"\n'), "a.org"),
    "rules of acl": lambda n: asked(inside("acl", n, "  block net @\n"), "a.org"),
    "networks of a rule": lambda n: shown(". {\n acl {\n  block net " + lines(n, "@ ") + "\n }\n}\n"),
    "views": lambda n: shown(lines(n, ".:53 {\n view v# {\n  expr type() == 'A'\n }\n whoami\n}\n")),
    "an expression": lambda n: shown(". {\n view v {\n  expr " + "type() == 'A' || " * n + "true\n }\n whoami\n}\n"),
    "brackets of an expression": lambda n: shown(
        ". {\n view v {\n  expr " + "(" * n + "true" + ")" * n + "\n }\n whoami\n}\n"
    ),
    "logs": lambda n: shown(block(n, " log z#.org\n")),
    "a format of a log": lambda n: asked('. {\n log . "' + "{remote} {type} " * n + '"\n whoami\n}\n', "a.org"),
    "consolidations": lambda n: shown(inside("errors", n, "  consolidate 5m x#\n")),
    "headers": lambda n: shown(inside("header", n, "  response set ra\n")),
    "keys of tsig": lambda n: shown(inside("tsig", n, "  secret k#. c2VjcmV0\n")),
    "namespaces": lambda n: shown(". {\n kubernetes cluster.local {\n  namespaces " + lines(n, "n# ") + "\n }\n}\n"),
    "zones of kubernetes": lambda n: shown(". {\n kubernetes " + lines(n, "z#.local ") + "\n}\n"),
    "prefixes of dns64": lambda n: shown(block(n, " dns64 64:ff9b::/96\n")),
    "transfers": lambda n: shown(". {\n transfer {\n  to " + lines(n, "@ ") + "\n }\n whoami\n}\n"),
    "files that are not there": lambda n: shown(block(n, " file db# z#.org\n")),
    "zones of a file outside of the block": lambda n: shown(
        lines(n, "k#.org ") + "{\n file db " + lines(n, "z#.com ") + "\n}\n", files={"db": SOA}
    ),
    "fallthroughs": lambda n: shown(
        ". {\n hosts h " + lines(n, "z#.org ") + " {\n  fallthrough " + lines(n, "y#.com ") + "\n }\n whoami\n}\n"
    ),
    "zones of a file": lambda n: shown(". {\n file db " + lines(n, "z#.org ") + "\n}\n", files={"db": SOA}),
    "unknown directives": lambda n: shown(block(n, " nothing# x\n")),
    "unknown properties": lambda n: shown(inside("cache", n, "  nothing#\n")),
    "directives in braces": lambda n: shown(inside("cache", n, "  errors x#\n")),
    "ports without zones": lambda n: shown(lines(n, "z#.org :1 {\n whoami\n}\n")),
    "ports behind zones": lambda n: shown(lines(n, "z#.org ") + lines(n, ":# ") + "{\n whoami\n}\n"),
    "braces that close nothing": lambda n: shown(block(n, " errors\n  x# }\n")),
    "comments that suppress": lambda n: shown(block(n, " x# # noqa\n")),
    "comments that suppress nothing": lambda n: shown(block(n, " errors # noqa: CF401\n")),
    "comments for the file": lambda n: shown(block(n, " x# # corefile: noqa: unknown-property\n")),
    "comments on one line": lambda n: shown(". {\n whoami " + "# corefile: noqa: CF401 # noqa" * 100 * n + "\n}\n"),
    "words too many": lambda n: shown(". {\n whoami " + "x " * n + "\n}\n"),
    "mistakes on one line": lambda n: shown(". {\n forward . " + lines(n, "x# ") + "\n}\n"),
    "a long line": lambda n: shown(". {\n " + "x" * 40 * n + "\n}\n"),
    "variables that are not set": lambda n: shown(block(n, " log {$A#}\n")),
    "a variable in a word": lambda n: shown(". {\n log " + "{$A}" * min(n, 900) + "\n}\n", env={"A": "x"}),
    "snippets": lambda n: shown(lines(n, "(s#) {\n errors\n}\n") + ". {\n" + lines(n, " import s#\n") + "}\n"),
    "imports that are elsewhere": lambda n: shown(lines(n, "z#.org {\n import /x/f#\n whoami\n}\n")),
    "imports of a file that is elsewhere": lambda n: shown(lines(n, "z#.org {\n import /x/f\n whoami\n}\n")),
    "patterns that are elsewhere": lambda n: shown(lines(n, "z#.org {\n import /x/f#/*\n whoami\n}\n")),
    "zone files that are elsewhere": lambda n: shown(lines(n, "z#.org {\n file /zones/z#\n}\n")),
    "files of a folder that is elsewhere": lambda n: shown(
        block(n, " file z# z#.org\n").replace("{", "{\n root /zones", 1)
    ),
    "certificates that are elsewhere": lambda n: shown(lines(n, "z#.org {\n tls /pki/c /pki/#\n whoami\n}\n")),
    "imported files": lambda n: shown(block(n, " import f#\n"), files={f"f{i}": "log z#.org\n" for i in range(n)}),
    "files of a pattern": lambda n: shown(
        ". {\n import d/*\n}\n", files={f"d/f{i}": f"log z{i}.org\n" for i in range(n)}
    ),
    "text that is no UTF-8": lambda n: decode(b"\xff" * 100 * n),
}
ZONES: dict[str, Run] = {
    "records": lambda n: zone(lines(n, "h# 60 IN A @\n")),
    "records of a name": lambda n: zone(lines(n, "h 60 IN A @\n"), "h"),
    "texts of a name": lambda n: zone(lines(n, 'h 60 IN TXT "t#"\n'), "h", "TXT"),
    "types of a name": lambda n: zone("".join(f"h 60 IN TYPE{i + 300} \\# 0\n" for i in range(n)), "h", "ANY"),
    "labels": lambda n: zone("".join(f"h{i}.{'a.' * 100}b 60 IN A 10.0.0.1\n" for i in range(n // 8))),
    "aliases in a row": lambda n: zone(lines(n, "h# 60 IN CNAME g#\ng# 60 IN CNAME f#\n"), "h0"),
    "wildcards": lambda n: zone(lines(n, "*.h# 60 IN A @\n"), "x.h1"),
    "name servers": lambda n: zone(lines(n, "@ 60 IN NS n#\n"), "x"),
    "cuts": lambda n: zone(lines(n, "c# 60 IN NS n.c#\nn.c# 60 IN A @\n"), "x.c1"),
    "an empty name": lambda n: zone("", ".".join(["a"] * min(n, 100))),
    "brackets": lambda n: read_zone("h 60 IN TXT (" + " ( x )\n" * n + ")\n"),
    "comments": lambda n: read_zone("; x\n" * n + "h 60 IN A 10.0.0.1 ; y\n" * n),
    "strings": lambda n: read_zone("h 60 IN TXT " + '"x" ' * n + "\n"),
    "a long string": lambda n: read_zone('h 60 IN TXT "' + "x" * 20 * n + '"\n'),
    "escapes": lambda n: read_zone("h 60 IN TXT " + "\\065" * n + "\n"),
    "$GENERATE": lambda n: read_zone("$GENERATE 1-20 h$ 60 IN A 10.0.0.$\n" * (n // 8)),
    "$INCLUDE": lambda n: read_zone("$INCLUDE f\n" * n),
    "$ORIGIN": lambda n: read_zone(lines(n, "$ORIGIN o#.\nh 60 IN A 10.0.0.1\n")),
    "base64 in parts": lambda n: read_zone("h 60 IN DNSKEY 256 3 8 " + "AAAA " * n + "\n"),
    "types of NSEC": lambda n: read_zone("h 60 IN NSEC a " + lines(min(n, 60000), "TYPE# ") + "\n"),
    "hosts in a file": lambda n: asked(". {\n hosts h\n}\n", "h1.a", files={"h": lines(n, "@ h#.a\n")}),
    "names in a line of a file": lambda n: asked(
        ". {\n hosts h\n}\n", "h1.a", files={"h": "10.0.0.1 " + lines(n, "h#.a ")}
    ),
    "name servers of resolv.conf": lambda n: shown(". {\n forward . r\n}\n", files={"r": lines(n, "nameserver @\n")}),
    "domains of resolv.conf": lambda n: shown(
        ". {\n autopath r\n whoami\n}\n", files={"r": "nameserver 10.0.0.1\nsearch " + lines(n, "d#.org ")}
    ),
    "zone text of an upstream": lambda n: World(upstreams={"10.0.0.1": lines(n, "h#.org. 60 IN A @\n")}),
    "what looks like no Corefile": lambda n: looks_like_corefile(lines(n, "h# 60 IN TXT x  \n") + " " * 20 * n),
}
SLICE = """---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: s#, namespace: d, labels: {kubernetes.io/service-name: w}}
addressType: IPv4
endpoints:
- addresses: [@]
  hostname: h#
ports:
- port: 80
  name: p
"""
SERVICE = """---
apiVersion: v1
kind: Service
metadata: {name: w, namespace: d}
spec: {clusterIP: None, ports: [{port: 80, name: p}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: d}
"""
CLUSTERS: dict[str, Run] = {
    "documents": lambda n: Cluster.load(lines(n, SLICE)),
    "slices of a service": lambda n: asked(
        "cluster.local {\n kubernetes\n}\n", "w.d.svc.cluster.local", cluster=SERVICE + lines(n, SLICE)
    ),
    "endpoints by address": lambda n: asked(
        "in-addr.arpa {\n kubernetes in-addr.arpa\n}\n",
        "1.0.0.10.in-addr.arpa",
        "PTR",
        cluster=SERVICE + lines(n, SLICE),
    ),
    "a list": lambda n: Cluster.load(
        "kind: List\nitems:\n" + lines(n, "- kind: Namespace\n  metadata:\n    name: n#\n")
    ),
    "a list in JSON": lambda n: Cluster.load(
        '{"kind": "List", "items": ['
        + ",".join([f'{{"kind": "Namespace", "metadata": {{"name": "n{i}"}}}}' for i in range(n)])
        + "]}"
    ),
    "endpoints of a slice": lambda n: Cluster.load(
        SLICE.partition("endpoints")[0] + "endpoints:\n" + lines(n, "- addresses: [@]\n")
    ),
    "ports of a service": lambda n: Cluster.load(
        "kind: Service\nmetadata: {name: w, namespace: d}\nspec:\n  ports:\n" + lines(n, "  - {port: 80, name: p#}\n")
    ),
    "labels": lambda n: Cluster.load("kind: Service\nmetadata:\n  name: w\n  labels:\n" + lines(n, "    l#: v\n")),
}
DOCUMENTS: dict[str, Run] = {
    "keys": lambda n: read_yaml(lines(n, "k#: v\n")),
    "a list": lambda n: read_yaml("- x\n" * n),
    "flow": lambda n: read_yaml("[" + "x, " * n + "y]\n"),
    "JSON": lambda n: read_yaml('{"a": [' + "1, " * n + "2]}"),
    "block scalars": lambda n: read_yaml(lines(n, "k#: |\n  text\n")),
    "lines of a block scalar": lambda n: read_yaml("k: |\n" + "  text\n" * n),
    "quotes": lambda n: read_yaml(lines(n, "k#: 'it''s'\n")),
    "an open quote": lambda n: read_yaml('k: "' + "a\n" * n),
    "tags": lambda n: read_yaml(lines(n, "k#: !!int 5\n")),
    "anchors": lambda n: read_yaml(lines(n, "k#: &a# v\nl#: *a#\n")),
    "merges": lambda n: read_yaml("a: &a {x: y}\n" + lines(n, "k#: {<<: *a}\n")),
    "many merges": lambda n: read_yaml("a: &a {x: y}\nb: {<<: [" + "*a, " * n + "*a]}\n"),
    "aliases of a large value": lambda n: read_yaml("a: &a [" + "x, " * 100 + "]\nb:\n" + "- *a\n" * (n // 8)),
    "documents": lambda n: read_yaml("---\na: b\n" * n),
    "comments": lambda n: read_yaml("# c\n" * n + "a: b # d\n"),
    "blanks": lambda n: read_yaml("a:\n" + " \n" * n + " b\n"),
    "tabs": lambda n: read_yaml("a: |\n" + " \tb\n" * n),
    "directives": lambda n: read_yaml("%YAML 1.1\n" * min(n, 1) + "---\n" * n),
    "a test's steps": lambda n: Case("x", case_of(n)),
    "sets of numbers": lambda n: read_yaml(lines(n, "- 12#\n- 0x#\n- 1.#e5\n")),
}
OTHERS: dict[str, Run] = {
    "mounts of a container": lambda n: read_by(
        maps(1), [*workloads("a.yaml", POD + lines(n, "    - {name: v, mountPath: /etc/coredns/d#}\n") + VOLUME)]
    ),
    "containers of ConfigMaps": lambda n: read_by(
        maps(n), [*workloads("a.yaml", POD + "    - {name: v, mountPath: /etc/coredns}\n" * n + VOLUME)]
    ),
    "containers and volumes": lambda n: [
        *workloads("a.yaml", POD + "  - image: coredns/coredns\n" * n + "  volumes:\n" + lines(n, "  - name: v#\n"))
    ],
    "additions to ConfigMaps": lambda n: together(maps(n) + maps(n, "coredns-custom", "a.server")),
    "images and Corefiles": lambda n: nearest_images(n),
    "here documents": lambda n: [
        each.locate(0) for each in heredocs("a.tf", lines(n, "Corefile = <<E#\n. {\n}\nE#\n"))
    ],
    "places of texts in one text": lambda n: [each.locate(0) for one in maps(n) for each in one.entries.values()],
    "texts that are YAML": lambda n: config_maps_above(
        "a.yaml", "kind: X\nspec:\n" + lines(n, "  t#: |\n    kind: ConfigMap\n    data:\n      a: b\n")
    ),
    "binds of Compose": lambda n: [*services("a.yaml", SERVICES + "    volumes:\n" + lines(n, "    - ./c#:/etc/d#\n"))],
    "variables of Compose": lambda n: [*services("a.yaml", SERVICES + "    command: " + "$PWD/a " * n + "\n")],
    "mounts of a pod": lambda n: at_mounts(n),
    "angles and braces in words": lambda n: shown(". {\n log " + "< ${ " * n + "\n whoami\n}\n" + "# a b\n" * n),
    "signs of a comment": lambda n: shown("(s) {\n errors\n}\n. {\n import s\n whoami\n}\n" + "#" * 20 * n),
    "empty lines above a Corefile": lambda n: _may_be_yaml("\n" * 20 * n + ". {\n a: b\n}\n"),
    "labels of a reverse zone": lambda n: shown(
        "0." * min(n, 100) + "ip-lab.a-name-that-is-long.example {\n whoami\n}\n"
    ),
    "braces of a log": lambda n: _replaced(_METADATA, lambda match: "", "{/" * 20 * n),
    "texts in what a template does": lambda n: shown(
        '. {\n template IN TXT . {\n  answer "{{ .Name }} 60 IN TXT {{ `' + '\\\\\\"' * n + '}}` }}"\n }\n}\n'
    ),
    "digits of a number": lambda n: (to_float("1" * 20 * n + "x"), to_float("0x" + "1" * 20 * n)),
    "slashes in what may be a path": lambda n: shown("/." * 20 * n),
    "headers of a key": lambda n: [*blocks(b"-----BEGIN X-----\n" + b"a:b:c\n" * n + b"-----END X-----\n")],
    "images on a line": lambda n: [*workloads("a.yaml", "image: " * 20 * n + "coredn")],
    "quotes that are open": lambda n: nodes_above('{}{"a": "' + '\\"' * 20 * n),
    "signs above an object": lambda n: config_maps_above(
        "a.yaml", "kind: X\nspec:\n  a: |\n    " + "#" * 20 * n + "\n    x: y\n    kind: ConfigMap\n"
    ),
    "dashes above a mistake": lambda n: config_maps_above(
        "a.yaml", "kind: ConfigMap\ndata:\n  a: |\n    " + "- " * 20 * n + "\n b\n"
    ),
    "braces of a template of Helm": lambda n: rendered_from("{{" * 20 * n),
    "blanks of an addition": lambda n: shown(". {\n import custom/*.server\n}\n", files={"custom/a.txt": " " * 20 * n}),
    "a pattern": lambda n: regexp.compile("a?" * min(n, 900)).search("a" * 900),
    "a pattern of alternatives": lambda n: pattern("|".join([f"x{i}" for i in range(n)])),
    "nested groups": lambda n: pattern("(" * min(n, 900) + ")" * min(n, 900)),
    "a pattern that fails late": lambda n: regexp.compile("(.*)*(.*)*x$").search("a" * 20 * n),
    "a glob": lambda n: globs.compile("*a" * 40 + "b").matches("a" * 4 * n),
    "texts in a template": lambda n: rendered("x {{.}} " * n),
    "pipes in a template": lambda n: rendered("{{." + " | print" * n + "}}"),
    "brackets in a template": lambda n: rendered("{{" + "(" * n + "." + ")" * n + "}}"),
    "conditions in a template": lambda n: rendered("{{if .}}" * n + "{{end}}" * n),
    "ends that are missing": lambda n: rendered("{{if .}}" * n),
    "a loop in a template": lambda n: rendered("{{range $i, $x := .}}" + "{{$i}}" * n + "{{end}}"),
    "a text that wraps": lambda n: plain([line("", "word " * n)], 80),
    "a text without blanks": lambda n: plain([line("", "\x1b" * n)], 80),
    "commands of CI systems": lambda n: plain([line("", "##[x] ::a b::c" * n)]),
    "names in a message": lambda n: packed(
        [RR(f"h{i}.example.org.", 5, 1, 60, (f"g{i}.example.org.",)) for i in range(n)]
    ),
    "labels in a message": lambda n: packed(
        [RR(f"h{i}.{'a.' * 50}org.", 1, 1, 60, ("10.0.0.1",)) for i in range(n // 4)]
    ),
    "what is cut off": lambda n: wire.truncate(
        message([RR(f"h{i}.org.", 1, 1, 60, ("10.0.0.1",)) for i in range(n)]), 1232
    ),
    "options": lambda n: wire.edns_options(b"\x00\x03\x00\x01x" * n),
}


def zone(records: str, name: str = "h1", type: str = "A") -> None:
    """Load a zone, and ask a question."""
    asked("example.org {\n file db\n}\n", f"{name}.example.org", type, files={"db": SOA + records})


def read_zone(text: str) -> None:
    """All of its records."""
    try:
        for _ in parse(text, "example.org.", include=lambda path: "i A 10.0.0.1\n", default_ttl=60):
            pass
    except ZoneError as error:
        str(error)


POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: coredns/coredns\n    volumeMounts:\n"
VOLUME = "    - {name: v, mountPath: /etc/coredns}\n  volumes:\n  - name: v\n    configMap: {name: coredns}\n"
SERVICES = "services:\n  a:\n    image: coredns/coredns\n"


def maps(n: int, name: str = "coredns", key: str = "Corefile") -> list[ConfigMap]:
    """That many ConfigMaps of one file."""
    one = f"---\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  {key}: |\n    . {{\n    }}\n"
    return config_maps_above("a.yaml", one * n)[0]


def nearest_images(n: int) -> None:
    """Of values, each with an image, those around places in them."""
    images = Images(Workload("a.yaml", f"coredns/coredns:1.8.{i}", {}, 10 * i, 10 * i + 10) for i in range(n))
    assert [images.nearest("a.yaml", 10 * i + 5) for i in range(n)]


def at_mounts(n: int) -> None:
    """Files below what is mounted in a pod."""
    files = PodFiles()
    files.settle(
        None, pod=Pod("/etc/coredns", {f"/d{i}": True for i in range(n)}, binds={f"/e{i}": "" for i in range(n)})
    )
    for i in range(n):
        files.elsewhere(f"/d{i}/a/b"), files.read(f"/e{i}/c")


def read_yaml(text: str) -> None:
    """By both readers."""
    for read in (values, nodes):
        try:
            found = list(read(text))
            if found and read is values:
                found[-1].place(("k1",))  # type: ignore[union-attr]
        except DocumentError as error:
            str(error)


def case_of(n: int) -> dict[str, Any]:
    """A test of many steps."""
    from corefile.testing import format

    data: dict[str, Any] = {"corefile": ". {\n whoami\n}", "steps": [{"query": "a. A", "expect": {"answer": []}}] * n}
    format.check(data)
    return data


def pattern(text: str) -> None:
    """Compile it, if it can be."""
    try:
        regexp.compile(text).search("x")
    except ValueError as error:
        str(error)


def rendered(text: str) -> None:
    """Parse and execute a template."""
    try:
        template("t", text).execute(strings(["a", "b"]))
    except (ExecError, TooMuch, ValueError) as error:
        str(error)


def message(records: list[RR]) -> Msg:
    """A reply with these records."""
    msg = Msg(Question("a.example.org.", 1, 1), id=1)
    msg.answer, msg.compress = records, True
    return msg


def packed(records: list[RR]) -> None:
    """To octets and back."""
    wire.unpack(wire.pack(message(records)))
    wire.length(message(records))


def all_shapes() -> Iterator[Any]:
    """Each shape with its reader."""
    for reader in (COREFILES, ZONES, CLUSTERS, DOCUMENTS, OTHERS):
        for name, run in reader.items():
            yield pytest.param(run, id=name)


def seconds(run: Run, n: int) -> float:
    """Of the processor."""
    start = time.process_time()
    run(n)
    return time.process_time() - start


@pytest.mark.parametrize("run", list(all_shapes()))
def test_time_grows_as_the_text_does(run: Run) -> None:
    n = 125
    many = seconds(run, TIMES * n)
    while many < 0.05 and n < 1000:
        n *= 2
        many = seconds(run, TIMES * n)
    few = min(seconds(run, n), seconds(run, n))
    if many > max(3 * TIMES * few, 0.2):  # something else may have been at work
        many = min(many, seconds(run, TIMES * n))
    assert many < max(3 * TIMES * few, 0.2), f"{n}: {few:.3f} s, {TIMES * n}: {many:.3f} s"
