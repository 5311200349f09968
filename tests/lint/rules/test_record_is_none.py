"""record-is-none: texts of `template` that are no records."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "record-is-none"


@pytest.mark.parametrize(
    "text",
    [
        '. {\n template IN ANY {\n  answer "10.0.0.1"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ .Name }} 10.0.0.1"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A 10.0.0.256"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "; a. 60 IN A 10.0.0.1"\n }\n}\n',
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        '. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A 10.0.0.1"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ .Zone }} MX 10 a"\n }\n}\n',
        '. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A {{ .Remote }}"\n }\n}\n',
        ". {\n template IN ANY {\n  rcode NOERROR\n }\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []


def test_several_records_in_one_answer() -> None:
    """A Corefile has no sign for the end of a line."""
    (found,) = checks('. {\n template IN ANY {\n  answer "a. 60 IN A 10.0.0.1\\na. 60 IN A 10.0.0.2"\n }\n}\n')
    assert (found.code, found.hint) == (NAME, "write an `answer` of its own for each record")
    assert found.message.startswith("`\\n` ends no line here")


def test_a_record_of_a_variable_is_said_otherwise() -> None:
    found = checks('. {\n template IN ANY {\n  answer "{{ .Name }} 60 IN A {$IP}"\n }\n}\n')
    assert {f.code for f in found} == {"environment-unset"}
