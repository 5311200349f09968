"""Cures cure: where a finding says what to write, and that is text, the finding goes when it is written."""

from __future__ import annotations

import pytest

from corefile.findings import Finding
from corefile.lint import checks
from corefile.lint.cures import applied
from corefile.lint.explanations import all_explanations, findings_in, findings_of
from corefile.world import World

from .defaults import all_defaults
from .mutations import all_mutations

EXPLAINED = all_explanations()
DEFAULTS = all_defaults()


def same(finding: Finding, found: list[Finding]) -> list[Finding]:
    """The findings that say the same of the same kind of place."""
    return [f for f in found if (f.code, f.message, f.coredns) == (finding.code, finding.message, finding.coredns)]


@pytest.mark.parametrize("code", [c for c, e in EXPLAINED.items() if "kind:" not in e["corefile"]])
def test_cures_of_the_examples(code: str) -> None:
    explanation = EXPLAINED[code]
    for finding in findings_of(explanation):
        if finding.fix is not None and finding.span is not None:
            text = applied(explanation["corefile"], finding.span.source, finding.fix)
            assert text != explanation["corefile"]
            assert not same(finding, findings_in(explanation, text)), text


def test_cures_of_usual_mistakes() -> None:
    """Of the mutations of usual Corefiles most have a cure that is text, and what CoreDNS says first goes with it."""
    cured, refused = 0, 0
    for name, kind, text in all_mutations():
        files = DEFAULTS[name].beside
        found = checks(text, world=World(files=files))
        first = next((f for f in found if f.severity == "error"), None)
        refused += first is not None
        for finding in found:
            if finding.fix is None or finding.span is None:
                continue
            cured += finding is first
            mended = applied(text, finding.span.source, finding.fix)
            again = checks(mended, world=World(files=files))
            assert not same(finding, again), f"{kind} in {name}:\n{mended}"
    assert cured > 0.6 * refused


