"""Corefiles in Kubernetes YAML, with the places of the YAML."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corefile.findings import CorefileError
from corefile.language import configmap
from corefile.language.configmap import _DATA, find, is_manifest, sources
from corefile.language.documents import nodes
from corefile.language.expand import DictFiles, expand
from corefile.releases import LATEST

CONFIG_MAP = """apiVersion: v1
data:
  Corefile: {}
kind: ConfigMap
metadata:
  name: coredns
  namespace: kube-system
"""
BLOCK = CONFIG_MAP.format("|\n    .:53 {\n        prometeus\n    }\n")


def place(text: str, word: str) -> tuple[int, int]:
    """Line and column in the YAML at which a word of the Corefile stands."""
    (source,) = sources("<stdin>", text)
    position = source.locate(source.text.index(word))
    return position.line, position.column


def test_block_scalar() -> None:
    (source,) = sources("<stdin>", BLOCK)
    assert source.text == ".:53 {\n    prometeus\n}\n"
    assert source.name == "Corefile"
    position = source.locate(source.text.index("prometeus"))
    assert position == ("<stdin>", 5, 9, "        prometeus", "ConfigMap kube-system/coredns, key Corefile, line 2")


@pytest.mark.parametrize(
    ("scalar", "expected"),
    [
        ("|-\n    a {\n      b\n    }", (5, 7)),
        ("|2\n    a {\n      b\n    }", (5, 7)),
        ("| # comment b\n\n\n    a {\n\n      b\n    }", (8, 7)),
        (">-\n    a {\n      b\n    }", (5, 7)),
        ('"a {\\n  b\\n}\\n"', (3, 21)),
        ('"a {\\n\\\n    \\  b\\n}\\n"', (4, 8)),
        ('"\\u0061 {\\n\\t\\x62\\n}"', (3, 26)),
        ('"a\n    {\n\n    b\n\n    }"', (6, 5)),
        ("'a {\n\n    b ''x''\n\n    }'", (5, 5)),
        ("a b", (3, 15)),
        ("&anchor |\n    a\n    b\n", (5, 5)),
        ("|2-\n      a {\n      b\n    }", (5, 7)),
        ("|+4 # b\n      b\n\n", (4, 7)),
        (">\n    a {\n\n      b\n\n    }\n", (6, 7)),
        (">1+\n   b\n", (4, 4)),
        ("|-\n\n\n    b", (6, 5)),
        ('!!str "b"', (3, 20)),
        ('&b "a b"', (3, 19)),
        ("&b\n    b", (4, 5)),
        ("!b # b\n    'a b'", (4, 8)),
        ("&b !!str |\n    a\n    b", (5, 5)),
        ('"a\n\n    \\tb"', (5, 7)),
        ('"\\U0001F600\\N\\_b"', (3, 28)),
        ("'a\n    b'", (4, 5)),
        ("a\n    b", (4, 5)),
    ],
)
def test_scalars_of_every_style(scalar: str, expected: tuple[int, int]) -> None:
    for end in ("\n", "\r\n"):
        text = CONFIG_MAP.format(scalar).replace("\n", end)
        assert place(text, "b") == expected
    line, column = expected
    assert text.splitlines()[line - 1][column - 1 :].startswith(("b", "\\x62"))


def test_a_span_ends_where_its_last_word_does() -> None:
    for scalar, end in (
        ("|\n    a {$B}\n    c", (4, 11)),
        ('"a {$\\u0042}\\nc"', (3, 25)),
        ("'a {$B}\n\n    c'", (3, 20)),
    ):
        (source,) = sources("f", CONFIG_MAP.format(scalar))
        where = source.locate(source.text.index("}") + 1)
        assert (where.line, where.column) == end


@given(st.text(alphabet="ab{}# \n\t\"'\\é,:", min_size=1, max_size=40))
def test_words_of_a_quoted_scalar_are_found(corefile: str) -> None:
    import yaml

    data = {"kind": "ConfigMap", "data": {"Corefile": corefile + "END"}}
    for style in ('"', "'", "|", None):
        text = yaml.dump(data, default_style=style, width=20, allow_unicode=True)
        (source,) = sources("f", text)
        assert source.text == corefile + "END"
        position = source.locate(len(corefile))
        assert position.source_line[position.column - 1 :].startswith("END")


def test_json_and_lists_and_several_documents() -> None:
    json = '{"apiVersion": "v1", "kind": "ConfigMap", "data": {"Corefile": "a {\\n  b\\n}\\n"}}'
    assert place(json, "b") == (1, 72)
    listed = "kind: List\nitems:\n- kind: Secret\n- kind: ConfigMap\n  data:\n    Corefile: |\n      b\n"
    assert place(listed, "b") == (7, 7)
    assert place(f"kind: Service\n---\n{listed}---\n", "b") == (9, 7)


def test_crlf() -> None:
    assert place(BLOCK.replace("\n", "\r\n"), "prometeus") == (5, 9)


def test_a_plain_corefile_is_itself() -> None:
    (source,) = sources("Corefile", ".:53 {\n    kind: x\n}\n")
    assert source.embedding is None
    assert not is_manifest(source.text)


def test_other_manifests_hold_no_corefile() -> None:
    assert sources("f", "apiVersion: v1\nkind: Service\n") == []
    assert sources("f", "kind: ConfigMap\ndata: [x]\n") == []
    assert sources("f", "kind: ConfigMap\ndata:\n  Corefile: [x]\n") == []


CUSTOM = """---
kind: ConfigMap
metadata: {name: coredns-custom, namespace: kube-system}
data:
  log.override: |
    whoamy
  b.server: |
    b.test {
        erors
    }
