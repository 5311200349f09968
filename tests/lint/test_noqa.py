"""Comments that suppress findings."""

from __future__ import annotations

import pytest

from corefile import checks


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (". {\n bogus # noqa\n}\n", []),
        (". {\n bogus # noqa: CF401\n}\n", []),
        (". {\n bogus #noqa:unknown-directive, CF402\n}\n", []),
        (". {\n bogus # noqa: CF402\n}\n", ["unknown-directive"]),
        (". {\n bogus # why # noqa\n}\n", ["unknown-directive"]),  # a word of a comment
        (". {\n bogus # why # corefile: noqa\n}\n", []),
        (". {\n bogus a#b # noqa\n}\n", ["unknown-directive"]),  # a comment begins in the midst of a word, too
        (". {\n bogus a#noqa\n}\n", []),
        ('. {\n bogus "# noqa"\n}\n', ["unknown-directive"]),
        ("# corefile: noqa: CF401\n. {\n bogus\n bogus2\n}\n", []),
        (". {\n bogus\n # noqa\n}\n", ["unknown-directive"]),
        (". {\n bogus # noqa:CF402 noqa\n}\n", ["unknown-directive", "unused-noqa"]),  # no code
        (". {\n whoami # noqa: CF401\n}\n", ["unused-noqa"]),
        (". {\n whoami # noqa: CF401, unused-noqa\n}\n", []),
        ("# corefile: noqa: unused-noqa\n. {\n whoami # noqa: CF401\n}\n", []),
        (". {\n whoami # noqa\n}\n", ["unused-noqa"]),
        (". {\n whoami # noqa: nothing\n}\n", ["unused-noqa"]),
        (". {\n bogus\n whoami # noqa: CF401\n}\n", ["unknown-directive"]),  # it may be for what is found later
    ],
)
def test_what_a_comment_suppresses(text: str, codes: list[str]) -> None:
    assert [finding.code for finding in checks(text)] == codes