MISTAKES = {
    "a glued brace": (".:53{\n    whoami\n}\n", "put a space before the `{`"),
    "a glued brace behind an address": (". {\n    forward . 1.1.1.1{\n        max_fails 3\n    }\n}\n", "put a space"),
    "a glued brace behind a directive": (". {\n    errors{\n    }\n    whoami\n}\n", "put a space"),
    "an address in a key": (".:127.0.0.9:53 {\n    whoami\n}\n", "`bind 127.0.0.9` in the block"),
    "an address in a key, without a port": (".:127.0.0.9 {\n    whoami\n}\n", "`bind 127.0.0.9` in the block"),
    "a port for several zones": ("a b :5354 {\n    whoami\n}\n", "`a:5354 b:5354`"),
    "a port alone": (":5354 {\n    whoami\n}\n", "`.:5354`"),
    "other comments": (". {\n    // nothing\n    whoami\n}\n", "comments begin with `#`"),
    "other quotes": (". {\n    forward . '10.0.0.1'\n}\n", 'quotes are `"`'),
    "a dot that is glued": (". {\n    forward ./etc/resolv.conf\n}\n", "a blank behind the `.`"),
    "upper case": (". {\n    ERRORS\n    whoami\n}\n", "lower case"),
    "a comma": ("a.b, {\n    whoami\n}\n", "delete the comma"),
    "a lost brace": (". {\n    cache {\n        success 2048\n    whoami\n}\n", "missing above it"),
    "a lost brace at the end": (". {\n    whoami\n", ""),
    "a quote": ('. {\n    log . "{remote}\n    whoami\n}\n', 'close it with another `"`'),
    "a word": (". {\n    prometeus :9153\n    whoami\n}\n", "did you mean `prometheus`?"),
    "a zone with a star": ("*.a.b {\n    whoami\n}\n", "`a.b`"),
    "a unit behind seconds": (". {\n    hosts {\n        10.0.0.1 a\n        ttl 1h\n    }\n}\n", "write `3600`"),
    "a port alone where an address belongs": (". {\n    prometheus 9153\n    whoami\n}\n", "write `:9153`"),
    "a port in bind": (".:53 {\n    bind 127.0.0.1:53\n    whoami\n}\n", "write `127.0.0.1`"),
    "semicolons": (". {\n    errors;\n    whoami;\n}\n", "lines end without a `;`"),
    "commas": (". {\n    forward . 10.0.0.53, 10.0.0.54,10.0.0.55\n}\n", "between words is a blank"),
    "another comment behind a line": (". {\n    forward . 10.0.0.53 // the upstream\n}\n", "comments begin with `#`"),
    "no zone": (". {\n    forward 10.0.0.53\n}\n", "write `. 10.0.0.53`"),
    "a property behind its directive": (".:53 {\n    health :8080 lameduck 5s\n    whoami\n}\n", "is a property"),
    "a property as a zone": (". {\n    cache 30 keepttl\n    whoami\n}\n", "in the braces of `cache`"),
    "a brace on the line below": (
        ". {\n    forward . 10.0.0.53\n    {\n        max_fails 2\n    }\n}\n",
        "on the same line",
    ),
    "a brace below a directive that may stand alone": (
        ". {\n    hosts\n    {\n        10.0.0.1 a\n    }\n}\n",
        "on the same line",
    ),
    "a function without parentheses": (
        ". {\n    view v {\n        expr incidr(client_ip, '10.0.0.0/8')\n    }\n    whoami\n}\n",
        "write `client_ip()`",
    ),
    "a network without quotes": (
        ". {\n    view v {\n        expr incidr(client_ip(), 10.0.0.0/8)\n    }\n    whoami\n}\n",
        "write `'10.0.0.0/8'`",
    ),
    "one `=`": (". {\n    view v {\n        expr type() = 'A'\n    }\n    whoami\n}\n", "write `==`"),
    "a function misspelt": (
        ". {\n    view v {\n        expr tpye() == 'A'\n    }\n    whoami\n}\n",
        "did you mean `type`?",
    ),
    "a record without quotes": (
        ". {\n    template IN ANY {\n        answer {{ .Name }} 60 IN A 10.0.0.1\n    }\n}\n",
        'write `"{{ .Name }} 60 IN A 10.0.0.1"`',
    ),
    "a record in other quotes": (
        ". {\n    template IN ANY {\n        answer '{{ .Name }} 60 IN A 10.0.0.1'\n    }\n}\n",
        'write `"{{ .Name }} 60 IN A 10.0.0.1"`',
    ),
    "a record in quotes of Go": (
        ". {\n    template IN ANY {\n        answer `{{ .Name }} 60 IN A 10.0.0.1`\n    }\n}\n",
        'write `"{{ .Name }} 60 IN A 10.0.0.1"`',
    ),
    "a record in quotes of a text processor": (
        ". {\n    template IN ANY {\n        answer \u201c{{ .Name }} 60 IN A 10.0.0.1\u201d\n    }\n}\n",
        'write `"{{ .Name }} 60 IN A 10.0.0.1"`',
    ),
    "a type misspelt": (
        ". {\n    acl {\n        block type AAAAA net 10.0.0.0/8\n    }\n    whoami\n}\n",
        "did you mean `AAAA`?",
    ),
    "a zone with a dot before it": (
        ". {\n    kubernetes .cluster.local\n}\n",
        "write `cluster.local`",
    ),
    "a response code misspelt": (
        ". {\n    template IN TXT {\n        rcode REFUSD\n    }\n    whoami\n}\n",
        "did you mean `REFUSED`?",
    ),
    "a class by its long name": (". {\n    rewrite class CHAOS IN\n    whoami\n}\n", "write `CH`"),
    "a rule of rewrite without its kind": (". {\n    rewrite a.test b.test\n    whoami\n}\n", "write `name a.test`"),
    "a way to match misspelt": (
        ". {\n    rewrite name sufix .a.test .b.test\n    whoami\n}\n",
        "did you mean `suffix`?",
    ),
    "a policy misspelt": (". {\n    loadbalance roundrobin\n    whoami\n}\n", "did you mean `round_robin`?"),
    "a level misspelt": (
        '. {\n    errors {\n        consolidate 5m ".*" warn\n    }\n    whoami\n}\n',
        "did you mean `warning`?",
    ),
    "a transport that is none": (". {\n    forward . tcp://10.0.0.53\n}\n", "write `10.0.0.53`"),
    "a transport without slashes": (". {\n    forward . tls:10.0.0.53\n}\n", "write `tls://10.0.0.53`"),
    "a list of YAML": (". {\n    - errors\n    - whoami\n}\n", "without a `-`"),
    "an answer behind a name": (
        ". {\n    rewrite name a.test b.test answer name b.test a.test\n    whoami\n}\n",
        "`name exact FROM TO`",
    ),
    "an equals sign": (". {\n    cache = 30\n    whoami\n}\n", "write `30`"),
    "square brackets": (".:53 [\n    whoami\n]\n", "not in `[` and `]`"),
    "a port that is missing": (". {\n    ready 0.0.0.0\n    whoami\n}\n", "write `0.0.0.0:8181`"),
    "a URL where an address belongs": (
        ". {\n    prometheus http://0.0.0.0:9153/\n    whoami\n}\n",
        "write `0.0.0.0:9153`",
    ),
    "servers in quotes": ('. {\n    forward . "10.0.0.53 10.0.0.54"\n}\n', "in quotes they are one word"),
    "a server with a dot": (". {\n    forward . 10.0.0.53.\n}\n", "write `10.0.0.53`"),
    "an address as a zone": ("0.0.0.0:53 {\n    whoami\n}\n", "write `.:53`"),
    "a transport without its colon": ("dns//a.test {\n    whoami\n}\n", "write `dns://a.test`"),
    "a reverse zone": ("ipv6.arpa {\n    whoami\n}\n", "write `ip6.arpa`"),
    "an address with a letter": (". {\n    forward . 10.0.0.53x\n}\n", "did you mean `10.0.0.53`?"),
    "a name before the port": (".:dns0:53 {\n    whoami\n}\n", "write `.:53`"),
    "two reverse zones in one": ("in-addr.arpaip6.arpa {\n    whoami\n}\n", "write `in-addr.arpa ip6.arpa`"),
    "a network that a client is in": (
        ". {\n    view v {\n        expr client_ip() in '10.0.0.0/8'\n    }\n    whoami\n}\n",
        "write `incidr(client_ip(), '10.0.0.0/8')`",
    ),
    "a prefix without its length": (". {\n    dns64 64:ff9b::\n    whoami\n}\n", "write `64:ff9b::/96`"),
    "an arrow": (". {\n    rewrite name a.test -> b.test\n    whoami\n}\n", "delete the `->`"),
    "a path in a key": ("dns://.:53/dns-query {\n    whoami\n}\n", "a key has no path"),
    "a zone that begins with a dot": (
        ". {\n    acl .test {\n        block\n    }\n    whoami\n}\n",
        "write `test`",
    ),
    "a format": (". {\n    log . {remote} {name}\n    whoami\n}\n", '`"{remote} {name}"`'),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_cure_leaves_nothing_wrong(what: str) -> None:
    text, words = MISTAKES[what]
    (finding,) = [f for f in checks(text) if f.fix is not None]
    assert words in " ".join((finding.hint, finding.label, *(label for _, label in finding.related)))
    assert finding.fix is not None
    assert finding.span is not None
    mended = applied(text, finding.span.source, finding.fix)
    assert [f for f in checks(mended) if f.severity != "notice"] == [], mended


def test_words_that_are_no_text() -> None:
    (several,) = checks(". {\n forward . {$UP}\n}\n", world=World(env={"UP": "10.0.0.1 10.0.0.2"}))
    assert "its value has 2" in several.hint
    (zone,) = checks(". {\n forward . fe80::1%eth0\n}\n", release="1.6.5")
    assert "since CoreDNS 1.6.7" in zone.hint
    (port,) = checks(". {\n forward . tls://[2001:db8::1]\n}\n", release="1.8.6")
    assert "`tls://[2001:db8::1]:853`" in port.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (". {\n header {\n set ra\n }\n whoami\n}\n", "write `response set ra`"),
        (". {\n header {\n clear aa # x\n }\n whoami\n}\n", "write `response clear aa`"),
        (". {\n auto {\n directory x\n no_reload\n }\n}\n", "write `reload 0`"),
        (
            ". {\n file db {\n transfer to *\n }\n}\n",
            "delete it, and add the directive `transfer` to the server block, with `to *` in its braces",
        ),
        (". {\n kubernetes cluster.local {\n upstream\n }\n}\n", "remove this line"),
    ],
)
def test_what_takes_the_place_of_a_property_that_was_removed(text: str, hint: str) -> None:
    (one,) = [f for f in checks(text) if f.code == "removed-property"]
    assert one.hint == hint
    if one.fix is not None:
        assert not [f for f in checks(applied(text, one.span.source, one.fix)) if f.severity == "error"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n whoami\n}\n// a note\n",  # CoreDNS starts with a block for the zones `//`, `a` and `note`
        "// a note\n. {\n whoami\n}\n",
        ". {\n whoami\n // a note {\n}\n",
    ],
)
def test_comments_of_other_languages(text: str) -> None:
    (one,) = checks(text)
    assert "`#`" in one.hint
    assert one.fix is not None
    assert one.span is not None
    assert checks(applied(text, one.span.source, one.fix)) == []


