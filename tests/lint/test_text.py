"""Encodings, placeholders and lines that YAML has joined."""

from __future__ import annotations

import bz2
import gzip
import lzma

import pytest

from corefile.findings import Source
from corefile.findings.report import render
from corefile.language import configmap
from corefile.language.words import decode
from corefile.lint import checks
from corefile.world import World
from corefile.world.files import PodFiles

GOOD = ".:53 {\n    errors\n    whoami\n}\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_one_finding_that_names_it(encoding: str) -> None:
    (one,) = checks(Source("Corefile", decode(GOOD.encode(encoding))))
    assert (one.code, one.severity) == ("wrong-encoding", "error")
    assert "UTF-16" in one.message
    assert "UTF-8" in one.hint
    assert one.coredns
    export = f"apiVersion: v1\nkind: ConfigMap\ndata:\n  Corefile: |\n    {GOOD}"
    for text in (export, '{"apiVersion": "v1", "kind": "ConfigMap"}'):
        (one,) = checks(Source("cm.yaml", decode(text.encode(encoding))))
        assert (one.code, one.severity) == ("wrong-encoding", "error")
        assert not one.coredns  # a cluster's CoreDNS does not see it


ARCHIVES = [
    (b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00\x01\x02\x03" * 9, "a ZIP archive"),
    (gzip.compress(GOOD.encode()), "compressed by gzip"),
    (bz2.compress(GOOD.encode()), "compressed by bzip2"),
    (lzma.compress(GOOD.encode()), "compressed by xz"),
    (b"(\xb5/\xfd\x04\x00abc", "compressed by zstd"),
    (b"\x7fELF\x02\x01\x01\x00\x00\x03\x04\x05", "no text"),
]


@pytest.mark.parametrize(("octets", "kind"), ARCHIVES)
def test_what_is_no_text_is_not_said_to_be_utf_16(octets: bytes, kind: str) -> None:
    (one,) = checks(Source("Corefile", decode(octets)))
    assert (one.code, one.message) == ("wrong-encoding", f"This file is {kind}, and CoreDNS reads UTF-8")
    assert "PowerShell" not in one.hint


def test_a_byte_order_mark_of_utf_8_is_fine() -> None:
    assert checks(Source("Corefile", decode(GOOD.encode("utf-8-sig")))) == []


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("forward . __UPSTREAM__", "__UPSTREAM__"),
        ("forward . <UPSTREAM_IP>", "<UPSTREAM_IP>"),
        ("forward . <no value>", "<no value>"),  # Helm's, of a value that is not there
        ("forward . 10.0.0.<the last octet>:53", "<the last octet>"),
        ("rewrite name regex (.*)\\.<domain to be rewritten>.com {1}.a.example", "<domain to be rewritten>"),
        ("forward . %%upstream%%", "%%upstream%%"),
        ("forward . ${UPSTREAM}", "${UPSTREAM}"),
        ("forward . $UPSTREAM", "$UPSTREAM"),
        ("rewrite name regex (.*)\\.a {1}.${DOMAIN} answer auto\n forward . 10.0.0.53", "{1}.${DOMAIN}"),
        ("rewrite name regex (?P<x>.*)\\.a ${x}.${DOMAIN} answer auto\n forward . 10.0.0.53", "${x}.${DOMAIN}"),
        ("rewrite name suffix .a .${1}\n forward . 10.0.0.53", ".${1}"),
        ("forward . {{ .Values.upstream }}", "{{ .Values.upstream }}"),
        ("{{- if .Values.log }}\n    log\n    {{- end }}\n    whoami", "{{- if .Values.log }}"),
        ("kubernetes {{ .Values.domain }} in-addr.arpa", "{{ .Values.domain }}"),
        ("health :{{.HealthPort}}", "{{.HealthPort}}"),
        ("etcd ${ name }.local {\n    path /skydns\n    }\n    whoami", "${ name }"),  # Terraform's
        ("{% if upstream -%}\n    forward . 10.0.0.53\n    {%- endif %}", "{% if upstream -%}"),  # Jinja's
    ],
)
def test_a_placeholder_is_one_finding(line: str, word: str) -> None:
    (one,) = checks(f".:53 {{\n    {line}\n    cache\n}}\n")
    assert one.code == "placeholder-left"
    assert one.span is not None
    assert one.span.text == word
    assert bool(one.coredns) == (one.severity == "error")


@pytest.mark.parametrize(
    "line",
    [
        'template ANY A {\n answer "{{ .Name }} 60 IN A 10.0.0.1"\n}',
        'log . "{remote} __x"',
        "hosts {\n 10.0.0.1 a__B__c.example\n}",
        "rewrite name regex (.*)\\.A$ {1}.b.example",
        "rewrite name regex (?P<name>.*)\\.a\\.example {1}.b.example answer auto",
        "rewrite name regex (?P<x>.*)\\.a\\.example ${1}.${x}.b.example answer auto",
        "whoami # <what is meant>",
        "view v {\nexpr 1 <2 && 3> 2\n}",
        "rewrite stop {\n name regex ^$ a.example\n}",
        "bind {%ADDRESS%}",
    ],
)
def test_what_only_looks_like_one(line: str) -> None:
    assert [f.code for f in checks(f".:53 {{\n{line}\nwhoami\n}}\n") if f.code == "placeholder-left"] == []


