"""Directives that a release does not have."""

from corefile import checks
from corefile.releases import find
from corefile.releases.external import with_plugins

from ..programs import body, error, run


def test_a_block_that_is_not_closed_does_not_spoil_the_next() -> None:
    program = run("a.test {\n whoami\n\nb.test {\n whoamy\n}\n")
    assert error(program) == "Corefile:4 - Error during parsing: Unknown directive 'b.test'"
    assert "not closed" in program.findings[0].hint
    assert [f.span.line for f in program.findings if f.span] == [4, 5]


def test_directives_of_other_releases_say_which() -> None:
    (removed,) = body("proxy . /etc/resolv.conf").findings
    assert (removed.code, removed.message) == ("removed-directive", "`proxy` was removed in CoreDNS 1.5.0")
    assert removed.hint == "use `forward . /etc/resolv.conf`, which takes the same arguments here"
    (newer,) = body("view x {\n}", release="1.9.3").findings
    assert newer.code == "newer-directive"
    assert "1.10.0" in newer.message
    assert not body("proxy . /etc/resolv.conf", release="1.2.2").findings


def test_the_successor_of_a_proxy_over_grpc_is_grpc() -> None:
    """`forward` does not speak it. Only the braces of that `proxy` count."""
    grpc = "proxy . 127.0.0.1:8053 {\n  protocol grpc insecure\n}"
    found = body(f"proxy a.test 10.0.0.1\n{grpc}\nproxy b.test 10.0.0.1 {{\n  policy random\n}}\n").findings
    assert [f.hint.split("`")[1] for f in found] == [
        "forward a.test 10.0.0.1",
        "grpc . 127.0.0.1:8053",
        "forward b.test 10.0.0.1",
    ]


def test_a_directive_that_a_plugin_cfg_leaves_out_is_neither_newer_nor_unknown() -> None:
    """What the release itself has is missing in the build alone; of all else the reason is the release's."""
    for release, told in (
        ("1.14.7", {"whoami": "not-built-in", "proxy": "removed-directive", "whoamy": "unknown-directive"}),
        ("1.9.3", {"whoami": "not-built-in", "view": "newer-directive"}),
    ):
        build = with_plugins(find(release), order=["errors", "mine", "forward"])
        found = checks(".:53 {\n" + "".join(f"    {name}\n" for name in told) + "}\n", release=build)
        assert {f.span.text: f.code for f in found if f.span and f.severity == "error"} == told
    assert found[0].message == "this build of CoreDNS 1.9.3 has no `whoami`: its plugin.cfg leaves it out"
    assert found[0].coredns == "Corefile:2 - Error during parsing: Unknown directive 'whoami'"


def test_builds_of_one_release_have_their_own_nearest_words() -> None:
    """What is kept for a word is kept for a build, not for its version."""
    for added, meant in (((), ""), (("sinkhole:forward",), "sinkhole"), ((), "")):
        (one,) = checks(".:53 {\n    sinkhol\n}\n", release=with_plugins(find("1.14.7"), added))
        assert (f"did you mean `{meant}`?" in one.hint) is bool(meant)


def test_a_brace_glued_to_a_word_is_named_where_it_matters() -> None:
    first = run(".:53 {\n    kubernetes cluster.local ip6.arpa{\n        pods insecure\n    }\n}\n").findings[0]
    assert first.code == "unknown-directive"
    assert first.hint == "a `{` opens a block only as a word of its own: put a space before it"
    assert [span.text for span, _ in first.related] == ["ip6.arpa{"]


def test_what_was_meant_is_data() -> None:
    """The directives of the release are the choices, and the one that was meant is written by the edit of the hint."""
    found = body("whoamy\nWhoami\nproxy . 10.0.0.1\nmultisocket 2\nhosts{\n}", release="1.9.3").findings
    order = find("1.9.3").order
    assert [(f.code, f.choices == order) for f in found] == [
        ("unknown-directive", True),
        ("unknown-directive", True),
        ("removed-directive", False),
        ("newer-directive", False),
        ("unknown-directive", True),
    ]
    assert [(f.hint.split("`")[0], f.fix and f.fix.edits[0][1]) for f in found] == [
        ("did you mean ", "whoami"),
        ("directives are in lower case: ", "whoami"),
        ("use ", "forward"),
        ("", None),
        ("put a space before the ", " "),
    ]
