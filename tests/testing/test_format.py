"""The format of resolution tests: what is wrong with a file is said in words, with its line and column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corefile.language import documents
from corefile.testing.cases import run
from corefile.testing.format import BadTest, place_of, read, seconds

HEAD = "corefile: |\n  .:53 {\n      whoami\n  }\n"


def test_the_places_of_many_steps_are_found_in_one_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, read_texts = tmp_path / "dns.yaml", []
    path.write_text(HEAD + "steps:\n" + "- query: a.b. A\n  expect: {rcode: NXDOMAIN}\n" * 5, encoding="utf-8")
    parsed = documents._parsed

    def counted(text: str, *arguments: Any, **options: Any) -> Iterator[documents.Node]:
        read_texts.append(text)
        return parsed(text, *arguments, **options)

    monkeypatch.setattr(documents, "_parsed", counted)
    result = run(str(path))
    assert [step["place"] for step in result["steps"]] == [(line, 3) for line in range(6, 16, 2)]
    assert read_texts.count(path.read_text(encoding="utf-8")) <= 3


@pytest.mark.parametrize(
    ("text", "value"),
    [("2s", 2), ("1m30s", 90), ("500ms", 0.5), ("1h", 3600), ("1.5s", 1.5), (".5s", 0.5), (3, 3), (0.3, 0.3)],
)
def test_times(text: object, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "soon", "1x", "1s 2s", "-1s", "1.2.3s", "s", True])
def test_what_is_no_time(text: object) -> None:
    with pytest.raises(BadTest, match="is not a time"):
        seconds(text)


@pytest.mark.parametrize(
    ("rest", "place", "words"),
    [
        ("stps: []", (5, 1), "`stps` is not known here: did you mean `steps`?"),
        ("steps: {query: a.b.}", (5, 1), "`steps` is a list, not a mapping"),
        ("steps: [a.b.]", (5, 9), "an item of `steps` is a mapping with keys such as query, get, metrics"),
        ("steps:\n- qery: a.b. A", (6, 3), "`qery` is not known here: did you mean `query`?"),
        (
            "steps:\n- about: nothing",
            (6, 3),
            "a step has exactly one of query, get, metrics, names, write, apply, delete, upstream, store",
        ),
        (
            "steps:\n- {query: a.b., get: ':8080/health'}",
            (6, 3),
            "a step has exactly one of query, get, metrics, names, write, apply, delete, upstream, store",
        ),
        ("steps:\n- query: a\\ b. A", (6, 3), "`a\\` is cut at a blank: in a name, `\\032` stands for one"),
        ("steps:\n- query: a.b. AX", (6, 3), "`AX` is no record type; a query is NAME [CLASS] [TYPE]"),
        ("steps:\n- query: a.b. XX A", (6, 3), "`XX` is no class; a query is NAME [CLASS] [TYPE]"),
        ("steps:\n- query: [a.b.]", (6, 3), "a query is NAME [CLASS] [TYPE], such as `www.example.com. A`"),
        ("steps:\n- query: a.b.\n  after: soon", (7, 3), "`soon` is not a time (such as 2s, 1m30s or 500ms)"),
        ("steps:\n- query: a.b.\n  timeout: long", (7, 3), "`long` is not a time (such as 2s, 1m30s or 500ms)"),
        (
            "steps:\n- query: a.b.\n  flags: rd xx",
            (7, 3),
            "`xx` is no flag of a header (qr, aa, tc, rd, ra, ad, cd, or none)",
        ),
        (
            "steps:\n- query: a.b.\n  transport: dup",
            (7, 3),
            "`dup` is not one of udp, tcp, tls, https, https3, quic, grpc: did you mean `udp`?",
        ),
        (
            "steps:\n- query: a.b.\n  opcode: ASK",
            (7, 3),
            "`ASK` is no opcode (QUERY, IQUERY, STATUS, NOTIFY, UPDATE or a number)",
        ),
        (
            "steps:\n- query: a.b.\n  from: me",
            (7, 3),
            "`me` is not an address (such as 10.0.0.53, 10.0.0.53:5353 or '[fd00::1]:53')",
        ),
        ("steps:\n- query: a.b.\n  edns: {upd: 1}", (7, 10), "`upd` is not known here: did you mean `udp`?"),
        ("steps:\n- query: a.b.\n  edns: {udp: much}", (7, 10), "`much` is not a whole number"),
        ("steps:\n- query: a.b.\n  edns: {subnet: here}", (7, 10), "`here` is not a network (such as 192.0.2.0/24)"),
        (
            "steps:\n- query: a.b.\n  edns: {options: {3: xyz}}",
            (7, 20),
            "`xyz` is not hexadecimal (such as 00ff, in quotes)",
        ),
        (
            "steps:\n- query: a.b.\n  expect: {rcod: NOERROR}",
            (7, 12),
            "`rcod` is not known here: did you mean `rcode`?",
        ),
        (
            "steps:\n- query: a.b.\n  expect: {rcode: NODATA}",
            (7, 12),
            "`NODATA` is no response code: write `rcode: NOERROR` with `answer: []`",
        ),
        (
            "steps:\n- query: a.b.\n  expect: {answer: a.b. 1 IN A 10.0.0.1}",
            (7, 12),
            "`answer` is a list: [a.b. 1 IN A 10.0.0.1]",
        ),
        (
            "steps:\n- query: a.b.\n  expect: [NOERROR]",
            (7, 3),
            "`expect` is a mapping with keys such as reply, rcode, flags",
        ),
        ("steps:\n- write: Corefile", (6, 3), "`write` is a mapping, such as {NAME: value}"),
        ("steps:\n- metrics: coredns_panics_total", (6, 3), "`metrics` is a list: [coredns_panics_total]"),
        ("coredns: 9.9.9", (5, 1), "CoreDNS has no release 9.9.9; the newest known is 1.14.7"),
        (
            "coredns: 1.14",
            (5, 1),
            "`1.14` is more than one release of CoreDNS: 1.14.0, 1.14.1, 1.14.2, 1.14.3, 1.14.4, 1.14.5, 1.14.6, 1.14.7; ",
        ),
        ("env: HOME", (5, 1), "`env` is a mapping, such as {NAME: value}"),
        ("files: {zone: [a]}", (5, 9), "`zone` is text, not a list"),
        ("addresses: 10.0.0.1", (5, 1), "`addresses` is a list: [10.0.0.1]"),
        (
            "upstreams: {dns: a.b. 1 IN A 10.0.0.1}",
            (5, 13),
            "`dns` is not an address (such as 10.0.0.53, 10.0.0.53:5353 or '[fd00::1]:53')",
        ),
        (
            "upstreams: {10.0.0.1: {fault: slow}}",
            (5, 24),
            "`slow` is not one of timeout, refused, unreachable, truncated",
        ),
        ("upstreams: {10.0.0.1: {rcode: OK}}", (5, 24), "`OK` is no response code (such as SERVFAIL)"),
        (
            "upstreams: {10.0.0.1: {files: {}}}",
            (5, 13),
            "an upstream is zone text, or has one of corefile, fault, rcode or istio",
        ),
        ("upstreams: {10.0.0.1: a.b. 1 IN A x}", (5, 13), "not records of a zone file, line 1: bad A A: 'x'"),
        ("upstreams: {10.0.0.1: ./gone}", (5, 13), "there is no file {folder}/gone"),
        ("cluster: ./gone.yaml", (5, 1), "there is no file {folder}/gone.yaml"),
        ("cluster: |\n  a: b", (6, 3), "a Kubernetes object needs a `kind`"),
        (
            "cluster: |\n  kind: Pod\n  metadata: {name: a}\n  status: [1]",
            (8, 3),
            "Pod a: `status` is a mapping, not a list",
        ),
        ("cluster: 'x: y'", (5, 11), "a Kubernetes object needs a `kind`"),
        ("cluster: gone", (5, 1), "not Kubernetes objects: 'gone' is neither a file nor Kubernetes objects"),
        ("client: " + "x" * 1000, (5, 1), f"`{'x' * 57}...` is not an address "),
        ("hostname: &a [*a]", (5, 15), "cannot be read: the value `&a` holds itself"),
        ("steps: [", (6, 1), "is not YAML: "),
        ("names:\n  a.b: 10.0.0.1\n  b.b: NODATA\n  a.b: 10.0.0.2", (8, 3), "`a.b` is there twice: also in line 6"),
        ("names:\n  a.b: [10.0.0.1, NODATA]", (6, 19), "`NODATA` stands alone, and not in a list"),
        ("names:\n  a.b: [10.0.0.1, no reply]", (6, 19), "`no reply` stands alone, and not in a list"),
        ("names:\n  a.b: {data: [1.2.3]}", (6, 16), "`1.2.3` is no data of A records"),
        (
            "steps:\n- query: a.b. AAAA\n  expect: {data: ['::1', 1.2.3.4]}",
            (7, 26),
            "`1.2.3.4` is no data of AAAA records",
        ),
        (
            "coredns: [1.9.3, 1.14.7]\nsteps:\n- query: a.b.\n  expect-for: {1.9.3: {data: [x]}}",
            (8, 31),
            "`x` is no data of A records",
        ),
    ],
)
def test_each_mistake_has_its_place_and_its_words(
    rest: str, place: tuple[int, int], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(f"{HEAD}{rest}\n", encoding="utf-8")
    result = run(str(path))
    assert (result["passed"], result["place"]) == (False, place)
    expected = words.replace("{folder}", str(tmp_path))
    assert result["problem"] == expected or (
        words.endswith((": ", "; ", "address ")) and result["problem"].startswith(expected)
    )


@pytest.mark.parametrize(
    ("rest", "place", "line"),
    [
        ("steps:\n- query: a.b.\n  query: b.b.", (7, 3), 6),
        ("upstreams:\n  10.0.0.1: ''\n  10.0.0.2: ''\n  10.0.0.1: a. 1 IN A 10.0.0.1", (8, 3), 6),
        ("files: {a: x, b: y, 'a': z}", (5, 21), 5),
        ("steps: []\nnames: {}\nsteps: []", (7, 1), 5),
        ('names: {"1": NODATA, b: NODATA, 1: NXDOMAIN, b: NODATA}', (5, 33), 5),
    ],
)
def test_a_key_is_there_once_wherever_it_is(rest: str, place: tuple[int, int], line: int, tmp_path: Path) -> None:
    """The kind: what YAML readers take for the last of both, so that the other is lost without a word."""
    path = tmp_path / "x.yaml"
    path.write_text(f"{HEAD}{rest}\n", encoding="utf-8")
    result = run(str(path))
    assert (result["passed"], result["place"]) == (False, place)
    assert result["problem"].endswith(f" is there twice: also in line {line}")


def test_an_alias_is_no_second_key(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    text = f"{HEAD}steps:\n- query: a.b.\n  expect: &any {{compare: mentioned}}\n- {{query: b.b., expect: *any}}\n"
    path.write_text(text, encoding="utf-8")
    assert run(str(path))["passed"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is not a resolution test: a mapping with `corefile` and `steps` is needed"),
        ("- a\n", "is not a resolution test: a mapping with `corefile` and `steps` is needed"),
        ("steps: []\n", "`corefile` is missing: the text of a Corefile, or its path"),
        ("corefile:\n", "`corefile` is missing: the text of a Corefile, or its path"),
        ("corefile: ./gone\n", "there is no file {folder}/gone"),
        ("corefile: prod.corefile\n", "there is no file {folder}/prod.corefile"),  # not the text of a Corefile
        ("corefile: ./service.yaml\n", "there is no Corefile in ./service.yaml"),
    ],
)
def test_files_that_are_no_tests(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "service.yaml").write_text("kind: Service\n", encoding="utf-8")
    assert run(str(tmp_path / "x.yaml"))["problem"] == words.replace("{folder}", str(tmp_path))


@pytest.mark.parametrize("key", ["files", "env"])
@pytest.mark.parametrize("value", ["true", "1.50", ".inf"])
def test_what_yaml_reads_as_another_value_is_no_text(key: str, value: str, tmp_path: Path) -> None:
    """The kind: text of which every character counts, and that Python would print otherwise than it was written."""
    path = tmp_path / "x.yaml"
    path.write_text(f"corefile: |\n  . {{\n    whoami\n  }}\n{key}: {{a: {value}}}\nsteps: [{{query: a}}]\n")
    assert run(str(path))["problem"] == "YAML reads this as a value of its own, not as text: put it in quotes"
    path.write_text(f"corefile: |\n  . {{\n    whoami\n  }}\nsteps: [{{write: {{a: {value}}}}}]\n")
    assert run(str(path))["problem"] == "YAML reads this as a value of its own, not as text: put it in quotes"
    path.write_text("corefile: |\n  . {\n    whoami\n  }\nsteps: [{write: {a: 5, b: null, c: '1.50'}}, {query: a}]\n")
    assert run(str(path))["problem"] is None


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("tsig: {name: k.}", "`secret` is missing: the key, in base64"),
        ("tsig: {name: null, secret: c2VjcmV0}", "`name` is missing: what the key is called"),
        ("tsig: {name: k., secret: a}", "the secret of the key k. is no base64, such as c2VjcmV0"),
        ("edns: {udp: 65536}", "`65536` is not a number from 0 to 65535"),
        ("edns: {version: -1}", "`-1` is not a number from 0 to 255"),
        ("edns: {options: {3: null}}", "`null` is not hexadecimal (such as 00ff, in quotes)"),
        ("edns: {udp: null, version: null, options: null}", None),
    ],
)
def test_how_a_query_is_sent(how: str, problem: str | None, tmp_path: Path) -> None:
    """The kind: values that only fail, or count as others, when the query is made."""
    path = tmp_path / "x.yaml"
    path.write_text(f"corefile: |\n  . {{\n    whoami\n  }}\nsteps: [{{query: a, {how}}}]\n", encoding="utf-8")
    assert run(str(path))["problem"] == problem


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(BadTest, match="cannot be read: No such file or directory"):
        read(str(tmp_path / "gone.yaml"))


def test_places_lead_to_keys_and_items(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\nb:\n- c: 2\n- d:\n    e: 3\n", encoding="utf-8")
    assert place_of(str(path), ("b", 1, "d", "e")) == (5, 5)
    assert place_of(str(path), ("b", 0)) == (3, 3)
    assert place_of(str(path), ("gone",)) == (1, 1)
    assert place_of(str(path), ()) is None
    assert place_of(str(tmp_path / "gone"), ("a",)) is None