@pytest.mark.parametrize(
    "lines",
    ["file db a.b", "forward . 10.0.0.1 {\n max_fails 1\n }", "file db a.b\n cache 30"],
)
def test_a_directive_in_the_braces_of_another_one_is_moved_where_no_brace_is_missing(lines: str) -> None:
    text = f". {{\n view a {{\n expr true\n {lines}\n }}\n whoami\n}}\n"
    (one,) = [f for f in checks(text) if f.severity == "error"]
    assert one.hint.endswith("is a directive of its own: write it behind the `}` of `view`")
    assert one.fix is not None
    assert one.span is not None
    assert not [f for f in checks(applied(text, one.span.source, one.fix)) if f.severity == "error"]


def test_comments_of_other_languages_hide_nothing() -> None:
    text = ". {\n // a note\n mine\n // of mine\n whoami\n}\na.b {\n // more\n errorz\n}\n"
    assert [(f.span and f.span.line, f.hint.partition(":")[0]) for f in checks(text)] == [
        (2, "comments begin with `#`"),
        (3, "if the image has it"),
        (4, "comments begin with `#`"),
        (8, "comments begin with `#`"),
        (9, "did you mean `errors`?"),
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            '. {\n template IN A {\n answer "{{ randInt 1 2 }}"\n }\n}\n',
            "there is no `randInt`: templates have Go's own functions and `parseInt`",
        ),
        (
            ". {\n auto {\n directory z db(.*) {1} 10\n }\n}\n",
            "delete the fourth: how often it is looked at, the property `reload` says",
        ),
    ],
)
def test_arguments_of_other_times_and_places(text: str, hint: str) -> None:
    assert hint in [f.hint for f in checks(text)]