def test_a_shell_has_no_variables_called_by_numbers() -> None:
    """The kind: `{$1}` as a way to write what has a number."""
    (one,) = checks(". {\n rewrite name suffix .a .${1}\n forward . 10.0.0.53\n}\n")
    assert one.hint == "put the value in its place"
    unset = next(
        f for f in checks(". {\n rewrite name regex (.*)\\.a {$1}.b\n cache\n}\n") if f.code == "environment-unset"
    )
    assert unset.hint.startswith("a group of a pattern is written `{1}`; ")


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("forward . {{ .Values.upstream }}", "this is a template of Helm: give the output of `helm template`"),
        ('{{- include "a.b" . }}', "this is a template of Helm: give the output of `helm template`"),
        ("health :{{cfg.port}}", "this is a template: give what is made of it"),  # Habitat's
        (
            "kubernetes %{CLUSTER_DOMAIN}% in-addr.arpa",
            "this is a template of k3s, which fills in what stands between `%`: give what `kubectl get configmap` prints",
        ),
        ("bind {{ listen_ip }}", "this is a template: give what is made of it"),  # Ansible's
        ('forward . {{ env "UPSTREAM" }}', "this is a template: give what is made of it"),  # Nomad's
        ("{% if upstream %}\n{% endif %}", "this is a template: give what is made of it"),
        (
            "etcd ${ name }.local",
            "put the value in its place, or write `{$name}` for a variable of CoreDNS's environment",
        ),
    ],
)
def test_a_template_is_said_to_be_of_helm_where_it_is(line: str, hint: str) -> None:
    (one,) = checks(f".:53 {{\n    {line}\n    whoami\n}}\n")
    assert (one.code, one.hint) == ("placeholder-left", hint)


def test_words_of_a_placeholder_are_no_mistakes_of_their_own() -> None:
    """That of Microsoft's example, which is four words for CoreDNS."""
    text = (
        "<domain to be rewritten>.com:53 {\n    rewrite stop {\n        name regex (.*)\\.<domain to be rewritten>.com "
        "{1}.default.svc.cluster.local\n        answer name (.*)\\.default {1}.<domain to be rewritten>.com\n    }\n"
        "    forward . 10.0.0.53\n}\n"
    )
    (one,) = checks(text)
    assert (one.code, one.severity, one.span and one.span.text) == (
        "placeholder-left",
        "error",
        "<domain to be rewritten>",
    )
    assert [span.line for span, _ in one.related] == [3, 4]


def config_map(data: str) -> list[tuple[str, str, int]]:
    """Codes, severities and lines of what is said of a ConfigMap with these data."""
    text = f"kind: ConfigMap\nmetadata: {{name: coredns}}\n{data}"
    return [
        (f.code, f.severity, f.span.locate().line)
        for found in configmap.find("cm.yaml", text)
        for f in checks(found.source, world=World(files=dict(found.files)))
        if f.span is not None
    ]


BODY = " |\n    . {\n      whoami\n    }\n"


def test_a_key_that_stands_twice() -> None:
    """Whether it is a Corefile's, that of an addition, or `data` itself; each place but the last is named."""
    twice = ("key-twice", "warning")
    assert config_map(f"data:\n  Corefile:{BODY}") == []
    assert config_map(f"data:\n  Corefile:{BODY}  Corefile:{BODY}") == [(*twice, 4)]
    assert config_map(f"data:\n  Corefile:{BODY}  Corefile:{BODY}  Corefile:{BODY}") == [(*twice, 4), (*twice, 8)]
    assert config_map(f"data:\n  Corefile:{BODY}data:\n  Corefile:{BODY}") == [(*twice, 3)]
    additions = "  a.server: |\n    a.example {\n      whoami\n    }\n" * 2
    assert config_map(f"data:\n  Corefile: |\n    . {{\n      whoami\n    }}\n    import *.server\n{additions}") == [
        (*twice, 9)
    ]


@pytest.mark.parametrize("value", ["5", "true", "1.5", "0x10", "no"])
def test_a_value_that_is_no_text(value: str) -> None:
    assert config_map(f"data:\n  Corefile: {value}\n") == [("value-is-no-text", "error", 4)]
    assert config_map(f"data:\n  Corefile: '{value}'\n") != [("value-is-no-text", "error", 4)]
    addition = f"data:\n  Corefile: |\n    . {{\n      whoami\n    }}\n    import *.server\n  a.server: {value}\n"
    assert config_map(addition) == [("value-is-no-text", "error", 9)]


