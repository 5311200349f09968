"""acl-line-never-asked: lines of `acl` behind one for all."""

from __future__ import annotations

import pytest

from corefile.lint import checks

NAME = "acl-line-never-asked"


@pytest.mark.parametrize(
    "text",
    [
        ". {\n acl {\n  block\n  allow net 10.0.0.0/8\n }\n whoami\n}\n",
        ". {\n acl {\n  allow type * net *\n  block\n }\n whoami\n}\n",
        ". {\n acl {\n  drop net 0.0.0.0/0 ::/0\n  allow net 10.0.0.1\n }\n whoami\n}\n",
    ],
)
def test_it_fires(text: str) -> None:
    assert [f.code for f in checks(text)] == [NAME]


@pytest.mark.parametrize(
    "text",
    [
        ". {\n acl {\n  allow net 10.0.0.0/8\n  block\n }\n whoami\n}\n",
        ". {\n acl {\n  block type A net *\n  allow net 10.0.0.1\n }\n whoami\n}\n",
        ". {\n acl {\n  block net 0.0.0.0/0\n  allow net ::1\n }\n whoami\n}\n",
        ". {\n acl {\n  block type A\n  allow net 10.0.0.1\n }\n whoami\n}\n",
        ". {\n acl {\n  block\n }\n whoami\n}\n",
    ],
)
def test_it_is_silent_in_its_nearest_innocent_neighbour(text: str) -> None:
    assert [f.code for f in checks(text)] == []