def test_words_before_the_first_block_are_shown_as_its_beginning() -> None:
    (one,) = checks("a note of mine\n\n.:53 {\n whoami\n}\n")
    assert [(span.line, words) for span, words in one.related] == [(1, "it begins here, without a `{`")]


PLACES = [
    ("acl {\n  block type FOO net 10.0.0.0/8\n }", "3:14 FOO"),
    ("acl {\n  block net AA net 10.0.0.0/8 AA\n }", "3:13 AA"),
    ("acl {\n  block any any\n }", "3:9 any"),
    ("auto {\n  directory z db(.*) {1} 10\n }", "3:26 10"),
    ("cache {\n  serve_stale 1h verify 1 1s\n }", "3:25 1"),
    ("errors {\n  consolidate 5m .* 5m show_first\n }", "3:21 5m"),
    ("errors {\n  consolidate 5m .* info debug\n }", "3:26 debug"),
    ("etcd {\n  credentials user\n }", "3:3 credentials"),
    ("file db {\n  transfer in in\n }", "3:12 in"),
    ("forward . 10.0.0.53 {\n  health_check 5s fast\n }", "3:19 fast"),
    ("forward . 10.0.0.53 {\n  max_age 5s\n }", "3:11 5s"),
    ("header {\n  query set ra query ra\n }", "3:16 query"),
    ("header {\n  query query ra\n }", "3:9 query"),
    ("header {\n }", "2:2 header"),
    ("health *:80", "2:9 *:80"),
    ("kubernetes {\n  transfer in in\n }", "3:12 in"),
    ("loadbalance b b {\n }", "2:14 b"),
    ("loadbalance a b c", "2:18 c"),
    ("multisocket many", "2:14 many"),
    ("nomad {\n  address http://a^b\n }", "3:11 http://a^b"),
    ("rewrite answer a b", "2:10 answer"),
    ("secondary {\n }", "2:2 secondary"),
    ("secondary {\n  transfer from x x\n }", "3:17 x"),
    ("template IN A {\n  ederror word word\n }", "3:11 word"),
    ("trace a b c", "2:12 c"),
    ("transfer {\n }", "2:2 transfer"),
    ("view v {\n  expr colour() == 'blue'\n }", "3:8 colour"),
]