"""


def findings(text: str) -> list[tuple[str, int, int]]:
    (found,) = find("f", text)
    program = expand(found.source, release=LATEST, environ={}, files=DictFiles(found.files))
    return [(f.coredns, *f.span.locate()[1:3]) for f in program.findings if f.span]


def test_custom_keys_are_files_beside_the_corefile() -> None:
    main = BLOCK.replace("prometeus", "import custom/*.override")
    main = main.replace("    }\n", "    }\n    import custom/*.server\n")
    assert findings(main + CUSTOM) == [
        ("custom/log.override:1 - Error during parsing: Unknown directive 'whoamy'", 18, 5),
        ("custom/b.server:2 - Error during parsing: Unknown directive 'erors'", 21, 9),
    ]
    assert [line for _, line, _ in findings(CUSTOM)] == [6, 9]


K3S = """kind: List
items:
- kind: ConfigMap
  metadata: {name: coredns, namespace: kube-system}
  data:
    Corefile: |
      .:53 {
          hosts /etc/coredns/NodeHosts
          import /etc/coredns/custom/*.override
      }
      import /etc/coredns/custom/*.server
    NodeHosts: |
      192.0.2.7 node-1
- kind: ConfigMap
  metadata: {name: coredns-custom, namespace: kube-system}
  data:
    a.override: logg
    db.example: "example. 60 IN A 192.0.2.1"
- kind: ConfigMap
  metadata: {name: coredns-custom, namespace: other}
  data:
    b.override: errors
"""


def test_additions_are_those_of_the_namespace() -> None:
    main, other = find("k3s.yaml", K3S)
    assert sorted(main.files) == ["NodeHosts", "custom/a.override", "custom/db.example"]
    assert main.files["NodeHosts"].locate(0)[:3] == ("k3s.yaml", 13, 7)
    assert (main.alone, other.alone, list(other.files)) == (False, True, ["custom/b.override"])


def test_a_corefile_that_is_made_up_imports_what_there_is() -> None:
    def made_up(*keys: str) -> list[str]:
        data = "".join(f"  {key}: errors\n" for key in keys)
        return [f.source.text for f in find("f", f"kind: ConfigMap\nmetadata: {{name: coredns-custom}}\ndata:\n{data}")]

    assert made_up("a.server") == ["import custom/*.server\n"]
    assert made_up("a.override") == [".:53 {\n    import custom/*.override\n}\n"]
    assert made_up("README") == []


def test_other_keys_of_the_config_map_are_files_too() -> None:
    text = BLOCK.replace("prometeus", "import more.conf").replace("kind:", "  more.conf: |\n    foo\nkind:")
    assert findings(text) == [("more.conf:1 - Error during parsing: Unknown directive 'foo'", 9, 5)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("kind: [\n", 2, 1),
        ("kind: a\n\tb: c\n", 2, 1),
        ("kind: a\nb: \x00\n", 2, 4),
        ("kind: *nothing\n", 1, 7),
        ("kind: " + "[" * 5000, 1, 206),
        ("kind: &a\n  items: [*a]\n", 2, 11),
    ],
)
def test_bad_yaml_is_a_finding_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(CorefileError) as caught:
        sources("f.yaml", text)
    (finding,) = caught.value.findings
    assert finding.span is not None
    assert finding.span.locate()[:3] == ("f.yaml", line, column)


def test_a_large_manifest_is_read_where_it_has_data_alone() -> None:
    """Ten thousand objects around a ConfigMap take no minutes: what has no `data` is not made into nodes."""
    service = "- kind: Service\n  metadata: {name: a}\n  spec:\n    clusterIP: 10.0.0.1\n"
    config_map = "- kind: ConfigMap\n  metadata: {name: coredns}\n  data:\n    Corefile: |\n      b\n"
    text = f"kind: List\nitems:\n{service * 10_000}{config_map}{service * 10_000}"
    assert place(text, "b") == (40_007, 7)
    (node,) = nodes(text, _DATA)
    assert node.fields()["kind"].text == "ConfigMap"


@given(st.text(alphabet="kind: -[]{}&*a\n|>'\"#!%\t,?", max_size=60))
def test_no_yaml_is_a_traceback(text: str) -> None:
    refused = None
    try:
        sources("f", "kind: ConfigMap\n" + text)
    except CorefileError as error:
        refused = error.findings[0]
    assert refused is None or refused.span is not None


def test_the_work_for_many_maps_grows_with_their_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of 1,000 ConfigMaps is compared with nothing but additions: the kind is work for each pair of files."""
    compared = []
    monkeypatch.setattr(configmap, "distance", lambda one, other: compared.append(one) or 1)
    maps = [one for n in range(50) for one in configmap.config_maps(f"{n}/cm.yaml", BLOCK)]
    assert len(configmap.together(maps)) == 50
    assert compared == []


def test_a_key_without_a_blank_behind_it() -> None:
    """YAML reads one word, and trips over the next line."""
    for text, line in (
        ("apiVersion:v1\nkind: ConfigMap\n", 1),
        ("kind: ConfigMap\nmetadata:\n  name:x\n  namespace: y\n", 3),
    ):
        with pytest.raises(CorefileError) as caught:
            configmap.config_maps("x.yaml", text)
        (one,) = caught.value.findings
        assert (one.code, one.span and one.span.line) == ("bad-yaml", line)
        assert one.hint.startswith("write a blank behind the `:`, as in `")


@pytest.mark.parametrize("data", ["", "data: {x: y}\n"])
def test_a_corefile_among_octets(data: str) -> None:
    """`kubectl create configmap --from-file` keeps a text of PowerShell so, which is UTF-16."""
    octets = base64.b64encode(". {\r\n    erors\r\n}\r\n".encode("utf-16")).decode()
    text = f"kind: ConfigMap\n{data}binaryData:\n  other: AAEC\n  Corefile: {octets}\n  Corefile.bad: '?'\n"
    (found,) = configmap.find("x.yaml", text)
    assert "\0" in found.source.text
    assert found.source.locate(0)[1:3] == (4 + bool(data), 13)


def test_a_line_that_is_indented_less_than_its_text() -> None:
    head = "kind: ConfigMap\ndata:\n  Corefile: |\n    . {\n        errors\n"
    for line, words in (
        ("  forward . 10.0.0.1\n    }\n", "indented less than the text above"),
        ("  other\n", "indented less than the text above"),
        ("x\n", "there is no `:` behind this key"),
    ):
        with pytest.raises(CorefileError) as caught:
            configmap.config_maps("x.yaml", head + line)
        (one,) = caught.value.findings
        assert (words in one.message, one.span and one.span.line) == (True, 6)


def test_keys_beside_a_corefile_are_no_corefiles() -> None:
    """CoreDNS is started with the one of that name; a backup may stand before it or behind it."""
    for keys in (("Corefile", "Corefile.bak"), ("Corefile.bak", "Corefile")):
        text = "kind: ConfigMap\ndata:\n" + "".join(f"  {key}: '{key}. {{}}'\n" for key in keys)
        assert [found.source.text for found in configmap.find("x.yaml", text)] == ["Corefile. {}"]


@pytest.mark.parametrize("key", ["coredns.conf", "corefile", "Core-file", "prod.corefile"])
def test_keys_that_are_nearly_corefiles(key: str) -> None:
    text = f"kind: ConfigMap\ndata:\n  {key}: '. {{}}'\n"
    assert [found.source.text for found in configmap.find("x.yaml", text)] == [". {}"]
