"""What the largest inputs take that are read at the default limits: seconds of the processor, and memory.

    python -m tests.fuzz.bounds
    python -m tests.fuzz.bounds zone flow

Each shape fills one limit to the brim, or goes just beyond it; so do the mistakes of `corefile explain`,
each many times. The command runs in a process of its own, with its start.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from corefile.findings.limits import LIMITS
from corefile.language.documents import values
from corefile.lint.explanations import all_explanations
from corefile.releases import LATEST

from .__main__ import MOST_MEMORY, MOST_SECONDS

Files = dict[str, str]
SOA = "$ORIGIN example.org.\n@ 60 IN SOA ns host 1 2 3 4 5\n@ 60 IN NS ns\n"
CHECK = ("check", "Corefile")
HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: coredns\n  namespace: kube-system\ndata:\n"
COREFILE = "  Corefile: |\n    .:53 {\n        whoami\n    }\n"


def up_to(size: int, form: str, most: int = 10**9) -> str:
    """Lines with a number in place of `#` and an address in place of `@`, until they have that many octets, or there are
    that many."""
    if "#" not in form and "@" not in form:
        return form * min(size // len(form), most)
    parts = form.split("#")
    lines, octets, number = [], 0, 0
    while number < most:
        line = str(number).join(parts)
        if "@" in line:
            line = line.replace("@", f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")
        octets += len(line)
        if octets > size:
            break
        lines.append(line)
        number += 1
    return "".join(lines)


def block(form: str, most: int) -> str:
    """A server block with lines."""
    return ". {\n" + many(form, most) + " whoami\n}\n"


def zone(text: str, **more: str) -> Files:
    """A Corefile with a zone file."""
    return {"Corefile": ". {\n file db example.org\n}\n", "db": SOA + text, **more}


def records(form: str) -> Callable[[], Files]:
    """As many records as are taken."""
    size = LIMITS.file_size - len(SOA)
    return lambda: zone(up_to(size, form, LIMITS.records - 2))


def filled(form: str) -> Callable[[], Files]:
    """A zone file as large as is taken, with lines that are no records each."""
    return lambda: zone(up_to(LIMITS.file_size - len(SOA), form))


def words(form: str, around: str = ". {\n%s whoami\n}\n") -> Callable[[], Files]:
    """A Corefile with as many words as are taken."""
    each = len(form.split())
    return lambda: {"Corefile": around % up_to(10**9, form, (LIMITS.words - 30) // each)}


def named(name: str, form: str, head: str = "", tail: str = "", size: int = LIMITS.named_size) -> Callable[[], Files]:
    """A file of the largest size that a caller may name, or of another."""
    return lambda: {name: head + up_to(size - len(head) - len(tail), form) + tail}


SERVICE = """- apiVersion: v1
  kind: Service
  metadata:
    name: web#
    namespace: shop
    labels:
      app: web
      tier: "front"
  spec:
    clusterIP: @
    clusterIPs:
    - @
    ports:
    - name: http
      port: 80
      protocol: TCP
      targetPort: 8080
    type: ClusterIP
