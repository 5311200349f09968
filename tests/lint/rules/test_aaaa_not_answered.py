"""aaaa-not-answered: names with addresses of one family from `template`, and of the other from elsewhere, or from nowhere."""

from __future__ import annotations

import pytest

from corefile import checks

NAME = "aaaa-not-answered"
A = 'answer "{{ .Name }} 60 IN A 10.0.0.1"'
FORWARD = "forward . 10.0.0.53\n"


def found(text: str) -> list[tuple[int, str]]:
    return [(f.span.line, f.message) for f in checks(text) if f.code == NAME and f.span]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"lan {{\ntemplate IN A {{\n{A}\n}}\n}}\n", "nothing answers its AAAA: SERVFAIL"),
        (f"lan {{\ntemplate IN A {{\n{A}\nfallthrough\n}}\ncache\n}}\n", "nothing answers its AAAA: SERVFAIL"),
        (f". {{\ntemplate IN A lan {{\n{A}\n}}\n{FORWARD}}}\n", "`forward` is asked for its AAAA"),
        (
            f". {{\ntemplate IN A lan {{\nmatch ^(.*)\\.web\\.lan\\.$\n{A}\nfallthrough\n}}\n{FORWARD}}}\n",
            "`forward` is asked",
        ),
        (
            f". {{\ntemplate ANY A {{\nmatch ^a[0-9]+\\.lan\\.$\n{A}\n}}\ngrpc . 10.0.0.53\n}}\n",
            "`grpc` is asked for its AAAA",
        ),
        (
            '. {\ntemplate IN AAAA lan {\nanswer "{{ .Name }} 60 IN AAAA fd00::1"\n}\nforward . 10.0.0.53\n}\n',
            "answers AAAA of `www.lan`, and `forward` is asked for its A",
        ),
        (
            '. {\ntemplate IN A lan {\nanswer "{{ .Name }} 60 IN CNAME a.example."\n}\nforward . 10.0.0.53\n}\n',
            "its AAAA",
        ),
    ],
)
def test_it_fires(text: str, said: str) -> None:
    ((line, message),) = found(text)
    assert line == 2
    assert said in message


@pytest.mark.parametrize(
    "text",
    [
        f". {{\ntemplate IN A lan {{\n{A}\n}}\ntemplate IN AAAA lan {{\nrcode NOERROR\n}}\n{FORWARD}}}\n",
        f". {{\ntemplate IN A lan {{\n{A}\n}}\ntemplate IN ANY lan {{\nrcode NOERROR\n}}\n{FORWARD}}}\n",
        f". {{\ntemplate IN ANY lan {{\n{A}\n}}\n{FORWARD}}}\n",
        f". {{\ntemplate IN A lan {{\nrcode NXDOMAIN\n}}\n{FORWARD}}}\n",
        f". {{\ntemplate IN A b.lan {{\n{A}\n}}\nhosts {{\n10.0.0.2 a.lan\n}}\n}}\n",  # hosts answers
        f"lan {{\ntemplate IN A {{\n{A}\n}}\nwhoami\n}}\n",
        f"lan {{\ntemplate IN A {{\n{A}\n}}\nimport /etc/coredns/*.override\n}}\n",  # what it brings may answer
        f"lan {{\ntemplate IN A other {{\n{A}\n}}\n{FORWARD}}}\n",  # is never asked
        f'. {{\ntemplate IN TXT lan {{\nanswer "{{{{ .Name }}}} 60 IN TXT x"\n}}\n{FORWARD}}}\n',
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert found(text) == []


def test_all_of_a_server_block_are_said_once() -> None:
    lines = "".join(f"template IN A {zone} {{\n{A}\n}}\n" for zone in ("a.lan", "b.lan", "c.lan"))
    (one,) = [f for f in checks(f". {{\n{lines}{FORWARD}}}\n") if f.code == NAME]
    assert [(span.line, words) for span, words in one.related] == [(5, "likewise"), (8, "likewise")]