@pytest.mark.parametrize(("lines", "place"), PLACES)
def test_the_place_of_an_argument_is_its_own_word(lines: str, place: str) -> None:
    """Also where CoreDNS complains only once it has read further, or the same word stands twice on the line."""
    release = {"file": "1.7.0", "kubernetes": "1.7.0", "loadbalance a": "1.7.0"}
    version = next((v for start, v in release.items() if lines.startswith(start)), "1.14.7")
    found = [f for f in checks(f". {{\n {lines}\n}}\n", release=version) if f.severity == "error"]
    shown = [(f.span.locate(), f.span.text) for f in found if f.span is not None]
    assert [f"{at.line}:{at.column} {text}" for at, text in shown][:1] == [place]


def test_a_server_in_an_expression_that_is_right_in_other_quotes_is_not_to_be_written_otherwise() -> None:
    """Expressions have quotes of their own: that `"` are those of a Corefile is no cure there."""
    (one,) = checks(". {\n view v {\n  expr nonsense() == 'a.'\n }\n whoami\n}\n")
    assert "quotes are" not in one.hint


@pytest.mark.parametrize(
    "expression",
    [
        "colour() == 'a type b'",
        "colour() == 'x' || client_ip() in '10.0.0.0/8'",
        "name() + 1 == 'a type b'",
        "\"name() matches '[ a type '\"",
        "len() == 1 && 'the type of' == name()",
    ],
)
def test_what_is_wrong_elsewhere_in_an_expression_is_no_function_and_no_network(expression: str) -> None:
    """A cure is for what the language refuses, and not for what looks alike in the same expression."""
    (one,) = checks(f". {{\n view v {{\n  expr {expression}\n }}\n whoami\n}}\n")
    assert (one.code, one.hint, one.fix) == ("invalid-argument", "", None)


@pytest.mark.parametrize("expression", ["class() == 'IN' && type == 'A'", "!do", "len(name) == 1", "do ? true : false"])
def test_a_function_without_brackets_is_named_wherever_it_stands(expression: str) -> None:
    (one,) = checks(f". {{\n view v {{\n  expr {expression}\n }}\n whoami\n}}\n")
    assert one.span is not None
    assert one.hint == f"write `{one.span.text}()`: it is a function"


@pytest.mark.parametrize(
    ("expression", "name", "said", "hint"),
    [
        ("incidr(client_ip(), '10.0.0.0/8', type)", "incidr", "`incidr` takes 2 arguments, not 3", "write `incidr("),
        ("do() && incidr(client_ip)", "incidr", "`incidr` takes 2 arguments, not 1", "write `incidr("),
        ("metadata(name, type) == 'x'", "metadata", "`metadata` takes 1 argument, not 2", "write `metadata('LABEL')`"),
        ("'a' in [name(type)]", "name", "`name` takes 0 arguments, not 1", "write `name()`"),
        ("len(name, 'x') == 1", "len", "invalid number of arguments (expected 1, got 2)", ""),
        ("split(type)", "split", "not enough arguments to call split", ""),
    ],
)
def test_a_wrong_number_of_arguments_is_said_of_the_function(expression: str, name: str, said: str, hint: str) -> None:
    """And not of what stands among them, though that may be a function without brackets."""
    (one,) = checks(f". {{\n view v {{\n  expr {expression}\n }}\n whoami\n}}\n")
    assert one.span is not None
    assert (one.message, one.span.text) == (f"view: the expression is wrong: {said}", name)
    assert one.hint.startswith(hint)
    assert bool(one.hint) == bool(hint)


@pytest.mark.parametrize(("line", "hints"), [("success 1h", [""]), ("denial 9 1m", ["write `60`"])])
def test_a_capacity_is_no_number_of_seconds(line: str, hints: list[str]) -> None:
    found = [f for f in checks(f". {{\n cache {{\n  {line}\n }}\n whoami\n}}\n") if f.code == "invalid-argument"]
    assert [f.hint.partition(":")[0] for f in found] == hints


