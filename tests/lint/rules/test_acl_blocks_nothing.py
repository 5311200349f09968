"""acl-blocks-nothing: an `acl` that only allows."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "acl-blocks-nothing"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n acl {\n  allow net 10.0.0.0/8\n }\n whoami\n}\n",
        ". {\n acl {\n  allow net 10.0.0.0/8\n  allow type A\n }\n whoami\n}\n",
        ". {\n acl {\n  allow type A net *\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n acl {\n  allow net 10.0.0.0/8\n  block\n }\n whoami\n}\n",
        ". {\n acl {\n  filter type AAAA\n }\n whoami\n}\n",
        ". {\n acl {\n  allow net 10.0.0.1\n }\n acl {\n  drop\n }\n whoami\n}\n",
        # which is said to be for everybody
        ". {\n acl {\n  allow net 0.0.0.0/0\n  allow net ::/0\n }\n whoami\n}\n",
        ". {\n acl {\n  allow net 0.0.0.0/0\n }\n whoami\n}\n",
        ". {\n acl {\n  allow type * net *\n }\n whoami\n}\n",
        ". {\n acl {\n  allow\n }\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