"""
JSON_SERVICE = (
    '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web#", "namespace": "shop"}, "spec": {"clusterIP": "@", '
    '"ports": [{"name": "http", "port": 80, "protocol": "TCP"}]}},\n'
)
LIST = "apiVersion: v1\nkind: List\nitems:\n"
IN_CLUSTER = ("query", "web1.shop.svc.cluster.local", "A", "-c", "Corefile", "--cluster")
KUBERNETES = ". {\n kubernetes cluster.local\n}\n"
TEST = "corefile: |\n  . {\n    whoami\n  }\nsteps:\n"


def with_cluster(text: Callable[[], Files]) -> Callable[[], Files]:
    """A Corefile with a cluster."""
    return lambda: {"Corefile": KUBERNETES, **text()}


def _keys() -> Files:
    """The files of keys."""
    recorded = Path(__file__).parents[1] / "data" / "sign.yaml"
    found: Files = next(iter(values(recorded.read_text(encoding="utf-8")))).value["files"]
    return {name: text for name, text in found.items() if name.startswith("K")}


def _multiplied() -> str:
    """A database whose metadata has lists of two pointers each to the next list."""
    lists, first = 40, 3
    parts = [bytes((2, 4)) + 2 * bytes((0x20 | at >> 8, at & 255)) for at in range(first + 6, first + 6 + 6 * lists, 6)]
    octets = bytes(100) + b"\xab\xcd\xefMaxMind.com" + b"\xe1\x41a" + b"".join(parts) + b"\x41z"
    return octets.decode("latin-1")


CONFIG_MAP = "---\n" + HEAD.replace("name: coredns\n", "name: coredns#\n") + COREFILE
POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n"
CONTAINER = "  - image: coredns/coredns:1.11.3\n    args: [-conf, /etc/coredns/Corefile]\n    volumeMounts:\n"
VOLUME = "  - name: v#\n    configMap:\n      name: coredns#\n"
SERVED = "  s#:\n    image: coredns/coredns:1.11.3\n    volumes:\n"
WRAPPED = "apiVersion: v1\nkind: X\nspec:\n"


def many(form: str, most: int) -> str:
    """The form with each number below another one."""
    return up_to(10**9, form, most)


def manifest(*parts: tuple[str, int]) -> Callable[[], Files]:
    """Forms, each so often."""
    return lambda: {"a.yaml": "".join(many(form, most) for form, most in parts)}


def repository(files: Callable[[], Files]) -> Callable[[], Files]:
    """A folder that is far below."""
    return lambda: {f"{'d' * 200}/{'e' * 200}/{name}": text for name, text in files().items()}


def _defined(count: int) -> str:
    """A template of which each definition prints the one before it twice."""
    text = '{{ define \\"t0\\" }}{{ .Name }}{{ end }}'
    for number in range(1, count):
        before = f'{{{{ template \\"t{number - 1}\\" . }}}}'
        text += f'{{{{ define \\"t{number}\\" }}}}{before}{before}{{{{ end }}}}'
    return text + f'{{{{ template \\"t{count - 1}\\" . }}}}'


SHAPES: dict[str, tuple[tuple[str, ...], Callable[[], Files]]] = {
    "zone: addresses": (CHECK, records("h# 60 IN A @\n")),
    "zone: addresses of one name": (CHECK, records("h 60 IN A @\n")),
    "zone: addresses of one name, 1.5.2": ((*CHECK, "--release", "1.5.2"), records("h 60 IN A @\n")),
    "zone: signatures": (CHECK, records("h# RRSIG A 8 3 300 20300101000000 20200101000000 1 example.org. QUJD\n")),
    "zone: records without TTL and class": (CHECK, records("h# A @\n")),
    "zone: texts in quotes": (CHECK, records('h# 60 IN TXT "t"\n')),
    "zone: brackets": (CHECK, records("h# 60 IN A ( @ )\n")),
    "zone: services": (CHECK, records("_h# IN SRV 1 2 3 h\n")),
    "zone: aliases in a row": (CHECK, records("h# CNAME hh\n")),
    "zone: NSEC3": (CHECK, records("# NSEC3 1 1 1 ab ab A MX\n")),
    "zone: unknown types": (CHECK, records("h# TYPE999 \\# 2 abcd\n")),
    "zone: escapes": (CHECK, filled("\\097\\098\\099\\100\\101\\102# A 10.0.0.1\n")),
    "zone: labels": (CHECK, filled("h#." + "a." * 100 + "b A 10.0.0.1\n")),
    "zone: long texts": (CHECK, filled('h# TXT "' + "x" * 250 + '" "' + "y" * 250 + '"\n')),
    "zone: many short texts of a record": (CHECK, filled("h# TXT " + '"a" ' * 120 + "\n")),
    "zone: one text of a record": (CHECK, lambda: zone("h TXT " + '"a" ' * (LIMITS.file_size // 4 - 50) + "\n")),
    "zone: keys": (CHECK, filled("h# DNSKEY 256 3 8 " + "QUJD" * 60 + "\n")),
    "zone: HTTPS": (CHECK, records("h# HTTPS 1 . alpn=h2 port=1\n")),
    "zone: comments": (CHECK, filled("; a comment #\n")),
    "zone: empty lines": (CHECK, filled("\n")),
    "zone: blanks": (CHECK, filled(" ")),
    "zone: a mistake at the end": (
        CHECK,
        lambda: zone(up_to(LIMITS.file_size - 200, "h# 60 IN A @\n", LIMITS.records - 10) + "x 60 IN A x\n"),
    ),
    "zone: too many records": (CHECK, filled("h# A @\n")),
    "zone: $GENERATE": (CHECK, lambda: zone("$GENERATE 1-60000 h$ A 10.0.0.1\n" * 4)),
    "zone: $GENERATE of many": (CHECK, filled("$GENERATE 1-2 h$x# A 10.0.0.1\n")),
    "zone: $GENERATE of long names": (CHECK, lambda: zone("$GENERATE 1-60000 h${0,60,d}.x A 10.0.0.1\n" * 4)),
    "zone: $INCLUDE": (CHECK, lambda: zone("$INCLUDE one\n" * 400, one=up_to(10**6, "i# A @\n", 490))),
    "zone: $INCLUDE of nothing": (CHECK, lambda: zone("$INCLUDE one\n" * 100_000, one="; nothing\n")),
    "zone: $ORIGIN": (CHECK, filled("$ORIGIN a#.example.org.\n")),
    "zone: $TTL": (CHECK, filled("$TTL 3h#\n")),
    "zones": (
        CHECK,
        lambda: {
            "Corefile": up_to(10**7, "z#.org {\n file db#\n}\n", 200),
            **{f"db{n}": SOA + up_to(10**7, "h# A @\n", 960) for n in range(200)},
        },
    ),
    "zones of one file": (CHECK, lambda: {**zone(""), **words("file db z#.org\n")()}),
    "imports in a circle": (CHECK, lambda: {"Corefile": ". {\n import a\n}\n", "a": "import a\n"}),
    "snippets in a circle": (CHECK, lambda: {"Corefile": "(s) {\n import s\n}\n. {\n import s\n}\n"}),
    "imports in a circle of two": (
        ("check", "--release", "1.6.2", "Corefile"),
        lambda: {"Corefile": ". {\n import a\n}\n", "a": "import b\n", "b": "import a\n"},
    ),
    "zone: to be signed": (
        CHECK,
        lambda: {
            **_keys(),
            "Corefile": ". {\n sign db signed.example {\n key file Krsa8\n directory .\n }\n}\n",
            "db": SOA.replace("$ORIGIN example.org.\n", "") + up_to(10**7, "h# 60 A @\n", LIMITS.records // 70),
        },
    ),
    "imports of a folder": (
        CHECK,
        lambda: {"Corefile": ". {\n import d*\n whoami\n}\n", **{f"d{n}": "" for n in range(LIMITS.words)}},
    ),
    "zones of a folder": (
        CHECK,
        lambda: {"Corefile": "org {\n auto {\n directory .\n }\n}\n", **{f"db.z{n}.org": SOA for n in range(8000)}},
    ),
    "hosts: addresses": (CHECK, lambda: {"Corefile": ". {\n hosts h\n}\n", "h": up_to(LIMITS.file_size, "@ h#\n")}),
    "hosts: short lines": (CHECK, lambda: {"Corefile": ". {\n hosts h\n}\n", "h": up_to(LIMITS.file_size, "::1 a\n")}),
    "hosts: names of one address": (
        CHECK,
        lambda: {"Corefile": ". {\n hosts h\n}\n", "h": "::1 " + up_to(LIMITS.file_size - 9, "h# ")},
    ),
    "hosts: nothing": (CHECK, lambda: {"Corefile": ". {\n hosts h\n}\n", "h": up_to(LIMITS.file_size, "x\n")}),
    "resolv.conf": (
        CHECK,
        lambda: {"Corefile": ". {\n forward . r\n}\n", "r": up_to(LIMITS.file_size, "nameserver @\n")},
    ),
    "resolv.conf: options": (
        CHECK,
        lambda: {"Corefile": ". {\n forward . r\n}\n", "r": up_to(LIMITS.file_size, "search a\n")},
    ),
    "Corefile: words": (CHECK, words(" log a# b# c#\n")),
    "Corefile: keys": (CHECK, words("z#.org\n", "%s {\n whoami\n}\n")),
    "Corefile: server blocks": (CHECK, words("z#.org {\n whoami\n}\n", "%s")),
    "Corefile: server blocks that forward": (CHECK, words("z#.org {\n forward . 10.0.0.1\n}\n", "%s")),
    "Corefile: forwards": (CHECK, words(" forward z#.org 10.0.0.1\n")),
    "Corefile: rewrites": (CHECK, words(" rewrite name a#.org b#.org\n")),
    "Corefile: rewrites by patterns": (CHECK, words(" rewrite name regex (.*)x# {1}y\n")),
    "Corefile: templates": (
        CHECK,
        words(' template IN A z#.org {\n answer "{{ .Name }} 60 IN A 1.1.1.1"\n }\n'),
    ),
    "Corefile: hosts": (CHECK, words(" @ h#\n", ". {\n hosts {\n%s }\n}\n")),
    "Corefile: rules of acl": (CHECK, words(" block net @\n", ". {\n acl {\n%s }\n whoami\n}\n")),
    "Corefile: views": (CHECK, words(".:53 {\n view v# {\n expr type()=='A'\n }\n whoami\n}\n", "%s")),
    "Corefile: networks of a rule": (CHECK, words("@ ", ". {\n acl {\n  block net %s\n }\n whoami\n}\n")),
    "Corefile: keys of tsig": (CHECK, words(" secret k#. c2VjcmV0\n", ". {\n tsig {\n%s }\n whoami\n}\n")),
    "Corefile: unknown properties": (CHECK, words(" nothing#\n", ". {\n cache {\n%s }\n whoami\n}\n")),
    "Corefile: mistakes on one line": (CHECK, words("x# ", ". {\n forward . %s\n}\n")),
    "Corefile: variables that are not set": (CHECK, words(" log {$A#}\n")),
    "Corefile: files that are not there": (CHECK, words(" file db# z#.org\n")),
    "Corefile: imports that are not there": (CHECK, words(" import f#\n")),
    "Corefile: headers": (CHECK, words(" response set ra\n", ". {\n header {\n%s }\n whoami\n}\n")),
    "Corefile: consolidations": (CHECK, words(" consolidate 5m x#\n", ". {\n errors {\n%s }\n whoami\n}\n")),
    "Corefile: zones not forwarded": (CHECK, words("z#.org ", ". {\n forward . 10.0.0.1 {\n except %s\n }\n}\n")),
    "Corefile: endpoints": (
        CHECK,
        lambda: {"Corefile": "".join(f".:{n + 1} {{\n health :{n + 30000}\n}}\n" for n in range(4000))},
    ),
    "Corefile: unknown directives": (CHECK, words(" nothing# x\n")),
    "Corefile: snippets": (CHECK, words("(s#) {\n errors\n}\n", "%s. {\n whoami\n}\n")),
    "Corefile: imports": (
        CHECK,
        lambda: {"Corefile": ". {\n" + " import a\n" * 24_000 + " whoami\n}\n", "a": "errors\n"},
    ),
    "Corefile: braces": (CHECK, words("{\n", "%s")),
    "Corefile: long words": (CHECK, named("Corefile", "x" * 800 + "\n", ". {\n log ", "\n}\n")),
    "Corefile: one word": (CHECK, named("Corefile", "x", ". {\n log ", "\n}\n")),
    "Corefile: blanks": (CHECK, named("Corefile", " ", ". {\n log ", "\n}\n")),
    "Corefile: comments": (
        CHECK,
        lambda: {"Corefile": ". {\n whoami\n" + "# a comment\n" * (LIMITS.named_size // 12 - 9) + "}\n"},
    ),
    "Corefile: too many words": (CHECK, named("Corefile", "a b\n")),
    "Corefile: a long expression": (
        CHECK,
        lambda: {"Corefile": ". {\n view v {\n expr " + "type()=='A'||" * 100_000 + "true\n }\n whoami\n}\n"},
    ),
    "Corefile: a long pattern": (
        CHECK,
        lambda: {"Corefile": ". {\n rewrite name regex " + "(a|b)*" * 160 + " c\n}\n"},
    ),
    "Corefile: a pattern that repeats": (
        CHECK,
        lambda: {"Corefile": ". {\n" + " rewrite name regex ((a{9}){9}){9} c\n" * 500 + "}\n"},
    ),
    "ConfigMap: entries": (("check", "a.yaml"), named("a.yaml", "  key#: value\n", HEAD + COREFILE)),
    "ConfigMap: a long Corefile": (
        ("check", "a.yaml"),
        lambda: {"a.yaml": HEAD + COREFILE + "        # a comment\n" * (LIMITS.named_size // 20 - 99)},
    ),
    "ConfigMap: a long entry": (("check", "a.yaml"), named("a.yaml", "    text #\n", HEAD + COREFILE + "  a: |\n")),
    "ConfigMap: many": (("check", "a.yaml"), named("a.yaml", "---\n" + HEAD + "  a: b\n", HEAD + COREFILE)),
    "ConfigMap: quoted": (("check", "a.yaml"), named("a.yaml", "a b\\n", HEAD + '  Corefile: "', '"\n')),
    "flow: lists in a list": (("check", "a.yaml"), named("a.yaml", "[a],", HEAD + COREFILE + "  a: [", "]\n")),
    "flow: empty lists": (("check", "a.yaml"), named("a.yaml", "[],", HEAD + COREFILE + "  a: [", "]\n")),
    "flow: mappings": (("check", "a.yaml"), named("a.yaml", "{a: b, c: d},", HEAD + COREFILE + "  a: [", "]\n")),
    "flow: lines": (("check", "a.yaml"), named("a.yaml", "- {a: b, c: d}\n", HEAD + COREFILE + "a:\n")),
    "flow: a mapping": (("check", "a.yaml"), named("a.yaml", "k#: v, ", HEAD + COREFILE + "a: {", "}\n")),
    "block: scalars in quotes": (("check", "a.yaml"), named("a.yaml", '- "a\\tb"\n', HEAD + COREFILE + "a:\n")),
    "block: lists": (("check", "a.yaml"), named("a.yaml", "- a\n", HEAD + COREFILE + "a:\n")),
    "block: short keys": (("check", "a.yaml"), named("a.yaml", "k#:\n", HEAD + COREFILE)),
    "block: anchors": (("check", "a.yaml"), named("a.yaml", "- &a b\n", HEAD + COREFILE + "a:\n")),
    "block: aliases": (
        ("check", "a.yaml"),
        lambda: {"a.yaml": HEAD + COREFILE + "x: &x [" + "a," * 700 + "]\ny:\n" + "- *x\n" * 700},
    ),
    "block: a mistake at the end": (("check", "a.yaml"), named("a.yaml", "- a\n", HEAD + COREFILE + "a:\n", "b\n")),
    "block: documents": (("check", "a.yaml"), named("a.yaml", "---\na: b\n", HEAD + COREFILE)),
    "block: deep": (("check", "a.yaml"), lambda: {"a.yaml": HEAD + COREFILE + "a: " + "[" * 190 + "]" * 190 + "\n"}),
    "JSON: lists in a list": (
        ("check", "a.json"),
        named(
            "a.json", "[1],", '{"apiVersion": "v1", "kind": "ConfigMap", "data": {"Corefile": ". {}"}, "a": [', "[]]}"
        ),
    ),
    "JSON: mappings": (
        ("check", "a.json"),
        named(
            "a.json",
            '{"a":1},',
            '{"apiVersion": "v1", "kind": "ConfigMap", "data": {"Corefile": ". {}"}, "a": [',
            "{}]}",
        ),
    ),
    "cluster: services": (
        (*IN_CLUSTER, "c.yaml"),
        with_cluster(named("c.yaml", SERVICE, LIST, size=LIMITS.file_size)),
    ),
    "cluster: services of JSON": (
        (*IN_CLUSTER, "c.json"),
        with_cluster(
            named(
                "c.json",
                JSON_SERVICE,
                '{"apiVersion": "v1", "kind": "List", "items": [\n',
                JSON_SERVICE.rstrip(",\n") + "]}\n",
                LIMITS.file_size,
            ),
        ),
    ),
    "cluster: small documents": (
        (*IN_CLUSTER, "c.yaml"),
        with_cluster(named("c.yaml", "---\nkind: Pod\n", size=LIMITS.file_size // 2)),
    ),
    "cluster: flow": (
        (*IN_CLUSTER, "c.yaml"),
        with_cluster(
            named(
                "c.yaml",
                "- {kind: Service, metadata: {name: a#}, spec: {clusterIP: @}}\n",
                LIST,
                size=LIMITS.file_size // 6,
            ),
        ),
    ),
    "test: steps": (
        ("test", "a.dns.yaml"),
        lambda: {"a.dns.yaml": TEST + up_to(10**9, "  - query: a#.example.org A\n", LIMITS.test_steps)},
    ),
    "test: too many steps": (
        ("test", "a.dns.yaml"),
        lambda: {"a.dns.yaml": TEST + up_to(10**9, "  - query: a#.example.org A\n", LIMITS.yaml_values // 2 - 9)},
    ),
    "time: a check each millisecond": (
        ("query", "a.org", "after=1000h", "b.org"),
        lambda: {"Corefile": ". {\n forward . 192.0.2.1 {\n health_check 1ms\n max_fails 1\n}\n}\n"},
    ),
    "time: folders of zones": (
        ("query", "a.org", "after=100000h", "b.org"),
        lambda: {
            "Corefile": ". {\n auto {\n directory zones\n}\n file zones/db.org org\n}\n",
            "zones/db.org": "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns\n",
            **{f"zones/db.{n}.example": "@ 60 SOA ns h 1 2 3 4 5\n@ 60 NS ns\n" for n in range(20)},
        },
    ),
    "test: text": (("test", "a.dns.yaml"), named("a.dns.yaml", "- a\n", "corefile: a\nx:\n", size=LIMITS.file_size)),
    "template: a long text": (
        ("query", "a.org", "A", "-c", "Corefile"),
        lambda: {"Corefile": '. {\n template IN TXT {\n answer "' + "{{ .Name }}" * 200_000 + '"\n }\n}\n'},
    ),
    **{
        f"zones for each key: {name}": (
            (*CHECK, "--release", "1.8.4"),
            lambda lines=lines: {  # type: ignore[misc]
                "Corefile": " ".join(f"10.0.{n}.0/25" for n in range(100)) + " {\n" + lines + " whoami\n}\n"
            },
        )
        for name, lines in (
            ("secondary", " secondary {\n  transfer from 10.9.9.9\n }\n"),
            ("sign", " sign db {\n  key file K\n }\n"),
            ("file", " file db\n"),
            ("auto", " auto {\n  directory zones\n }\n"),
            ("hosts", " hosts h\n"),
            ("cache", " cache\n dnssec\n forward . 10.0.0.1\n"),
        )
    },
    "geoip: a database": (
        CHECK,
        lambda: {"Corefile": ". {\n geoip g.mmdb\n whoami\n}\n", "g.mmdb": "x" * LIMITS.file_size},
    ),
    "geoip: pointers that multiply": (
        CHECK,
        lambda: {"Corefile": ". {\n geoip g.mmdb\n whoami\n}\n", "g.mmdb": _multiplied()},
    ),
    "template: definitions that multiply": (
        ("query", "a.org", "A", "-c", "Corefile"),
        lambda: {"Corefile": '. {\n template IN A {\n answer "' + _defined(24) + '"\n }\n}\n'},
    ),
    "kubeconfig": (
        CHECK,
        lambda: {
            "Corefile": ". {\n kubernetes cluster.local {\n kubeconfig k\n }\n}\n",
            "k": up_to(LIMITS.file_size, "- {name: c#, cluster: {server: x}}\n"),
        },
    ),
    **{
        f"manifest: {name}": (("check", "a.yaml"), manifest(*parts))
        for name, parts in {
            "Corefiles": ((CONFIG_MAP, 9_000),),
            "Corefiles and images of values": (
                (CONFIG_MAP, 4_000),
                ("---\nimage: {repository: coredns/coredns, tag: 1.8.#}\n", 6_000),
            ),
            "Corefiles and kustomizations": (
                (CONFIG_MAP, 4_000),
                ("---\n" + POD + CONTAINER, 1),
                ("---\nkind: K\nimages:\n- {name: coredns/coredns, newTag: 1.8.#}\n", 4_000),
            ),
            "containers": (
                (CONFIG_MAP, 1),
                ("---\n" + POD, 1),
                (CONTAINER + "    - {name: v0, mountPath: /etc/coredns}\n", 9_000),
                ("  volumes:\n", 1),
                (VOLUME, 1),
            ),
            "containers and volumes": (
                (CONFIG_MAP, 1),
                ("---\n" + POD, 1),
                (CONTAINER + "    - {name: v#, mountPath: /etc/coredns}\n", 5_000),
                ("  volumes:\n", 1),
                (VOLUME, 9_000),
            ),
            "mounts": (
                (CONFIG_MAP, 1),
                ("---\n" + POD + CONTAINER, 1),
                ("    - {name: v0, mountPath: /etc/coredns/d#}\n", 30_000),
                ("    - {name: v0, mountPath: /etc/coredns}\n", 1),
                ("  volumes:\n", 1),
                (VOLUME, 1),
            ),
            "some mounts": (
                (CONFIG_MAP, 1),
                ("---\n" + POD + CONTAINER, 1),
                ("    - {name: v0, mountPath: /etc/coredns/d#}\n", 8_000),
                ("    - {name: v0, mountPath: /etc/coredns}\n", 1),
                ("  volumes:\n", 1),
                (VOLUME, 1),
            ),
            "mounts of many ConfigMaps": (
                (CONFIG_MAP, 3_000),
                ("---\n" + POD + CONTAINER, 1),
                ("    - {name: v#, mountPath: /etc/coredns/d#}\n", 3_000),
                ("    - {name: v0, mountPath: /etc/coredns}\n", 1),
                ("  volumes:\n", 1),
                (VOLUME, 3_000),
            ),
            "items": (
                (CONFIG_MAP, 1),
                ("---\n" + POD + CONTAINER, 1),
                ("    - {name: v0, mountPath: /etc/coredns/d#}\n", 100),
                ("    - {name: v0, mountPath: /etc/coredns}\n", 1),
                ("  volumes:\n", 1),
                (VOLUME + "      items:\n", 1),
                ("      - {key: Corefile, path: d/k#}\n", 40_000),
            ),
            "keys in many mounts": (
                (CONFIG_MAP.replace("#", "0"), 1),
                ("  k#: v\n", 30_000),
                ("---\n" + POD + CONTAINER, 1),
                ("    - {name: v0, mountPath: /etc/coredns/d#}\n", 5_000),
                ("    - {name: v0, mountPath: /etc/coredns}\n", 1),
                ("  volumes:\n", 1),
                (VOLUME, 1),
            ),
            "ConfigMaps of one name and mounts": (
                (CONFIG_MAP.replace("#", "0"), 5_000),
                ("---\n" + POD, 1),
                (
                    CONTAINER
                    + "    - {name: v0, mountPath: /etc/coredns}\n"
                    + "    - {name: v0, mountPath: /a}\n" * 300,
                    30,
                ),
                ("  volumes:\n", 1),
                (VOLUME, 1),
            ),
            "additions": (
                ("---\n" + HEAD.replace("name: coredns", "name: coredns-custom") + "  a.server: a\n", 5_000),
                (CONFIG_MAP, 4_000),
            ),
            "texts with objects": (
                (WRAPPED, 1),
                (
                    "  t#: |\n    kind: ConfigMap\n    metadata: {name: a#}\n    data:\n      Corefile: |\n        . {\n        }\n",
                    9_000,
                ),
            ),
            "texts with lists": ((WRAPPED, 1), ("  t#: |\n    kind: ConfigMap\n    a:\n" + "    - a\n" * 20_000, 60)),
            "texts with lists and a mistake": (
                (WRAPPED, 1),
                ("  t#: |\n    kind: ConfigMap\n    a:\n" + "    - a\n" * 20_000 + "   b\n    c\n", 60),
            ),
            "values in texts": (
                ("apiVersion: v1\nkind: X\nspec:\n", 1),
                ("- valuesContent: |\n    corefile: |\n      . {}\n    a:\n" + "    - a\n" * 20_000, 60),
            ),
        }.items()
    },
    **{
        f"Compose: {name}": (("check", "a.yaml"), manifest(("services:\n", 1), *parts))
        for name, parts in {
            "services": ((SERVED + "    - ./c#:/etc/coredns\n", 15_000),),
            "binds": ((SERVED, 1), ("    - ./c#:/etc/coredns/d#\n", 60_000)),
            "some binds": ((SERVED, 1), ("    - ./c#:/etc/coredns/d#\n", 900)),
            "deep binds": ((SERVED, 1), ("    - ./" + "c/" * 5_000 + "#:/Corefile\n", 900)),
            "one deep bind": ((SERVED, 1), ("    - ./" + "c/" * 3_000_000 + "#:/Corefile\n", 1)),
            "binds out of the folder": ((SERVED, 1), ("    - ./" + "../" * 500 + "etc:/Corefile#\n", 900)),
            "variables": (
                ("  s#:\n    image: coredns/coredns:1.11.3\n    environment:\n", 1),
                ("      A#: ${A-x}$B${PWD}\n", 60_000),
            ),
            "a text of variables": (
                ("  s:\n    image: coredns/coredns:1.11.3\n    command: -conf ", 1),
                ("$PWD", 2_000_000),
                ("\n", 1),
            ),
            "words": (
                ("  s:\n    image: coredns/coredns:1.11.3\n    command: -conf ", 1),
                ("$PWD/a ", 1_000_000),
                ("\n", 1),
            ),
        }.items()
    },
    "Compose: far below": (
        ("check", "."),
        repository(manifest(("services:\n" + SERVED, 1), ("    - $PWD/c#:/etc/coredns/d#\n", 60_000))),
    ),
    **{
        f"Terraform: {name}": (("check", "a.tf"), lambda text=text: {"a.tf": text()})  # type: ignore[misc]
        for name, text in {
            "here documents": lambda: many("Corefile = <<E#\n. {\n}\nE#\n", 9_000),
            "lines of a here document": lambda: "Corefile = <<-E\n  . {\n" + "  # a\n" * 1_500_000 + "  }\n  E\n",
            "beginnings": lambda: "Corefile = <<E" * 800_000,
            "blanks": lambda: "Corefile = <<E\n" + " " * 12_000_000 + "\nE\n",
            "what is not closed": lambda: "Corefile = <<E\n" * 800_000,
        }.items()
    },
    **{
        f"text: {name}": (("check", file), lambda file=file, text=text: {file: text()})  # type: ignore[misc]
        for name, file, text in (
            ("empty lines", "Corefile", lambda: "\n" * 6_000_000 + ". {\n a: b\n}\n"),
            (
                "comments",
                "a.yaml",
                lambda: WRAPPED + "  a: |\n    " + "#" * 6_000_000 + "\n    x: y\n    kind: ConfigMap\n",
            ),
            ("dashes", "a.yaml", lambda: HEAD + "  a: |\n    " + "- " * 3_000_000 + "\n b\n"),
            ("images on a line", "a.yaml", lambda: HEAD + COREFILE + "  a: " + "image: " * 1_000_000 + "\n"),
            ("braces", "a.yaml", lambda: HEAD + COREFILE + "  a: " + "{{" * 3_000_000 + "\n"),
            ("an open quote", "a.json", lambda: '{}{"kind": "' + '\\"' * 3_000_000),
            ("angles", "Corefile", lambda: ". {\n log " + "< ${ " * 9_000 + "\n whoami\n}\n" + "# a b\n" * 1_000_000),
            (
                "comments of a Corefile",
                "Corefile",
                lambda: "(s) {\n errors\n}\n. {\n import s\n whoami\n}\n" + "#" * 10_000_000,
            ),
            (
                "what describe prints",
                "a.yaml",
                lambda: "Name: a\n\nData\n====\nCorefile:\n----\n" + ". {\n}\n" * 1_000_000,
            ),
        )
    },
    **{
        f"rules: {name}": (CHECK, lambda text=text: {"Corefile": text(), "db": SOA, "h": many("@ a.z#.org\n", 200_000)})  # type: ignore[misc]
        for name, text in {
            "templates of two types": lambda: block(
                ' template IN A z#.org {\n  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n template IN AAAA y#.org {\n  rcode NOERROR\n }\n',
                900,
            ),
            "templates that deny": lambda: block(
                ' template IN A z#.org {\n  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n template ANY ANY z#.org {\n  rcode NXDOMAIN\n }\n',
                900,
            ),
            "templates that take all": lambda: block(
                " template ANY ANY z#.org {\n  rcode REFUSED\n }\n forward y#.org 10.0.0.1\n", 1_500
            ),
            "endpoints on one port": lambda: many(
                "z#.org {\n bind @\n health @:8080\n ready @:8080\n whoami\n}\n", 1_700
            ),
            "fallthrough": lambda: (
                many("z#.org ", 6_000) + "{\n" + many(" file db z#.org {\n  fallthrough\n }\n", 1_800) + "}\n"
            ),
            "fallthrough of clusters": lambda: (
                many("z#.org ", 6_000) + "{\n" + many(" kubernetes z#.org {\n  fallthrough z#.org\n }\n", 1_800) + "}\n"
            ),
            "fallthrough of zones": lambda: (
                many("z#.org ", 6_000)
                + "{\n file db "
                + many("z#.org ", 6_000)
                + "{\n  fallthrough "
                + many("a.z#.org ", 6_000)
                + "\n }\n}\n"
            ),
            "zones of hosts": lambda: ". {\n hosts h " + many("z#.org ", 15_000) + "\n whoami\n}\n",
            "rewrites with groups": lambda: block(
                " rewrite name regex (.*)\\.a#\\.org {1}.b#.org answer name (.*)\\.b#\\.org {1}.a#.org\n", 1_800
            ),
            "answers of a rewrite": lambda: (
                ". {\n rewrite name regex (.*)a {1}b" + " answer name (.*)b {1}a" * 4_500 + "\n whoami\n}\n"
            ),
            "servers of operators": lambda: (
                ". {\n forward . tls://1.1.1.1 "
                + many("tls://8.8.8.8:# ", 9_000)
                + "{\n  tls_servername cloudflare-dns.com\n }\n}\n"
            ),
            "whoami": lambda: ". {\n" + " whoami\n" * 15_000 + "}\n",
            "chaos": lambda: many("z#.org {\n chaos\n}\n", 3_000),
            "blocks without zones": lambda: "{\n whoami\n}\n" * 4_000,
        }.items()
    },
    "keys of tsig": (
        CHECK,
        lambda: {
            "Corefile": ". {\n tsig {\n secrets k\n }\n whoami\n}\n",
            "k": up_to(LIMITS.file_size, 'key "k#." { algorithm hmac-sha256; secret "c2VjcmV0"; };\n'),
        },
    ),
}


def examples() -> dict[str, tuple[tuple[str, ...], Callable[[], Files]]]:
    """The examples of all findings: their lines as often as fits in one block, and the whole with zones of its own each time."""
    out = {}
    for code, explained in all_explanations().items():
        files: Files = {str(name): str(text) for name, text in explained.get("files", {}).items()}
        text, start, end = explained["corefile"], *_inner(explained["corefile"])
        if end < 0 or "kind:" in text:
            continue

        def inside(text: str = text, start: int = start, end: int = end, files: Files = files) -> Files:
            lines = text[start:end]
            often = (LIMITS.words - len(text.split())) // max(len(lines.split()), 1)
            return {**files, "Corefile": text[:start] + lines * often + text[end:]}

        def again(text: str = text, files: Files = files) -> Files:
            often = (LIMITS.words - 30) // len(text.split())
            return {**files, "Corefile": "".join(ZONE.sub(rf"\1z{i}.", text) for i in range(often))}

        check = (*CHECK, "--release", str(explained.get("coredns", LATEST)))
        out[f"example: {code}, lines"] = check, inside
        out[f"example: {code}, blocks"] = check, again
    return out


ZONE = re.compile(r"^((?:\w+://)?)(?=\S[^{]* \{$)\.?", re.M)
"""Where the first zone of a server block begins, and the dot of the root."""


def _inner(text: str) -> tuple[int, int]:
    """Where the lines in the first braces of a text begin and end."""
    return text.find("{\n") + 2, text.rfind("}")


def measured(argv: tuple[str, ...], files: Files, program: tuple[str, ...]) -> tuple[float, int, int, bytes]:
    """Seconds of the processor, kilobytes of memory, the exit code and the end of what is printed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, name).write_text(text, encoding="latin-1" if name.endswith(".mmdb") else "utf-8")
        with Path(folder, ".out").open("w+b") as out:
            child = os.fork()
            if not child:
                os.chdir(folder)
                os.dup2(out.fileno(), 1)
                os.dup2(out.fileno(), 2)
                os.execv(program[0], [*program, *argv])
            _, status, usage = os.wait4(child, 0)
            out.seek(0)
            said = out.read()
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status), said


def main(argv: list[str]) -> int:
    """Measure the shapes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shapes", nargs="*", help="those whose names begin so; all, unless some are named")
    parser.add_argument("--said", action="store_true", help="print the first line of what is said, too")
    args = parser.parse_args(argv)
    program = (sys.executable, "-P", "-m", "corefile")
    beyond = 0
    for name, (command, make) in {**SHAPES, **examples()}.items():
        if args.shapes and not name.startswith(tuple(args.shapes)):
            continue
        seconds, memory, code, said = measured(command, make(), program)
        bad = seconds > MOST_SECONDS or memory > MOST_MEMORY or code not in (0, 1, 2) or b"Traceback" in said
        beyond += bad
        print(f"{name:40} {seconds:6.2f} s {memory // 1024:5} MB {'  beyond' if bad else ''}", flush=True)
        if args.said or code not in (0, 1, 2) or said.startswith(b"usage"):
            print("   ", code, said[:300].decode(errors="replace").replace("\n", " | "))
    return 1 if beyond else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