def test_a_word_of_the_hint_is_no_choice() -> None:
    """Of what a hint says the words that it lists are choices, and not those of its sentence."""
    (one,) = checks(". {\n rewrite rcode name a.test SERVFAIL NXDOMAIN\n whoami\n}\n")
    assert (one.hint, one.fix) == ("names match exact, prefix, suffix, substring, regex", None)


def test_what_autopath_takes_for_a_file() -> None:
    (one,) = [f for f in checks(". {\n autopath kubernetes\n whoami\n}\n") if f.code == "missing-file"]
    assert (one.hint, one.span and one.span.text) == ("did you mean `@kubernetes`?", "kubernetes")


@pytest.mark.parametrize(
    "text",
    [
        "a.test, b.test {\n    whoami\n}\n",
        ". {\n    nsid one, two;\n    whoami\n}\n",
        ". {\n    rewrite name regex a{1,3}.test b.test\n    whoami\n}\n",
        ". {\n    view v {\n        expr incidr(client_ip(), '10.0.0.0/8') # a, b;\n    }\n    whoami\n}\n",
        '. {\n    errors {\n        consolidate 5m "a;b,c;"\n    }\n    log . "{name},{type};"\n    whoami\n}\n',
        ". { # a, b;\n    forward . tls://10.0.0.53 {\n        tls_servername a.test # c, d; // e\n    }\n}\n",
        '. {\n    template IN TXT {\n        match ^a{1,2}[.]\n        answer "a. 60 IN TXT a,b;"\n    }\n}\n',
    ],
)
def test_signs_that_are_no_foreign_ones(text: str) -> None:
    assert checks(text) == []


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("a.override", "a.test:53 {\n whoami\n}\n", "call this one `*.server`"),
        ("a.server", "hosts {\n 10.0.0.1 a\n}\n", "call this one `*.override`"),
    ],
)
def test_the_other_kind_of_additions_is_meant(name: str, text: str, hint: str) -> None:
    """What CoreDNS says of them is about braces, of which none is wrong."""
    corefile = ".:53 {\n import custom/*.override\n whoami\n}\nimport custom/*.server\n"
    (one,) = [f for f in checks(corefile, world=World(files={f"custom/{name}": text})) if f.severity == "error"]
    assert one.hint.endswith(hint) or hint in one.hint


def test_what_no_braces_would_mend() -> None:
    (one,) = checks(". {\n forward . 10.0.053\n}\n")
    assert "four numbers" in one.hint
    (two,) = checks(". {\n lameduck 5s\n whoami\n}\n")
    assert two.hint == "`lameduck` is a property of `health`: it stands in the braces of that directive"
    (three,) = checks(". {\n hosts {\n  10.0.0.1\n  fallthrough\n }\n whoami\n}\n")
    assert three.message == "`10.0.0.1` has no name behind it: CoreDNS ignores the line"
    (four, five) = checks(". {\n cache {\n  prefetch 1m 10\n }\n whoami\n}\n")
    assert (four.hint, five.hint) == ("", "write `10s` for seconds")


def test_a_cure_is_about_the_directive_of_the_finding() -> None:
    """Where a directive takes in the words of the next line, that line needs no zone."""
    found = checks(".:53 {\n root /no/such { er\n forward . 10.0.0.53\n}\n")
    assert not [f for f in found if "the zone stands first" in f.hint]
    (one, *_) = checks(". {\n rewrite st = op name a.test b.test\n whoami\n}\n")
    assert "delete the `=`" not in one.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (". {\n forward . 10.0.0.1 {\n  policy roun\n }\n}\n", "did you mean `round_robin`?"),
        (". {\n rewrite rcod a.test SERVFAIL NXDOMAIN\n whoami\n}\n", "did you mean `rcode`?"),
        (". {\n template IN ANY {\n  rcode nxdomain\n }\n}\n", "write `NXDOMAIN`"),
        (". {\n template in ANY {\n  rcode NXDOMAIN\n }\n}\n", "write `IN`"),
        (". {\n acl {\n  block type aaaa\n }\n whoami\n}\n", "write `AAAA`"),
        (
            '. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A 10.0.0.1" "{{ .Nam }} 60 IN A 10.0.0.2"\n }\n}\n',
            "did you mean `.Name`?",
        ),
        (
            '. {\n template IN ANY {\n  match ^ip-(?P<last>[0-9]+)\n  answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.lst }}"\n }\n}\n',
            "did you mean `.Group.last`?",
        ),
    ],
)
def test_what_a_hint_says_to_write_is_what_its_edit_writes(text: str, hint: str) -> None:
    """The words of which one should stand there, and the word to write, are data of a finding: neither is read out of its
    hint, which may list them or not, and the edit is about that word alone."""
    (one,) = checks(text)
    assert one.hint == hint
    assert one.fix is not None
    assert one.span is not None
    assert checks(applied(text, one.span.source, one.fix)) == []


