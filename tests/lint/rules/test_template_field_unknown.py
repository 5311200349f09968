"""template-field-unknown: fields and groups that templates are not given."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "template-field-unknown"


@pytest.mark.parametrize(
    "text",
    [
        '. {\n template IN ANY {\n  answer "{{ .Nam }} 60 IN A 10.0.0.1"\n }\n}\n',
        '. {\n template IN ANY {\n  match ^a(?P<x>.)\n  answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.y }}"\n }\n}\n',
        '. {\n template IN ANY {\n  match ^a(.)\n  answer "{{ .Name }} 60 IN A 10.0.0.{{ index .Match 2 }}"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A {{ if eq .name \\"a\\" }}10.0.0.1{{ end }}"\n }\n}\n',
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        '. {\n template IN ANY {\n  match ^a(?P<x>.) ^b(?P<y>.)\n  answer "{{ .Name }} 60 IN A 10.0.0.{{ .Group.y }}"\n }\n}\n',
        '. {\n template IN ANY {\n  match ^a(.)\n  answer "{{ .Name }} 60 IN A 10.0.0.{{ index .Match 1 }}"\n }\n}\n',
        '. {\n template IN ANY {\n  match ^a(.)\n  answer "{{ .Name }} 60 IN A 10.0.0.{{ index .Group \\"1\\" }}"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A {{ if eq .Name \\".foo.Bar\\" }}10.0.0.1{{ end }}"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ range .Message.Question }}{{ .Qtype }}{{ end }} 60 IN A 10.0.0.1"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ $n := .Name }}{{ $n }} 60 IN A 10.0.0.{{ .Message.Id }}"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{/* the .name */}}{{ .Name }} 60 IN A 10.0.0.1"\n }\n}\n',
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []


@pytest.mark.parametrize(
    ("field", "since", "before"), [(".Remote", "1.7.1", "1.7.0"), ('.Meta \\"x\\"', "1.5.2", "1.5.1")]
)
def test_what_templates_are_given_depends_on_the_release(field: str, since: str, before: str) -> None:
    text = f'. {{\n template IN TXT {{\n  answer "{{{{ .Name }}}} 60 IN TXT {{{{ {field} }}}}"\n }}\n}}\n'
    found = [[f.code for f in checks(text, release=release)] for release in (since, before)]
    assert found == [[], [NAME]]