@pytest.mark.parametrize("value", ["null", "~", "", '""'])
def test_a_corefile_of_null_is_empty(value: str) -> None:
    assert config_map(f"data:\n  Corefile: {value}\n") == [("empty-corefile", "warning", 4)]


def test_what_node_cache_fills_in_is_no_mistake_and_the_rest_is_checked_where_it_stands() -> None:
    text = ".:53 {\n    forward . __PILLAR__UPSTREAM__SERVERS__ {\n        force_tpc\n    }\n}\n"
    (one,) = checks(text)
    assert (one.code, one.span and one.span.locate()[1:3]) == ("unknown-property", (3, 9))
    assert checks(text.replace("tpc", "tcp")) == []
    shown = render(checks(text.replace(" {\n        force_tpc\n    }", " x")))
    assert "forward . __PILLAR__UPSTREAM__SERVERS__ x\n" in shown
    assert "(" not in shown.splitlines()[1]


def test_lines_that_yaml_has_joined() -> None:
    text = "kind: ConfigMap\ndata:\n  Corefile:{}\n    .:53 {{\n        errors\n        forward . 10.0.0.1\n    }}\n"
    (found,) = configmap.find("cm.yaml", text.format(""))
    (one,) = checks(found.source)
    assert (one.code, one.span and one.span.locate().line) == ("literal-without-bar", 4)
    assert "`Corefile: |`" in one.hint
    for style in (" |", " >"):  # a folded block keeps the line ends of lines that are indented
        (found,) = configmap.find("cm.yaml", text.format(style))
        assert checks(found.source) == []


def test_lines_of_an_addition_that_yaml_has_joined() -> None:
    """The key is that of the addition, and what is wrong elsewhere is said, too."""
    text = (
        "kind: ConfigMap\nmetadata: {name: coredns-custom}\ndata:\n  my.server:\n    a.b:53 {\n      whoami\n    }\n"
        "  other.server: |\n    c.d {\n        foo\n    }\n"
    )
    (found,) = configmap.find("cm.yaml", text)
    findings = checks(found.source, world=World(files=dict(found.files)))
    assert [(f.code, f.span and f.span.locate().line) for f in findings if f.span] == [
        ("literal-without-bar", 5),
        ("unknown-directive", 10),
    ]
    assert "`my.server: |`" in findings[0].hint


@pytest.mark.parametrize(
    "key",
    [
        *("corefile", "COREFILE", "CoreFile", "core-file", "CORE_FILE"),
        *("Corefile.txt", "Corefile.yaml", "Corefile-prod", "corefile.conf", "Corefile.internal"),
    ],
)
def test_a_key_that_is_nearly_the_right_one(key: str) -> None:
    text = f"kind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  {key}: |\n    . {{\n        foo\n    }}\n"
    (found,) = configmap.find("cm.yaml", text)
    assert [(f.code, f.severity) for f in checks(found.source)] == [
        ("unknown-directive", "error"),
        ("key-is-no-corefile", "notice"),
    ]
    other = text.replace("foo", "whoami") + "  Corefile: |\n    . {\n        whoami\n    }\n"
    for right in configmap.find("cm.yaml", other):
        world = World()
        assert isinstance(world.files, PodFiles)
        world.files.settle(None, right.files)
        assert checks(right.source, world=world) == []


@pytest.mark.parametrize("key", ["corefile.sh", "Corefile_", "corefile.server", "my.override", "notes.txt"])
def test_a_key_that_is_no_corefile(key: str) -> None:
    text = f"kind: ConfigMap\nmetadata: {{name: x}}\ndata:\n  {key}: |\n    . {{\n        foo\n    }}\n"
    assert not [one for one in configmap.find("cm.yaml", text) if not one.alone]


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        (". {\n whoami\n} STUBDOMAINS\n", 3, "deploy.sh"),
        (". {\n kubernetes CLUSTER_DOMAIN REVERSE_CIDRS\n}\n", 2, "deploy.sh"),
        (". {\n kubernetes %{CLUSTER_DOMAIN}% in-addr.arpa\n}\n", 2, "this is a template of k3s"),
        (". {\n forward . 192.168.xxx.xxx\n}\n", 2, "put the value in its place"),
        (". {\n forward . tls://10.0.0.X:853\n}\n", 2, "put the value in its place"),
    ],
)
def test_placeholders_of_installers_and_of_people(text: str, line: int, hint: str) -> None:
    (one,) = checks(text)
    assert (one.code, one.span and one.span.line) == ("placeholder-left", line)
    assert hint in one.hint


@pytest.mark.parametrize(
    "text", ["10.x {\n whoami\n}\n", "a.xxx.example {\n whoami\n}\n", "stubdomains {\n whoami\n}\n"]
)
def test_names_like_placeholders_are_none(text: str) -> None:
    assert checks(text) == []