@pytest.mark.parametrize(
    ("lines", "write"),
    [
        ("forward . [::1]", "[::1]:53"),
        ("forward . tls://[::1]", "tls://[::1]:853"),
        ("bind [::1]", "::1"),
        ("ready [::1]", "[::1]:8181"),
        ("forward . 10.0.0.1 {\n source_address [::1]\n }", "::1"),
        ("transfer {\n to [::1]\n }", "::1"),
        ("dns64 [64:ff9b::]", "64:ff9b::/96"),
        ("dns64 fe80", ""),
        ("acl {\n allow net [::1]\n }", ""),
        ("acl {\n allow net fe80::1%eth0\n }", ""),
        ("health [::1%lo]:8080", ""),
        ("template IN A {\n match %:(\n }", ""),
    ],
)
def test_an_address_is_mended_as_it_may_stand_there(lines: str, write: str) -> None:
    """Brackets, and the interface behind an address: who refuses the word knows what its place takes. A server is only one
    of the kinds of places where an address stands."""
    release = "1.8.6" if lines.startswith("forward . [") or "tls://" in lines else "1.14.7"
    one = next(f for f in checks(f". {{\n {lines}\n}}\n", release=release) if f.severity == "error")
    assert (one.fix.edits[0][1] if one.fix is not None else "") == write
    assert "resolv.conf" not in one.hint
    assert "port, too" not in one.hint


@pytest.mark.parametrize(
    ("lines", "release"),
    [
        ("forward . {}", "1.14.7"),
        ("forward . {}", "1.12.1"),
        ("forward . 10.0.0.1 {}", "1.12.1"),
        ("grpc . {}", "1.14.7"),
        ("proxy . {}", "1.4.0"),
        ("etcd {{\n upstream {}\n }}", "1.3.0"),
        ("file /no/such {{\n upstream {}\n }}", "1.2.0"),
    ],
)
@pytest.mark.parametrize(
    ("word", "hint", "write"),
    [
        ("10.0.0.256", "an address has four numbers", ""),
        ("10.0.0.0/24", "this is a network", ""),
        ("10.0.0.1.", "write `10.0.0.1`", "10.0.0.1"),
        ('"10.0.0.1 10.0.0.2"', "write `10.0.0.1 10.0.0.2`: in quotes they are one word", "10.0.0.1 10.0.0.2"),
        ("tls://10.0.0.1.", "write `tls://10.0.0.1`", "tls://10.0.0.1"),
        ("tls://10.0.0.0/24", "this is a network", ""),
    ],
)
def test_what_is_almost_a_server_is_mended_alike(lines: str, release: str, word: str, hint: str, write: str) -> None:
    """In every directive and property that takes servers, and however the release refuses them."""
    found = checks(f". {{\n {lines.format(word)}\n}}\n", release=release)
    (one,) = [f for f in found if f.severity == "error" or f.code == "invalid-argument"]
    assert one.hint.startswith(hint)
    assert (one.fix.edits[0][1] if one.fix is not None else "") == write
    assert one.span is not None
    assert one.span.text == word


def test_a_port_behind_a_key_that_has_one_is_a_key_of_its_own() -> None:
    (one,) = checks("a.test:53 :5353 {\n whoami\n}\n")
    assert one.fix is not None
    assert (one.code, [text for _, text in one.fix.edits]) == ("bad-zone", [".:5353"])
    assert "``" not in one.hint


def test_a_glued_brace_is_mended_whatever_directive_stands_behind_it() -> None:
    (one, *_) = checks(".{\n proxy . 10.0.0.7\n}\n")
    assert one.code == "removed-directive"
    assert one.fix is not None
    assert one.fix.description == "put a space before the `{`"
